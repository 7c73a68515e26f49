"""Makes a raw Resource of a DataCite document canonical: cleaned, matched, repaired, completed.

What is well-formed by the schema is never inferred again; only what is missing or unclean is.
Every step notes what it changed or could not keep.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from app.crosswalks.canonical import funding, people, places, relations
from app.crosswalks.canonical.completion import access_word, complete, hints
from app.crosswalks.canonical.name_identifiers import ROR, language, scheme_of, uri
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
    Rights,
    Subject,
    Title,
    Types,
)
from app.datacite.rights import read_rights
from app.datacite.text import clean, is_null, missing_code
from app.datacite.types import read_types
from app.datacite.vocabularies import match

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
    rights, access = _rights(raw.rights_list, notes)
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
        rights_list=rights,
        descriptions=descriptions,
        geo_locations=places.canonical(raw.geo_locations, notes),
        funding_references=funding.funding(
            (*raw.funding_references, *names.funders), found.grants, notes
        ),
        related_items=_with_series(found.items, descriptions, types, notes),
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
        made = _date(one, f"/dates/{len(seen)}", notes)
        if made is not None and made not in seen:
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
        *(Date(f"{a}/{b}", "Collected", "StartDate/EndDate") for a, b in pairs if a or b),
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


# ── rights and descriptions ──────────────────────────────────────────────────────────────────


def _rights(given: Sequence[Rights], notes: Notes) -> tuple[tuple[Rights, ...], str | None]:
    kept: dict[Rights, None] = {}
    access = None
    for one in given:
        made, word = _right(one, f"/rightsList/{len(kept)}", notes)
        access = access or word
        if made is not None:
            kept.setdefault(made)
    return tuple(kept), access


def _right(given: Rights, path: str, notes: Notes) -> tuple[Rights | None, str | None]:
    text, value = _optional(given.rights), _optional(given.rights_uri)
    link = identifiers.uri(value) if value else None
    if value and link is None:
        notes.problem("uri.invalid", f"{path}/rightsUri", value)
        text = text or value
    if text is None and link is None and not given.rights_identifier:
        return None, None
    read = read_rights(link or text or given.rights_identifier or "")
    more = read_rights(text) if text and link else read
    known = read.rights or more.rights
    made = Rights(
        text,
        link,
        _optional(given.rights_identifier),
        _optional(given.rights_identifier_scheme),
        uri(given.scheme_uri, f"{path}/schemeUri", notes),
        language(given.lang, f"{path}/lang", notes),
    )
    return _licensed(made, known, path, notes), access_word(read.access or more.access)


def _licensed(made: Rights, known: Rights | None, path: str, notes: Notes) -> Rights:
    """Add the licence's identifier, and its name or address where the source gives none."""
    if made.rights_identifier:
        return _spelt(made, known)
    if known is None or known.rights_identifier is None:
        return made if made.rights or known is None else replace(made, rights=known.rights)
    notes.inferred(
        f"{path}/rightsIdentifier", "rights.licence", made.rights_uri or made.rights or ""
    )
    return replace(
        made,
        rights=made.rights or known.rights,
        rights_uri=made.rights_uri or known.rights_uri,
        rights_identifier=known.rights_identifier,
        rights_identifier_scheme=known.rights_identifier_scheme,
        scheme_uri=made.scheme_uri or known.scheme_uri,
    )


def _spelt(made: Rights, known: Rights | None) -> Rights:
    """Give an SPDX identifier SPDX's own case."""
    identifier = made.rights_identifier or ""
    scheme = (made.rights_identifier_scheme or "").upper()
    if scheme not in ("", "SPDX"):
        return made
    by_identifier = read_rights(identifier).rights
    for found in (by_identifier, known):
        if found and (found.rights_identifier or "").lower() == identifier.lower():
            return replace(
                made,
                rights=made.rights or found.rights,
                rights_identifier=found.rights_identifier,
                rights_identifier_scheme=found.rights_identifier_scheme,
                scheme_uri=made.scheme_uri or found.scheme_uri,
            )
    return made


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
    items: tuple[RelatedItem, ...],
    descriptions: Sequence[Description],
    types: Types | None,
    notes: Notes,
) -> tuple[RelatedItem, ...]:
    """Read SeriesInformation as a related item too, unless the source has given one."""
    if any(item.relation_type == "IsPublishedIn" for item in items):
        return items
    for n, description in enumerate(descriptions):
        if description.description_type == "SeriesInformation":
            general = types.resource_type_general if types else "Other"
            found = read_citation(description.description, general=general)
            if found is not None and found not in items:
                notes.problem("description.series", f"/descriptions/{n}", description.description)
                items = (*items, found)
    return items
