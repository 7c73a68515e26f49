"""Titles, descriptions, subjects, languages and rights of a Dublin Core record.

One function a group of elements, each returning canonical parts.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from msgspec import Struct

from app.crosswalks.canonical.completion import access_word
from app.crosswalks.dublin_core import names, sizes
from app.crosswalks.dublin_core.values import Value, Values
from app.crosswalks.reading import Notes
from app.datacite.funders import read_grant
from app.datacite.languages import read_language, tag
from app.datacite.resource import (
    Description,
    FundingReference,
    Rights,
    Subject,
    Title,
)
from app.datacite.rights import read_rights
from app.datacite.subjects import CACHED, LONGEST_CACHED, read_anew, scheme_name
from app.datacite.text import clean, is_null, missing_code
from app.datacite.types import version_status
from app.datacite.uris import is_preview_url


def lang_of(value: Value, path: str, notes: Notes) -> str | None:
    """Return an element's xml:lang as a tag."""
    if not value.lang or value.lang in ("*", "none"):
        return None
    found = tag(value.lang)
    if found is None:
        notes.problem("language.invalid", path, value.lang)
    elif found != value.lang:
        notes.inferred(path, "language.tag", value.lang)
    return found


# ── titles ───────────────────────────────────────────────────────────────────────────────────


def titles(values: Values, notes: Notes) -> tuple[Title, ...]:
    """Return the titles: the first is the main one, the rest translated or alternative."""
    found: list[Title] = []
    seen: set[str] = set()
    given = [(v, False) for v in values.get("title", ())]
    given += [(v, True) for v in values.get("alternative", ())]
    for value, alternative in given:
        text = clean(value.text)
        if is_null(text):
            if missing_code(text):
                notes.problem("code.missing-value", "/titles", text)
            continue
        lang = lang_of(value, f"/titles/{len(found)}/lang", notes)
        if text not in seen:
            seen.add(text)
            kind = _title_type(found, lang, alternative=alternative)
            if kind and not alternative:
                notes.inferred(f"/titles/{len(found)}/titleType", "title.second", text)
            found.append(Title(text, kind, lang))
    return tuple(found)


def _title_type(found: Sequence[Title], lang: str | None, *, alternative: bool) -> str | None:
    if not found:
        return None
    if not alternative and lang and found[0].lang and _base(lang) != _base(found[0].lang):
        return "TranslatedTitle"
    return "AlternativeTitle"


def _base(lang: str) -> str:
    return lang.partition("-")[0]


# ── descriptions ─────────────────────────────────────────────────────────────────────────────

_PROVENANCE = re.compile(
    r"(?:made available in dspace|submitted by .{1,200} on |approved for entry|rejected by "
    r"|item (?:withdrawn|reinstated|created) |restored into archive|step_?\d|no\. of bitstreams)",
    re.IGNORECASE,
)
_CONTENTS = re.compile(r"(?:table of contents|contents|inhaltsverzeichnis|sommaire)\b", re.I)
_METHODS = re.compile(r"(?:methods?|methodology|methodik)\s*:", re.I)
_FUNDED = re.compile(
    r"(?:th(?:is|e|ese) (?:\w+ ){1,3}(?:was|were|is|are|has been|have been) "
    r"|data (?:\w+ ){1,3}with )?"
    r"(?:funding|funded by|funder|sponsor\w*|financed by|supported by)\b",
    re.IGNORECASE,
)
_STATUS_WORDS = """
    peerreviewed|notpeerreviewed|nonpeerreviewed|peerreview|refereed|notreviewed|reviewed
    publishedversion|submittedversion|acceptedversion|updatedversion|draft|preprint|postprint
    fulltext|publisher'sversion|finalversion|yes|no|true|false"""
_STATUS = frozenset(_STATUS_WORDS.replace("\n    ", "|").strip("|").split("|"))
_NOTE = re.compile(
    r"(?:©|\(c\) ?[0-9]|copyright\b|all rights reserved|author posting|this (?:article|paper|work"
    r"|item) (?:is|was) (?:©|copyright|licen[sc]ed|distributed|published|made available)"
    r"|includes (?:bibliographical|index)|title (?:from|supplied)|digitized by|bibliography:"
    r"|international audience|to cite this|citation:|cite as)",
    re.IGNORECASE,
)
"""What notes about a text begin with; beside any other prose they are no abstract."""
NOTE_SHARE = 4
PROSE = 8
"""From how many words a description reads like prose."""
CONTENTS_DASHES = 5


