"""Creators, contributors and publishers of a Dublin Core record."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from msgspec import Struct
from msgspec.structs import replace

from app.crosswalks.canonical.people import contributor, of_name
from app.crosswalks.dublin_core.recalled import recalled
from app.crosswalks.dublin_core.values import Value, Values, texts
from app.crosswalks.reading import Notes
from app.datacite.name_roles import AUTHOR
from app.datacite.names import CACHED, LONGEST_CACHED, Name, in_capitals, read_names
from app.datacite.resource import (
    Affiliation,
    Contributor,
    Creator,
    FundingReference,
    Publisher,
)
from app.datacite.text import clean, is_null, joined, missing_code
from app.datacite.uris import is_web_url

_PLACE_AND_NAME = re.compile(r"[^:;()]{2,60} : (\S.*)")
_LISTED = re.compile(r",\s+|\s+(?:and|&|und|et)\s+")
_NO_NAME = re.compile(r"[^\w;]+")
_EMAIL = re.compile(r"\S+@\S+\.[a-z]{2,}\b")
_PUBLISHER_ENDS = ",;:/"
LONGEST_HOLDER = 120
EDITED = frozenset(("Book", "ConferenceProceeding", "Collection"))


class Names(Struct, frozen=True):
    """Everybody that a record names."""

    creators: tuple[Creator, ...]
    contributors: tuple[Contributor, ...]
    publisher: Publisher | None
    funders: tuple[FundingReference, ...] = ()


class _Told(Struct, frozen=True):
    """What one text comes to: itself clean, its names, and these as creators.

    is_none: the text is an address or says that there is nobody.
    """

    text: str
    names: tuple[Name, ...] = ()
    people: tuple[Creator, ...] = ()
    is_none: bool = False
    amiss: bool = False
    """There is something to note of it."""


def read(
    values: Values, general: str, found: tuple[Sequence[str], Sequence[str]], notes: Notes
) -> Names:
    """Read all names. found: rights holders of rights statements, institutions among sources."""
    holders, hosts = found
    others = in_capitals(texts(values, "creator", "contributor"))
    creators = _creators(values.get("creator", ()), others, notes)
    publishers = _PUBLISHERS(values, None, notes)
    helpers = _helpers(values.get("contributor", ()), others, notes)
    helpers, creators = _authors(helpers, creators, general, notes)
    publisher = publishers[0] if publishers else None
    kept: dict[Contributor, None] = {}
    funders: dict[FundingReference, None] = {}
    for person, role in helpers:
        if role == "Funder":
            funders[FundingReference(person.name)] = None
        elif role is not None or not _known(person, creators, publisher):
            kept[contributor(person, role or "Other")] = None
    for other in publishers[1:]:
        kept.setdefault(contributor(Creator(other.name, "Organizational"), "Distributor"))
    for name in hosts:
        host = Creator(name, "Organizational")
        if not _known(host, creators, publisher):
            kept.setdefault(contributor(host, "HostingInstitution"))
    if holders or "rightsholder" in values:
        for person in _holders(values, holders, others, notes):
            kept.setdefault(contributor(person, "RightsHolder"))
    _note(kept, notes)
    return Names(tuple(creators), tuple(kept), publisher, tuple(funders))


def _note(contributors: Iterable[Contributor], notes: Notes) -> None:
    for n, person in enumerate(contributors):
        path = f"/contributors/{n}"
        if person.name_type:
            notes.inferred(path, "name.inferred", person.name)
        notes.inferred(f"{path}/contributorType", "name.role", person.contributor_type)


def _creators(
    values: Sequence[Value], others: tuple[str, ...], notes: Notes
) -> dict[Creator, None]:
    found: dict[Creator, None] = {}
    for value in values:
        told = _told(value.text, "creator", others, "/creators", notes)
        if len(told.names) == 2 and len(values) > 1:
            told = _affiliated(told)
        for name, person in zip(told.names, told.people, strict=True):
            path = f"/creators/{len(found)}"
            if name.name_type or name.name != told.text:
                notes.problem("name.inferred", path, told.text)
                notes.inferred(path, "name.inferred", told.text)
            if name.role:
                notes.inferred(path, "name.role", name.role)
            found.setdefault(person)
    return found


def _affiliated(told: _Told) -> _Told:
    """Read a person and an organisation in one of several elements as who and where (OJS)."""
    first, second = told.names
    if first.name_type != "Personal" or second.name_type != "Organizational":
        return told
    name = replace(first, affiliation=(*first.affiliation, Affiliation(second.name)))
    return _Told(told.text, (name,), (of_name(name),))


def _lines(text: str) -> str:
    """Return a text clean, but with its line ends, since they part names.

    Not where a line is no more than a comma or bracket: there they only lay the text out.
    """
    text = text.strip()
    if "\n" not in text:
        return clean(text)
    lines = [line for line in map(clean, text.splitlines()) if line]
    laid_out = any(_NO_NAME.fullmatch(line) for line in lines)
    return joined(lines) if laid_out else "\n".join(lines)


def _told(given: str, element: str, others: tuple[str, ...], path: str, notes: Notes) -> _Told:
    """Read the names of one element, and note what is amiss with them."""
    read = _read_cached if len(given) <= LONGEST_CACHED else _read
    told = read(given, element, others)
    if told.amiss:
        _note_amiss(told, path, notes)
    return told


def _note_amiss(told: _Told, path: str, notes: Notes) -> None:
    if told.is_none:
        if missing_code(told.text):
            notes.problem("code.missing-value", path, told.text)
        elif told.text[:4].lower() in ("http", "ftp:"):
            notes.lost(path, told.text, "An address, not a name.")
    elif not told.names:
        notes.problem("name.empty", path, told.text)
    for name in told.names:
        if name.et_al:
            notes.problem("creators.et-al", path, told.text)
        for wrong in name.rejected:
            notes.problem("nameIdentifier.checksum", path, wrong)


def _read(given: str, element: str, others: tuple[str, ...]) -> _Told:
    text = _lines(given)
    bare = text.strip("[]()") if text[:1] in ("[", "(") else text
    if is_null(bare) or (bare[:4].lower() == "http" and is_web_url(bare)):
        return _Told(text, is_none=True, amiss=True)
    names = read_names(text, element=element, others=others)
    amiss = not names or any(name.et_al or name.rejected for name in names)
    return _Told(text, names, tuple(map(of_name, names)), amiss=amiss)


_read_cached = lru_cache(maxsize=CACHED)(_read)


Helpers = list[tuple[Creator, str | None]]


def _helpers(values: Sequence[Value], others: tuple[str, ...], notes: Notes) -> Helpers:
    found: Helpers = []
    for value in values:
        told = _told(value.text, "contributor", others, "/contributors", notes)
        found += zip(told.people, [name.role for name in told.names], strict=True)
    return found


def _authors(
    helpers: Helpers, creators: dict[Creator, None], general: str, notes: Notes
) -> tuple[Helpers, dict[Creator, None]]:
    """Make authors among the contributors creators; without any, editors of edited works."""
    if creators and not helpers:
        return helpers, creators
    authors = [person for person, role in helpers if role == AUTHOR]
    rest = [(person, role) for person, role in helpers if role != AUTHOR]
    if not creators and not authors and general in EDITED:
        authors = [person for person, role in rest if role == "Editor"]
        rest = [(person, role) for person, role in rest if role != "Editor"]
    for person in authors:
        if person not in creators:
            notes.inferred(f"/creators/{len(creators)}", "creators.contributor", person.name)
            creators[person] = None
    return rest, creators


def _known(person: Creator, creators: Iterable[Creator], publisher: Publisher | None) -> bool:
    """Whether a contributor without role only repeats a creator or the publisher."""
    name = person.name.casefold()
    known = [creator.name.casefold() for creator in creators]
    if publisher is not None and person.name_type != "Personal":
        known.append(publisher.name.casefold())
    return name in known


def _holders(
    values: Values, holders: Sequence[str], others: tuple[str, ...], notes: Notes
) -> Iterator[Creator]:
    """Yield the rights holders; a copyright line names people as they are spoken to."""
    for value in values.get("rightsholder", ()):
        if is_statement(value.text):
            continue
        yield from _told(value.text, "contributor", others, "/contributors", notes).people
    for text in holders:
        for part in _spoken(text):
            yield from map(of_name, read_names(part, element="contributor", others=others))


def is_statement(text: str) -> bool:
    """Whether what stands for a rights holder says something about rights, or is a licence."""
    return len(text) > LONGEST_HOLDER or is_web_url(text.strip())


def _spoken(text: str) -> list[str]:
    """Part "Marco Rossi, Ilona Varga": several names, each of two words or more."""
    parts = _LISTED.split(text)
    several = len(parts) > 1 and all(1 <= part.count(" ") <= 3 for part in parts)
    return parts if several and all(part[:1].isupper() for part in parts) else [text]


def _publishers(values: Values, notes: Notes) -> list[Publisher]:
    found: dict[str, Publisher] = {}
    given = values.get("publisher", ())
    places = _places(values) if len(given) > 1 else frozenset()
    for value in given:
        text = clean(value.text)
        if "@" in text:
            text = _EMAIL.sub("", text).strip()
        if is_null(text):
            if missing_code(text):
                notes.problem("code.missing-value", "/publisher", text)
            continue
        if text in places or (text[:4].lower() == "http" and is_web_url(text)):
            notes.lost("/publisher", text, "A place or an address, not a name.")
            continue
        name = _without_place(text)
        if name != text:
            notes.inferred("/publisher/name", "publisher.isbd", text)
        if name not in found and not is_null(name):
            found[name] = Publisher(name)
    return list(found.values())


_PUBLISHERS = recalled(
    ("publisher", "coverage", "spatial"), lambda values, _, notes: _publishers(values, notes)
)


def _places(values: Values) -> frozenset[str]:
    """Return the places a record is about, which some feeds give among the publishers."""
    return frozenset(
        clean(value.text) for name in ("coverage", "spatial") for value in values.get(name, ())
    )


def _without_place(text: str) -> str:
    """Take a place in front of a publisher off, and what parts it from the year behind it."""
    if text[-1] in _PUBLISHER_ENDS:
        text = text if "://" in text else text.rstrip(f"{_PUBLISHER_ENDS} ") or text
    if " : " not in text:
        return text
    found = _PLACE_AND_NAME.fullmatch(text)
    return found[1] if found else text
