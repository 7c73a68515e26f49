"""Other works that MODS names: what the work stands in, its series, versions and sources."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec.structs import replace

from app.crosswalks import genres, works
from app.crosswalks.draft import Draft
from app.crosswalks.mods import names, origins, titles
from app.crosswalks.mods.elements import first, href, is_set, told
from app.crosswalks.relators import AUTHOR
from app.crosswalks.xml import Element, children, first_child, text_of
from app.datacite import identifiers
from app.datacite.identifiers import Identifier
from app.datacite.resource import ItemContributor, ItemCreator, RelatedItem, Title
from app.datacite.text import clean, is_null

RELATIONS = {
    "host": "IsPublishedIn",
    "series": "IsPartOf",
    "original": "IsDerivedFrom",
    "otherversion": "IsVersionOf",
    "otherformat": "IsVariantFormOf",
    "references": "References",
    "isreferencedby": "IsReferencedBy",
    "preceding": "Continues",
    "succeeding": "IsContinuedBy",
    "constituent": "HasPart",
    "reviewof": "Reviews",
}
BARE = "mods:relatedItem"
_HOLDERS = frozenset(("Journal", "Book", "ConferenceProceeding", "Collection", "Dataset"))
_FIELDS = {"volume": "volume", "issue": "issue", "number": "issue", "heft": "issue"}
_PAGES = re.compile(r"(?:pp?|S)?\.?\s*([^\s–-]+)\s*(?:[–-]\s*([^\s–-]+))?", re.IGNORECASE)


def read(items: list[Element], parts: list[Element], draft: Draft) -> None:
    """Add the other works. parts: the place of this work in its host, where it says so itself."""
    general = draft.term()
    if parts and all(map(_is_no_host, items)):
        text = " ".join(clean(text_of(part)) for part in parts)
        draft.notes.lost("/relatedItems", text, "A place in a work that is not named.")
    for n, item in enumerate(sorted(items, key=_is_no_host)):
        own = parts if n == 0 and not _is_no_host(item) else []
        _add(item, own, general, draft)


def _is_no_host(item: Element) -> bool:
    return told(item, "type").lower() != "host"


def _add(item: Element, parts: list[Element], general: str, draft: Draft) -> None:
    sort = told(item, "type").lower()
    relation = RELATIONS.get(sort, "Other")
    information = None
    if relation == "Other":
        information = told(item, "otherType") or told(item, "displayLabel") or BARE
    work = _described(item, RelatedItem("Other", relation, information))
    known = list(_identifiers(item))
    if sort == "host":
        for part in (*_children(item, "part"), *parts):
            work = placed(work, part)
        serial = works.is_serial(known) or bool(work.issue)
        kind = _kind(item, general, in_journal=serial)
        work = replace(work, related_item_type=kind)
    elif sort == "series":
        work = _in_series(work)
    else:
        work = replace(work, related_item_type=_own_kind(item) or "Other")
    if not works.add(draft, work, known):
        text = first(item, "identifier", "note", "abstract")
        if text:
            draft.notes.lost("/relatedItems", text, "Neither a title nor an identifier.")


def _children(element: Element, name: str) -> list[Element]:
    return [child for found, child in children(element) if found == name]


def _described(item: Element, work: RelatedItem) -> RelatedItem:
    """Return an item with title, makers, publisher, edition and year."""
    infos = _children(item, "titleinfo")
    nested = first_child(item, "relateditem")
    if not infos and nested is not None:
        infos = _children(nested, "titleinfo")
    infos.sort(key=lambda info: (not titles.is_primary(info), bool(told(info, "type"))))
    text = next(filter(None, map(titles.plain, infos)), "")
    number = next(filter(None, (first(info, "partnumber") for info in infos)), "")
    people = list(names.agents(_children(item, "name")))
    origin = first_child(item, "origininfo")
    return replace(
        work,
        titles=(Title(text),) if text else (),
        creators=tuple(
            ItemCreator(one.person.name, one.person.name_type, None, one.person.given_name,
                        one.person.family_name)
            for one in people if AUTHOR in one.roles or not _helps(one.roles)
        ),
        contributors=tuple(
            ItemContributor(one.person.name, one.person.name_type, None, one.person.given_name,
                            one.person.family_name, "Editor")
            for one in people if _helps(one.roles) and AUTHOR not in one.roles
        ),
        volume=works.designation(number) or None,
        publisher=first(origin, "publisher") or None if origin is not None else None,
        edition=first(origin, "edition") or None if origin is not None else None,
        publication_year=origins.year(origin) if origin is not None else None,
    )  # fmt: skip


def _helps(roles: tuple[str, ...]) -> bool:
    return "Editor" in roles


def _identifiers(item: Element) -> Iterator[Identifier]:
    """Yield the identifiers of another work; an address only where nothing better is there."""
    found = False
    for element in _children(item, "identifier"):
        text, sort = clean(text_of(element)), told(element, "type")
        if is_set(element, "invalid") or is_null(text):
            continue
        shown = identifiers.recognise(text)
        if shown.kind == "local" and sort:
            shown = identifiers.of_scheme(sort, text)
        found = found or shown.kind not in ("local", "oai")
        yield shown
    if found:
        return
    urls = [u for place in _children(item, "location") for u in _children(place, "url")]
    links = [clean(text_of(u)) for u in urls if not told(u, "displayLabel")]
    for text in filter(None, (href(item), *links)):
        shown = identifiers.recognise(text)
        if shown.kind != "local":
            yield shown
            return


# ── place in the host ────────────────────────────────────────────────────────────────────────


def placed(work: RelatedItem, part: Element) -> RelatedItem:
    """Return an item with the place that a part element tells."""
    for name, child in children(part):
        if name == "detail":
            work = _detail(work, child)
        elif name == "extent":
            work = _extent(work, child)
        elif name == "date":
            year = works.year(text_of(child))
            work = replace(work, publication_year=work.publication_year or year)
        elif name == "text":
            work = works.place(work, text_of(child))
    return work


def _detail(work: RelatedItem, detail: Element) -> RelatedItem:
    text = first(detail, "number", "title") or first(detail, "caption")
    if not text:
        return work
    field = _FIELDS.get(told(detail, "type").lower())
    if field is None:
        return works.place(work, text)
    return replace(work, **{field: getattr(work, field) or works.designation(text)})


def _extent(work: RelatedItem, extent: Element) -> RelatedItem:
    if told(extent, "unit").lower() not in ("page", "pages", ""):
        return work
    start, end = first(extent, "start"), first(extent, "end")
    listed = first(extent, "list")
    if listed and not start:
        match = _PAGES.fullmatch(listed)
        start, end = (match[1], match[2] or "") if match else (listed, "")
    return replace(work, first_page=work.first_page or start or None,
                   last_page=work.last_page or end or None)  # fmt: skip


def _kind(item: Element, general: str, *, in_journal: bool) -> str:
    own = _own_kind(item)
    return own if own in _HOLDERS else works.holder(general, in_journal=in_journal)


def _own_kind(item: Element) -> str:
    """Return what the other work says of its own type."""
    for element in _children(item, "genre"):
        found = genres.known(clean(text_of(element)))
        if found is not None:
            return found.general
    kinds = _children(item, "typeofresource")
    return "Collection" if any(is_set(kind, "collection") for kind in kinds) else ""


def _in_series(work: RelatedItem) -> RelatedItem:
    if not work.titles:
        return replace(work, related_item_type="Collection")
    text, number = works.series(work.titles[0].title)
    return replace(
        work,
        related_item_type="Collection",
        titles=(Title(text),),
        volume=work.volume or number or None,
    )
