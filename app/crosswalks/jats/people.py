"""The contributors of an article: authors, editors and groups, each with where they work."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from app.crosswalks.draft import Draft
from app.crosswalks.jats.elements import attribute, below, first, plain
from app.crosswalks.xml import Element, children, local_name
from app.datacite.name_roles import AUTHOR, FUNDER, read_role
from app.datacite.resource import Affiliation, Contributor, Creator, NameIdentifier

_GROUPS = {"authors": AUTHOR, "editors": "Editor", "author": AUTHOR, "editor": "Editor"}
_ENDS = " \t\n,;.:"


def read(meta: Element, draft: Draft) -> None:
    """Read the contributors of an `article-meta`, in their order."""
    places = {attribute(e, "id"): e for e in meta.iter() if isinstance(e.tag, str) and _is_place(e)}
    for place, group in enumerate(below(meta, "contrib-group")):
        shared = _shared(group, meta if place == 0 else group)
        for person in below(group, "contrib"):
            found = _affiliations(person, places) or shared
            _add(person, _role(person, group), found, draft)


def _is_place(element: Element) -> bool:
    return local_name(element).lower() in ("aff", "aff-alternatives")


def _role(person: Element, group: Element) -> str:
    """Return what a contributor did; without any word, that of the group, else the author's."""
    word = attribute(person, "contrib-type")
    if not word:
        return _GROUPS.get(attribute(group, "content-type").lower(), AUTHOR)
    if word.lower().endswith(("editor", "editors")):
        return "Editor"
    return read_role(word.replace("-", " ")) or "Other"


def _add(person: Element, role: str, places: tuple[Affiliation, ...], draft: Draft) -> None:
    name = _name(person)
    if name is None:
        return
    made = Creator(
        name.name, name.name_type, None, name.given_name, name.family_name,
        tuple(_identifiers(person)), places,
    )  # fmt: skip
    if role == AUTHOR:
        draft.creators.append(made)
        return
    if role in ("Other", FUNDER):
        path = f"/contributors/{len(draft.contributors)}/contributorType"
        draft.notes.inferred(path, "name.role", attribute(person, "contrib-type"))
    draft.contributors.append(
        Contributor(
            made.name, made.name_type, None, made.given_name, made.family_name,
            made.name_identifiers, made.affiliation, role,
        )
    )  # fmt: skip


def _name(person: Element) -> Creator | None:
    """Return the name of a contributor: in parts, as a group, or as one text."""
    for name, child in children(person):
        if name == "name-alternatives":
            return _name(child)
        if name in ("name", "string-name"):
            return _person(child)
        if name in ("collab", "institution", "collab-name"):
            text = plain(first(child, "institution")) or plain(child)
            return Creator(text.strip(_ENDS[:-1]), "Organizational") if text else None
        if name == "collab-alternatives":
            return _name(child)
        if name == "anonymous":
            return Creator("Anonymous")
    return None


def _person(element: Element) -> Creator:
    family, given = plain(first(element, "surname")), plain(first(element, "given-names"))
    suffix = plain(first(element, "suffix"))
    family = f"{family} {suffix}" if family and suffix else family
    if not family and not given:
        return Creator(plain(element))
    name = ", ".join(filter(None, (family, given)))
    return Creator(name, "Personal", None, given or None, family or None)


def _identifiers(person: Element) -> Iterator[NameIdentifier]:
    """Yield the identifiers of a person; older articles give the ORCID as a link."""
    for element in below(person, "contrib-id"):
        scheme = attribute(element, "contrib-id-type")
        yield NameIdentifier(plain(element), "ORCID" if scheme.lower() == "orcid" else scheme)
    for name in ("uri", "ext-link"):
        for element in below(person, name):
            address = attribute(element, "href") or plain(element)
            if "orcid.org/" in address:
                yield NameIdentifier(address, "ORCID")


# ── where they work ──────────────────────────────────────────────────────────────────────────


def _shared(group: Element, around: Element) -> tuple[Affiliation, ...]:
    """Return the one affiliation of a group, or of what is around it, if nobody points at any."""
    refers = any(
        attribute(x, "ref-type") == "aff" for c in below(group, "contrib") for x in below(c, "xref")
    )
    inside = [*below(group, "aff")] or [*below(around, "aff")]
    if refers or len(inside) != 1:
        return ()
    return tuple(filter(None, (_affiliation(inside[0]),)))


def _affiliations(person: Element, places: Mapping[str, Element]) -> tuple[Affiliation, ...]:
    found = [child for name, child in children(person) if name in ("aff", "aff-alternatives")]
    for mark in below(person, "xref"):
        if attribute(mark, "ref-type") in ("aff", ""):
            ids = attribute(mark, "rid").split()
            found.extend(places[one] for one in ids if one in places)
    made = (_affiliation(element) for element in found)
    return tuple(dict.fromkeys(one for one in made if one is not None))


def _affiliation(element: Element) -> Affiliation | None:
    """Return an affiliation: its institutions, else its text without numbers and addresses."""
    if local_name(element).lower() == "aff-alternatives":
        inner = first(element, "aff")
        return _affiliation(inner) if inner is not None else None
    identifier, scheme = "", ""
    for number in below(element, "institution-wrap", "institution-id"):
        kind = attribute(number, "institution-id-type")
        if not identifier or kind.lower() == "ror":
            identifier, scheme = plain(number), "ROR" if kind.lower() == "ror" else kind
    named = [plain(one).strip(_ENDS) for one in _institutions(element)]
    name = ", ".join(filter(None, named)) or _text(element)
    if not name and not identifier:
        return None
    return Affiliation(name, identifier or None, scheme or None)


def _institutions(element: Element) -> Sequence[Element]:
    found: list[Element] = []
    for name, child in children(element):
        if name == "institution":
            found.append(child)
        elif name == "institution-wrap":
            found.extend(below(child, "institution"))
    return found


def _text(element: Element) -> str:
    """Return the text of an affiliation; a number may stand raised in front of it."""
    text = plain(element)
    raised = first(element, "sup")
    if raised is not None and not (element.text or "").strip():
        text = text.removeprefix(plain(raised))
    return text.strip(_ENDS)
