"""Names of MODS, with their parts, identifiers, affiliations and roles."""

from __future__ import annotations

from collections.abc import Iterator

from app.crosswalks import relators
from app.crosswalks.draft import Draft
from app.crosswalks.mods.elements import texts, told
from app.crosswalks.relators import Agent
from app.crosswalks.xml import Element, children, first_child, text_of
from app.datacite.names import ORGANIZATIONAL, PERSONAL
from app.datacite.resource import NameIdentifier
from app.datacite.text import clean

_KINDS = {
    "personal": PERSONAL,
    "corporate": ORGANIZATIONAL,
    "conference": ORGANIZATIONAL,
    "family": ORGANIZATIONAL,
}
_HOMES = (("id.loc.gov/authorities/names", "naf"),)
"""Whose addresses say the authority that is not named."""


def read(names: list[Element], draft: Draft) -> None:
    """Add everybody by their roles; who has none is a creator."""
    relators.put(list(agents(names)), draft)


def agents(names: list[Element]) -> Iterator[Agent]:
    """Yield everybody who is named."""
    for name in names:
        found = _agent(name)
        if found is not None:
            yield found


def _agent(name: Element) -> Agent | None:
    kind = _KINDS.get(told(name, "type").lower())
    family, given = typed(name, "family"), typed(name, "given")
    return relators.agent(
        _whole(name, kind, family, given),
        kind,
        _roles(name),
        family=family if kind != ORGANIZATIONAL else "",
        given=given if kind != ORGANIZATIONAL else "",
        identifiers=tuple(_identifiers(name)),
        affiliation=[*texts(name, "affiliation"), *filter(None, (typed(name, "affiliation"),))],
    )


def _whole(name: Element, kind: str | None, family: str, given: str) -> str:
    """Return a name in one text: of a person `family, given`, of a body its units in order."""
    if family or given:
        return ", ".join(filter(None, (family, given)))
    parts = [text for text, sort in _parts(name) if not sort]
    if kind == ORGANIZATIONAL and parts:
        return ". ".join([*(part.rstrip(". ") for part in parts[:-1]), *parts[-1:]])
    whole = ", ".join(part.rstrip(", ") for part in parts)
    if whole:
        return whole
    return next(iter(texts(name, "displayform")), "") or _bare(name)


def _bare(name: Element) -> str:
    return clean(text_of(name)) if first_child(name, "namepart", "role") is None else ""


def typed(name: Element, sort: str) -> str:
    """Return the parts of a name that are of one sort, joined."""
    return " ".join(text for text, found in _parts(name) if found == sort)


def _parts(name: Element) -> Iterator[tuple[str, str]]:
    for tag, child in children(name):
        text = clean(text_of(child)) if tag == "namepart" else ""
        if text:
            yield text, told(child, "type").lower()


def _roles(name: Element) -> tuple[str, ...]:
    words: list[str] = []
    for tag, role in children(name):
        if tag == "role":
            terms = [(t.get("valueURI") or "", text_of(t)) for n, t in children(role)
                     if n == "roleterm"]  # fmt: skip
            words.extend(text or str(address) for address, text in terms)
            if not terms:
                words.append(text_of(role))
    return relators.relators(words)


def _identifiers(name: Element) -> Iterator[NameIdentifier]:
    for tag, child in children(name):
        if tag == "nameidentifier":
            sort = told(child, "type") or told(child, "typeURI")
            yield NameIdentifier(text_of(child), sort or None)
    address = told(name, "valueURI")
    if address:
        authority = told(name, "authority")
        authority = authority or next((word for home, word in _HOMES if home in address), "")
        home = told(name, "authorityURI")
        yield NameIdentifier(address, authority or None, home or None)
