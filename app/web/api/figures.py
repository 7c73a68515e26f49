"""What answers with numbers look like; see `shapes`."""

from __future__ import annotations

from msgspec import UNSET, Struct

from app.web.api.shapes import Moment, Text


class Property(Struct):
    """A property of descriptions: how many have it, and how many do not."""

    property: str
    group: str
    records: int
    share: float
    with_list: str
    without_list: str


class Properties(Struct):
    """How complete descriptions are. records: live ones in view."""

    records: int
    items: list[Property]


class Numbered(Struct):
    """A number, and the list that has so many entries, if it can be a list."""

    name: str
    value: int
    list: Text = UNSET


class Counted(Struct):
    """A value, how many records have it, and their list."""

    value: str
    count: int
    list: str


class Statistics(Struct):
    """The hub in numbers."""

    as_of: Moment
    filters: dict[str, list[str]]
    numbers: list[Numbered]
    by: dict[str, list[Counted]]
