"""What a study is about: subjects, abstracts, times, places, and how it was done."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from app.crosswalks.canonical.places import Polygon, box, coordinate
from app.crosswalks.ddi.elements import (
    Section,
    attribute,
    base,
    date_of,
    lang_of,
    plain,
)
from app.crosswalks.draft import Draft
from app.crosswalks.xml import Element, children, local_name, text_of
from app.datacite.resource import GeoLocation, Point, PolygonPart
from app.datacite.text import clean, is_null
from app.datacite.uris import is_web_url

_LABELS = {
    "timemeth": "Time method",
    "frequenc": "Frequency",
    "sampproc": "Sampling procedure",
    "samplesize": "Sample size",
    "samplesizeformula": "Sample size formula",
    "deviat": "Deviations from sample design",
    "collmode": "Mode of collection",
    "resinstru": "Research instrument",
    "instrumentdevelopment": "Instrument development",
    "collectortraining": "Training of collectors",
    "sources": "Sources",
    "datasrc": "Data sources",
    "srcorig": "Origin of sources",
    "srcchar": "Characteristics of sources",
    "srcdocu": "Documentation of sources",
    "collsitu": "Data collection situation",
    "actmin": "Actions to minimise losses",
    "conops": "Control operations",
    "weight": "Weighting",
    "cleanops": "Cleaning operations",
    "notes": "Notes",
}
"""What the elements below `dataColl` are called; the notes are those of the method."""
_COLLECTING = frozenset(("method", "datacoll", "sources", "targetsamplesize"))
_NOWHERE = frozenset(("no spatial unit", "not applicable", "none"))


def read(study: Section, draft: Draft) -> None:
    """Read the information about a study and its method."""
    _subjects(study, draft)
    _abstracts(study, draft)
    for name, kind in (("timeprd", "Coverage"), ("colldate", "Collected")):
        for date in dict.fromkeys(periods(study.own(name))):
            draft.date(date, kind)
    _places(study, draft)
    _kind(study, draft)
    _methods(study, draft)


# ── subjects ─────────────────────────────────────────────────────────────────────────────────


def _subjects(study: Section, draft: Draft) -> None:
    elements = study.every("keyword") + study.every("topcclas")
    addresses = _by_vocabulary(elements)
    for element in elements:
        scheme, home = attribute(element, "vocab"), attribute(element, "vocaburi")
        value = attribute(element, "uri")
        if not value and _is_of_values(addresses[scheme]):
            value, home = home, ""
        draft.subject(
            plain(element),
            lang_of(element) or None,
            scheme=scheme or None,
            scheme_uri=home or None,
            value_uri=value if is_web_url(value) else None,
        )


def _by_vocabulary(elements: Sequence[Element]) -> Mapping[str, list[str]]:
    found: dict[str, list[str]] = {}
    for element in elements:
        held = found.setdefault(attribute(element, "vocab"), [])
        if address := attribute(element, "vocaburi"):
            held.append(address)
    return found


def _is_of_values(addresses: Sequence[str]) -> bool:
    """Whether the addresses of one vocabulary are those of its terms: each has another."""
    return len(addresses) > 1 and len(set(addresses)) == len(addresses)


# ── texts ────────────────────────────────────────────────────────────────────────────────────


def _abstracts(study: Section, draft: Draft) -> None:
    """Add the abstracts: in each language the longest, the others as further descriptions."""
    found = [(plain(e), lang_of(e)) for e in study.every("abstract")]
    longest: dict[str, int] = {}
    for place, (text, lang) in enumerate(found):
        best = longest.setdefault(base(lang), place)
        if len(clean(text)) > len(clean(found[best][0])):
            longest[base(lang)] = place
    chosen = set(longest.values())
    for place, (text, lang) in enumerate(found):
        draft.describe(text, "Abstract" if place in chosen else "Other", lang or None)


def _kind(study: Section, draft: Draft) -> None:
    """Take the first kind of data for the type's text; there is place for one."""
    kinds = list(dict.fromkeys(map(clean, study.texts("datakind"))))
    kinds = [kind for kind in kinds if not is_null(kind)]
    if kinds:
        draft.word = kinds[0]
    for kind in kinds[1:]:
        draft.notes.lost(
            "/types/resourceType", kind, "A further kind of data; left out.", severity="info"
        )


def _methods(study: Section, draft: Draft) -> None:
    """Add how the data were collected, a line for each element, one text a language."""
    lines: dict[str, list[str]] = {}
    langs: dict[str, str] = {}
    for leaf in study.leaves:
        label = _LABELS.get(leaf.name)
        if label is None or leaf.parent not in _COLLECTING:
            continue
        if leaf.name == "notes" and leaf.parent not in ("method", "datacoll"):
            continue
        own = leaf.element.text if leaf.name == "sources" else plain(leaf.element)
        text = clean(own or "", breaks=True)
        if is_null(text):
            continue
        lang = lang_of(leaf.element)
        key = base(lang or study.language)
        langs[key] = langs.get(key) or lang
        lines.setdefault(key, []).append(f"{label}: {text}")
    for key, found in lines.items():
        draft.describe("<br>".join(dict.fromkeys(found)), "Methods", langs[key] or None)


# ── times ────────────────────────────────────────────────────────────────────────────────────


def periods(elements: Sequence[Element]) -> Iterator[str]:
    """Yield dates and ranges: a start with the end of the same cycle, else with the next end."""
    cycles: dict[str, list[tuple[str, str]]] = {}
    for element in elements:
        date = date_of(element)
        event = attribute(element, "event").lower()
        if is_null(date) or (date == event):
            continue
        cycles.setdefault(attribute(element, "cycle"), []).append((event, date))
    for dates in cycles.values():
        yield from _paired(dates)


def _paired(dates: Sequence[tuple[str, str]]) -> Iterator[str]:
    starts = [date for event, date in dates if event == "start"]
    ends = [date for event, date in dates if event == "end"]
    for n in range(max(len(starts), len(ends))):
        start = starts[n] if n < len(starts) else ""
        end = ends[n] if n < len(ends) else ""
        yield start if start == end else f"{start}/{end}"
    yield from (date for event, date in dates if event not in ("start", "end"))


# ── places ───────────────────────────────────────────────────────────────────────────────────


def _places(study: Section, draft: Draft) -> None:
    for element in study.own("nation", "geogcover", "geogunit"):
        for name in map(str.strip, plain(element).split(";")):
            if name.casefold() not in _NOWHERE:
                draft.geo_locations.append(GeoLocation(geo_location_place=name))
    for element in study.every("geobndbox", "sumdscr"):
        shape = box(element)
        if shape is not None:
            draft.geo_locations.append(GeoLocation(geo_location_box=shape))
        elif local_name(element).lower() == "geobndbox":
            draft.notes.problem("geo.range", "/geoLocations", " ".join(text_of(element).split()))
    for element in study.every("boundpoly"):
        outlines = tuple(_outlines(element))
        if outlines:
            draft.geo_locations.append(GeoLocation(geo_location_polygon=outlines))


def _outlines(element: Element) -> Iterator[Polygon]:
    """Yield the polygons of a `boundPoly`, each of points with latitude and longitude."""
    for name, child in children(element):
        if name == "polygon":
            points = (_point(point) for _, point in children(child))
            yield tuple(PolygonPart(polygon_point=p) for p in points if p is not None)


def _point(element: Element) -> Point | None:
    latitude = longitude = None
    for name, child in children(element):
        if name == "gringlat":
            latitude = coordinate(text_of(child))
        elif name == "gringlon":
            longitude = coordinate(text_of(child))
    return None if latitude is None or longitude is None else Point(longitude, latitude)
