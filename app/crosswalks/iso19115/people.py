"""Who made, published and looks after a resource, by the roles of its parties."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from app.crosswalks.canonical.people import contributor
from app.crosswalks.draft import Draft
from app.crosswalks.iso19115.responsible import Party, parties
from app.crosswalks.xml import Element
from app.datacite.names import read_names
from app.datacite.resource import Affiliation, Contributor, Creator, NameIdentifier, Publisher
from app.datacite.text import clean
from app.datacite.types import blind

_CREATORS = frozenset(("author", "originator", "principalinvestigator", "coauthor"))
_ROLES = {
    "owner": "RightsHolder",
    "rightsholder": "RightsHolder",
    "custodian": "DataManager",
    "distributor": "Distributor",
    "processor": "DataCurator",
    "resourceprovider": "HostingInstitution",
    "pointofcontact": "ContactPerson",
    "editor": "Editor",
    "funder": "Funder",
    "sponsor": "Sponsor",
    "collaborator": "ProjectMember",
    "contributor": "ProjectMember",
    "mediator": "Other",
    "user": "Other",
    "stakeholder": "Other",
    "publisher": "Publisher",
    **dict.fromkeys(_CREATORS, "Creator"),
}
_CONTACT = "ContactPerson"
_OUTSIDE = ("Publisher", "Distributor", "Funder", "Sponsor", "Other")
"""Roles of those who have no part in making a resource."""
_WORD = re.compile(r"\w+")


def read(draft: Draft, resource: Sequence[Element], citations: Sequence[Element],
         root: Element) -> None:  # fmt: skip
    """Read all names. resource: what holds the points of contact of the resource."""
    cited = [(p, _role(p, "Other")) for c in citations for p in parties(c, "citedresponsibleparty")]
    contacts = [(p, _role(p, _CONTACT)) for i in resource for p in parties(i, "pointofcontact")]
    record = [(p, _role(p, _CONTACT)) for p in parties(root, "contact")]
    distributors = list(_distributors(root))
    _publishers(draft, cited, contacts, record, distributors)
    people = _People(draft)
    for party, role in (*cited, *contacts):
        people.add(party, role)
    _contacts_of_record(people, record)
    if not people.creators:
        _creators_of_contacts(draft, people, cited, contacts)
    for party in distributors:
        if draft.publisher is not None and party.institution != draft.publisher.name:
            people.add(replace(party, person=""), "Distributor")
    draft.creators = list(people.creators.values())
    draft.contributors += people.contributors.values()


Known = Sequence[tuple[Party, str]]


def _role(party: Party, otherwise: str) -> str:
    """Return the role in our words; one that is not known stays as it is."""
    known = (_ROLES[word] for word in map(blind, party.roles) if word in _ROLES)
    return next(known, party.roles[-1] if party.roles else otherwise)


def _distributors(root: Element) -> Iterator[Party]:
    for path in ("distributor", "distributionformat/*/formatdistributor"):
        for party in parties(root, f"distributioninfo/*/{path}/*/distributorcontact"):
            if party.organisation:
                yield party


# ── publishers ───────────────────────────────────────────────────────────────────────────────


def _publishers(
    draft: Draft, cited: Known, contacts: Known, record: Known, distributors: Sequence[Party]
) -> None:
    """Take the publishers; if there is none, who could be it stands by, the likeliest first."""
    own = [*cited, *contacts]
    found: dict[str, Publisher] = {}
    for party, role in own:
        if role == "Publisher":
            found.setdefault(party.institution, _publisher(party))
    for place, publisher in enumerate(found.values()):
        if place == 0:
            draft.publisher = publisher
        else:
            further = Creator(publisher.name, "Organizational")
            draft.contributors.append(contributor(further, "Distributor"))
    likely = [party for party, role in own if role == "Distributor"]
    likely += distributors
    likely += [party for party, role in own if role == "HostingInstitution"]
    likely += [party for party, role in contacts if role == _CONTACT]
    likely += [party for party, role in contacts if role not in _OUTSIDE]
    likely += [party for party, _ in record]
    draft.publishers += [party.organisation for party in likely]


def _publisher(party: Party) -> Publisher:
    numbers = party.organisation_identifiers if party.person else party.identifiers
    if party.organisation and numbers:
        first = numbers[0]
        return Publisher(party.organisation, first.name_identifier, first.name_identifier_scheme)
    return Publisher(party.institution)


def publisher_of(draft: Draft) -> str:
    """Return the name of the publisher, or of who will be taken for it."""
    if draft.publisher is not None:
        return clean(draft.publisher.name)
    return next(filter(None, map(clean, draft.publishers)), "")


# ── creators and contributors ────────────────────────────────────────────────────────────────


class _People:
    """Names as they are gathered; the same name in the same role is one, with all it is told of."""

    def __init__(self, draft: Draft) -> None:
        self.notes = draft.notes
        self.creators: dict[tuple[str, ...], Creator] = {}
        self.contributors: dict[tuple[tuple[str, ...], str], Contributor] = {}

    def add(self, party: Party, role: str) -> None:
        """Add what a party is in a role; publishers are no contributors."""
        for person in names(party) if role != "Publisher" else ():
            key = _key(person.name)
            if role == "Creator":
                held = self.creators.get(key)
                self._note(f"/creators/{len(self.creators)}", held, person, party)
                self.creators[key] = _merged(held, person) if held else person
            else:
                other = self.contributors.get((key, role))
                self._note(f"/contributors/{len(self.contributors)}", other, person, party)
                made = _merged(_plain(other), person) if other else person
                self.contributors[key, role] = contributor(made, role)

    def _note(self, path: str, held: object, person: Creator, party: Party) -> None:
        """Note a new name that is not what the source has, word for word."""
        if held is None and person.name not in (party.person, party.institution):
            self.notes.inferred(path, "name.inferred", party.person)


def names(party: Party) -> Iterator[Creator]:
    """Yield the names of a party, raw: its people with where they belong, or the organisation."""
    if not party.person or party.person == party.organisation:
        numbers = party.identifiers or party.organisation_identifiers
        yield Creator(party.institution, "Organizational", name_identifiers=numbers)
        return
    read = read_names(party.person)
    for one in read:
        numbers = party.identifiers if len(read) == 1 else ()
        yield Creator(
            one.name,
            "Organizational" if one.name_type == "Organizational" else "Personal",
            name_identifiers=tuple(dict.fromkeys((*numbers, *one.name_identifiers))),
            affiliation=_affiliation(party) or one.affiliation,
        )


def _affiliation(party: Party) -> tuple[Affiliation, ...]:
    if not party.organisation:
        return ()
    if not party.organisation_identifiers:
        return (Affiliation(party.organisation),)
    found = party.organisation_identifiers[0]
    return (Affiliation(party.organisation, found.name_identifier, found.name_identifier_scheme),)


def _key(name: str) -> tuple[str, ...]:
    """Return a name without order and punctuation, so that both ways to write it are one."""
    return tuple(sorted(_WORD.findall(clean(name).casefold())))


def _merged(held: Creator, other: Creator) -> Creator:
    numbers: tuple[NameIdentifier, ...] = (*held.name_identifiers, *other.name_identifiers)
    name = other.name if "," in other.name and "," not in held.name else held.name
    return replace(
        held,
        name=name,
        name_identifiers=tuple(dict.fromkeys(numbers)),
        affiliation=held.affiliation or other.affiliation,
    )


def _plain(held: Contributor) -> Creator:
    return Creator(
        held.name,
        held.name_type,
        name_identifiers=held.name_identifiers,
        affiliation=held.affiliation,
    )


def _contacts_of_record(people: _People, record: Known) -> None:
    """Add the contacts of the metadata; who wrote the metadata did not make the resource."""
    for party, role in record:
        if role == "Creator":
            if any(_key(one.name) in people.creators for one in names(party)):
                continue
            role = _CONTACT
        people.add(party, role)


def _creators_of_contacts(draft: Draft, people: _People, cited: Known, contacts: Known) -> None:
    """Take the points of contact of a resource that nobody else made for its creators.

    Who has that role comes before who only stands there as its owner or keeper.
    """
    publisher = publisher_of(draft)
    for known in (
        [party for party, role in (*cited, *contacts) if role == _CONTACT],
        [party for party, role in contacts if role not in _OUTSIDE],
    ):
        for party in known:
            if not party.person and party.organisation == publisher:
                continue
            place = len(people.creators)
            people.add(party, "Creator")
            for n in range(place, len(people.creators)):
                draft.notes.inferred(f"/creators/{n}", "creators.contact", party.institution)
        if people.creators:
            return
