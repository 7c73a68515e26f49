"""Who DSpace's fields name: authors with their ORCIDs, helpers with their roles, departments."""

from __future__ import annotations

from collections.abc import Mapping

from app.crosswalks.draft import Draft
from app.crosswalks.dspace.fields import Field, Fields, orcid_of, texts
from app.datacite.name_roles import AUTHOR, OTHER, read_role
from app.datacite.resource import Affiliation, Contributor, Creator, NameIdentifier
from app.datacite.text import clean

_AUTHORS = frozenset(("contributor.author", "creator", "dcterms.creator"))
_BARE = frozenset(("contributor", "dcterms.contributor"))
_DEPARTMENT = "contributor.department"
_ROLES = {
    "committeemember": "Supervisor",
    "corpauthor": AUTHOR,
    "authorcorporate": AUTHOR,
    "corporateauthor": AUTHOR,
    "institution": "HostingInstitution",
}
"""Qualifiers that are no words of any list of roles."""
_NO_NAMES = ("lattes", "id", "mail", "orcid", "affiliation", "role")
"""How qualifiers end that hold something of a person other than the name."""
_ORCIDS = ("identifier.orcid", "creator.orcid", "contributor.orcid", "contributor.authororcid")
_MARKS = str.maketrans("[]()|:", "      ")
_LINKED = "person.identifier.orcid"
_HELPERS = ("editor", "advisor", "other", "illustrator")
KNOWN = _AUTHORS | _BARE | {_DEPARTMENT, *(f"contributor.{word}" for word in _HELPERS)}
"""The fields that name people in whatever schema they stand."""


def put(fields: Fields, draft: Draft) -> None:
    """Add everybody to a draft."""
    orcids = _orcids(fields)
    for name, given in fields.items():
        role = _role(name)
        if name in _AUTHORS or role == AUTHOR:
            draft.creators.extend(_creator(one, orcids) for one in given)
        elif name in _BARE:
            for one in given:
                draft.text("contributor", one.text, lang=one.lang)
        elif role is not None and (name in KNOWN or given[0].told):
            for one in given:
                _contributor(one, role, orcids, draft)
    _departments(texts(fields, _DEPARTMENT), draft)


def _role(name: str) -> str | None:
    """Return what a field's qualifier makes of a contributor; None if it names nobody."""
    element, _, word = name.partition(".")
    if element != "contributor" or not word or name == _DEPARTMENT or word.endswith(_NO_NAMES):
        return None
    word = word.rstrip("0123456789")
    return _ROLES.get(word) or read_role(word.replace(".", " ")) or OTHER


Orcids = Mapping[str, str]


def _orcids(fields: Fields) -> Orcids:
    """Return ORCIDs by the authority or the text of the author that each belongs to.

    A list of ORCIDs beside the authors counts if it names them or has one for each.
    """
    found = {one.authority: one.text for one in fields.get(_LINKED, ()) if one.authority}
    authors = [one.text for name in fields if name in _AUTHORS for one in fields[name]]
    beside = [_with_name(text) for text in texts(fields, *_ORCIDS)]
    if len(beside) == len(authors):
        found.update(zip(authors, (orcid for _, orcid in beside), strict=True))
    found.update((name, orcid) for name, orcid in beside if name in authors)
    return found


def _with_name(text: str) -> tuple[str, str]:
    """Part `Rossi, Marco [0000-…]` into name and ORCID."""
    name, _, orcid = text.translate(_MARKS).strip().rpartition(" ")
    return name.strip(), orcid


def _creator(one: Field, orcids: Orcids) -> Creator:
    return Creator(one.text, name_identifiers=_identifiers(one, orcids))


def _contributor(one: Field, role: str, orcids: Orcids, draft: Draft) -> None:
    if role == OTHER and one.qualifier != "other":
        path = f"/contributors/{len(draft.contributors)}/contributorType"
        draft.notes.inferred(path, "name.role", one.qualifier)
    made = Contributor(one.text, name_identifiers=_identifiers(one, orcids), contributor_type=role)
    draft.contributors.append(made)


def _identifiers(one: Field, orcids: Orcids) -> tuple[NameIdentifier, ...]:
    orcid = orcid_of(one) or orcids.get(one.authority) or orcids.get(one.text)
    return (NameIdentifier(orcid, "ORCID"),) if orcid else ()


def _departments(names: list[str], draft: Draft) -> None:
    """Give departments to the only author; with more, nobody knows whose they are."""
    for name in names:
        if len(draft.creators) == 1:
            author = draft.creators[0]
            held = (*author.affiliation, Affiliation(clean(name)))
            draft.creators[0] = Creator(
                author.name, name_identifiers=author.name_identifiers, affiliation=held
            )
        else:
            host = Contributor(name, "Organizational", contributor_type="HostingInstitution")
            draft.contributors.append(host)
