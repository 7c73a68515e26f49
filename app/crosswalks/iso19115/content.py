"""What a resource is about and says of itself: keywords, texts, languages, type, constraints."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from app.crosswalks.draft import Draft
from app.crosswalks.iso19115.elements import (
    Languages,
    Localised,
    attribute,
    codes,
    every,
    first,
    link,
    spoken,
    value,
    values,
)
from app.crosswalks.xml import Element
from app.datacite.resource import GeoLocation, Subject
from app.datacite.subjects import read_subject
from app.datacite.text import is_null
from app.datacite.types import blind, type_word

TOPIC = "ISO 19115 topic category"
_TEXTS = {
    "abstract": "Abstract",
    "purpose": "Other",
    "credit": "Other",
    "supplementalinformation": "TechnicalInfo",
}
_LINEAGE = ("dataqualityinfo/*/lineage/*/statement", "resourcelineage/*/statement")


# ── texts and language ───────────────────────────────────────────────────────────────────────


def describe(draft: Draft, identification: Element, languages: Languages) -> None:
    """Read the texts of an identification."""
    for name, kind in _TEXTS.items():
        for element in every(identification, name):
            for one in languages.texts(element):
                draft.describe(one.text, kind, one.lang or None)


def lineage(draft: Draft, root: Element, languages: Languages) -> None:
    """Read how the data came about."""
    for path in _LINEAGE:
        for element in every(root, path):
            for one in languages.texts(element):
                draft.describe(one.text, "Methods", one.lang or None)


def language(draft: Draft, own: Sequence[Element], languages: Languages) -> None:
    """Read the language of the resource; that of the record only if nothing else is told."""
    for part in own:
        for name in ("language", "defaultlocale"):
            for element in every(part, name):
                draft.text("language", spoken(element) or value(element))
    if "language" not in draft.untold and languages.main:
        draft.text("language", languages.main)
        draft.notes.inferred("/language", "language.record", languages.main)


# ── keywords ─────────────────────────────────────────────────────────────────────────────────


def keywords(draft: Draft, identification: Element, languages: Languages) -> None:
    """Read keywords and topics; places and times go where such things are kept."""
    for path in ("descriptivekeywords/*", "keywords/*"):
        for group in every(identification, path):
            kinds = list(map(blind, codes(first(group, "type"))))
            scheme, home = _thesaurus(group)
            for element in every(group, "keyword"):
                texts = languages.texts(element)
                if "place" in kinds:
                    draft.geo_locations += _places(texts)
                elif "temporal" in kinds:
                    for one in texts[:1]:
                        draft.text("temporal", one.text)
                else:
                    address = link(element)
                    draft.subjects += _subjects(texts, scheme, home, address)
    for topic in values(identification, "topiccategory"):
        draft.subjects.append(Subject(topic, TOPIC))


def _thesaurus(group: Element) -> tuple[str, str]:
    """Return the name of a group's vocabulary and its address."""
    name = first(group, "thesaurusname")
    if name is None:
        return "", ""
    title = first(name, "*/title")
    scheme = value(title) or attribute(name, "title")
    home = link(title) or link(name) or value(first(name, "*/onlineresource/*/linkage"))
    return ("" if is_null(scheme) else scheme), (home if scheme and _is_web(home) else "")


def _is_web(address: str) -> bool:
    return address.lower().startswith(("http://", "https://"))


def _places(texts: tuple[Localised, ...]) -> Iterator[GeoLocation]:
    for one in texts[:1]:
        for part in map(str.strip, one.text.split(";")):
            if not is_null(part):
                yield GeoLocation(geo_location_place=part)


def _subjects(
    texts: tuple[Localised, ...], scheme: str, home: str, address: str
) -> Iterator[Subject]:
    """Yield the subjects of a keyword; a term of a vocabulary is one, free text may be several."""
    address = address if _is_web(address) else ""
    for one in texts:
        if scheme or address:
            yield Subject(one.text, scheme or None, home or None, address or None,
                          lang=one.lang or None)  # fmt: skip
            continue
        for found in read_subject(one.text):
            yield msgspec.structs.replace(found, lang=one.lang or None)
    if not texts and address:
        yield from read_subject(address)


# ── type ─────────────────────────────────────────────────────────────────────────────────────


def scope(draft: Draft, root: Element) -> None:
    """Read what kind of thing is described; without a word it is a dataset."""
    found: list[str] = []
    for path in ("hierarchylevel", "metadatascope/*/resourcescope"):
        for element in every(root, path):
            found += codes(element)
    for code in found:
        known = type_word("iso19115", code)
        if known is not None and known.general:
            draft.general = known.general
            draft.word = "" if blind(code) == blind(known.general) else code
            return
    for code in found:
        draft.text("type", code)
    if not found:
        draft.general = "Dataset"


# ── constraints ──────────────────────────────────────────────────────────────────────────────


class _Licence(msgspec.Struct, frozen=True):
    """A licence as German authorities write it into a constraint, in JSON."""

    name: str = ""
    url: str = ""


def rights(draft: Draft, identification: Element, languages: Languages) -> None:
    """Read the constraints: what is written out, then the codes that say more than that."""
    for holder in every(identification, "resourceconstraints"):
        for constraints in every(holder, "*"):
            for text in _statements(constraints, languages):
                draft.text("rights", _with(text, link(holder)))
    for path in ("useconstraints", "accessconstraints"):
        for code in every(identification, f"resourceconstraints/*/{path}"):
            draft.text("rights", _code(code))


def _statements(constraints: Element, languages: Languages) -> Iterator[str]:
    for name in ("uselimitation", "otherconstraints"):
        for element in every(constraints, name):
            if first(element, "md_restrictioncode") is not None:
                yield _code(element)
                continue
            address, texts = link(element), languages.texts(element)
            for n, one in enumerate(texts):
                text = "" if _says_no_more(one.text) else _licence(one.text)
                yield _with(text, "" if n else address)
            if address and not texts:
                yield address
    for reference in every(constraints, "reference/*"):
        address = value(first(reference, "onlineresource/*/linkage")) or link(
            first(reference, "title")
        )
        code = value(first(reference, "identifier/*/code"))
        yield _with(value(first(reference, "title")) or code, address or code)


def _with(text: str, address: str) -> str:
    """Put the address of a statement behind it."""
    if not _is_web(address) or address in text:
        return text
    return f"{text} {address}".strip()


def _licence(text: str) -> str:
    if not text.startswith("{"):
        return text
    try:
        found = msgspec.json.decode(text, type=_Licence)
    except msgspec.DecodeError:
        return text
    return _with(found.name, found.url) or text


def _says_no_more(text: str) -> bool:
    """Whether a code only says that the constraint is written elsewhere."""
    return blind(text) in ("otherrestrictions", "otherrestictions")


def _code(element: Element) -> str:
    """Return a code that says something; some write a sentence beside `otherRestrictions`."""
    said = [code for code in codes(element) if not _says_no_more(code)]
    return next((code for code in said if " " in code), said[0] if said else "")
