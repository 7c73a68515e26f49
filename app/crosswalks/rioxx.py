"""RIOXX 2 and 3, the profile of British repositories for the output of funded research.

The version of the deposited file decides whether the DOI of the published version is its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest

from msgspec.structs import replace

from app.crosswalks.canonical.funding import funder_kind
from app.crosswalks.draft import Draft
from app.crosswalks.reading import Circumstances, Reading
from app.crosswalks.recognise import DC_TERMS
from app.crosswalks.xml import Element, attributes, children, namespace, text_of
from app.datacite.citations import read_citation
from app.datacite.dates import is_future, read_date
from app.datacite.identifiers import recognise
from app.datacite.resource import (
    Contributor,
    Creator,
    FundingReference,
    NameIdentifier,
    Publisher,
    RelatedIdentifier,
)
from app.datacite.text import clean, is_null
from app.datacite.types import read_types, version_status
from app.datacite.vocabularies import CURRENT

NAME = "rioxx"
_OF_RECORD = frozenset(("proof", "published version", "corrected version", "enhanced version"))
"""Versions that the DOI of the version of record is the DOI of."""
_DATES = {
    "publication_date": "Issued",
    "record_public_release_date": "Available",
    "dateaccepted": "Accepted",
}
_KINDS = CURRENT["relatedIdentifierType"]
Given = dict[str, str]


def read(root: Element, about: Circumstances) -> Reading:
    """Read a RIOXX record, of version 2 or 3."""
    return _Reader(root, Draft(about)).read()


class _Reader:
    """Puts each element where it belongs; never outlives the reading of one record."""

    def __init__(self, root: Element, draft: Draft) -> None:
        self.root, self.draft = root, draft
        self.status = _status(root)

    def read(self) -> Reading:
        self._creators()
        for name, child in children(self.root):
            given = dict(attributes(child))
            if name in _DATES:
                self.draft.date(text_of(child), _DATES[name])
            elif handler := _HANDLERS.get(name):
                handler(self, child, given)
            elif name in DC_TERMS and name != "creator":
                self.draft.text(
                    name,
                    text_of(child),
                    lang=given.get("lang", ""),
                    scheme=given.get("type", "").rpartition(":")[2],
                )
        self.draft.version = self.status
        return self.draft.reading(NAME, namespace(self.root))

    # people

    def _creators(self) -> None:
        """Add the creators, the one who is named first in front."""
        found = [
            (given.get("first-named-author", "").lower() != "true", _person(child, given))
            for name, child in children(self.root)
            if name in ("author", "creator")
            for given in (dict(attributes(child)),)
        ]
        found.sort(key=lambda one: one[0])
        self.draft.creators.extend(person for _, person in found)

    def contributor(self, element: Element, given: Given) -> None:
        person = _person(element, given)
        self.draft.contributors.append(
            Contributor(
                person.name, name_identifiers=person.name_identifiers, contributor_type="Other"
            )
        )

    def publisher(self, element: Element, given: Given) -> None:
        person = _person(element, given)
        known = person.name_identifiers[0].name_identifier if person.name_identifiers else None
        if known and self.draft.publisher is None:
            self.draft.publisher = Publisher(person.name, known)
        else:
            self.draft.text("publisher", person.name, lang=given.get("lang", ""))

    # what it is, and where

    def kind(self, element: Element, given: Given) -> None:
        self.draft.text("type", text_of(element))
        self.draft.text("type", given.get("uri"))

    def source(self, element: Element, given: Given) -> None:
        """Read what it was published in: an ISSN or a title, maybe with an ISSN beside."""
        text = clean(text_of(element))
        number, title = _parted(text)
        if number:
            self.draft.related_identifiers.append(
                RelatedIdentifier(number, "ISSN", "IsPublishedIn")
            )
        item = read_citation(title, general=self._own_general()) if title else None
        if item is not None:
            path = f"/relatedItems/{len(self.draft.related_items)}"
            self.draft.notes.inferred(path, "citation", text)
            self.draft.related_items.append(
                replace(
                    item,
                    relation_type="IsPublishedIn",
                    related_item_type="Journal" if number else item.related_item_type,
                )
            )
        elif not number:
            self.draft.text("source", text, lang=given.get("lang", ""))

    def record(self, element: Element, _given: Given) -> None:
        self._published(text_of(element))

    def _published(self, text: str) -> None:
        """Add what the published version is called: the record's own DOI, if it is that version."""
        text = clean(text)
        if is_null(text):
            return
        shown = recognise(text)
        if self.status in _OF_RECORD:
            self.draft.identifier(text)
        elif shown.kind in _KINDS:
            self.draft.related_identifiers.append(
                RelatedIdentifier(shown.value, shown.kind, "IsVersionOf")
            )
        else:
            self.draft.notes.lost("/relatedIdentifiers", text, "No identifier; left out.")

    def external(self, element: Element, given: Given) -> None:
        """Read a relation to what lies elsewhere: the version to cite, or another resource."""
        text = clean(text_of(element))
        if given.get("rel", "").lower() == "cite-as" and self._is_same(given):
            self._published(text)
            return
        shown = recognise(text)
        if shown.kind not in _KINDS:
            self.draft.text("relation", text)
            return
        self.draft.related_identifiers.append(
            RelatedIdentifier(
                shown.value,
                shown.kind,
                "Other",
                resource_type_general=_general(given.get("coar_type", "")),
                relation_type_information=given.get("rel"),
            )
        )

    def _is_same(self, given: Given) -> bool:
        """Whether a related resource is of the record's kind, so that it can be its version."""
        kind = given.get("coar_type")
        return not kind or _general(kind) in (None, "Other", self._own_general())

    def _own_general(self) -> str | None:
        own = (_general(clean(text_of(c))) for name, c in children(self.root) if name == "type")
        return next(filter(None, own), None)

    def relation(self, element: Element, given: Given) -> None:
        """Read a relation; in version 3 an item is a file, what to cite as is the record's own."""
        relation = given.get("rel", "").lower()
        if relation == "cite-as":
            self.draft.identifier(clean(text_of(element)))
            return
        if relation != "item":
            self.draft.text("relation", text_of(element), lang=given.get("lang", ""))
            return
        self.draft.file(clean(text_of(element)) or None, given.get("type"))
        for name, value in given.items():
            if name.startswith("access_rights") or name == "license_ref":
                self.draft.text("rights", value)

    # rights and money

    def licence(self, element: Element, given: Given) -> None:
        """Read a licence; one that begins to hold later tells when the work will be open."""
        self.draft.text("rights", text_of(element))
        if self._is_future(given.get("start_date", "")):
            self.draft.date(given["start_date"], "Available")

    def free(self, _element: Element, given: Given) -> None:
        """Read from when to when the work may be read."""
        start, end = given.get("start_date", ""), given.get("end_date", "")
        if self._is_future(start):
            self.draft.date(start, "Available")
            self.draft.access = "embargoed"
        elif not end or self._is_future(end):
            self.draft.access = "open"

    def _is_future(self, text: str) -> bool:
        date = read_date(clean(text)).date
        return date is not None and is_future(date, self.draft.about.today.isoformat())

    def project(self, element: Element, given: Given) -> None:
        """Read a project or grant with its funders; names in one attribute are parted at `;`."""
        told = {name: clean(text_of(child)) for name, child in children(element)}
        told = {**given, **told}
        number = told.get("id") or ("" if len(element) else clean(text_of(element)))
        names, known = told.get("funder_name", "").split(";"), told.get("funder_id", "").split(";")
        if not any(map(str.strip, (*names, *known))):
            self._project(number)
            return
        if len(known) > 1 and len(names) == 1:
            names, known = names, ["; ".join(known).strip()]
        for name, identifier in zip_longest(names, known, fillvalue=""):
            self._fund(name.strip(), identifier.strip(), number)

    def _fund(self, name: str, identifier: str, number: str) -> None:
        kind, spelt = funder_kind(identifier, None) if identifier else (None, None)
        if kind:
            path = f"/fundingReferences/{len(self.draft.funding)}/funderIdentifierType"
            self.draft.notes.inferred(path, "identifier.kind", identifier)
        award = None if is_null(number) else number
        self.draft.funding.append(FundingReference(name, spelt, kind, award_number=award))

    def _project(self, text: str) -> None:
        """Add a project that no funder is named for."""
        shown = recognise(text)
        if shown.kind in _KINDS:
            self.draft.related_identifiers.append(
                RelatedIdentifier(
                    shown.value,
                    shown.kind,
                    "Other",
                    resource_type_general="Project",
                    relation_type_information="project",
                )
            )
        elif not is_null(text):
            self.draft.notes.lost("/fundingReferences", text, "Names no funder; left out.")