def descriptions(
    values: Values, notes: Notes
) -> tuple[tuple[Description, ...], tuple[FundingReference, ...]]:
    """Return the descriptions, each with its type, and the funding that some of them name."""
    abstracts = _cleaned(values.get("abstract", ()), notes)
    plain = _cleaned(values.get("description", ()), notes)
    sorted_out = [(text, lang, _kind(text)) for text, lang in plain]
    chosen = set() if abstracts else _abstracts(sorted_out)
    found = {Description(text, "Abstract", lang): None for text, lang in abstracts}
    funding: list[FundingReference] = []
    for n, (text, lang, kind) in enumerate(sorted_out):
        final = kind or ("Abstract" if n in chosen else "Other")
        found.setdefault(Description(text, final, lang))
        if not kind or final != "Abstract":
            notes.inferred(f"/descriptions/{len(found) - 1}", "description.type", text[:80])
        if final == "Other" and len(text) <= 1000 and _FUNDED.match(text):
            grant = read_grant(text)
            if grant is not None:
                notes.inferred(f"/fundingReferences/{len(funding)}", "grant.text", text)
                funding.append(grant)
    for text, lang in _cleaned(values.get("tableofcontents", ()), notes):
        found.setdefault(Description(text, "TableOfContents", lang))
    return tuple(found), tuple(funding)


def _cleaned(given: Sequence[Value], notes: Notes) -> list[tuple[str, str | None]]:
    found: list[tuple[str, str | None]] = []
    for value in given:
        text = clean(value.text, breaks=True)
        if is_null(text):
            continue
        if is_status(text):
            notes.lost("/descriptions", text, "A status, not a description; left out.")
        elif is_provenance(text):
            notes.lost("/descriptions", "", "A note of the repository's own work; left out.")
        elif text[:4] == "http" and " " not in text and is_preview_url(text):
            notes.lost("/descriptions", text, "The address of a picture; left out.")
        else:
            if "<" in value.text and "<" not in text.replace("<br>", ""):
                notes.problem("description.markup", "/descriptions", value.text)
            found.append((text, lang_of(value, "/descriptions", notes)))
    return found


def is_status(text: str) -> bool:
    """Whether a text is no more than the status of a review or a version."""
    if len(text) > 60:
        return False
    word = text.casefold().replace(" ", "").replace("-", "").replace("_", "").rstrip(".")
    return word in _STATUS or version_status(text) is not None


def is_provenance(text: str) -> bool:
    """Whether a text is a note on who handled the record; such notes hold names and addresses."""
    return len(text) < 2000 and _PROVENANCE.match(text) is not None


def _kind(text: str) -> str | None:
    """Return the type that a description shows by itself."""
    first = text[:1]
    if (first in "TtCcIiSs" and _CONTENTS.match(text)) or text.count(" -- ") >= CONTENTS_DASHES:
        return "TableOfContents"
    if first in "Mm" and _METHODS.match(text):
        return "Methods"
    return "Other" if first in "FfSsTtDd" and len(text) < 1000 and _FUNDED.match(text) else None


_Free = tuple[int, str, str | None]


def _without_notes(prose: list[_Free]) -> list[_Free]:
    """Leave notes out, where other prose is not much shorter: an abstract may begin like one."""
    if len(prose) < 2 or not any(_NOTE.match(text) for _, text, _ in prose):
        return prose
    rest = [found for found in prose if not _NOTE.match(found[1])]
    longest = max((len(text) for _, text, _ in rest), default=0)
    notes = max(len(text) for _, text, _ in prose)
    return rest if longest * NOTE_SHARE >= notes else prose


def _is_no_prose(text: str) -> bool:
    """Whether a text is only an address or a size."""
    if text[:4] == "http" and " " not in text:
        return True
    return text[:1].isdigit() and sizes.is_measure(text)


def _abstracts(given: Sequence[tuple[str, str | None, str | None]]) -> set[int]:
    """Return which are abstracts: the only one, or the longest prose, one a language."""
    free: list[_Free] = [
        (n, text, lang)
        for n, (text, lang, kind) in enumerate(given)
        if kind is None and not _is_no_prose(text)
    ]
    if len(free) == 1:
        return {free[0][0]}
    prose = _without_notes([found for found in free if found[1].count(" ") + 1 >= PROSE])
    best: dict[str | None, tuple[int, str]] = {}
    for n, text, lang in prose:
        if lang not in best or len(text) > len(best[lang][1]):
            best[lang] = (n, text)
    longest = max(prose, key=lambda found: len(found[1]), default=None)
    if longest is None:
        return set()
    return {longest[0], *(n for lang, (n, _) in best.items() if lang and longest[2])}


