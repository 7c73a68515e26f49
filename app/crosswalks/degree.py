"""Degrees that theses were written for, as ETD-MS blocks and the fields of many formats name them.

The degree says the type better than any type word of the record, and who granted it publishes
the thesis where nobody else does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from msgspec import Struct

from app.crosswalks.xml import Element, attributes, children, text_of
from app.datacite.resource import Contributor, Subject
from app.datacite.text import clean, is_null

if TYPE_CHECKING:
    from app.crosswalks.draft import Draft

GENERAL = "Dissertation"
PARTS = ("level", "name", "discipline", "grantor")
_LEVELS = {
    "0": "Bachelor thesis",
    "bachelor": "Bachelor thesis",
    "bachelors": "Bachelor thesis",
    "undergraduate": "Bachelor thesis",
    "1": "Master thesis",
    "master": "Master thesis",
    "masters": "Master thesis",
    "2": "Doctoral thesis",
    "doctor": "Doctoral thesis",
    "doctoral": "Doctoral thesis",
    "doctorate": "Doctoral thesis",
}
_NAMES = (
    (re.compile(r"bachelor|licence\b|(?:b\.?a|b\.?s\.?c|b\.?s)\b|学士", re.I), "Bachelor thesis"),
    (
        re.compile(r"mast[eè]r|magist|(?:m\.?a|m\.?s\.?c|m\.?s|m\.?b\.?a|m\.?phil)\b|修士", re.I),
        "Master thesis",
    ),
    (re.compile(r"do[ck]t[oe]|(?:ph\.?\s?d|d\.?phil|ed\.?d)\b|博士", re.I), "Doctoral thesis"),
)
"""How names of degrees begin, where the level is not told."""
_ENDINGS = ("thesis", "dissertation", "degree", "level")
_PREFIXES = ("thesis.", "info:eu-repo/semantics/")


class Degree(Struct, frozen=True):
    """A degree, in the texts of the source; several disciplines or grantors are several degrees."""

    level: str = ""
    name: str = ""
    discipline: str = ""
    grantor: str = ""


def put(degree: Degree, draft: Draft) -> None:
    """Add a degree to a draft: type, subject, hosting institution, publisher if there is none."""
    word = thesis(degree.level, degree.name)
    if word:
        draft.general = GENERAL
        draft.word = draft.word or word
    discipline, grantor = clean(degree.discipline), clean(degree.grantor)
    if not is_null(discipline):
        draft.subjects.append(Subject(discipline, "discipline"))
    if not is_null(grantor):
        host = Contributor(grantor, "Organizational", contributor_type="HostingInstitution")
        if host not in draft.contributors:
            draft.contributors.append(host)
            draft.publishers.append(grantor)


def thesis(level: str, name: str) -> str:
    """Return what a thesis for a degree is called, `Doctoral thesis (PhD)`; empty if unsaid."""
    level, name = clean(level), clean(name)
    level, name = "" if _unsaid(level) else _without_prefix(level), "" if _unsaid(name) else name
    key = _key(level)
    said = _LEVELS.get(key) or _of_name(level) or (not key and _of_name(name)) or level
    if not name or _key(name) in _LEVELS or _key(name) == key:
        return said
    return f"{said} ({name})" if said else name


def _unsaid(text: str) -> bool:
    return is_null(text) or text.casefold() == "other"


def _without_prefix(text: str) -> str:
    lower = text.casefold()
    found = next((prefix for prefix in _PREFIXES if lower.startswith(prefix)), "")
    return text[len(found) :]


def _key(text: str) -> str:
    """Return a level as the key of its table: `Doctoral thesis`, `Master's degree`."""
    text = text.casefold()
    for ending in _ENDINGS:
        text = text.removesuffix(ending)
    return "".join(filter(str.isalnum, text))


def _of_name(name: str) -> str:
    return next((thesis for pattern, thesis in _NAMES if pattern.match(name)), "")


def read(block: Element) -> Iterator[Degree]:
    """Yield the degrees of a `degree` element: one, and one more for each part told again."""
    yield from of_texts(parts_of(block))


def parts_of(block: Element) -> dict[str, list[str]]:
    """Return the texts of a `degree` element by part; who grants is named in one language."""
    found: dict[str, list[str]] = {}
    languages: dict[str, str] = {}
    for name, child in children(block):
        if name in PARTS:
            lang = dict(attributes(child)).get("lang", "")
            if languages.setdefault(name, lang) == lang or name == "discipline":
                found.setdefault(name, []).append(text_of_part(child))
    return found


def of_texts(texts: dict[str, list[str]]) -> Iterator[Degree]:
    """Yield the degrees that lists of texts by the name of their part say."""
    for n in range(max(map(len, texts.values()), default=0)):
        level, name, discipline, grantor = (
            given[n] if n < len(given := texts.get(part, [])) else "" for part in PARTS
        )
        yield Degree(level, name, discipline, grantor)


def text_of_part(element: Element) -> str:
    """Return the text of a part of a degree; of an institution told in parts, what it is called."""
    if len(element) == 0:
        return text_of(element)
    names = (child for child in element.iter() if isinstance(child.tag, str) and len(child) == 0)
    found = next((child for child in names if child.tag.rpartition("}")[2].lower() == "name"), None)
    return text_of(element if found is None else found)