_HANDLERS = {
    "contributor": _Reader.contributor,
    "publisher": _Reader.publisher,
    "type": _Reader.kind,
    "source": _Reader.source,
    "version_of_record": _Reader.record,
    "ext_relation": _Reader.external,
    "relation": _Reader.relation,
    "license_ref": _Reader.licence,
    "free_to_read": _Reader.free,
    "project": _Reader.project,
    "grant": _Reader.project,
}


def _status(root: Element) -> str:
    """Return the version of the file that is deposited, in words."""
    for name, child in children(root):
        given = dict(attributes(child))
        if name == "version":
            told = clean(text_of(child))
        elif name == "relation" and given.get("rel", "").lower() == "item":
            told = given.get("coar_version", "")
        else:
            continue
        found = version_status(told.strip())
        if found:
            return found
    return ""


def _person(element: Element, given: Given) -> Creator:
    """Read a name with its identifiers: attributes in version 2, elements in version 3."""
    inside = list(children(element))
    names = [text_of(child) for name, child in inside if name == "name"]
    known = [given[name] for name in ("id", "uri") if name in given]
    known += [text_of(child) for name, child in inside if name == "id"]
    return Creator(
        names[0] if names else "" if inside else text_of(element),
        name_identifiers=tuple(NameIdentifier(value) for value in known),
    )


def _general(word: str) -> str | None:
    types = read_types([word]).types if word else None
    return types.resource_type_general if types else None


def _parted(text: str) -> tuple[str, str]:
    """Part the source into its ISSN, if there is one, and its title."""
    for word in _numbers(text):
        found = recognise(word)
        if found.kind == "ISSN":
            title = text.replace(word, "").replace("ISSN", "").strip(" ,;:.()[]")
            return found.value, title
    return "", text


def _numbers(text: str) -> Iterator[str]:
    for word in text.split():
        bare = word.strip(",;:.()[]")
        if len(bare) == 9 and bare[4] == "-":
            yield bare
