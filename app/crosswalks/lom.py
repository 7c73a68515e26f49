"""IEEE Learning Object Metadata, also in its national profiles."""

from __future__ import annotations

import re
from collections.abc import Iterator

from app.crosswalks.canonical.people import contributor
from app.crosswalks.draft import Draft
from app.crosswalks.reading import Circumstances, Reading
from app.crosswalks.xml import XML_LANG, Element, children, first_child, namespace, text_of
from app.datacite.name_roles import AUTHOR, read_role
from app.datacite.problem import problem
from app.datacite.resource import Affiliation, Creator, Publisher
from app.datacite.text import clean, is_null
from app.datacite.vocabularies import match

GENERAL = "InteractiveResource"

_ROLES = {
    "author": AUTHOR,
    "publisher": "Publisher",
    "editor": "Editor",
    "technicalimplementer": "Producer",
    "contentprovider": "Other",
    "educationalvalidator": "Other",
    "technicalvalidator": "Other",
    "graphicaldesigner": "Other",
    "scriptwriter": "Other",
    "instructionaldesigner": "Other",
    "subjectmatterexpert": "Other",
    "initiator": "Other",
    "terminator": "Other",
    "validator": "Other",
    "unknown": "Other",
}
_RELATIONS = {
    "isbasedon": "IsDerivedFrom",
    "isbasisfor": "IsSourceOf",
    "hasversion": "HasVersion",
    "isversionof": "IsVersionOf",
    "ispartof": "IsPartOf",
    "haspart": "HasPart",
    "references": "References",
    "isreferencedby": "IsReferencedBy",
    "requires": "Requires",
    "isrequiredby": "IsRequiredBy",
    "isformatof": "IsVariantFormOf",
    "hasformat": "IsOriginalFormOf",
}
_YES_NO = ("yes", "no", "true", "false", "")
_NO_LANGUAGE = ("none", "zxx")
_FIELD = re.compile(r"^(?:item\d+\.)?([A-Za-z-]+)(?:;[^:\n]*)?:(.*)$", re.MULTILINE)
_FOLDED = re.compile(r"\r?\n[ \t]")


def read(root: Element, about: Circumstances) -> Reading:
    """Read one learning object."""
    draft = Draft(about)
    draft.general = GENERAL
    _Reader(root, draft).read()
    if draft.is_empty():
        empty = (problem("format.empty"),)
        return Reading(None, empty, format="lom", namespace=namespace(root))
    return draft.reading("lom", namespace(root))


class _Reader:
    """Copies one category after the other."""

    def __init__(self, root: Element, draft: Draft) -> None:
        self.root, self.draft = root, draft

    def read(self) -> None:
        """Copy everything."""
        for name, category in children(self.root):
            reader = getattr(self, f"_{name}", None) if name in _CATEGORIES else None
            if reader is not None:
                reader(category)

    def _general(self, category: Element) -> None:
        for name, child in children(category):
            if name in ("identifier", "catalogentry"):
                self._identifier(child)
            elif name in ("title", "description"):
                for text, lang in _strings(child):
                    self.draft.text(name, text, lang=lang)
            elif name == "keyword":
                for text, lang in _strings(child):
                    self.draft.text("subject", text, lang=lang)
            elif name == "coverage":
                for text, _ in _strings(child):
                    self.draft.text("coverage", text)
            elif name == "language":
                text = clean(text_of(child))
                if not text.lower().startswith("x-") and text not in _NO_LANGUAGE:
                    self.draft.text("language", text)

    def _identifier(self, element: Element) -> None:
        entry = _text(element, "entry") or ("" if len(element) else text_of(element))
        catalog = clean(_text(element, "catalog"))
        self.draft.identifier(entry, catalog)

    def _lifecycle(self, category: Element) -> None:
        for name, child in children(category):
            if name == "contribute":
                self._contribute(child)
            elif name == "version":
                text = next((text for text, _ in _strings(child)), "")
                if not _is_stamp(text):
                    self.draft.version = text

    def _contribute(self, element: Element) -> None:
        role = _value(element, "role").replace(" ", "").lower()
        kind = _ROLES.get(role) or read_role(role) or "Other"
        for name, child in children(element):
            if name in ("entity", "centity"):
                self._party(text_of(child), kind)
            elif name == "date":
                self._date(child, kind)

    def _party(self, card: str, kind: str) -> None:
        person = of_card(card)
        if person is None:
            return
        if kind == AUTHOR:
            self.draft.creators.append(person)
        elif kind == "Publisher" and self.draft.publisher is None:
            self.draft.publisher = Publisher(_body(person))
        elif kind == "Publisher":
            made = contributor(Creator(_body(person), "Organizational"), "Distributor")
            self.draft.contributors.append(made)
        else:
            self.draft.contributors.append(contributor(person, kind))

    def _date(self, element: Element, kind: str) -> None:
        """Add a date of publishing or of making."""
        text = _text(element, "datetime") or ("" if len(element) else text_of(element))
        if kind == "Publisher":
            self.draft.date(text, "Issued")
        elif kind == AUTHOR:
            self.draft.date(text, "Created")

    def _technical(self, category: Element) -> None:
        for name, child in children(category):
            text = clean(text_of(child))
            if name == "format":
                self.draft.text("format", text)
            elif name == "size" and text:
                self.draft.sizes.append(f"{text} bytes" if text.isdigit() else text)
            elif name == "location":
                self.draft.identifier(text)
            elif name == "duration":
                inner = next((text_of(leaf) for _, leaf in children(child)), text_of(child))
                self.draft.sizes.append(inner)

    def _educational(self, category: Element) -> None:
        """Add what kind of learning object it is."""
        for name, child in children(category):
            word = clean(_value_of(child)) if name == "learningresourcetype" else ""
            if not is_null(word) and not self.draft.word:
                self.draft.word = word

    def _rights(self, category: Element) -> None:
        """Add the licence: its name stands in one element, its address in the other."""
        words = [_value_of(child) for name, child in children(category)
                 if name == "copyrightandotherrestrictions"]  # fmt: skip
        named = next((word for word in words if word.lower() not in _YES_NO), "")
        told = [text.strip() for name, child in children(category) if name == "description"
                for text, _ in _strings(child)]  # fmt: skip
        address = next((text for text in told if "://" in text[:8] and " " not in text), "")
        self.draft.licence(named, address)
        for text in told:
            if text != address:
                self.draft.text("rights", text)

    def _relation(self, category: Element) -> None:
        kind = _value(category, "kind").replace(" ", "").lower()
        relation = _RELATIONS.get(kind) or match("relationType", kind).term or "Other"
        resource = first_child(category, "resource")
        if resource is None:
            return
        told = [_text(child, "entry") for name, child in children(resource) if name == "identifier"]
        told += [text for name, child in children(resource) if name == "description"
                 for text, _ in _strings(child)]  # fmt: skip
        target = next((text for text in map(clean, told) if not is_null(text)), "")
        self.draft.relate(target, relation, kind or None if relation == "Other" else None)

    def _classification(self, category: Element) -> None:
        """Add the last taxon of each path, with its taxonomy, and the keywords."""
        purpose = _value(category, "purpose").lower()
        if purpose not in ("discipline", "idea", "competency", ""):
            return
        for name, child in children(category):
            if name == "taxonpath":
                self._taxon(child)
            elif name == "keyword":
                for text, lang in _strings(child):
                    self.draft.text("subject", text, lang=lang)

    def _taxon(self, path: Element) -> None:
        taxa = [child for name, child in children(path) if name == "taxon"]
        entry = first_child(taxa[-1], "entry") if taxa else None
        source = first_child(path, "source")
        named = next((text for text, _ in _strings(source)), "") if source is not None else ""
        for text, lang in [*_strings(entry)][:1] if entry is not None else ():
            address = named if "://" in named else None
            self.draft.subject(clean(text), lang or None, scheme=None if address else named or None,
                               scheme_uri=address)  # fmt: skip


