"""What somebody did for a work, as library formats say it: MARC relator codes and their terms.

A code, an English term or the address of either means the same; words of other languages are read
as everywhere else.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import Struct

from app.crosswalks.canonical.people import contributor
from app.crosswalks.draft import Draft
from app.datacite.name_roles import AUTHOR, FUNDER, OTHER, read_role
from app.datacite.names import ORGANIZATIONAL, PERSONAL, read_names
from app.datacite.resource import Affiliation, Creator, NameIdentifier
from app.datacite.text import clean, is_null

MAKER, PUBLISHER, GRANTOR = "Maker", "Publisher", "Grantor"
"""A maker is a creator where no author is named; a grantor gave the degree."""

_RELATORS = """
    Author: aut author; cre creator
    Maker: prg programmer; pht photographer; cmp composer; art artist; ive interviewee;
        ivr interviewer
    Editor: edt editor; com compiler
    Supervisor: ths thesis advisor; ths thesis supervisor; dgs degree supervisor; opn opponent;
        dgc degree committee member
    Translator: trl translator
    Funder: fnd funder; fnd funding body
    Sponsor: spn sponsor; spn sponsoring body
    Publisher: pbl publisher; isb issuing body
    Distributor: dst distributor
    Producer: pro producer; fmp film producer
    Researcher: res researcher
    DataCollector: col collector; dtc data contributor
    DataCurator: cur curator
    DataManager: dtm data manager
    ProjectLeader: pdr project director; rth research team head
    ProjectMember: rtm research team member
    RightsHolder: cph copyright holder
    HostingInstitution: his host institution; own owner
    ContactPerson: cot contact
    Grantor: dgg degree granting institution; dgg degree grantor
    Other: rev reviewer; ill illustrator; ctb contributor; oth other
"""


def _table() -> dict[str, str]:
    table: dict[str, str] = {}
    for line in _RELATORS.replace("\n        ", " ").strip().splitlines():
        role, _, entries = line.strip().partition(": ")
        for entry in entries.split(";"):
            code, _, term = entry.strip().partition(" ")
            table[code] = table[term] = role
    return table


_ROLES = _table()


def relator(word: str) -> str:
    """Return the role of a code, term or address: a contributorType, `Author`, `Maker` and so on.

    What is not known is `Other`, since the source says that somebody did something.
    """
    text = " ".join(clean(word).casefold().split()).rstrip(" .,;:")
    if "://" in text:
        text = text.rstrip("/").replace("#", "/").rpartition("/")[2]
    return _ROLES.get(text) or read_role(text) or OTHER


def relators(words: Iterable[str]) -> tuple[str, ...]:
    """Return the roles of some words, each once; `Other` only where nothing else is said."""
    found = dict.fromkeys(relator(word) for word in words if not is_null(clean(word)))
    known = tuple(role for role in found if role != OTHER)
    return known or tuple(found)


class Agent(Struct, frozen=True):
    """Somebody named in a record: the name as a raw creator, and the roles."""

    person: Creator
    roles: tuple[str, ...] = ()


def agent(
    name: str,
    kind: str | None,
    roles: Sequence[str],
    *,
    family: str = "",
    given: str = "",
    identifiers: Sequence[NameIdentifier] = (),
    affiliation: Sequence[str] = (),
    direct: bool = False,
) -> Agent | None:
    """Return somebody by name, None where there is no name.

    What stands around the name of a person (dates of life, a role) is no part of it. direct: the
    name has no family name in front, so that it stands as it is.
    """
    text, inside, held = clean(name), None, tuple(identifiers)
    if kind == PERSONAL and text and not (family or given or direct):
        read = read_names(text)
        if len(read) == 1:
            text, inside = read[0].name, read[0].role
            held = tuple(dict.fromkeys((*held, *read[0].name_identifiers)))
        elif len(read) > 1:
            kind = None
    elif kind == ORGANIZATIONAL:
        text = text.strip(" ,;")
    if is_null(text) and not (family or given):
        return None
    places = tuple(Affiliation(place) for place in affiliation)
    found = tuple(roles) or ((inside,) if inside else ())
    person = Creator(text, kind, None, given or None, family or None, held, places)
    return Agent(person, found)


def put(agents: Sequence[Agent], draft: Draft, *, bare: str = AUTHOR) -> None:
    """Add everybody to a draft by role. bare: the role of those who have none.

    To be called when publishers and funding are known: who is named again says nothing new.
    """
    authored = any(AUTHOR in one.roles for one in agents)
    later: list[tuple[Agent, tuple[str, ...]]] = []
    for one in agents:
        roles = one.roles or (bare,)
        if AUTHOR in roles or (MAKER in roles and not authored):
            draft.creators.append(one.person)
        else:
            later.append((one, roles))
    known = {person.name.casefold() for person in draft.creators}
    known.update(clean(value.text).casefold() for value in draft.untold.get("publisher", ()))
    for one, roles in later:
        if one.roles or one.person.name.casefold() not in known:
            for role in roles:
                _help(one.person, role, draft)


def _help(person: Creator, role: str, draft: Draft) -> None:
    if role == PUBLISHER:
        _publish(person, draft)
        return
    if role == GRANTOR:
        draft.publishers.append(person.name)
        role = "HostingInstitution"
    if role == FUNDER and any(one.funder_name == person.name for one in draft.funding):
        return
    role = OTHER if role == MAKER else role
    draft.contributors.append(contributor(person, role))


def _publish(person: Creator, draft: Draft) -> None:
    """Make somebody the publisher if there is none, else one more who distributes the work."""
    told = [clean(value.text).casefold() for value in draft.untold.get("publisher", ())]
    if not told:
        draft.text("publisher", person.name)
    elif person.name.casefold() not in told:
        draft.contributors.append(contributor(person, "Distributor"))


__all__ = [
    "AUTHOR", "FUNDER", "GRANTOR", "MAKER", "OTHER", "PUBLISHER",
    "Agent", "agent", "put", "relator", "relators",
]  # fmt: skip
