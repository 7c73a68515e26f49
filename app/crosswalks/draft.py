"""A record as a reader finds it, before it is canonical: told parts and untold texts apart.

A reader of a format copies. Where the format says what a value is (a family name, a date of issue,
a subject of a scheme), it is *told*: a raw part of a Resource. Where it says no more than an
element of Dublin Core would (a creator's one line, an identifier, a type word), it is *untold*: a
text under that element's name, which the rules for Dublin Core then read. `reading` makes both
canonical and joins them, told before untold.
"""

from __future__ import annotations

from msgspec.structs import replace

from app.crosswalks.canonical import record
from app.crosswalks.canonical.completion import complete
from app.crosswalks.canonical.people import creator
from app.crosswalks.dublin_core.names import EDITED
from app.crosswalks.dublin_core.parts import parts, read_type
from app.crosswalks.dublin_core.texts import is_provenance
from app.crosswalks.dublin_core.values import Value, Values
from app.crosswalks.joining import further, joined, moved
from app.crosswalks.reading import Circumstances, Notes, Reading
from app.datacite import identifiers
from app.datacite.funders import read_grant
from app.datacite.problem import problem
from app.datacite.resource import (
    AlternateIdentifier,
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
from app.datacite.rights import read_rights
from app.datacite.subjects import read_subject
from app.datacite.text import clean, is_null
from app.datacite.types import TypeReading
from app.datacite.vocabularies import CURRENT

_RELATED = CURRENT["relatedIdentifierType"]
VERSIONED = frozenset(("Software", "Dataset", "ComputationalNotebook"))
"""General types whose editions are versions."""


class Draft:
    """What a reader has found so far; never outlives the reading of one record.

    The lists hold raw parts: texts as they stand, words of lists as the source spells them.
    general: a term of resourceTypeGeneral that the format itself fixes. word: the text for
    resourceType, where it is not one of the untold type words. year: the publication year, where
    the source states it as such. publishers: who publishes if nobody is named, in order, flagged.
    access: an access status word that outweighs the rights statements. edition: the version of
    what has versions, software and data.
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
        self.alternates: list[AlternateIdentifier] = []
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
        self.edition = ""
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
        """Add a description of a told type; notes on who handled the record are left out."""
        if text and is_provenance(text.strip()):
            self.notes.lost("/descriptions", "", "A note of the repository's own work; left out.")
        elif text and not text.isspace():
            self.descriptions.append(Description(text, kind, lang))

    def relate(
        self,
        target: str | None,
        relation: str,
        information: str | None = None,
        *,
        general: str | None = None,
    ) -> None:
        """Add a relation to what an identifier, or else a title, names.

        general: the resourceTypeGeneral of the other, if the source says it.
        """
        text = clean(target or "")
        if is_null(text):
            return
        shown = identifiers.recognise(text)
        if shown.kind in _RELATED:
            related = RelatedIdentifier(
                shown.value,
                shown.kind,
                relation,
                resource_type_general=general,
                relation_type_information=information,
            )
            self.related_identifiers.append(related)
        else:
            title = Title(text)
            item = RelatedItem(general or "Other", relation, information, titles=(title,))
            self.related_items.append(item)

    def licence(self, name: str | None, address: str | None, lang: str = "") -> None:
        """Add a statement of rights that the source gives with a name, an address or both."""
        if name and address and name.strip() != address.strip():
            known = read_rights(address).rights
            uri = (known.rights_uri if known else None) or address
            self.rights.append(Rights(name, uri, lang=lang or None))
        else:
            self.text("license", name or address, lang=lang)

    def grant(self, text: str | None) -> bool:
        """Add the funding that a text names; False if it names none."""
        found = read_grant(clean(text or ""))
        if found is None:
            return False
        place = f"/fundingReferences/{len(self.funding)}"
        self.notes.inferred(place, "grant.text", clean(text or ""))
        self.funding.append(found)
        return True

    def subject(
        self,
        text: str,
        lang: str | None = None,
        *,
        scheme: str | None = None,
        scheme_uri: str | None = None,
        value_uri: str | None = None,
    ) -> None:
        """Add a subject; a text that no scheme or address belongs to may hold several."""
        if scheme or scheme_uri or value_uri:
            self.subjects.append(Subject(text, scheme, scheme_uri, value_uri, lang=lang))
            return
        for found in read_subject(text):
            if found.subject != clean(text):
                place = f"/subjects/{len(self.subjects)}"
                self.notes.inferred(place, "subject.read", text)
            self.subjects.append(replace(found, lang=lang) if lang else found)

    def file(self, url: str | None, mime: str | None = None, size: str | None = None) -> None:
        """Add a file of the record."""
        self.content_url.extend(filter(None, (url,)))
        self.formats.extend(filter(None, (mime,)))
        self.sizes.extend(filter(None, (size,)))

    def is_empty(self) -> bool:
        """Whether nothing was found that makes a record."""
        told = self.untold.keys() - {"type"}
        return not (told or self.titles or self.creators or self.descriptions)

    # ── what becomes of it ───────────────────────────────────────────────────────────────────

    def reading(self, form: str, space: str) -> Reading:
        """Make everything canonical. form: the name in FORMATS; space: the root's namespace."""
        if self.is_empty():
            return Reading(None, (problem("format.empty"),), format=form, namespace=space)
        resource, access = self.parts(self._types())
        resource = complete(self._published(resource), self.year, self.notes, self.about)
        return self.notes.reading(resource, access, form, space)

    def parts(self, types: TypeReading) -> tuple[Resource, str | None]:
        """Return what was found, canonical and joined, and the access word; nothing is completed.

        types: what the record is of; everything is read with it in mind.
        """
        told, access = record.parts(self._raw(), types.types, self.notes)
        asked, self.notes = self.notes, Notes()
        untold, found = parts(self.untold, types, self.about, self.notes)
        asked.problems.extend(moved(self.notes.problems, told))
        asked.inferences.extend(moved(self.notes.inferences, told))
        self.notes = asked
        untold = replace(untold, contributors=further(untold, told))
        resource = self._versioned(joined(told, untold))
        return self._edited(resource), self.access or access or found

    def term(self) -> str:
        """Return the general type, for what depends on it; ask when all type words are in."""
        if self.general:
            return self.general
        found = read_type(self.untold, self.about, Notes()).types
        return found.resource_type_general if found else "Other"

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
            alternate_identifiers=tuple(self.alternates),
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
            content_url=tuple(dict.fromkeys(self.content_url)),
        )

    def _versioned(self, resource: Resource) -> Resource:
        """Take the edition for the version where there are versions."""
        edition = clean(self.edition)
        if is_null(edition) or resource.version:
            return resource
        self.notes.inferred("/version", "edition", edition)
        general = resource.types.resource_type_general if resource.types else ""
        return replace(resource, version=edition) if general in VERSIONED else resource

    def _edited(self, resource: Resource) -> Resource:
        """Make the editors of an edited work its creators if it has none."""
        general = resource.types.resource_type_general if resource.types else ""
        if resource.creators or general not in EDITED:
            return resource
        editors = [one for one in resource.contributors if one.contributor_type == "Editor"]
        for n, one in enumerate(editors):
            self.notes.inferred(f"/creators/{n}", "creators.contributor", one.name)
        rest = tuple(one for one in resource.contributors if one not in editors)
        return replace(resource, creators=tuple(map(creator, editors)), contributors=rest)

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
