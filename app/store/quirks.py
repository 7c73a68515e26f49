"""What was learned of how repositories behave, and what a person said of it.

What a person switched off stays off, whatever harvests see.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from msgspec.structs import asdict
from sqlalchemy import delete, func, select, update

from app.store.harvest_tables import quirks
from app.store.tables import failures, repositories

if TYPE_CHECKING:
    from app.store import Store

LONGEST_EVIDENCE = 2000


class Learned(Struct, frozen=True):
    """One quirk of one repository."""

    name: str
    value: str = ""
    """Its measure, or how often it was seen."""
    evidence: str = ""
    harvest: int | None = None
    """The run that learned it; none: a probe or a person."""
    learned_at: datetime | None = None
    tried_at: datetime | None = None
    """When the plain way was last tried."""
    off: bool = False
    """A person says that it is not so."""


_COLUMNS = tuple(quirks.c[name] for name in Learned.__struct_fields__)


def quirks_of(store: Store, repository_id: int) -> tuple[Learned, ...]:
    """Return what was learned of a repository, by name."""
    mine = quirks.c.repository_id == repository_id
    query = select(*_COLUMNS).where(mine).order_by(quirks.c.name)
    with store.database.read() as connection:
        return tuple(Learned(*row) for row in connection.execute(query))


def note_quirks(
    store: Store, repository_id: int, learned: Iterable[Learned], forgotten: Collection[str] = ()
) -> None:
    """Write down what a run or a probe learned and unlearned; what is off stays as it is."""
    rows = [_row(repository_id, one) for one in learned]
    if not rows and not forgotten:
        return
    mine = quirks.c.repository_id == repository_id
    with store.database.write() as connection:
        for row in rows:
            new = store.database.dialect.insert(quirks).values(row)
            changes = {name: new.excluded[name] for name in row if name not in _KEY}
            connection.execute(
                new.on_conflict_do_update(index_elements=_KEY, set_=changes, where=~quirks.c.off)
            )
        if forgotten:
            gone = delete(quirks).where(mine, ~quirks.c.off, quirks.c.name.in_(forgotten))
            connection.execute(gone)


def switch_quirk(store: Store, repository_id: int, quirk: Learned) -> None:
    """Set `off` of a quirk as a person says; one that was not learned is written down so."""
    new = store.database.dialect.insert(quirks).values(_row(repository_id, quirk))
    with store.database.write() as connection:
        connection.execute(
            new.on_conflict_do_update(index_elements=_KEY, set_={"off": new.excluded.off})
        )


def forget_quirk(store: Store, repository_id: int, name: str) -> bool:
    """Take a quirk off the list, also one that is off; tell whether it was there."""
    mine = (quirks.c.repository_id == repository_id, quirks.c.name == name)
    with store.database.write() as connection:
        return connection.execute(delete(quirks).where(*mine)).rowcount > 0


def forget_address(store: Store, repository_id: int) -> None:
    """Forget all that was learned at an address that a repository has left."""
    row = repositories.c.id == repository_id
    with store.database.write() as connection:
        connection.execute(update(repositories).where(row).values(software="", probed=""))
        mine = quirks.c.repository_id == repository_id
        connection.execute(delete(quirks).where(mine, ~quirks.c.off))


_KEY = ("repository_id", "name")


def _row(repository_id: int, quirk: Learned) -> dict[str, Any]:
    row = asdict(quirk) | {"evidence": quirk.evidence[:LONGEST_EVIDENCE].replace("\0", "\ufffd")}
    return {"repository_id": repository_id, **row}


def causes_of(store: Store, harvest_id: int) -> dict[str, str]:
    """Return the causes of what went wrong in a harvest, each with the sentence of the first."""
    first = (
        select(func.min(failures.c.id))
        .where(failures.c.harvest_id == harvest_id)
        .group_by(failures.c.cause)
    )
    query = select(failures.c.cause, failures.c.sentence).where(failures.c.id.in_(first))
    with store.database.read() as connection:
        return {row.cause: row.sentence for row in connection.execute(query)}
