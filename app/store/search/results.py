"""Results of a search as values, and how each order goes: by which column, which way."""

from __future__ import annotations

from msgspec import Struct
from sqlalchemy import ColumnElement

from app.store.search.tables import search
from app.store.values import StoredRecord

_S = search.c
BEST = 1000
"""Results that are put in order by relevance or citations, where more match."""


class Results(Struct, frozen=True):
    """A page of results.

    total: exact, counted at the first page. first: ordinal of the first row, from 1; 0 without
    rows. next, previous: cursors, empty where there is no such page. ordered: how many are in
    order at all, where more match.
    """

    total: int
    rows: tuple[StoredRecord, ...]
    first: int
    next: str = ""
    previous: str = ""
    ordered: int | None = None


class FacetValue(Struct, frozen=True):
    """A value of a facet. count: -1 where it was not counted in time."""

    value: str
    label: str
    count: int
    selected: bool


class Facet(Struct, frozen=True):
    """The values of a facet, most frequent first (years newest first), selected ones on top.

    more: there are others beyond those given. Without `finished` it took too long to count.
    """

    name: str
    values: tuple[FacetValue, ...]
    finished: bool = True
    more: bool = False


class Order(Struct, frozen=True):
    """An order by key. known: what tells rows that have a value; the others come last, by id."""

    column: ColumnElement[int] | ColumnElement[str]
    descending: bool
    known: ColumnElement[bool] | None = None
    unknown: ColumnElement[bool] | None = None


_DATED = {"known": _S.published > 0, "unknown": _S.published == 0}
_TITLED = {"known": _S.title != "", "unknown": _S.title == ""}
ORDERS: dict[str, Order] = {
    "updated": Order(_S.stamp, descending=False),
    "-updated": Order(_S.stamp, descending=True),
    "published": Order(_S.published, descending=False, **_DATED),
    "-published": Order(_S.published, descending=True, **_DATED),
    "title": Order(_S.title, descending=False, **_TITLED),
    "-title": Order(_S.title, descending=True, **_TITLED),
}
"""The orders in which a walk goes to the end; the two others order the best."""
