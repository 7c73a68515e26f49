"""FGDC Content Standard for Digital Geospatial Metadata (CSDGM)."""

from __future__ import annotations

from collections.abc import Iterator

from app.crosswalks.canonical.people import contributor
from app.crosswalks.canonical.places import coordinate
from app.crosswalks.draft import Draft
from app.crosswalks.iso19115 import distribution
from app.crosswalks.iso19115.elements import every, first, value, values
from app.crosswalks.iso19115.extent import box_of, period
from app.crosswalks.iso19115.people import names
from app.crosswalks.iso19115.responsible import Party
from app.crosswalks.reading import Circumstances, Reading
from app.crosswalks.xml import Element, namespace
from app.datacite import identifiers
from app.datacite.problem import problem
from app.datacite.resource import (
    Creator,
    GeoLocation,
    Point,
    PolygonPart,
    Publisher,
    RelatedIdentifier,
    RelatedItem,
    Subject,
    Title,
)
from app.datacite.subjects import read_subject

__all__ = ["read"]

_NOBODY = ("not provided", "required", "unavailable")
_CITED = ("data citation:", "unpublished")
LONGEST_NAME = 200
"""A longer text is the citation of a publication, not the name of a publisher."""
_LISTS = ("names", "thesaurus", "system", "code", "standard", "list", "gazetteer", "vocabulary")


def read(root: Element, about: Circumstances) -> Reading:
    """Read a `metadata` with its `idinfo`."""
    draft, space = Draft(about), namespace(root)
    for identification in every(root, "idinfo"):
        for citation in every(identification, "citation/citeinfo"):
            _citation(draft, citation)
        _content(draft, identification)
        _extent(draft, identification)
        for contact in every(identification, "ptcontac/cntinfo"):
            for person in _parties(contact):
                draft.contributors.append(contributor(person, "ContactPerson"))
        _related(draft, identification)
    if draft.is_empty():
        return Reading(None, (problem("format.empty"),), format="fgdc", namespace=space)
    _distribution(draft, root)
    draft.general = "Dataset"
    return draft.reading("fgdc", space)


# ── citation and people ──────────────────────────────────────────────────────────────────────


def _citation(draft: Draft, citation: Element) -> None:
    for title in values(citation, "title"):
        draft.titles.append(Title(title, "AlternativeTitle" if draft.titles else None))
    for origin in values(citation, "origin"):
        draft.text("creator", origin)
    draft.date(value(first(citation, "pubdate")), "Issued")
    draft.version = draft.version or value(first(citation, "edition"))
    for name in values(citation, "pubinfo/publish"):
        _publisher(draft, name)
    for address in values(citation, "onlink"):
        if distribution.is_service(distribution.Link(address)):
            draft.related_identifiers.append(distribution.service(address))
        else:
            draft.identifier(address)
    for series in every(citation, "serinfo"):
        if name := value(first(series, "sername")):
            issue = value(first(series, "issue")) or None
            draft.related_items.append(
                RelatedItem("Collection", "IsPartOf", titles=(Title(name),), issue=issue)
            )


def _publisher(draft: Draft, text: str) -> None:
    """Take a publisher; some catalogues put a whole citation in its place."""
    if len(text) > LONGEST_NAME or any(word in text.lower() for word in _CITED):
        draft.describe(text, "Other")
    elif draft.publisher is None:
        draft.publisher = Publisher(text)


def _parties(contact: Element) -> Iterator[Creator]:
    """Yield a contact: the person with the organisation, or the organisation alone."""
    for path in ("cntperp", "cntorgp"):
        for one in every(contact, path):
            person, organisation = (_name(value(first(one, n))) for n in ("cntper", "cntorg"))
            if person or organisation:
                yield from names(Party(person, organisation))


def _name(text: str) -> str:
    return "" if text.lower() in _NOBODY else text


# ── content ──────────────────────────────────────────────────────────────────────────────────


def _content(draft: Draft, identification: Element) -> None:
    for path, kind in (
        ("descript/abstract", "Abstract"),
        ("descript/purpose", "Other"),
        ("datacred", "Other"),
    ):
        for text in values(identification, path):
            draft.describe(text, kind)
    for name, short in (("theme", "theme"), ("stratum", "strat")):
        for group in every(identification, f"keywords/{name}"):
            scheme = value(first(group, f"{short}kt"))
            for text in values(group, f"{short}key"):
                found = (Subject(text, scheme),) if scheme else read_subject(text)
                draft.subjects += found
    for text in values(identification, "keywords/temporal/tempkey"):
        draft.text("temporal", text)
    for name in ("accconst", "useconst"):
        for text in values(identification, name):
            draft.text("rights", text)


