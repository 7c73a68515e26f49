"""People, organisations and contacts as DCAT has them."""

from __future__ import annotations

from collections.abc import Iterator

from app.crosswalks.exporting import named, plain, publisher
from app.crosswalks.graph import IRI, Literal, Node, Value
from app.crosswalks.linking import address, best
from app.datacite.resource import Affiliation, Contributor, Creator, Resource, is_missing

_KINDS = {"Personal": "foaf:Person", "Organizational": "foaf:Organization"}
_CARDS = {"Personal": "vcard:Individual", "Organizational": "vcard:Organization"}


def people(resource: Resource) -> Iterator[tuple[str, Value]]:
    """Yield who made the record, who helped, whom to ask, and who published it."""
    for creator in named(resource.creators):
        yield "dct:creator", _agent(creator)
    for one in named(resource.contributors):
        if one.contributor_type == "ContactPerson":
            yield "dcat:contactPoint", _card(one)
        else:
            held = one.contributor_type == "RightsHolder"
            yield "dct:rightsHolder" if held else "dct:contributor", _agent(one)
    if name := publisher(resource):
        yield "dct:publisher", _publisher(resource, name)


def _publisher(resource: Resource, name: str) -> Node:
    told = resource.publisher
    link = address(told.publisher_identifier_scheme, told.publisher_identifier) if told else ""
    lang = told.lang or "" if told else ""
    return Node(link, ("foaf:Agent",), (("foaf:name", Literal(name, lang)),))


def _agent(maker: Creator | Contributor) -> Node:
    kind = _KINDS.get(maker.name_type or "")
    facts: list[tuple[str, Value]] = [("foaf:name", Literal(plain(maker.name), maker.lang or ""))]
    parts = (("foaf:givenName", maker.given_name), ("foaf:familyName", maker.family_name))
    facts += [(name, Literal(plain(text))) for name, text in parts if text]
    facts += [
        ("org:memberOf", _organisation(one))
        for one in maker.affiliation
        if not is_missing(one.name)
    ]
    types = ("foaf:Agent", kind) if kind else ("foaf:Agent",)
    return Node(_link(maker), types, tuple(facts))


def _link(maker: Creator | Contributor) -> str:
    told = best(maker.name_identifiers)
    return address(told.name_identifier_scheme, told.name_identifier) if told else ""


def _organisation(told: Affiliation) -> Node:
    link = address(told.affiliation_identifier_scheme, told.affiliation_identifier)
    name = Literal(plain(told.name))
    return Node(link, ("foaf:Organization",), (("foaf:name", name),))


def _card(one: Contributor) -> Node:
    """Return a contact; its identifier is said of the card, which is no person itself."""
    facts: list[tuple[str, Value]] = [("vcard:fn", Literal(plain(one.name), one.lang or ""))]
    if link := _link(one):
        facts.append(("vcard:hasUID", IRI(link)))
    facts += [
        ("vcard:organization-name", Literal(plain(belongs.name)))
        for belongs in one.affiliation
        if not is_missing(belongs.name)
    ]
    return Node("", (_CARDS.get(one.name_type or "", "vcard:Kind"),), tuple(facts))
