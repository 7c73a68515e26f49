"""A hub of mixed records: two members, nested sets, odd names, and all that can be dead."""

from __future__ import annotations

from app.record import Change
from app.store import Store
from tests.oai.filling import change, member, put

KINDS = ("Dataset", "Text", "Software", "Image")
ODD = ("oai:x:%3C<&>\"'", "10.5/no colon", "ümlaut 😀 ", "y" * 2_000, "oai:a:b:c/d?e#f")
DELETED_FROM = 10
"""A store of so many records has tombstones."""


def fill(store: Store, number: int) -> None:
    """Fill a hub with records of two members; from ten on, some are deleted and one is half so."""
    alpha, beta = member(store, "alpha", title="Alpha & <Sons>"), member(store, "beta-2")
    share = number // 4
    put(store, beta, [change("beta-2", f"oai:b:{n}", general="Text") for n in range(share)])
    names = [*ODD, *(f"oai:a:{n}" for n in range(number))][: number - share]
    put(store, alpha, [_record(place, name) for place, name in enumerate(names)])
    if number >= DELETED_FROM:
        put(store, alpha, [change("alpha", name, kind="deleted") for name in names[4::30]])
        half = change("alpha", names[3], kind="changed", prefixes=("oai_dc",))
        put(store, alpha, [half])


def _record(place: int, name: str) -> Change:
    sets = (("x", "x:y", "odd/ set&"), ("z",), ())[place % 3]
    title = f"Pine wood {place} & <bark> – überall 😀"
    return change("alpha", name, sets=sets, general=KINDS[place % 4], title=title)
