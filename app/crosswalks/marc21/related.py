"""Other works in a MARC record: series, the journal or book, editions, predecessors."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec.structs import replace

from app.crosswalks import isbd, works
from app.crosswalks.draft import Draft
from app.crosswalks.isbd import stripped
from app.crosswalks.marc21.fields import Field, Record
from app.datacite import identifiers
from app.datacite.identifiers import Identifier
from app.datacite.names import read_names
from app.datacite.resource import ItemCreator, RelatedItem, Title
from app.datacite.text import clean
from app.datacite.vocabularies import CURRENT, match

_LINKS = {
    "775": "IsVersionOf",
    "776": "IsVariantFormOf",
    "777": "Other",
    "780": "Continues",
    "785": "IsContinuedBy",
    "786": "IsDerivedFrom",
    "787": "Other",
}
_RELATED = CURRENT["relatedIdentifierType"]
_SERIES, _TRACED = ("490", "440"), ("830", "800", "810", "811")
_CODED = re.compile(r"(volume|year|number|pages):(\S+)")
_PUBLISHED = re.compile(r"[^:]{2,60}\s:\s*([^:]+?)(?:,\s*[©c]?\[?[0-9]{4}.*)?")
_MARKED = re.compile("[:<]")
_PAGES = re.compile(r"([\w.]+?)\s*(?:\s-\s|-|–)\s*([\w.]+)")


def read(record: Record, draft: Draft) -> None:
    """Add the other works."""
    general = draft.term()
    _series(record, draft)
    for field in record.of("773"):
        if not _stated(field, draft):
            _host(field, general, draft)
    for tag, relation in _LINKS.items():
        for field in record.of(tag):
            _link(field, relation, draft)


# ── series ───────────────────────────────────────────────────────────────────────────────────


def _series(record: Record, draft: Draft) -> None:
    """Add the series as the work states them; how a catalogue files them only if nothing else."""
    stated = list(record.of(*_SERIES)) or list(record.of(*_TRACED))
    traced = {text for field in record.of(*_TRACED) for text in field.texts("x")}
    for field in stated:
        names = field.ends("t") if field.tag in ("800", "810", "811") else field.texts("a")
        parts = field.ends("n", "p") if field.tag != "490" else []
        numbers, issns = field.ends("v"), field.texts("x") or sorted(traced)[:1]
        known = [shown for text in issns if (shown := _issn(text)) is not None]
        if not names and known:
            works.add(draft, RelatedItem("Collection", "IsPublishedIn"), known)
        for n, name in enumerate(names):
            title, number = works.series(name)
            title = isbd.sentence(title, ", ".join(parts))
            number = works.designation(numbers[n]) if n < len(numbers) else number
            item = RelatedItem(
                "Collection", "IsPublishedIn", titles=(Title(title),), volume=number or None
            )
            works.add(draft, item, known if n == 0 else ())


def _issn(text: str) -> Identifier | None:
    shown = identifiers.of_scheme("ISSN", stripped(text))
    return shown if shown.kind in _RELATED else None


# ── the journal or book ──────────────────────────────────────────────────────────────────────


def _stated(field: Field, draft: Draft) -> bool:
    """Add a relation that is told by its own word (InvenioRDM); False if it is a host."""
    word = field.text("i", "e")
    found = match("relationType", word) if word else None
    if found is None or found.term is None or field.texts("t", "p"):
        return False
    for text in field.texts("n", "a", "o", "w", "u"):
        shown = identifiers.recognise(text)
        if shown.kind not in _RELATED:
            shown = identifiers.of_scheme(field.text("n"), text)
        if shown.kind in _RELATED:
            works.add(draft, RelatedItem("Other", found.term), (shown,))
            return True
    return False


def _host(field: Field, general: str, draft: Draft) -> None:
    known = list(_identifiers(field))
    title = stripped(field.text("t")) or isbd.ended(field.text("p")) or stripped(field.text("s"))
    if not title and not known:
        title = field.end("a")
    item = RelatedItem(
        "Other",
        "IsPublishedIn",
        creators=_creators(field) if field.texts("t") else (),
        titles=(Title(title),) if title else (),
        publisher=_publisher(field),
        edition=field.end("b") or None,
    )
    item = _placed(item, field)
    kinds = {one.kind for one in known}
    item = replace(
        item,
        related_item_type=works.holder(
            general,
            in_journal=works.is_serial(known) or bool(item.issue) or bool(field.texts("p")),
            in_book="ISBN" in kinds,
        ),
    )
    if not works.add(draft, item, known):
        _lose(field, draft)


def _placed(item: RelatedItem, field: Field) -> RelatedItem:
    """Return an item with the place in it: coded, in words, or in Invenio's subfields."""
    coded = {key: value for text in field.texts("g") for key, value in _CODED.findall(text)}
    if coded:
        first, last = _pages(coded.get("pages", ""))
        item = replace(
            item,
            volume=coded.get("volume"),
            issue=coded.get("number"),
            first_page=first,
            last_page=last,
            publication_year=works.year(coded.get("year", "")),
        )
    for text in field.texts("g"):
        if not _CODED.search(text):
            item = works.place(item, text)
    if not field.texts("t") or field.texts("v", "y", "c"):
        item = _in_subfields(item, field)
    elif not item.volume:
        for text in field.texts("q"):
            item = works.coded_place(item, text) if _MARKED.search(text) else item
    return item


