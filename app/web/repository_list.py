"""The list of repositories as it is asked for: which ones, in which order, as rows of a file. Pure.

Without an order those stand first that need a look.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from msgspec import Struct
from msgspec.structs import replace

from app import clock
from app.query.folding import words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from app.store.values import Repository
    from app.web.repository_page import Row

STATES = ("ok", "late", "failing", "held", "paused", "new")
KINDS = {"oai": "OAI-PMH", "static": "static repository", "files": "files", "deposit": "deposits"}
SORTS = {"title": "Repository", "records": "Records", "harvested": "Last whole harvest"}
PER_PAGE = 50
"""Repositories of a page."""
LONGEST_LIST = 50
"""Repositories that an address of a search names one by one."""
COLUMNS = (
    "name", "title", "kind", "software", "state", "sentence", "records", "newest_change",
    "deleted", "set_aside", "last_complete_harvest", "last_attempt", "next_harvest", "page",
    "report",
)  # fmt: skip


class Asked(Struct, frozen=True):
    """What the list is narrowed to, and its order: a name of SORTS, with `-` the other way."""

    text: str = ""
    state: str = ""
    kind: str = ""
    sort: str = ""
    software: str = ""

    @property
    def narrowed(self) -> bool:
        """Not all repositories are asked for."""
        return bool(self.text or self.state or self.kind or self.software)

    def address(self, **more: str) -> str:
        """Return the address of the list, with some parameters changed."""
        given = {
            "q": self.text, "state": self.state, "kind": self.kind, "software": self.software,
            "sort": self.sort,
        } | more  # fmt: skip
        pairs = [(name, value) for name, value in given.items() if value]
        return f"/repositories?{urlencode(pairs)}" if pairs else "/repositories"


class Total(Struct, frozen=True):
    """A number of all rows together, and its list; none where it would name too many."""

    name: str
    value: int
    href: str = ""


class Heading(Struct, frozen=True):
    """A column that sorts: the address that does it, and how the rows stand now."""

    title: str
    href: str
    sorted: str


def asked(given: Mapping[str, str]) -> Asked:
    """Read the parameters; what is not known is passed over."""
    state, kind, sort = (given.get(name, "").strip() for name in ("state", "kind", "sort"))
    return Asked(
        given.get("q", "").strip()[:200],
        state if state in STATES else "",
        kind if kind in KINDS else "",
        sort if sort.removeprefix("-") in SORTS else "",
        given.get("software", "").strip()[:200],
    )


def page_number(given: Mapping[str, str], total: int) -> int:
    """Return the number of the page that is asked for, the last one for any beyond it."""
    asked_for = given.get("page", "1")
    plain = asked_for.isascii() and asked_for.isdigit() and len(asked_for) < 7
    return min(max(int(asked_for) if plain else 1, 1), max(1, -(-total // PER_PAGE)))


def named(repositories: Sequence[Repository], wanted: Asked) -> tuple[Repository, ...]:
    """Return the repositories of a kind whose name or title holds all words."""
    looked_for = list(words(wanted.text))
    return tuple(
        one for one in repositories
        if (not wanted.kind or one.kind == wanted.kind)
        and (not wanted.software or one.software.casefold() == wanted.software.casefold())
        and _holds(one, looked_for)
    )  # fmt: skip


def software_of(repositories: Sequence[Repository]) -> tuple[str, ...]:
    """Return what repositories run, each name once, in the order of letters."""
    names = {one.software.casefold(): one.software for one in repositories if one.software}
    return tuple(names[key] for key in sorted(names))


def _holds(one: Repository, looked_for: Sequence[str]) -> bool:
    told = list(words(f"{one.title} {one.name} {one.identify_name}"))
    return all(any(word in each for each in told) for word in looked_for)


def in_order(rows: Sequence[Row], wanted: Asked) -> tuple[Row, ...]:
    """Return the rows of a state, in the order asked for."""
    kept = [row for row in rows if not wanted.state or row.mark.word == wanted.state]
    name, back = wanted.sort.removeprefix("-"), wanted.sort.startswith("-")
    if name == "title":
        kept.sort(key=lambda row: row.title.casefold(), reverse=back)
    elif name == "records":
        kept.sort(key=lambda row: row.live, reverse=back)
    elif name == "harvested":
        kept.sort(key=lambda row: row.last_whole or clock.moment(0), reverse=back)
    return tuple(kept)


def headings(wanted: Asked) -> dict[str, Heading]:
    """Return the columns that sort; names go up first, numbers and moments down."""
    name, down = wanted.sort.removeprefix("-"), wanted.sort.startswith("-")
    found = {}
    for each, title in SORTS.items():
        first = each if each == "title" else f"-{each}"
        turned = each if down else f"-{each}"
        order = ("descending" if down else "ascending") if name == each else ""
        href = replace(wanted, sort=turned if order else first).address()
        found[each] = Heading(title, href, order)
    return found


def totals(rows: Sequence[Row], wanted: Asked) -> tuple[Total, ...]:
    """Return the sums of the rows that are asked for, of all pages."""
    chosen = [("repository", row.name) for row in rows]
    if not wanted.narrowed:
        chosen = []
    listed = len(chosen) <= LONGEST_LIST and bool(rows)

    def total(name: str, value: int, *pairs: tuple[str, str]) -> Total:
        query = urlencode([*pairs, ("copies", "all"), *chosen])
        return Total(name, value, f"/search?{query}" if listed and value else "")

    return (
        total("records", sum(row.live for row in rows)),
        total("deleted", sum(row.deleted for row in rows), ("state", "deleted")),
        Total("set_aside", sum(row.quarantined for row in rows)),
    )


def as_rows(rows: Sequence[Row], base_url: str) -> list[dict[str, object]]:
    """Return the rows as a file has them."""
    return [
        {
            "name": row.name,
            "title": row.title,
            "kind": row.kind,
            "software": row.software,
            "state": row.mark.word,
            "sentence": row.sentence,
            "records": row.live,
            "newest_change": clock.text(row.changed) if row.changed else "",
            "deleted": row.deleted,
            "set_aside": row.quarantined,
            "last_complete_harvest": clock.text(row.last_whole) if row.last_whole else "",
            "last_attempt": row.last_mark.word if row.last_mark else "",
            "next_harvest": clock.text(row.next) if row.next else "",
            "page": f"{base_url}/repositories/{row.name}",
            "report": f"{base_url}/repositories/{row.name}/report",
        }
        for row in rows
    ]
