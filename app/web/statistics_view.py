"""What the page of numbers shows, as frozen values: cards, tables, and the list behind each number.

A cell with an address is a number that equals the total of the list behind that address.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from msgspec import Struct
from msgspec.structs import replace

from app.query.request import DEFAULT_PER_PAGE, Request, Wrong, read

if TYPE_CHECKING:
    from app.web.statistics_charts import Chart

HIDDEN_FROM_VIEW = ("state",)
"""Filters that the page passes over: what is live and what is gone are told side by side."""


class Card(Struct, frozen=True):
    """A number on top. value: None where it was not counted in time."""

    name: str
    word: str
    value: int | None
    href: str = ""
    counted: bool = True
    """The list behind the address has exactly so many entries."""


class Column(Struct, frozen=True):
    """A column: its name in files, its title for people; sort: the address that sorts by it."""

    name: str
    title: str
    number: bool = False
    sort: str = ""
    sorted: str = ""
    """`ascending` or `descending`, if the rows stand in its order."""


class Cell(Struct, frozen=True):
    """A value. shown: how people read it; href: its list; share: 0 to 100, drawn as a bar."""

    value: Any
    shown: str = ""
    href: str = ""
    counted: bool = False
    share: float | None = None
    also: tuple[str, str, str] = ("", "", "")
    """A second link: its word, what more is said of it without being seen, its address."""


class Table(Struct, frozen=True):
    """A table with its chart. rows: None where they were not counted in time."""

    name: str
    title: str
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...] | None
    note: str = ""
    chart: Chart | None = None
    more: tuple[str, str] = ("", "")
    """Words and address of where there is more to see."""
    whole: bool = False
    """Its rows are few, and all are shown."""

    @property
    def items(self) -> list[dict[str, Any]] | None:
        """The rows as a file has them."""
        if self.rows is None:
            return None
        names = [column.name for column in self.columns]
        return [dict(zip(names, (cell.value for cell in row), strict=True)) for row in self.rows]


def number(value: int, href: str = "") -> Cell:
    """Return a number; zero leads nowhere."""
    return Cell(value, f"{value:,}", href if value else "", counted=bool(value and href))


def percent(share: float) -> str:
    """Write a share; only nothing is 0 %, only everything is 100 %."""
    if 0 < share < 1:
        return "< 1 %"
    if 99 < share < 100:
        return "> 99 %"
    return f"{share:.0f} %"


class View:
    """The records that the page tells of, and the addresses of lists of some of them."""

    def __init__(self, request: Request) -> None:
        plain = replace(
            request, sort_given="", per_page=DEFAULT_PER_PAGE, cursor="", facets_given="",
            more=(), jump=True,
        )  # fmt: skip
        for name in HIDDEN_FROM_VIEW:
            plain = plain.without(name)
        self.objects = plain if plain.values("copies") else plain.without("copies")
        self.records = plain if plain.values("copies") else plain.replacing("copies", "all")

    @property
    def filtered(self) -> bool:
        """Not everything is in view."""
        return self.objects.query is not None or bool(self.objects.without("copies").chosen)

    @property
    def gone(self) -> Request:
        """The search for what is removed, of the records in view."""
        return self.records.replacing("state", "deleted", "withdrawn")

    def parameters(self, **changed: object) -> list[tuple[str, str]]:
        """Return the parameters of this page."""
        return self.objects.parameters(**changed)

    def address(self, path: str = "/statistics", **changed: object) -> str:
        """Return the address of a page about the same records."""
        pairs = self.objects.parameters()
        pairs += [(name.rstrip("_"), str(value)) for name, value in changed.items() if value]
        return f"{path}?{urlencode(pairs)}" if pairs else path

    def one(self, name: str, value: str) -> str:
        """Return the address of the search for those in view with a value of a facet."""
        return search(self.records.replacing(name, value))

    def of(self, repository: str, words: str = "", *, gone: bool = False) -> str:
        """Return the address of the search for a repository's records in view; see `also`."""
        request = self.gone if gone else self.records
        mine = request.replacing("repository", repository)
        return search(narrowed(mine, words) if words else mine)

    def also(self, words: str, *, gone: bool = False) -> str:
        """Return the address of the search for those in view that match more words."""
        request = self.gone if gone else self.records
        return search(narrowed(request, words))


def narrowed(request: Request, words: str) -> Request:
    """Return the search that asks for more words besides its own; it finds nothing else."""
    text = f"({request.text}) {words}" if request.text else words
    found = read([*request.parameters(q=None), ("q", text)])
    return request if isinstance(found, Wrong) else found


def search(request: Request) -> str:
    """Return the address of a search."""
    pairs = request.parameters()
    return f"/search?{urlencode(pairs)}" if pairs else "/search"


def ordered(
    rows: Sequence[tuple[Cell, ...]], columns: Sequence[Column], asked: str
) -> tuple[tuple[tuple[Cell, ...], ...], str]:
    """Return rows in the order of a column, and the order that holds.

    asked: the name of a column, with `-` before it for the highest first. Another name: as it is.
    """
    names = [column.name for column in columns]
    name = asked.removeprefix("-")
    if name not in names:
        return tuple(rows), ""
    place = names.index(name)
    there = [row for row in rows if row[place].value not in (None, "")]
    rest = [row for row in rows if row[place].value in (None, "")]
    there.sort(key=lambda row: _key(row[place].value), reverse=asked.startswith("-"))
    return (*there, *rest), asked


def _key(value: Any) -> Any:
    return value.casefold() if isinstance(value, str) else value
