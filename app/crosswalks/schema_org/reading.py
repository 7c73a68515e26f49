"""schema.org in JSON-LD, as the pages of repositories carry it, read into a draft."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from app.crosswalks.canonical.people import contributor
from app.crosswalks.draft import Draft
from app.crosswalks.reading import Circumstances, Reading
from app.crosswalks.schema_org.coverage import places, times
from app.crosswalks.schema_org.nodes import Document, Thing, is_a, is_address, lang, types
from app.crosswalks.schema_org.parties import funding, party, publisher, unwrapped
from app.crosswalks.schema_org.relations import relations
from app.datacite.problem import problem
from app.datacite.resource import Creator, Subject
from app.datacite.rights import read_rights
from app.datacite.types import read_types
from app.datacite.vocabularies import match

NAMESPACE = "https://schema.org/"

_HELPERS = {
    "editor": "Editor",
    "translator": "Translator",
    "sponsor": "Sponsor",
    "producer": "Producer",
    "maintainer": "DataManager",
    "copyrightholder": "RightsHolder",
    "contactpoint": "ContactPerson",
    "contributor": "Other",
    "illustrator": "Other",
}
_DATES = {
    "datepublished": "Issued",
    "datecreated": "Created",
    "datemodified": "Updated",
    "uploaddate": "Available",
    "copyrightyear": "Copyrighted",
}
_BROAD = frozenset(
    ("ScholarlyArticle", "Article", "CreativeWork", "Book", "SoftwareSourceCode",
     "DigitalDocument", "Thing", "Product")
)  # fmt: skip
"""Types that stand for several general types; what an additional type says is nearer."""
_KEYWORDS = re.compile(r"[;\n]|\s\|\s")


def read(document: object, about: Circumstances) -> Reading:
    """Read the work that a decoded JSON-LD document is about."""
    draft = Draft(about)
    found = Document(document)
    if found.main is not None:
        _Reader(found, found.main, draft).read()
    if draft.is_empty():
        return Reading(None, (problem("format.empty"),), format="schema_org", namespace=NAMESPACE)
    if found.others:
        draft.notes.problem("payload.repeated", "", f"{found.others} more")
    return draft.reading("schema_org", NAMESPACE)


class _Reader:
    """Copies what is said of one thing."""

    def __init__(self, document: Document, thing: Thing, draft: Draft) -> None:
        self.document, self.thing, self.draft = document, thing, draft

    def read(self) -> None:
        """Copy everything."""
        self._identifiers()
        self._type()
        self._texts()
        self._names()
        self._keywords()
        self._rights()
        for value in self._values("spatialcoverage", "contentlocation", "locationcreated"):
            places(self.document, value, self.draft)
        for value in self._values("temporalcoverage"):
            times(self.document, value, self.draft)
        self._files()
        relations(self.document, self.thing, self.draft)
        self.draft.funding.extend(funding(self.document, self.thing))

    def _values(self, *names: str) -> list[Any]:
        return self.document.values(self.thing, *names)

    def _texts_of(self, *names: str) -> Iterator[str]:
        return self.document.texts(self.thing, *names)

    # what it is

    def _identifiers(self) -> None:
        for value in self._values("identifier"):
            self._identifier(value)
        for kind in ("doi", "issn", "isbn"):
            for text in self._texts_of(kind):
                self.draft.identifier(text, kind)
        name = self.thing.get("@id")
        if isinstance(name, str) and is_address(name):
            self.draft.identifier(name)
        pages = self._values("url", "mainentityofpage")
        self.draft.url = next(filter(None, map(self.document.address, pages)), "")

    def _identifier(self, value: Any) -> None:
        """Add an identifier: a text, or a PropertyValue with its scheme."""
        if not isinstance(value, dict) or "@value" in value:
            self.draft.identifier(self.document.label(value))
            return
        scheme = self.document.text(value, "propertyid", "name").rstrip("/")
        text = self.document.text(value, "value", "url") or str(value.get("@id") or "")
        self.draft.identifier(text, scheme.rpartition("/")[2])

    def _type(self) -> None:
        """Add the types; a broad one says nothing where an additional type is nearer."""
        added = [self.document.address(v) or self.document.label(v)
                 for v in self._values("additionaltype")]  # fmt: skip
        told = types(self.thing)
        near = read_types(added).types if added else None
        if near and near.resource_type_general not in ("Other", "Text", "Dataset"):
            told = [word for word in told if word not in _BROAD]
        for word in added:
            self.draft.text("type", word)
        for word in self._texts_of("learningresourcetype"):
            self.draft.text("type", word)
        for word in told:
            self.draft.text("type", word if ":" in word else f"https://schema.org/{word}")

    def _texts(self) -> None:
        for name, element in (("name", "title"), ("headline", "title"),
                              ("alternatename", "alternative"),
                              ("alternativeheadline", "alternative")):  # fmt: skip
            for value in self._values(name):
                self.draft.text(element, self.document.label(value), lang=lang(value))
        for value in self._values("description", "abstract"):
            self.draft.describe(self.document.label(value), "Abstract", lang(value) or None)
        for name, kind in _DATES.items():
            for text in self._texts_of(name):
                self.draft.date(text, kind)
        for value in self._values("inlanguage"):
            code = (
                self.document.text(value, "alternatename", "identifier")
                if isinstance(value, dict) and "@value" not in value
                else ""
            )
            self.draft.text("language", code or self.document.label(value))
        self.draft.version = self.document.text(self.thing, "version", "softwareversion")

    # who

    def _names(self) -> None:
        seen: set[Creator] = set()
        for value in self._values("creator", "author"):
            inner, role = unwrapped(self.document, value)
            person = party(self.document, inner)
            if person is not None and person not in seen:
                seen.add(person)
                self._add(person, role)
        self._publishers()
        for name, role in _HELPERS.items():
            for value in self._values(name):
                inner, told = unwrapped(self.document, value)
                person = party(self.document, inner)
                if person is not None:
                    spelt = match("contributorType", _contributor_type(self.document, inner)).term
                    self._help(person, told or spelt or role)

    def _add(self, person: Creator, role: str) -> None:
        if role:
            self.draft.contributors.append(contributor(person, role))
        else:
            self.draft.creators.append(person)

    def _help(self, person: Creator, role: str) -> None:
        """Add a contributor; one without a role that only repeats somebody is none."""
        known = [one.name for one in self.draft.creators]
        if self.draft.publisher is not None:
            known.append(self.draft.publisher.name)
        if role != "Other" or _words(person.name) not in map(_words, known):
            self.draft.contributors.append(contributor(person, role))

    def _publishers(self) -> None:
        told = [publisher(self.document, value) for value in self._values("publisher")]
        found = [one for one in told if one is not None]
        self.draft.publisher = found[0] if found else None
        for other in found[1:]:
            made = contributor(Creator(other.name, "Organizational"), "Distributor")
            self.draft.contributors.append(made)
        for value in self._values("provider", "includedindatacatalog", "sourceorganization"):
            self.draft.publishers.extend(filter(None, (self.document.label(value),)))

    # what about

    def _keywords(self) -> None:
        given = self._values("keywords")
        alone = len(given) == 1
        for value in given:
            if isinstance(value, dict) and "@value" not in value:
                self._term(value)
                continue
            text = self.document.label(value)
            for word in _parted(text) if alone else (text,):
                self.draft.subjects.append(Subject(word, lang=lang(value) or None))
        for value in self._values("about"):
            if isinstance(value, dict) and "@value" not in value:
                self._term(value)
            else:
                self.draft.text("subject", self.document.label(value))

    def _term(self, value: Thing) -> None:
        """Add a subject that is a term of a set of terms."""
        sets = self.document.values(value, "indefinedtermset")
        scheme = sets[0] if sets else ""
        address = self.document.address(scheme)
        name = self.document.label(scheme) if scheme else ""
        text = self.document.label(value) or self.document.text(value, "termcode")
        link = self.document.address(value)
        if text:
            subject = Subject(
                text, name if name != address else None, address or None, link or None
            )
            self.draft.subjects.append(subject)
        else:
            self.draft.text("subject", link)

    def _rights(self) -> None:
        words = []
        for value in self._values("license", "usageinfo", "conditionsofaccess", "copyrightnotice"):
            label, address = self.document.label(value), self.document.address(value)
            words += [label, address]
            named = label if label != address else ""
            self.draft.licence(named, address, lang(value))
        free = self.document.text(self.thing, "isaccessibleforfree").rpartition("/")[2].lower()
        if free in ("true", "false") and not any(
            read_rights(word).access for word in words if word
        ):
            self.draft.access = "open" if free == "true" else "restricted"

    # where it is had

    def _files(self) -> None:
        self.draft.sizes.extend(map(self._size, self._values("size", "contentsize")))
        self.draft.formats.extend(self._texts_of("encodingformat", "fileformat"))
        if not is_a(self.thing, "webpage"):
            self._file(self.thing, "contenturl")
        for value in self._values("distribution", "encoding", "associatedmedia"):
            if not isinstance(value, dict):
                self.draft.file(self.document.address(value))
                continue
            self._file(value, "contenturl", "url", "downloadurl")
            self.draft.formats.extend(self.document.texts(value, "encodingformat", "fileformat"))
            self.draft.sizes.extend(map(self._size, self.document.values(value, "contentsize")))

    def _file(self, value: Thing, *names: str) -> None:
        """Add where a file is had."""
        told = (self.document.address(one) for one in self.document.values(value, *names))
        address = next(filter(None, told), "")
        if address not in ("", self.draft.url, *self.draft.content_url):
            self.draft.content_url.append(address)

    def _size(self, value: Any) -> str:
        """Return a size; one in parts is a number with its unit."""
        if not isinstance(value, dict) or "@value" in value:
            return self.document.label(value)
        number = self.document.text(value, "value")
        return f"{number} {self.document.text(value, 'unittext', 'unitcode')}".strip()


def _words(name: str) -> list[str]:
    """Return the words of a name, whichever way round it is written."""
    return sorted(name.replace(",", " ").casefold().split())


def _contributor_type(document: Document, value: Any) -> str:
    """Return the role that DataCite's own documents keep beside a name."""
    return document.text(value, "contributortype") if isinstance(value, dict) else ""


def _parted(text: str) -> list[str]:
    """Part keywords that one text joins: at semicolons, else at commas."""
    parts = _KEYWORDS.split(text) if _KEYWORDS.search(text) else text.split(",")
    return [part.strip() for part in parts if part.strip()]