def _in_subfields(item: RelatedItem, field: Field) -> RelatedItem:
    first, last = _pages(field.end("c") or field.end("q"))
    issue = field.end("n", "k")
    return replace(
        item,
        volume=item.volume or field.end("v", "j") or None,
        issue=item.issue or (issue if any(map(str.isdigit, issue)) else None),
        first_page=item.first_page or first,
        last_page=item.last_page or last,
        publication_year=item.publication_year or works.year(field.text("y")),
    )


def _pages(text: str) -> tuple[str | None, str | None]:
    found = _PAGES.fullmatch(text)
    if found is None:
        return text or None, None
    return found[1], found[2]


def _publisher(field: Field) -> str | None:
    found = _PUBLISHED.fullmatch(field.end("d"))
    return stripped(found[1]) if found else None


# ── editions, predecessors, others ───────────────────────────────────────────────────────────


def _link(field: Field, relation: str, draft: Draft) -> None:
    word = field.end("i") or field.end("e")
    if relation == "Other":
        found = match("relationType", word) if word else None
        if found is not None and found.term is not None:
            relation = found.term
    information = (word or f"marc:{field.tag}") if relation == "Other" else None
    known = list(_identifiers(field))
    title = stripped(field.text("t") or field.text("s")) or ("" if known else field.end("a"))
    item = RelatedItem(
        "Other",
        relation,
        information,
        creators=_creators(field) if field.texts("t") else (),
        titles=(Title(title),) if title else (),
        publisher=_publisher(field),
        publication_year=works.year(field.text("d")) if title else None,
    )
    if not works.add(draft, item, known):
        _lose(field, draft)


def _lose(field: Field, draft: Draft) -> None:
    text = " ".join(clean(text) for code, text in field.subfields if code not in "7890")
    draft.notes.lost("/relatedItems", text, "Neither a title nor an identifier of a work.")


def _creators(field: Field) -> tuple[ItemCreator, ...]:
    return tuple(ItemCreator(found.name) for found in read_names(field.end("a")))


def _identifiers(field: Field) -> Iterator[Identifier]:
    """Yield what identifies another work; control numbers of catalogues do not."""
    given = [("ISSN", text) for text in field.texts("x")]
    given += [("ISBN", text) for text in field.texts("z")]
    given += [("", text) for text in field.texts("o", "u", "w", "n") if _is_global(text)]
    for scheme, text in given:
        shown = identifiers.of_scheme(scheme, text) if scheme else identifiers.recognise(text)
        if shown.kind in _RELATED:
            yield shown


def _is_global(text: str) -> bool:
    return "://" in text or text.lower().startswith(("10.", "doi:", "urn:", "hdl:"))
