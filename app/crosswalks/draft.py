"""A record as a reader finds it, before it is canonical: told parts and untold texts apart.

A reader of a format copies. Where the format says what a value is (a family name, a date of issue,
a subject of a scheme), it is *told*: a raw part of a Resource. Where it says no more than an
element of Dublin Core would (a creator's one line, an identifier, a type word), it is *untold*: a
text under that element's name, which the rules for Dublin Core then read. `reading` makes both
canonical and joins them, told before untold.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from msgspec.structs import replace

from app.crosswalks.canonical import record
from app.crosswalks.canonical.completion import complete
from app.crosswalks.dublin_core.parts import once, parts, read_type
from app.crosswalks.dublin_core.relations import linked
from app.crosswalks.dublin_core.values import Value, Values
from app.crosswalks.reading import Circumstances, Inference, Notes, Reading
from app.datacite.problem import Problem
from app.datacite.resource import (
    Contributor,
    Creator,
    Date,
    Description,
    FundingReference,
    GeoLocation,
    Publisher,
    RelatedIdentifier,
    RelatedItem,
    Resource,
    Rights,
    Subject,
    Title,
    Types,
)
from app.datacite.text import clean, is_null
from app.datacite.types import TypeReading


class Draft:
    """What a reader has found so far; never outlives the reading of one record.

    The lists hold raw parts: texts as they stand, words of lists as the source spells them.
    general: a term of resourceTypeGeneral that the format itself fixes. word: the text for
    resourceType, where it is not one of the untold type words. year: the publication year, where
    the source states it as such. publishers: who publishes if nobody is named, in order, flagged.
    access: an access status word that outweighs the rights statements.
    """

    def __init__(self, about: Circumstances) -> None:
        """about: what is known besides the payload."""
        self.about = about
        self.notes = Notes()
        self.untold: Values = {}
        self.titles: list[Title] = []
        self.creators: list[Creator] = []
        self.contributors: list[Contributor] = []
        self.publisher: Publisher | None = None
        self.publishers: list[str] = []
        self.subjects: list[Subject] = []
        self.dates: list[Date] = []
        self.related_identifiers: list[RelatedIdentifier] = []
        self.related_items: list[RelatedItem] = []
        self.sizes: list[str] = []
        self.formats: list[str] = []
        self.rights: list[Rights] = []
        self.descriptions: list[Description] = []
        self.geo_locations: list[GeoLocation] = []
        self.funding: list[FundingReference] = []
        self.content_url: list[str] = []
        self.general = ""
        self.word = ""
        self.version = ""
        self.language = ""
        self.year = ""
        self.url = ""
        self.access: str | None = None

    # ── what readers add ─────────────────────────────────────────────────────────────────────

    def text(self, element: str, text: str | None, *, lang: str = "", scheme: str = "") -> None:
        """Add an untold text under the name of a Dublin Core element, in lower case.

        scheme: what the source says the value is one of (`DOI`, `isbn`, `lcsh`), without prefix.
        """
        if text and not text.isspace():
            self.untold.setdefault(element, []).append(Value(text, lang, scheme))

    def identifier(self, value: str | None, kind: str = "") -> None:
        """Add an identifier, landing page or file URL of the record itself."""
        self.text("identifier", value, scheme=kind)

    def date(self, text: str | None, kind: str, information: str | None = None) -> None:
        """Add a date of a told type."""
        if text and not text.isspace():
            self.dates.append(Date(text, kind, information))

    def describe(self, text: str | None, kind: str, lang: str | None = None) -> None:
        """Add a description of a told type."""
        if text and not text.isspace():
            self.descriptions.append(Description(text, kind, lang))

    def file(self, url: str | None, mime: str | None = None, size: str | None = None) -> None:
        """Add a file of the record."""
        self.content_url.extend(filter(None, (url,)))
        self.formats.extend(filter(None, (mime,)))
        self.sizes.extend(filter(None, (size,)))

    def is_empty(self) -> bool:
        """Whether nothing was found that makes a record."""
        return not (self.untold or self.titles or self.creators or self.descriptions)

    # ── what becomes of it ───────────────────────────────────────────────────────────────────

    def reading(self, form: str, space: str) -> Reading:
        """Make everything canonical. form: the name in FORMATS; space: the root's namespace."""
        types = self._types()
        told, access = record.parts(self._raw(), types.types, self.notes)
        asked, self.notes = self.notes, Notes()
        untold, found = parts(self.untold, types, self.about, self.notes)
        asked.problems.extend(_moved(self.notes.problems, told))
        asked.inferences.extend(_moved(self.notes.inferences, told))
        self.notes = asked
        resource = self._published(joined(told, untold))
        resource = complete(resource, self.year, self.notes, self.about)
        return self.notes.reading(resource, self.access or access or found, form, space)

    def _types(self) -> TypeReading:
        """Return the type: fixed by the format, else read from the untold words."""
        if not self.general:
            found = read_type(self.untold, self.about, self.notes)
            if found.types is None or not self.word:
                return found
            return replace(found, types=replace(found.types, resource_type=clean(self.word)))
        silent = Notes()
        found = read_type(self.untold, self.about, silent)
        word = clean(self.word) or (found.types.resource_type if found.types else None)
        self.notes.inferred("/types", "type.format", self.general)
        return replace(found, types=Types(self.general, word or None))

    def _raw(self) -> Resource:
        return Resource(
            creators=tuple(self.creators),
            titles=tuple(self.titles),
            publisher=self.publisher,
            subjects=tuple(self.subjects),
            contributors=tuple(self.contributors),
            dates=tuple(self.dates),
            language=self.language or None,
            related_identifiers=tuple(self.related_identifiers),
            sizes=tuple(self.sizes),
            formats=tuple(self.formats),
            version=self.version or None,
            rights_list=tuple(self.rights),
            descriptions=tuple(self.descriptions),
            geo_locations=tuple(self.geo_locations),
            funding_references=tuple(self.funding),
            related_items=tuple(self.related_items),
            url=self.url or None,
            content_url=tuple(self.content_url),
        )

    def _published(self, resource: Resource) -> Resource:
        """Name a publisher if the record has none but somebody could be it."""
        if resource.publisher is not None:
            return resource
        for name in map(clean, self.publishers):
            if not is_null(name):
                self.notes.problem("publisher.inferred", "/publisher/name", name)
                self.notes.inferred("/publisher/name", "publisher.fallback", name)
                return replace(resource, publisher=Publisher(name))
        return resource


