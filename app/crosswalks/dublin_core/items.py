"""What the items of one record have to do with each other: journals, series, books."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from app.datacite.organisations import words_of
from app.datacite.resource import RelatedIdentifier, RelatedItem, RelatedItemIdentifier, Title

_ISSNS = ("ISSN", "EISSN", "LISSN")
_SERIALS = """
    journal proceedings bulletin review reviews annals transactions memoirs letters newsletter
    magazine gazette zeitschrift jahrbuch mitteilungen abhandlungen revue annales cahiers revista
    anales anuario boletín boletim rivista annali quarterly times herald tidskrift časopis вестник
    известия журнал"""
_SERIAL_WORDS = frozenset(_SERIALS.split())


def place(item: RelatedItem) -> tuple[object, ...]:
    """Return what is the same where one place in a journal is named in two languages."""
    return (
        item.relation_type,
        item.volume,
        item.issue,
        item.first_page,
        item.last_page,
        item.publication_year,
    )


def titled(text: str, relation: str, kind: str, information: str | None = None) -> RelatedItem:
    """Make an item of which only the title is known."""
    return RelatedItem(kind, relation, information, titles=(Title(title=text),))


def without_publisher(item: RelatedItem, publishers: Sequence[str]) -> RelatedItem:
    """Return an item without the record's publisher behind its title, where a citation has it."""
    if not item.titles or ", " not in item.titles[0].title:
        return item
    title = item.titles[0]
    front, _, name = title.title.rpartition(", ")
    if name not in publishers:
        return item
    return replace(item, titles=(replace(title, title=front),), publisher=name)


def identified(item: RelatedItem) -> RelatedIdentifier | None:
    """Return the journal or book that a citation gives the number of as what it is related to."""
    told = item.related_item_identifier
    kind = told.related_item_identifier_type if told else None
    if told is None or kind is None or item.relation_type != "IsPublishedIn":
        return None
    relation = "IsPublishedIn" if kind in _ISSNS else "IsPartOf"
    return RelatedIdentifier(told.related_item_identifier, kind, relation)


def merged(items: tuple[RelatedItem, ...]) -> tuple[RelatedItem, ...]:
    """Leave an item out that says no more than the title of another, which tells the place."""
    if len(items) < 2:
        return items
    placed = {
        item.titles[0].title.casefold()
        for item in items
        if item.titles and (item.volume or item.issue)
    }
    return tuple(item for item in items if not _is_bare(item, placed))


def _is_bare(item: RelatedItem, placed: set[str]) -> bool:
    if item.volume or item.issue or item.first_page or len(item.titles) != 1:
        return False
    return item.titles[0].title.casefold() in placed


def _in_journal(item: RelatedItem, kind: str) -> str:
    return "Journal" if kind in _ISSNS and item.volume else item.related_item_type


def linked(
    items: tuple[RelatedItem, ...], related: Sequence[RelatedIdentifier]
) -> tuple[RelatedItem, ...]:
    """Return the items; the journal or book is given its ISSN or ISBN, if one is related."""
    for n, item in enumerate(items):
        if item.relation_type != "IsPublishedIn" or item.related_item_identifier is not None:
            continue
        wanted = ("ISBN",) if item.related_item_type == "Book" else _ISSNS
        for one in related:
            if one.related_identifier_type in wanted and one.relation_type in (
                "IsPublishedIn", "IsPartOf",
            ):  # fmt: skip
                identifier = RelatedItemIdentifier(
                    one.related_identifier, one.related_identifier_type
                )
                named = replace(
                    item,
                    related_item_identifier=identifier,
                    related_item_type=_in_journal(item, one.related_identifier_type),
                )
                return (*items[:n], named, *items[n + 1 :])
        return items
    return items


def in_collection(
    items: tuple[RelatedItem, ...], related: Sequence[RelatedIdentifier]
) -> tuple[RelatedItem, ...]:
    """Return the items of a text; one that nothing calls a journal is a collection."""
    if any(one.related_identifier_type in _ISSNS for one in related):
        return items
    return tuple(
        replace(item, related_item_type="Collection") if _is_no_journal(item) else item
        for item in items
    )


def _is_no_journal(item: RelatedItem) -> bool:
    if item.related_item_type != "Journal" or item.volume or item.issue:
        return False
    return not any(names_serial(title.title) for title in item.titles)


def names_serial(text: str) -> bool:
    """Whether a title has a word of journals."""
    return not _SERIAL_WORDS.isdisjoint(words_of(text))
