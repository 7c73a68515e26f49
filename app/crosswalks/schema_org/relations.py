"""What a work of schema.org is related to, and the journal or book it was published in."""

from __future__ import annotations

from typing import Any

from app.crosswalks.draft import Draft
from app.crosswalks.schema_org.nodes import Document, Thing, is_a, is_address, types
from app.datacite import identifiers
from app.datacite.resource import RelatedIdentifier, RelatedItem, RelatedItemIdentifier, Title
from app.datacite.types import read_types

RELATIONS = {
    "haspart": "HasPart",
    "citation": "References",
    "isbasedon": "IsDerivedFrom",
    "isbasedonurl": "IsDerivedFrom",
    "sameas": "IsIdenticalTo",
    "worktranslation": "HasTranslation",
    "translationofwork": "IsTranslationOf",
    "exampleofwork": "IsVersionOf",
    "workexample": "HasVersion",
    "predecessor_of": "IsPreviousVersionOf",
    "successor_of": "IsNewVersionOf",
    "isrelatedto": "Other",
}
_REVERSED = {
    "citation": "IsReferencedBy",
    "isbasedon": "IsSupplementTo",
    "haspart": "IsPartOf",
    "ispartof": "HasPart",
    "exampleofwork": "HasVersion",
}
_SERIALS = ("periodical", "publicationissue", "publicationvolume", "newspaper", "comicseries")
_BOOKS = ("book", "bookseries")
_HELD = {**dict.fromkeys(_SERIALS, "Journal"), **dict.fromkeys(_BOOKS, "Book")}
_FILES = ("file", "mediaobject", "datadownload", "imageobject", "audioobject", "videoobject",
          "textobject")  # fmt: skip
_WHOLES = ("JournalArticle", "BookChapter", "ConferencePaper", "DataPaper", "Text")
LONGEST = 3


def relations(document: Document, thing: Thing, draft: Draft) -> None:
    """Add everything that a work is related to."""
    _Relations(document, thing, draft).read()