# ── extent ───────────────────────────────────────────────────────────────────────────────────


def _extent(draft: Draft, identification: Element) -> None:
    for domain in every(identification, "spdom"):
        for bounds in every(domain, "bounding"):
            _box(draft, bounds)
        for outline in every(domain, "dsgpoly/dsgpolyo"):
            corners = tuple(map(_corner, every(outline, "grngpoin")))
            if None not in corners:
                found = tuple(PolygonPart(polygon_point=corner) for corner in corners)
                draft.geo_locations.append(GeoLocation(geo_location_polygon=found))
    for place in _places(identification):
        draft.geo_locations.append(GeoLocation(geo_location_place=place))
    for times in every(identification, "timeperd/timeinfo"):
        for path in ("sngdate", "mdattim/sngdate"):
            for single in every(times, path):
                date = value(first(single, "caldate"))
                period(draft, date, date)
        for span in every(times, "rngdates"):
            begin, end = value(first(span, "begdate")), value(first(span, "enddate"))
            period(draft, begin, end)


def _box(draft: Draft, bounds: Element) -> None:
    names_of = ("westbc", "eastbc", "southbc", "northbc")
    if box := box_of(draft, [value(first(bounds, name)) for name in names_of]):
        draft.geo_locations.append(GeoLocation(geo_location_box=box))


def _corner(element: Element) -> Point | None:
    east = coordinate(value(first(element, "gringlon")))
    north = coordinate(value(first(element, "gringlat")))
    return None if east is None or north is None else Point(east, north)


def _places(identification: Element) -> list[str]:
    """Return the names of places; some catalogues put them where their vocabulary is named."""
    found = list(values(identification, "spdom/descgeog"))
    for group in every(identification, "keywords/place"):
        names_of = list(values(group, "placekey"))
        listed = value(first(group, "placekt"))
        if not names_of and "," in listed and not any(w in listed.lower() for w in _LISTS):
            names_of = [listed]
        found += names_of
    return list(dict.fromkeys(found))


# ── relations and distribution ───────────────────────────────────────────────────────────────


def _related(draft: Draft, identification: Element) -> None:
    for path, relation in (
        ("citation/citeinfo/lworkcit/citeinfo", "IsPartOf"),
        ("crossref/citeinfo", "References"),
    ):
        for citation in every(identification, path):
            _cited(draft, citation, relation)


def _cited(draft: Draft, citation: Element, relation: str) -> None:
    """Add another work, by its address or else by its title."""
    address = next(values(citation, "onlink"), "")
    shown = identifiers.recognise(address)
    title = value(first(citation, "title"))
    if shown.kind != "local" and address:
        draft.related_identifiers.append(RelatedIdentifier(shown.value, shown.kind, relation))
    elif title:
        draft.related_items.append(RelatedItem("Other", relation, titles=(Title(title),)))


def _distribution(draft: Draft, root: Element) -> None:
    """Read who gives the data out, in which forms and where."""
    for distributor in every(root, "distinfo"):
        for contact in every(distributor, "distrib/cntinfo"):
            for path in ("cntorgp/cntorg", "cntperp/cntorg", "cntperp/cntper"):
                draft.publishers += map(_name, values(contact, path))
        for form in every(distributor, "stdorder/digform"):
            _form(draft, form)


def _form(draft: Draft, form: Element) -> None:
    for one in every(form, "digtinfo"):
        name, version = value(first(one, "formname")), value(first(one, "formvern"))
        if name:
            draft.formats.append(f"{name} {version}".strip())
        if size := value(first(one, "transize")):
            draft.sizes.append(f"{size} MB")
    known = {one.text for one in draft.untold.get("identifier", ())}
    for address in values(form, "digtopt/onlinopt/computer/networka/networkr"):
        link = distribution.Link(address)
        if address in known or not identifiers.is_web_url(address):
            continue
        if distribution.is_service(link):
            draft.related_identifiers.append(distribution.service(address))
        elif distribution.is_file(link):
            draft.file(address)
