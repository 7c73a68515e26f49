"""Makes a raw Resource of a DataCite document canonical: cleaned, matched, repaired, completed.

What is well-formed by the schema is never inferred again; only what is missing or unclean is.
Every step notes what it changed or could not keep.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from app.crosswalks.canonical import funding, people, places, relations, rights
from app.crosswalks.canonical.completion import complete, hints
from app.crosswalks.canonical.name_identifiers import ROR, language, scheme_of, uri
from app.crosswalks.canonical.relations import Relations
from app.crosswalks.dublin_core.items import in_collection, linked
from app.crosswalks.reading import Circumstances, Notes
from app.datacite import identifiers
from app.datacite.citations import read_citation
from app.datacite.dates import read_date
from app.datacite.languages import read_language
from app.datacite.resource import (
    Date,
    Description,
    Publisher,
    RelatedItem,
    Resource,
    Subject,
    Title,
    Types,
)
from app.datacite.text import clean, is_null, missing_code
from app.datacite.types import read_types
from app.datacite.vocabularies import match

PAIR = "StartDate/EndDate"
"""What dateInformation says of a range that two dates of kernel 2 were."""
_GENERAL = "/types/resourceTypeGeneral"
_OPEN_END = re.compile(r"\s*/\s*\(?:(?:tba|un[a-z]{2}|none|null)\)?$", re.IGNORECASE)
"""A range whose end is said to be missing by a code."""


def canonical(
    raw: Resource, year: str, notes: Notes, about: Circumstances
) -> tuple[Resource, str | None]:
    """Return the canonical Resource of a raw one and the access word of its rights."""
    resource, access = parts(raw, _types(raw.types, notes, about), notes)
    return complete(resource, year, notes, about), access


def parts(raw: Resource, types: Types | None, notes: Notes) -> tuple[Resource, str | None]:
    """Return the parts of a raw Resource, canonical; the year is left to `complete`."""
    names = people.canonical(raw.creators, raw.contributors, notes)
    found = relations.canonical(raw, notes)
    descriptions = tuple(_descriptions(raw.descriptions, notes))
    terms, access = rights.canonical(raw.rights_list, notes)
    return Resource(
        doi=found.doi,
        creators=names.creators,
        titles=tuple(_titles(raw.titles, notes)),
        publisher=_publisher(raw.publisher, notes),
        subjects=tuple(_subjects(raw.subjects, notes)),
        contributors=names.contributors,
        dates=tuple(_dates(raw.dates, notes)),
        language=_language(raw.language, notes),
        types=types,
        alternate_identifiers=found.alternates,
        related_identifiers=found.related,
        sizes=_texts(raw.sizes),
        formats=_texts(raw.formats),
        version=_optional(raw.version),
        rights_list=terms,
        descriptions=descriptions,
        geo_locations=places.canonical(raw.geo_locations, notes),
        funding_references=funding.funding(
            (*raw.funding_references, *names.funders), found.grants, notes
        ),
        related_items=_with_series(found, descriptions, types, notes),
        url=uri(raw.url, "/url", notes),
        content_url=tuple(filter(None, (uri(u, "/contentUrl", notes) for u in raw.content_url))),
    ), access


def _optional(text: str | None) -> str | None:
    if not text:
        return None
    value = clean(text)
    return None if is_null(value) else value


def _texts(given: Sequence[str]) -> tuple[str, ...]:
    found = (_optional(text) for text in given)
    return tuple(dict.fromkeys(text for text in found if text is not None))


# ── titles, publisher, subjects ──────────────────────────────────────────────────────────────


def _titles(given: Sequence[Title], notes: Notes) -> Iterator[Title]:
    seen: set[Title] = set()
    for one in given:
        path = f"/titles/{len(seen)}"
        text = clean(one.title)
        if code := missing_code(text):
            notes.problem("code.missing-value", path, text)
            text = code
        elif is_null(text):
            continue
        kind = notes.term("titleType", one.title_type, f"{path}/titleType")
        if kind is None and one.title_type and not is_null(one.title_type):
            kind = "Other"
        title = Title(text, kind, language(one.lang, f"{path}/lang", notes))
        if title not in seen:
            seen.add(title)
            yield title


def _publisher(given: Publisher | None, notes: Notes) -> Publisher | None:
    if given is None:
        return None
    name = clean(given.name)
    if code := missing_code(name):
        notes.problem("code.missing-value", "/publisher/name", name)
        name = code
    identifier, scheme, home = _publisher_identifier(given, notes)
    if is_null(name) and not missing_code(name):
        if identifier is None:
            return None
        name = identifier
    return Publisher(name, identifier, scheme, home, language(given.lang, "/publisher/lang", notes))


def _publisher_identifier(
    given: Publisher, notes: Notes
) -> tuple[str | None, str | None, str | None]:
    value = _optional(given.publisher_identifier)
    if value is None:
        return None, None, None
    path = "/publisher/publisherIdentifier"
    scheme = scheme_of(clean(given.publisher_identifier_scheme or ""), value)
    home = uri(given.scheme_uri, "/publisher/schemeUri", notes)
    if not scheme:
        notes.problem("publisherIdentifier.scheme", path, value)
        return None, None, None
    if not given.publisher_identifier_scheme:
        notes.inferred(f"{path}Scheme", "publisherIdentifier.scheme", value)
    if scheme == "ROR" and (link := identifiers.ror(value)):
        return link, scheme, ROR
    if "10." in value and (name := identifiers.doi(value)):
        value = f"https://doi.org/{name}"
    return value, scheme, home


def _subjects(given: Sequence[Subject], notes: Notes) -> Iterator[Subject]:
    seen: set[Subject] = set()
    for one in given:
        made = _subject(one, f"/subjects/{len(seen)}", notes)
        if made is not None and made not in seen:
            seen.add(made)
            yield made


def _subject(given: Subject, path: str, notes: Notes) -> Subject | None:
    text, code = clean(given.subject), _optional(given.classification_code)
    link = uri(given.value_uri, f"{path}/valueUri", notes)
    if code is not None and not identifiers.is_any_uri(code):
        notes.problem("subject.code", f"{path}/classificationCode", code)
        text, code = f"{code} {text}".strip(), None
    if is_null(text):
        text = link or code or ""
        if not text:
            return None
    return Subject(
        text,
        _optional(given.subject_scheme),
        uri(given.scheme_uri, f"{path}/schemeUri", notes),
        link,
        code,
        language(given.lang, f"{path}/lang", notes),
    )


# ── dates, language, type ────────────────────────────────────────────────────────────────────


def _dates(given: Sequence[Date], notes: Notes) -> Iterator[Date]:
    """Yield the dates; StartDate and EndDate of kernel 2 become ranges of type Collected."""
    seen: set[Date] = set()
    for one in _paired(given):
        path = f"/dates/{len(seen)}"
        made = _date(one, path, notes)
        if made is not None and made not in seen:
            if made.date_information == PAIR:
                notes.inferred(path, "date.pair", one.date)
            seen.add(made)
            yield made


def _paired(given: Sequence[Date]) -> Sequence[Date]:
    starts = [d.date.strip() for d in given if d.date_type.strip().lower() == "startdate"]
    ends = [d.date.strip() for d in given if d.date_type.strip().lower() == "enddate"]
    if not starts and not ends:
        return given
    rest = [d for d in given if d.date_type.strip().lower() not in ("startdate", "enddate")]
    count = max(len(starts), len(ends))
    starts += [""] * (count - len(starts))
    ends += [""] * (count - len(ends))
    pairs = zip(starts, ends, strict=True)
    return [
        *rest,
        *(Date(f"{a}/{b}", "Collected", PAIR) for a, b in pairs if a or b),
    ]


def _date(given: Date, path: str, notes: Notes) -> Date | None:
    text = clean(given.date)
    if is_null(text):
        return None
    read = read_date(_OPEN_END.sub("/", text) if "/" in text and ":" in text else text)
    if read.date is None:
        notes.problem(read.rule or "date.syntax", path, text)
        return None
    if read.rule:
        notes.problem(read.rule, path, text)
    if read.date != text:
        notes.inferred(path, read.rule or "date.repaired", text)
    kind = notes.term("dateType", given.date_type, f"{path}/dateType") or read.date_type
    information = _optional(given.date_information) or read.information
    if kind is None:
        word = clean(given.date_type)
        if is_null(word):
            notes.problem("date.type-missing", path, text)
        else:
            information = information or word
        kind = "Other"
    return Date(read.date, kind, information)


def _language(given: str | None, notes: Notes) -> str | None:
    text = clean(given or "")
    if is_null(text):
        return None
    read = read_language(text)
    if read.language is None:
        notes.problem("language.invalid", "/language", text)
    elif read.language != text:
        notes.inferred("/language", "language.tag", text)
    return read.language


def _types(given: Types | None, notes: Notes, about: Circumstances) -> Types:
    """Return the type; a general that the list lacks is read by the type table with its text."""
    word = _optional(given.resource_type_general) if given else None
    text = _optional(given.resource_type) if given else None
    found = match("resourceTypeGeneral", word) if word else None
    if found is not None and found.term is not None:
        if found.how != "exact":
            notes.repaired(_GENERAL, word or "")
        film = found.how == "alias" and text is None
        return Types(found.term, word if film else text)
    read = read_types([value for value in (word, text) if value], hints=hints(about))
    general = read.types.resource_type_general if read.types else "Other"
    if read.rule.startswith("resourceType."):
        notes.problem(read.rule, _GENERAL, word or text or "")
    elif word:
        notes.repaired(_GENERAL, word)
    else:
        notes.inferred(_GENERAL, read.rule or "type.word", text or "")
    return Types(general, text or word)


# ── descriptions and series ───────────────────────────────────────────────────────────────────────


def _descriptions(given: Sequence[Description], notes: Notes) -> Iterator[Description]:
    seen: set[Description] = set()
    for one in given:
        path = f"/descriptions/{len(seen)}"
        text = clean(one.description, breaks=True)
        if is_null(text):
            continue
        if text != one.description and _had_markup(one.description):
            notes.problem("description.markup", path, one.description)
        kind = notes.term("descriptionType", one.description_type, f"{path}/descriptionType")
        if kind is None:
            alone = len(given) == 1 and is_null(clean(one.description_type))
            kind = "Abstract" if alone else "Other"
            notes.inferred(f"{path}/descriptionType", "description.type", text[:80])
        made = Description(text, kind, language(one.lang, f"{path}/lang", notes))
        if made not in seen:
            seen.add(made)
            yield made


def _had_markup(text: str) -> bool:
    return ("<" in text and ">" in text.replace("<br>", "").replace("<br/>", "")) or "&lt;" in text


def _with_series(
    relations: Relations,
    descriptions: Sequence[Description],
    types: Types | None,
    notes: Notes,
) -> tuple[RelatedItem, ...]:
    """Read SeriesInformation as a related item too, unless the source has given one."""
    items = relations.items
    if any(item.relation_type == "IsPublishedIn" for item in items):
        return items
    for n, description in enumerate(descriptions):
        if description.description_type == "SeriesInformation":
            general = types.resource_type_general if types else "Other"
            found = read_citation(description.description, general=general)
            series = in_collection((found,), relations.related) if found else ()
            if series and series[0] not in items:
                notes.problem("description.series", f"/descriptions/{n}", description.description)
                path = f"/relatedItems/{len(items)}"
                notes.inferred(path, "description.series", description.description)
                items = (*items, *linked(series, relations.related))
    return items