class _Relations:
    def __init__(self, document: Document, thing: Thing, draft: Draft) -> None:
        self.document, self.thing, self.draft = document, thing, draft
        told = [value.text for value in draft.untold.get("identifier", ())]
        self.own = {identifiers.recognise(text) for text in (*told, draft.url) if text}

    def read(self) -> None:
        for name, relation in RELATIONS.items():
            for value in self.document.values(self.thing, name):
                if not (name == "haspart" and self._file(value)):
                    self._relate(value, relation, name)
        for whole in self.document.values(self.thing, "ispartof", "periodical"):
            self._whole(whole)
        for reverse in self.document.values(self.thing, "@reverse"):
            for name, relation in _REVERSED.items():
                for value in (
                    self.document.values(reverse, name) if isinstance(reverse, dict) else ()
                ):
                    self._relate(value, relation, name)

    def _file(self, value: Any) -> bool:
        """Add a part that is a file of the work itself, not a work with a name of its own."""
        if not is_a(value, *_FILES):
            return False
        address = self.document.text(value, "contenturl") or self.document.address(value)
        if identifiers.recognise(address).kind not in ("URL", "local"):
            return False
        if is_address(address):
            self.draft.content_url.append(address)
        return True

    def _relate(self, value: Any, relation: str, name: str) -> None:
        target = self._target(value)
        information = name if relation == "Other" else None
        if target and identifiers.recognise(target) not in self.own:
            self.draft.relate(target, relation, _spoken(information), general=_general(value))

    def _target(self, value: Any) -> str:
        """Return what a value points at: its identifier, its address, the DOI in it, its text."""
        if not isinstance(value, dict):
            return cited(str(value))
        told = [value.get("@id"), *self.document.values(value, "identifier", "doi", "url", "issn")]
        texts = [self.document.text(one, "value", "@id") if isinstance(one, dict) else str(one)
                 for one in told if one]  # fmt: skip
        addresses = [text for text in texts if is_address(text) or identifiers.doi(text)]
        first = next((text for text in addresses if identifiers.doi(text)), None)
        return (
            first
            or (addresses[0] if addresses else "")
            or cited(self.document.label(value) or self.document.text(value, "text", "citation"))
        )

    # what it was published in

    def _whole(self, value: Any) -> None:
        """Add what the work is a part of: a journal or book with the place in it, or a relation."""
        found = self._held(value, {}) if isinstance(value, dict) else {}
        kind = found.get("kind", "")
        if not kind and self._placed() and found.get("title"):
            kind = "Journal" if self.document.text(self.thing, "issuenumber") else "Collection"
        if not kind:
            self._relate(value, "IsPartOf", "ispartof")
            return
        number, scheme = _number(found)
        if number:
            related = RelatedIdentifier(number, scheme, "IsPublishedIn")
            self.draft.related_identifiers.append(related)
        if found.get("title"):
            self.draft.related_items.append(self._item(found, kind, number, scheme))
        elif not number:
            self._relate(value, "IsPublishedIn", "ispartof")

    def _held(self, value: Thing, found: dict[str, str], depth: int = 0) -> dict[str, str]:
        """Gather what an issue, its volume and its journal say."""
        kinds = [_HELD[word.lower()] for word in types(value) if word.lower() in _HELD]
        found.setdefault("kind", kinds[0] if kinds else "")
        for key, name in (("issue", "issuenumber"), ("volume", "volumenumber"),
                          ("issn", "issn"), ("isbn", "isbn")):  # fmt: skip
            if text := self.document.text(value, name):
                found.setdefault(key, text)
        wholes = [one for one in self.document.values(value, "ispartof") if isinstance(one, dict)]
        if wholes and depth < LONGEST:
            return self._held(wholes[0], found, depth + 1)
        found["title"] = self.document.label(value)
        if not ("issn" in found or "isbn" in found):
            found["address"] = self.document.address(value)
        return found

    def _placed(self) -> bool:
        names = ("volumenumber", "issuenumber", "pagestart", "pagination")
        return bool(self.document.text(self.thing, *names)) or self.draft.term() in _WHOLES

    def _item(self, found: dict[str, str], kind: str, number: str, scheme: str) -> RelatedItem:
        text = self.document.text
        first, last = text(self.thing, "pagestart"), text(self.thing, "pageend")
        if not first:
            first, _, last = text(self.thing, "pagination").replace("–", "-").partition("-")
        return RelatedItem(
            kind,
            "IsPublishedIn",
            related_item_identifier=RelatedItemIdentifier(number, scheme) if number else None,
            titles=(Title(found["title"]),),
            volume=text(self.thing, "volumenumber") or found.get("volume"),
            issue=text(self.thing, "issuenumber") or found.get("issue"),
            first_page=first or None,
            last_page=last or None,
        )


def _number(found: dict[str, str]) -> tuple[str, str]:
    """Return the identifier of a journal or book and its kind."""
    for scheme in ("issn", "isbn"):
        if told := found.get(scheme):
            shown = identifiers.of_scheme(scheme, told)
            return (shown.value, shown.kind) if shown.kind != "local" else ("", "")
    shown = identifiers.recognise(found.get("address", ""))
    return (shown.value, shown.kind) if shown.kind in ("DOI", "ISSN", "URL") else ("", "")


def _spoken(name: str | None) -> str | None:
    return "isRelatedTo" if name else None


def _general(value: Any) -> str | None:
    """Return the resourceTypeGeneral that the types of a related work say."""
    words = (
        [f"https://schema.org/{word}" for word in types(value)] if isinstance(value, dict) else []
    )
    found = read_types(words).types if words else None
    general = found.resource_type_general if found else "Other"
    return None if general == "Other" else general


def cited(text: str) -> str:
    """Return the DOI that stands in a citation, else the text."""
    if "10." in text and " " in text.strip():
        for word in text.split():
            if name := identifiers.doi(word.strip("()[]<>,;.")):
                return name
    return text
