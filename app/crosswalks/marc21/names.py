"""Names of MARC: main and added entries, people, bodies and meetings."""

from __future__ import annotations

import re
from collections.abc import Iterator

from app.crosswalks import relators, works
from app.crosswalks.draft import Draft
from app.crosswalks.isbd import stripped
from app.crosswalks.marc21.fields import Field, Record, joined
from app.crosswalks.relators import AUTHOR, OTHER, Agent
from app.datacite.names import ORGANIZATIONAL, PERSONAL
from app.datacite.organisations import is_organisation
from app.datacite.resource import ItemCreator, NameIdentifier, RelatedItem, Title

MAIN = ("100", "110", "111")
ADDED = ("700", "710", "711", "720")
_KINDS = {"00": PERSONAL, "10": ORGANIZATIONAL, "11": ORGANIZATIONAL}
_FORENAME, _FAMILY = "0", "3"
_CONTROL = re.compile(r"(?:.*\|)?\(([^()]+)\)\s*(\S.*)")
_SCHEMES = {
    "orcid": "ORCID", "isni": "ISNI", "viaf": "VIAF", "de-588": "GND", "gnd": "GND", "ror": "ROR",
    "dlc": "LCNAF", "lcnaf": "LCNAF", "idref": "IdRef", "wikidata": "Wikidata",
}  # fmt: skip
"""Identifiers of names by the code in front; control numbers of catalogues are none."""
_HOSTS = ("orcid.org/", "isni.org/", "viaf.org/viaf/", "d-nb.info/gnd/", "ror.org/",
          "wikidata.org/")  # fmt: skip
_GND = "https://d-nb.info/gnd/"


def read(record: Record, draft: Draft) -> None:
    """Add everybody: main entries as creators, added ones by their roles."""
    found = [one for field in record.of(*MAIN) if (one := _agent(field, (AUTHOR,))) is not None]
    for field in record.of(*ADDED):
        if field.texts("t"):
            _work(field, draft)
            continue
        one = _agent(field, _bare(field, record))
        if one is not None:
            found.append(one)
    relators.put(found, draft, bare=OTHER)


def _bare(field: Field, record: Record) -> tuple[str, ...]:
    """Return the role of an added entry that names none."""
    dspace = field.tag == "720" and record.is_dublin_core
    return (AUTHOR,) if record.is_invenio or dspace else ()


def _agent(field: Field, bare: tuple[str, ...]) -> Agent | None:
    name, kind = _name(field), _kind(field)
    roles = bare if field.tag in MAIN else _roles(field) or bare
    found = relators.agent(
        name,
        kind,
        roles,
        identifiers=tuple(dict.fromkeys(_identifiers(field))),
        affiliation=field.ends("u"),
        direct=kind == PERSONAL and field.first == _FORENAME,
    )
    if found is None or kind != PERSONAL or "," in name or not is_organisation(name):
        return found
    return relators.agent(name, None, roles)


def _kind(field: Field) -> str | None:
    kind = _KINDS.get(field.tag[1:])
    if kind == PERSONAL and field.first == _FAMILY:
        return ORGANIZATIONAL
    return None if kind == PERSONAL and field.first not in "012" else kind


def _name(field: Field) -> str:
    """Return the name: of a king with his number, of a body with its units."""
    kind = field.tag[1:]
    if kind == "00":
        return joined(field, ("a", "b"), " ")
    if kind == "10":
        return joined(field, ("a", "b"), ". ") or field.end("g")
    if kind == "11":
        units = [unit for unit in field.ends("e") if unit[:1].isupper()]
        return ". ".join((*field.ends("a")[:1], *units))
    return field.end("a")


def _roles(field: Field) -> tuple[str, ...]:
    meeting = field.tag[1:] == "11"
    terms = [text for text in field.texts("e") if not (meeting and text[:1].isupper())]
    words = [*field.raw("4"), *terms, *(field.raw("j") if meeting else ())]
    return relators.relators(map(stripped, words))


def _identifiers(field: Field) -> Iterator[NameIdentifier]:
    for text in field.texts("0", "1"):
        match = _CONTROL.fullmatch(text)
        scheme = _SCHEMES.get(match[1].lower()) if match else None
        if match is not None and scheme is not None:
            home = _GND if scheme == "GND" else None
            yield NameIdentifier(match[2].strip(), scheme, home)
            continue
        address = match[2] if match and match[1].lower() == "uri" else text
        host = next((host for host in _HOSTS if host in address), "")
        if host and "sourceID" not in address:
            yield _of_address(address, host)
    for text in field.texts("j"):
        if text.upper().startswith("ORCID:"):
            yield NameIdentifier(text[6:].strip(), "ORCID")


def _of_address(address: str, host: str) -> NameIdentifier:
    if host == "d-nb.info/gnd/":
        return NameIdentifier(address.rstrip("/").rpartition("/")[2], "GND", _GND)
    return NameIdentifier(address, None)


def _work(field: Field, draft: Draft) -> None:
    """Add the work that an entry of name and title stands for."""
    agent = _agent(field, ())
    relation = "HasPart" if field.second == "2" else "Other"
    information = (field.end("i") or f"marc:{field.tag}") if relation == "Other" else None
    creators: tuple[ItemCreator, ...] = ()
    if agent is not None:
        person = agent.person
        creators = (
            ItemCreator(person.name, person.name_type, None, person.given_name, person.family_name),
        )
    title = ". ".join(field.ends("t", "n", "p"))
    item = RelatedItem("Other", relation, information, creators=creators, titles=(Title(title),))
    works.add(draft, item)
