"""People, organisations and funders as schema.org has them, each under its real role."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from app.crosswalks.exporting import named, plain, publisher
from app.crosswalks.linking import address, best, is_text
from app.crosswalks.schema_org.writing_things import (
    Facts,
    Thing,
    one_or_list,
    property_value,
    thing,
)
from app.datacite.resource import (
    Affiliation,
    Contributor,
    Creator,
    FundingReference,
    Resource,
    Types,
    is_missing,
)

_ROLES = {
    "Editor": "editor", "Translator": "translator", "Sponsor": "sponsor", "Producer": "producer",
    "RightsHolder": "copyrightHolder",
}  # fmt: skip
_KINDS = {"Personal": "Person", "Organizational": "Organization"}
_HAN = re.compile("[\u2e80-\u303f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af]+")


def people(resource: Resource, types: Types) -> Facts:
    """Yield who made the record, who helped, and who published it."""
    creators = one_or_list(map(_agent, named(resource.creators)))
    yield "creator", creators
    if is_text(types):
        yield "author", creators
    roles: dict[str, list[Thing]] = {role: [] for role in (*_ROLES.values(), "contributor")}
    for one in named(resource.contributors):
        role = _ROLES.get(one.contributor_type, "contributor")
        roles[role].append(_agent(one))
    yield from ((role, one_or_list(agents)) for role, agents in roles.items())
    if told := publisher(resource):
        yield "publisher", thing("Organization", id=_publisher_address(resource), name=told)


def _agent(maker: Creator | Contributor) -> Thing:
    """Return a person, an organisation, or what is only named where nobody said which it is."""
    told = best(maker.name_identifiers)
    rest = [_name_identifier(one.name_identifier_scheme, one.name_identifier)
            for one in maker.name_identifiers if one != told]  # fmt: skip
    about: Thing = {
        "id": address(told.name_identifier_scheme, told.name_identifier) if told else "",
        "identifier": one_or_list(rest),
        "affiliation": one_or_list(map(_affiliation, maker.affiliation)),
    }
    kind = _KINDS.get(maker.name_type or "", "")
    family, given = (plain(part or "") for part in (maker.family_name, maker.given_name))
    full = _full_name(family, given) if family and given else plain(maker.name)
    return thing(kind, name=full, givenName=given, familyName=family, **about)


def _full_name(family: str, given: str) -> str:
    """Return `Given Family`; Han, Kana and Hangul names keep their own order."""
    if _HAN.fullmatch(family) and _HAN.fullmatch(given):
        return family + given
    return f"{given} {family}".strip()


def _name_identifier(scheme: str | None, value: str) -> Any:
    return address(scheme, value) or property_value(scheme or "", value)


def _affiliation(told: Affiliation) -> Thing | None:
    if is_missing(told.name):
        return None
    link = address(told.affiliation_identifier_scheme, told.affiliation_identifier)
    return thing("Organization", id=link, name=plain(told.name))


def _publisher_address(resource: Resource) -> str:
    told = resource.publisher
    if told is None:
        return ""
    return address(told.publisher_identifier_scheme, told.publisher_identifier)


def money(resource: Resource) -> Facts:
    """Yield who paid, each once, and the grants."""
    paid = [(one, _funder(one)) for one in resource.funding_references]
    funders = {tuple(funder.items()): funder for _, funder in paid if funder}
    yield "funder", one_or_list(funders.values())
    yield "funding", one_or_list(_grants(paid))


def _funder(told: FundingReference) -> Thing | None:
    name = "" if is_missing(told.funder_name) else plain(told.funder_name)
    link = address(told.funder_identifier_type, told.funder_identifier)
    return thing("Organization", id=link, name=name) if name or link else None


def _grants(paid: Iterable[tuple[FundingReference, Thing | None]]) -> Iterator[Thing]:
    """Yield a grant where there is an award."""
    for told, funder in paid:
        if told.award_number or told.award_title or told.award_uri:
            yield thing(
                "Grant",
                identifier=told.award_number,
                name=plain(told.award_title or ""),
                url=told.award_uri,
                funder=funder,
            )
