"""The table of completeness: share, records with and without, then and now, and the hub. Pure."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Union

from msgspec.structs import replace

from app.datacite import completeness
from app.query.terms import FACETS
from app.query.tree import Exact, written
from app.store.search.describing import Described
from app.web import words
from app.web.richness import WORDS
from app.web.search_panel import label
from app.web.statistics_view import Cell, Column, Table, number, percent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.store.completeness_days import Past
    from app.store.search.results import Facet
    from app.store.summing import ByMask
    from app.web.statistics_view import View

Counted = tuple[int, dict[str, int]]
Masks = Union[Described, "Sequence[ByMask]"]
"""How many records have which properties."""
LOOKED_BACK = 90
"""Days after which the shares are compared."""
GROUPS = (
    *((name, "must have") for name in completeness.MUST),
    *((name, "high impact") for name in completeness.HIGH_IMPACT),
)
TOP = {
    "subject": ("Frequent subjects", "Subject", "subjects"),
    "creator": ("Frequent creators, by ORCID", "Creator", "creators.orcid"),
    "publisher": ("Frequent publishers", "Publisher", "publisher"),
    "funder": ("Frequent funders", "Funder", "funding"),
    "affiliation": ("Frequent affiliations, by ROR", "Organisation", "affiliations.ror"),
    "format": ("Frequent formats", "Format", "formats"),
    "resource_type": ("Frequent types in own words", "Type", "resource_type.text"),
}
"""What the most frequent values are told of: title, one of them, the property it is of."""
SHARED = {"license": "rights", "language": "language"}
"""Facets of which all values are told, and the property they are of."""
MOST_FREQUENT = 10
_OTHER_WORDS = {
    "creators.affiliation": "affiliation of a creator",
    "contributors.orcid": "ORCID of a contributor",
    "titles.translated": "translated title",
    "titles.lang": "language of a title",
    "subjects.scheme": "scheme of a subject",
    "rights": "any statement of rights",
    "access": "statement of access",
    "funding.identifier": "identifier of a funder",
    "funding.award": "award",
    "geo": "place",
    "geo.coordinates": "coordinates",
    "dates.coverage": "time covered",
    "dates.collected": "date of collection",
    "related.article": "related article",
    "related.data": "related data",
    "publisher.identifier": "identifier of the publisher",
    "alternate_identifiers": "alternate identifiers",
    "landing_url": "landing page",
    "descriptions.other": "description that is no abstract",
    "resource_type.text": "type in own words",
    "datacite": "can be written as DataCite XML",
}
_CAPTION = (
    "Share of records with each property: what a description must have, what makes it found "
    "and used, and all else"
)


def completeness_table(
    view: View, masks: Masks, past: Past | None = None, hub: Masks = ()
) -> Table:
    """Return for each property how many records in view have it, and how many lack it.

    past: how it was; told as the points by which the share has moved. hub: all records of the hub,
    where not all of them are in view.
    """
    here, all_there = _counted(masks), _counted(hub) if hub else None
    rows = tuple(_row(view, name, here, past, all_there) for name in completeness.PROPERTIES)
    columns = [
        Column("property", "Property"), Column("group", "Group"),
        Column("share", "Share", number=True), Column("with", "Records with it", number=True),
        Column("without", "Records without it", number=True),
        Column("trend", _since(past), number=True),
    ]  # fmt: skip
    if hub:
        columns.append(Column("hub", "Whole hub", number=True))
    return Table("completeness", "Completeness", _CAPTION, tuple(columns), rows, whole=True)


def _since(past: Past | None) -> str:
    if past is None:
        return "Change in points"
    at = date(1970, 1, 1) + timedelta(days=past.day)
    return f"Points since {at.day} {words.MONTHS[at.month - 1]} {at.year}"


def _row(
    view: View, name: str, here: Counted, past: Past | None, hub: Counted | None
) -> tuple[Cell, ...]:
    total, there = here[0], here[1][name]
    share = _share(there, total)
    lack = view.also(f"missing:{name}")
    told = _property(name)
    without = number(total - there, lack)
    if total > there:
        also = ("CSV", f"of the records without: {told}", f"{lack}&format=csv")
        without = replace(without, also=also)
    row = (
        Cell(name, told, view.also(f"has:{name}") if there else ""),
        Cell(dict(GROUPS).get(name, "others")),
        Cell(round(share, 1), percent(share), share=share),
        number(there, view.also(f"has:{name}")),
        without,
        _trend(name, share, past),
    )
    return (*row, _whole(name, hub)) if hub else row


def _counted(masks: Masks) -> Counted:
    """Return how many records there are, and how many of them have each property."""
    if isinstance(masks, Described):
        return masks.records, dict(masks.there)
    there = completeness.counted((one.mask, one.number) for one in masks)
    return sum(one.number for one in masks), there


def _share(there: int, total: int) -> float:
    return 100 * there / total if total else 0.0


def _trend(name: str, share: float, past: Past | None) -> Cell:
    """Return the points by which a share has moved; nothing where that is not known."""
    if past is None or not past.records:
        return Cell(None, "–")
    moved = round(share - _share(past.there.get(name, 0), past.records), 1)
    return Cell(moved, f"{moved:+.1f}".replace("-", "−") if moved else "0")


def _whole(name: str, hub: Counted) -> Cell:
    share = _share(hub[1][name], hub[0])
    return Cell(round(share, 1), percent(share))


def top(view: View, found: Facet | None, name: str, masks: Masks) -> Table:
    """Return the values that most records have, each with its share of those that have any.

    found: the facet; None: it was not counted in time. name: of TOP.
    """
    title, single, key = TOP[name]
    columns = (
        Column(name, single), Column("records", "Records", number=True),
        Column("share", "Of those that have any", number=True),
    )  # fmt: skip
    caption = f"{title}: the values that most records have"
    if found is None:
        return Table(f"top_{name}", title, caption, columns, None)
    there = _counted(masks)[1][key]
    chosen = view.records.values(name) if name in FACETS else ()
    kept = [
        one for one in found.values
        if one.count > 0 and (not chosen or one.selected)
    ]  # fmt: skip
    rows = tuple(
        (
            Cell(one.value, label(name, one.value, one.label)),
            number(one.count, _those(view, name, one.value)),
            _share_of(one.count, there),
        )
        for one in kept[:MOST_FREQUENT]
    )
    return Table(f"top_{name}", title, caption, columns, rows, whole=True)


def _those(view: View, name: str, value: str) -> str:
    """Return the address of the records in view that have a value."""
    return view.one(name, value) if name in FACETS else view.also(written(Exact(name, value)))


def shared(table: Table, name: str, masks: Masks) -> Table:
    """Return a table of values with the share that each has of the records that have any.

    name: of SHARED.
    """
    there = _counted(masks)[1][SHARED[name]]
    if not there or not table.rows:
        return table
    column = Column("share", "Of those that have any", number=True)
    rows = tuple(
        (*row, Cell(None, "–") if row[0].value == "none" else _share_of(row[1].value, there))
        for row in table.rows
    )
    return replace(table, columns=(*table.columns, column), rows=rows)


def _share_of(count: int, there: int) -> Cell:
    share = min(_share(count, there), 100.0)
    return Cell(round(share, 1), percent(share), share=share)


def _property(name: str) -> str:
    text = WORDS.get(name) or _OTHER_WORDS.get(name) or name
    return text[:1].upper() + text[1:]
