"""What every reader does last: fill gaps from the record's dates, its header and its repository.

Each value that comes from here is flagged, since the payload did not say it; the evidence in the
payload always wins.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec.structs import replace

from app.crosswalks.reading import Circumstances, Notes
from app.datacite import identifiers
from app.datacite.dates import publication_year, read_date
from app.datacite.languages import read_language
from app.datacite.resource import AlternateIdentifier, Date, Publisher, Resource
from app.datacite.rights import read_rights

ACCESS = ("open", "embargoed", "restricted", "closed", "metadata-only")
BUDDHIST = (2400, 2650)
"""Years that are those of the Buddhist era, where a record speaks Thai."""
AHEAD_OF_COMMON_ERA = 543
_THAI = re.compile("[\u0e01-\u0e5b]")
_DOI_IN_HEADER = re.compile(r"(?:^|[:/])(10\.[0-9]{4,9}(?:\.[0-9]+)*(?:/|%2[Ff])\S+)$")


def hints(about: Circumstances) -> tuple[str, ...]:
    """Return what sets and configuration say of the type."""
    sets = about.header.sets if about.header else ()
    return (about.defaults.type, *sets) if about.defaults.type else sets


def access_word(word: str | None) -> str | None:
    """Return one of `ACCESS` for an access status in any of its spellings."""
    if not word:
        return None
    short = word.removesuffix("Access")
    return "metadata-only" if short.lower() in ("metadata", "metadataonly") else short


def year_of(text: str, dates: Sequence[Date], notes: Notes, about: Circumstances) -> int | None:
    """Return the publication year: the source's own, else of a date, else of the datestamp."""
    given = _year(text.strip(), notes)
    datestamp = about.header.datestamp if about.header else None
    year, how = publication_year(
        tuple(dates), given=given, datestamp=datestamp or None, today=about.today
    )
    if year is not None and how != "given":
        severity = "warning" if how == "datestamp" else ""
        notes.problem("publicationYear.inferred", "/publicationYear", year, severity=severity)
        notes.inferred("/publicationYear", f"publicationYear.{how}", str(year))
    return year


def _year(text: str, notes: Notes) -> str | None:
    if not text:
        return None
    if len(text) != 4 or not (text.isascii() and text.isdigit()):
        read = read_date(text).date or ""
        notes.problem("date.syntax", "/publicationYear", text)
        text = read[:4]
    return text or None


def complete(resource: Resource, year: str, notes: Notes, about: Circumstances) -> Resource:
    """Return a Resource with its year (year: the source's own text), identifier and defaults."""
    common = _common_era(year.strip(), resource)
    if common != year.strip():
        notes.problem("publicationYear.inferred", "/publicationYear", year)
        notes.inferred("/publicationYear", "publicationYear.era", year)
    found = year_of(common, resource.dates, notes, about)
    if found is not None:
        resource = replace(resource, publication_year=found)
    return fallbacks(header_identifier(resource, notes, about), notes, about)


def _common_era(year: str, resource: Resource) -> str:
    """Return a year of the Buddhist era in the common one, if the record speaks Thai."""
    if not (year.isascii() and year.isdigit() and BUDDHIST[0] <= int(year) <= BUDDHIST[1]):
        return year
    names = (*(t.title for t in resource.titles), *(c.name for c in resource.creators))
    if resource.language == "th" or any(map(_THAI.search, names)):
        return str(int(year) - AHEAD_OF_COMMON_ERA)
    return year


def header_identifier(resource: Resource, notes: Notes, about: Circumstances) -> Resource:
    """Take a DOI that stands in the header alone; the header's identifier is the last resort."""
    identifier = about.header.identifier if about.header else ""
    if not identifier:
        return resource
    if resource.doi is None and "10." in identifier:
        found = _DOI_IN_HEADER.search(identifier)
        doi = identifiers.doi(found[1]) if found else None
        if doi is not None:
            notes.problem("feed.header-only", "/doi", identifier)
            notes.inferred("/doi", "identifier.header", identifier)
            return replace(resource, doi=doi)
    if resource.doi is None and not resource.alternate_identifiers:
        shown = identifiers.recognise(identifier)
        notes.inferred("/alternateIdentifiers/0", "identifier.header", identifier)
        alternate = AlternateIdentifier(shown.value, shown.kind)
        url = shown.value if shown.kind == "URL" and resource.url is None else resource.url
        return replace(resource, alternate_identifiers=(alternate,), url=url)
    return resource


def fallbacks(resource: Resource, notes: Notes, about: Circumstances) -> Resource:
    """Apply the repository's defaults to what is still missing."""
    given = about.defaults
    if resource.publisher is None and given.publisher:
        notes.problem("publisher.inferred", "/publisher/name", given.publisher)
        notes.inferred("/publisher/name", "publisher.repository", given.publisher)
        resource = replace(resource, publisher=Publisher(given.publisher))
    if resource.language is None and given.language:
        language = read_language(given.language).language
        notes.inferred("/language", "language.repository", given.language)
        resource = replace(resource, language=language)
    if not resource.rights_list and given.licence:
        rights = read_rights(given.licence).rights
        if rights is not None:
            notes.inferred("/rightsList/0", "rights.repository", given.licence)
            resource = replace(resource, rights_list=(rights,))
    return resource
