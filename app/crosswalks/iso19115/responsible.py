"""The parties of a record as they are written: who, where from, in which role.

CI_ResponsibleParty of ISO 19139 and CI_Responsibility of 19115-3 come to the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from app.crosswalks.iso19115.citation import joined
from app.crosswalks.iso19115.elements import attribute, codes, every, first, link, value
from app.crosswalks.xml import Element, first_child, local_name
from app.datacite import identifiers
from app.datacite.resource import NameIdentifier

_HOSTS = ("orcid.org/", "ror.org/", "isni.org/", "viaf.org/", "d-nb.info/gnd", "scopus.com/authid")
_NESTED = 3


class Party(Struct, frozen=True):
    """A person, an organisation, or a person of one. roles: what their role may be, best first.

    identifiers: the person's, or the organisation's if there is no person.
    """

    person: str = ""
    organisation: str = ""
    roles: tuple[str, ...] = ()
    identifiers: tuple[NameIdentifier, ...] = ()
    organisation_identifiers: tuple[NameIdentifier, ...] = ()

    @property
    def institution(self) -> str:
        """The organisation, or the person who stands for none."""
        return self.organisation or self.person


def parties(element: Element, path: str) -> Iterator[Party]:
    """Yield the parties in the properties along a path; those without any name are none."""
    for found in every(element, path):
        held = first(found, "*")
        for _ in range(_NESTED):
            inner = first_child(held, local_name(held).lower()) if held is not None else None
            held = inner if inner is not None else held
        if held is not None:
            outside = _linked(found)
            roles = codes(first(held, "role"))
            yield from _old(held, roles, outside)
            for party in every(held, "party/*"):
                yield from _new(party, roles)


def _old(
    held: Element, roles: tuple[str, ...], outside: Sequence[NameIdentifier]
) -> Iterator[Party]:
    who, where = first(held, "individualname"), first(held, "organisationname")
    person, organisation = value(who), value(where)
    named = (*outside, *_linked(held), *_linked(who), *_online(held))
    if person:
        yield Party(person, organisation, roles, tuple(named), _linked(where))
    elif organisation:
        yield Party("", organisation, roles, (*_linked(where), *named))


def _new(party: Element, roles: tuple[str, ...]) -> Iterator[Party]:
    name = value(first(party, "name"))
    own = (*_numbered(party), *_linked(first(party, "name")), *_online(party))
    if local_name(party).lower() == "ci_individual":
        if name:
            yield Party(name, "", roles, own)
        return
    people = [one for one in every(party, "individual/*") if value(first(one, "name"))]
    for one in people:
        person = first(one, "name")
        numbers = (*_numbered(one), *_linked(person), *_online(one))
        yield Party(value(person), name, roles, numbers, own)
    if name and not people:
        yield Party("", name, roles, own)


# ── identifiers ──────────────────────────────────────────────────────────────────────────────


def _linked(element: Element | None) -> tuple[NameIdentifier, ...]:
    """Return the identifier that an anchor leads to."""
    return _known(link(element)) if element is not None else ()


def _online(held: Element) -> tuple[NameIdentifier, ...]:
    """Return the identifiers among the addresses of a party."""
    found = (value(one) for one in every(held, "contactinfo/*/onlineresource/*/linkage"))
    return tuple(identifier for address in found for identifier in _known(address))


def _known(address: str) -> tuple[NameIdentifier, ...]:
    """Return an address that is an identifier of somebody."""
    lower = address.lower()
    if not any(host in lower for host in _HOSTS):
        return ()
    return (NameIdentifier(address, "Scopus Author ID" if "scopus.com" in lower else None),)


def _numbered(party: Element) -> tuple[NameIdentifier, ...]:
    found = []
    for one in every(party, "partyidentifier/*"):
        code = first(one, "code")
        text = value(code) or link(code)
        space = value(first(one, "codespace"))
        text = joined(text, space) if space.startswith("http") else text
        scheme = "" if space.startswith("http") else space
        if text and (scheme or _known(text) or identifiers.orcid(text) or identifiers.ror(text)):
            found.append(NameIdentifier(text, scheme or None))
        elif text and (address := attribute(code, "href") if code is not None else ""):
            found.extend(_known(address))
    return tuple(found)