# ── subjects, language ──────────────────────────────────────────────────────────────

_SCHEMES = {
    "lcsh": "LCSH", "mesh": "MeSH", "ddc": "DDC", "lcc": "LCC", "udc": "UDC", "nlm": "NLM",
    "tgn": "TGN", "linguistic-type": "OLAC linguistic type", "language": "OLAC language",
    "discourse-type": "OLAC discourse type", "linguistic-field": "OLAC linguistic field",
}  # fmt: skip


def subjects(values: Values, notes: Notes) -> tuple[Subject, ...]:
    """Return the subjects, joined values split and schemes told."""
    found: dict[Subject, None] = {}
    for value in values.get("subject", ()):
        read = _subject_cached if len(value.text) <= LONGEST_CACHED else _subject
        text, told = read(value.text)
        if not text:
            continue
        scheme = _scheme(value.type) if value.type else None
        if scheme is not None:
            told = (Subject(text, scheme),)
        lang = lang_of(value, "/subjects", notes) if value.lang else None
        for subject in told:
            made = subject if lang is None else _with_lang(subject, lang)
            if made in found:
                continue
            if made.subject != text:
                notes.inferred(f"/subjects/{len(found)}", "subject.read", text)
            found[made] = None
    return tuple(found)


def _subject(given: str) -> tuple[str, tuple[Subject, ...]]:
    """Return a text clean, but with its line ends, and its subjects; empty if it says nothing."""
    text = clean(given) if "\n" not in given else given
    return ("", ()) if is_null(text) else (text, read_anew(text))


_subject_cached = lru_cache(maxsize=CACHED)(_subject)


def _scheme(word: str) -> str | None:
    return _SCHEMES.get(word.lower()) or scheme_name(word)


def _with_lang(subject: Subject, lang: str) -> Subject:
    return Subject(
        subject.subject,
        subject.subject_scheme,
        subject.scheme_uri,
        subject.value_uri,
        subject.classification_code,
        lang,
    )


def language(values: Values, notes: Notes) -> str | None:
    """Return the first language; the schema has place for one."""
    first = None
    for value in values.get("language", ()):
        text = clean(value.text)
        if is_null(text):
            continue
        read = read_language(text)
        if read.language is None and text[0].isdigit() and sizes.is_size(text):
            notes.inferred("/sizes", "language.size", text)
        elif read.language is None:
            notes.problem("language.invalid", "/language", text)
        if read.language is None:
            continue
        rest = read.others if first is None else (read.language, *read.others)
        for other in rest:
            if other != first:
                notes.inferred("/language", "language.further", other)
        if first is None:
            first = read.language
            if first != text:
                notes.inferred("/language", "language.tag", text)
    return first


# ── rights ───────────────────────────────────────────────────────────────────────────────────


class RightsFound(Struct, frozen=True):
    """What a record says of rights."""

    rights: tuple[Rights, ...]
    access: str | None
    holders: tuple[str, ...]


def rights(values: Values, extra: Sequence[str], notes: Notes) -> RightsFound:
    """Read rights, access rights and licences. extra: access words found elsewhere."""
    found: dict[Rights, None] = {}
    access: str | None = None
    holders: dict[str, None] = {}
    given = [
        (v.text, v) for name in ("rights", "accessrights", "license") for v in values.get(name, ())
    ]
    given += [(v.text, v) for v in values.get("rightsholder", ()) if names.is_statement(v.text)]
    for raw, value in (*given, *((text, Value(text)) for text in extra)):
        text = clean(raw)
        if is_null(text):
            continue
        path = f"/rightsList/{len(found)}"
        read = read_rights(text)
        access = access or access_word(read.access)
        if read.rights_holder:
            holders.setdefault(read.rights_holder)
        if read.rights is None:
            notes.lost("/rightsList", text, "Says nothing about rights; left out.")
            continue
        made = _with_rights_lang(read.rights, lang_of(value, f"{path}/lang", notes))
        if made not in found:
            found[made] = None
            if read.rule:
                notes.inferred(path, read.rule, text)
    return RightsFound(tuple(found), access, tuple(holders))


def _with_rights_lang(given: Rights, lang: str | None) -> Rights:
    if lang is None or not given.rights:
        return given
    return Rights(
        given.rights,
        given.rights_uri,
        given.rights_identifier,
        given.rights_identifier_scheme,
        given.scheme_uri,
        lang,
    )