def joined(told: Resource, untold: Resource) -> Resource:
    """Join two canonical Resources of one record; what both have stays once."""
    related = tuple(
        one
        for one in once(told.related_identifiers, untold.related_identifiers)
        if one.related_identifier != untold.doi or one.relation_type == "IsIdenticalTo"
    )
    return Resource(
        doi=told.doi or untold.doi,
        creators=once(told.creators, untold.creators),
        titles=_titles(told.titles, untold.titles),
        publisher=told.publisher or untold.publisher,
        subjects=once(told.subjects, untold.subjects),
        contributors=once(told.contributors, untold.contributors),
        dates=once(told.dates, untold.dates),
        language=told.language or untold.language,
        types=told.types,
        alternate_identifiers=once(told.alternate_identifiers, untold.alternate_identifiers),
        related_identifiers=related,
        sizes=once(told.sizes, untold.sizes),
        formats=once(told.formats, untold.formats),
        version=told.version or untold.version,
        rights_list=once(told.rights_list, untold.rights_list),
        descriptions=once(told.descriptions, untold.descriptions),
        geo_locations=once(told.geo_locations, untold.geo_locations),
        funding_references=once(told.funding_references, untold.funding_references),
        related_items=linked(once(told.related_items, untold.related_items), related),
        url=told.url or untold.url,
        content_url=once(told.content_url, untold.content_url),
    )


def _titles(told: Sequence[Title], untold: Sequence[Title]) -> tuple[Title, ...]:
    """Return the titles, the first without type in front."""
    found = once(tuple(told), tuple(untold))
    main = next((n for n, title in enumerate(found) if title.title_type is None), 0)
    return (found[main], *found[:main], *found[main + 1 :]) if main else found


_LISTS = {
    "creators": "creators",
    "titles": "titles",
    "subjects": "subjects",
    "contributors": "contributors",
    "dates": "dates",
    "relatedIdentifiers": "related_identifiers",
    "rightsList": "rights_list",
    "descriptions": "descriptions",
    "geoLocations": "geo_locations",
    "fundingReferences": "funding_references",
    "relatedItems": "related_items",
}


_Note = TypeVar("_Note", Inference, Problem)


def _moved(notes: Sequence[_Note], told: Resource) -> list[_Note]:
    """Return notes with the places that their values have behind those that were told."""
    return [replace(one, path=_place(one.path, told)) for one in notes]


def _place(path: str, told: Resource) -> str:
    parts_of = path.split("/", 3)
    if len(parts_of) < 3 or not parts_of[2].isdigit() or parts_of[1] not in _LISTS:
        return path
    parts_of[2] = str(int(parts_of[2]) + len(getattr(told, _LISTS[parts_of[1]])))
    return "/".join(parts_of)