_CATEGORIES = frozenset(
    ("general", "lifecycle", "technical", "educational", "rights", "relation", "classification")
)


# ── the pieces that LOM is made of ───────────────────────────────────────────────────────────


def _strings(element: Element) -> Iterator[tuple[str, str]]:
    """Yield the texts of a language string with their languages; English first of translations."""
    found = [child for name, child in children(element) if name in ("string", "langstring")]
    if not found and len(element) == 0:
        found = [element]
    for child in found:
        text = text_of(child)
        lang = str(child.get("language") or child.get(XML_LANG) or "")
        if text.strip() and text.strip().lower() != "x-none":
            yield text, "" if lang.lower().startswith("x-") or lang in _NO_LANGUAGE else lang


def _text(element: Element, name: str) -> str:
    """Return the text of a child, or of the first language string in it."""
    child = first_child(element, name)
    return "" if child is None else next((text for text, _ in _strings(child)), "").strip()


def _value(element: Element, name: str) -> str:
    child = first_child(element, name)
    return "" if child is None else _value_of(child)


def _value_of(element: Element) -> str:
    """Return the word of a vocabulary, which stands beside the name of its vocabulary."""
    return _text(element, "value") or ("" if len(element) else text_of(element).strip())


def _is_stamp(text: str) -> bool:
    """Whether a version is only the time when the record was written."""
    return re.match(r"\s*\d{4}-\d{2}-\d{2}T\d", text) is not None


# ── vCard ────────────────────────────────────────────────────────────────────────────────────


def of_card(text: str) -> Creator | None:
    """Return the person or organisation on a vCard; a text that is no card is a name."""
    if "BEGIN:VCARD" not in text.upper():
        name = clean(text)
        return None if is_null(name) else Creator(name)
    card: dict[str, str] = {}
    for key, value in _FIELD.findall(_FOLDED.sub("", text)):
        told = value.replace("\\,", ",").replace("\\:", ":").strip()
        if told:
            card.setdefault(key.upper(), told)
    family, given, *_ = [*(part.strip() for part in card.get("N", "").split(";")), "", ""]
    body = clean(card.get("ORG", "").replace("\\;", "¦").partition(";")[0].replace("¦", ";"))
    name = clean(card.get("FN", "")).rstrip(" ,") or ", ".join(filter(None, (family, given)))
    if not name or name == body:
        return Creator(body or name, "Organizational" if body else None) if body or name else None
    if not (family and given):
        return Creator(name, affiliation=_affiliation(body))
    return Creator(f"{family}, {given}", "Personal", None, given, family, (), _affiliation(body))


def _affiliation(body: str) -> tuple[Affiliation, ...]:
    return (Affiliation(body),) if body else ()


def _body(person: Creator) -> str:
    """Return the organisation of a card where one is named: it is what publishes."""
    return person.affiliation[0].name if person.affiliation else person.name
