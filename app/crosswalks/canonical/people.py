"""Names as DataCite documents give them, made canonical: types, parts, identifiers, affiliations.

What the source says stands; only what is missing is inferred from the name itself, and an
identifier outweighs a nameType that contradicts it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from app.crosswalks.canonical.name_identifiers import (
    Given,
    affiliations,
    language,
    name_identifiers,
)
from app.crosswalks.reading import Notes
from app.datacite.names import Name, in_capitals, read_names
from app.datacite.organisations import is_strong, words_of
from app.datacite.resource import (
    Affiliation,
    Contributor,
    Creator,
    FundingReference,
    ItemContributor,
    ItemCreator,
    NameIdentifier,
)
from app.datacite.text import clean, is_null, missing_code


class People(Struct, frozen=True):
    """Creators and contributors, with the funders that older kernels list among the latter."""

    creators: tuple[Creator, ...]
    contributors: tuple[Contributor, ...]
    funders: tuple[FundingReference, ...] = ()


def canonical(
    creators: Sequence[Creator], contributors: Sequence[Contributor], notes: Notes
) -> People:
    """Return all names of a record, canonical."""
    others = in_capitals([*(c.name for c in creators), *(c.name for c in contributors)])
    made: list[Creator] = []
    for given in creators:
        for person, _ in _read(given, f"/creators/{len(made)}", notes, others):
            made.append(person)
    helped: list[Contributor] = []
    funders: list[FundingReference] = []
    for helper in contributors:
        if is_funder(helper.contributor_type):
            funders.extend(_funder(helper, notes))
            continue
        path = f"/contributors/{len(helped)}"
        for person, role in _read(helper, path, notes, others):
            helped.append(_contributor(person, helper.contributor_type, role, path, notes))
    return People(tuple(made), tuple(dict.fromkeys(helped)), tuple(funders))


Parts = tuple[str, str | None, str | None]


def _read(
    given: Given, path: str, notes: Notes, others: Sequence[str]
) -> Iterator[tuple[Creator, str | None]]:
    """Yield the names that one element holds, each with a role that stood in it."""
    text = clean(given.name)
    if code := missing_code(text):
        notes.problem("code.missing-value", path, text)
        yield Creator(name=code, name_identifiers=name_identifiers(given, path, notes)), None
        return
    kinds = name_identifiers(given, path, notes)
    kind = _name_type(given, kinds, path, notes)
    parts = _parts(text, given, kind, path, notes)
    belonging = affiliations(given.affiliation, path, notes)
    if not parts[0]:
        notes.problem(
            "name.empty", path, given.name or next((k.name_identifier for k in kinds), "")
        )
        return
    if kind is None and not parts[1] and not parts[2] and not kinds:
        yield from _inferred(given, parts[0], belonging, path, notes, others)
        return
    parts, read = _around(parts, kind, notes, path, others)
    person = _typed(given, parts, kind, kinds, belonging, path, notes, others)
    yield (person, None) if read is None else _with(person, read)


def _parts(text: str, given: Given, kind: str | None, path: str, notes: Notes) -> Parts:
    """Return name, given name and family name; a missing or reversed name is rebuilt."""
    first, last = clean(given.given_name or ""), clean(given.family_name or "")
    first, last = "" if _says_nothing(first) else first, "" if _says_nothing(last) else last
    if is_null(text):
        if text := ", ".join(filter(None, (last, first))):
            notes.inferred(f"{path}/name", "name.parts", text)
    elif kind == "Organizational":
        return text, first or None, last or None
    elif first and last and "," not in text and _is_reversed(text, f"{last} {first}"):
        notes.inferred(f"{path}/name", "name.order", text)
        text = f"{last}, {first}"
    text = text.rstrip(" ,;") if first or last else text
    if last == text and not first and is_strong(text, words_of(text)):
        return text, None, None
    return text, first or None, last or None


def _is_reversed(text: str, parts: str) -> bool:
    """Whether a name without comma has the words of its parts, and is no organisation's."""
    return _words(text) == _words(parts) and not is_strong(text, words_of(text))


def _around(
    parts: Parts, kind: str | None, notes: Notes, path: str, others: Sequence[str]
) -> tuple[Parts, Name | None]:
    """Take what stands around a person's name off it: where the person works, and the role."""
    name = parts[0]
    if kind == "Organizational" or ("(" not in name and "[" not in name):
        return parts, None
    found = read_names(name, others=others)
    if len(found) != 1 or found[0].name == name or found[0].name_type == "Organizational":
        return parts, None
    if parts[1] or parts[2] or found[0].name_type is None:
        notes.problem("name.inferred", path, name)
        notes.inferred(path, "name.inferred", name)
    return (found[0].name, *parts[1:]), found[0]


def _with(person: Creator, read: Name) -> tuple[Creator, str | None]:
    """Add what stood around a name, where the source says nothing else."""
    known = {kind.name_identifier_scheme for kind in person.name_identifiers}
    new = tuple(k for k in read.name_identifiers if k.name_identifier_scheme not in known)
    return replace(
        person,
        name_identifiers=(*person.name_identifiers, *new),
        affiliation=person.affiliation or tuple(dict.fromkeys(read.affiliation)),
    ), read.role


def _says_nothing(text: str) -> bool:
    """Whether a part of a name is none; `Nan` and `K. A.` are names here."""
    return text in ("", "-", "--", ".") or missing_code(text) is not None


def _words(text: str) -> list[str]:
    return sorted(text.casefold().split())


def _name_type(
    given: Given, kinds: Sequence[NameIdentifier], path: str, notes: Notes
) -> str | None:
    """Return the type that is given, unless an identifier says otherwise."""
    told = notes.term("nameType", given.name_type, f"{path}/nameType")
    shown = _shown(kinds)
    if shown is None:
        return told
    if told is not None and told != shown:
        notes.problem("name.type-conflict", f"{path}/nameType", told)
    elif told is None:
        notes.inferred(f"{path}/nameType", "name.identifier", kinds[0].name_identifier)
    return shown


def _shown(kinds: Sequence[NameIdentifier]) -> str | None:
    """Return the type that identifiers show, if they agree."""
    schemes = {kind.name_identifier_scheme for kind in kinds}
    if "ORCID" in schemes:
        return None if "ROR" in schemes else "Personal"
    return "Organizational" if "ROR" in schemes else None


def _typed(
    given: Given,
    parts: Parts,
    kind: str | None,
    kinds: tuple[NameIdentifier, ...],
    belonging: tuple[Affiliation, ...],
    path: str,
    notes: Notes,
    others: Sequence[str],
) -> Creator:
    """Return a name that the source says something of; only what lacks is inferred."""
    name, first, last = parts
    if kind is None and (first or last):
        kind = "Personal"
        notes.inferred(f"{path}/nameType", "name.parts", name)
    if kind == "Organizational" and (first or last):
        notes.problem("name.type-conflict", path, f"{last or ''}, {first or ''}")
        first = last = None
    elif kind != "Organizational" and not first and not last:
        name, kind, first, last = _split(name, kind, path, notes, others)
    lang = language(given.lang, f"{path}/lang", notes)
    return Creator(name, kind, lang, first, last, kinds, belonging)


def _split(
    name: str, kind: str | None, path: str, notes: Notes, others: Sequence[str]
) -> tuple[str, str | None, str | None, str | None]:
    """Infer type and parts of one name; a name of other words stays as it is."""
    found = read_names(name, others=others)
    if len(found) != 1 or (found[0].name != name and found[0].name.replace(",", "") != name):
        return name, kind, None, None
    read = found[0]
    if read.name_type is None or (kind is not None and read.name_type != kind):
        return name, kind, None, None
    notes.problem("name.inferred", path, name)
    notes.inferred(path, "name.inferred", name)
    return read.name, read.name_type, read.given_name, read.family_name


def _inferred(
    given: Given,
    text: str,
    belonging: tuple[Affiliation, ...],
    path: str,
    notes: Notes,
    others: Sequence[str],
) -> Iterator[tuple[Creator, str | None]]:
    """Read a bare name by all rules for names; it may hold several."""
    lang = language(given.lang, f"{path}/lang", notes)
    found = read_names(text, others=others)
    if not found:
        notes.problem("name.empty", path, text)
    root, _, first = path.rpartition("/")
    for place, read in enumerate(found, int(first)):
        path = f"{root}/{place}"
        if read.name_type or read.name != text:
            notes.problem("name.inferred", path, text)
            notes.inferred(path, "name.inferred", text)
        for wrong in read.rejected:
            notes.problem("nameIdentifier.checksum", path, wrong)
        if read.et_al:
            notes.problem("creators.et-al", path, text)
        yield of_name(read, lang=lang, belonging=belonging), read.role


def of_name(
    read: Name, *, lang: str | None = None, belonging: tuple[Affiliation, ...] = ()
) -> Creator:
    """Return a Creator of a name that was read from text."""
    return Creator(
        read.name,
        read.name_type,
        lang,
        read.given_name,
        read.family_name,
        read.name_identifiers,
        belonging or (tuple(dict.fromkeys(read.affiliation)) if read.affiliation else ()),
    )


# ── roles ────────────────────────────────────────────────────────────────────────────────────


def is_funder(role: str) -> bool:
    """Whether a contributorType is the one that became a property of its own in 4.0."""
    return role.strip().lower() in ("funder", "funders")


def _contributor(
    person: Creator, role: str, inside: str | None, path: str, notes: Notes
) -> Contributor:
    found = notes.term("contributorType", role, f"{path}/contributorType")
    if found is None and inside is not None:
        found = inside
        notes.inferred(f"{path}/contributorType", "name.role", inside)
    if found is None and not role.strip():
        notes.problem("vocabulary.unknown", f"{path}/contributorType", "")
    return contributor(person, found or "Other")


def contributor(person: Creator, role: str) -> Contributor:
    """Return a name as a contributor with a role."""
    return Contributor(
        person.name,
        person.name_type,
        person.lang,
        person.given_name,
        person.family_name,
        person.name_identifiers,
        person.affiliation,
        role,
    )


def creator(helper: Contributor) -> Creator:
    """Return a contributor as a creator, without role."""
    return Creator(
        helper.name,
        helper.name_type,
        helper.lang,
        helper.given_name,
        helper.family_name,
        helper.name_identifiers,
        helper.affiliation,
    )


def _funder(helper: Contributor, notes: Notes) -> Iterator[FundingReference]:
    """Turn a contributor of type Funder into a raw funding reference."""
    name = clean(helper.name)
    identifier = award = None
    for given in helper.name_identifiers:
        if "grantagreement" in given.name_identifier.lower():
            award = given.name_identifier
        elif identifier is None:
            identifier = given
    notes.inferred("/fundingReferences", "contributor.funder", name)
    yield FundingReference(
        funder_name=name,
        funder_identifier=identifier.name_identifier if identifier else None,
        funder_identifier_type=identifier.name_identifier_scheme if identifier else None,
        scheme_uri=identifier.scheme_uri if identifier else None,
        award_number=award,
    )


# ── names in related items ───────────────────────────────────────────────────────────────────


def item_creator(given: ItemCreator, path: str, notes: Notes) -> ItemCreator | None:
    """Return a creator of a related item, canonical; None if there is no name."""
    person = _item(Creator(given.name, given.name_type, given.lang, given.given_name,
                           given.family_name), path, notes)  # fmt: skip
    if person is None:
        return None
    return ItemCreator(
        person.name, person.name_type, person.lang, person.given_name, person.family_name
    )


def item_contributor(given: ItemContributor, path: str, notes: Notes) -> ItemContributor | None:
    """Return a contributor of a related item, canonical; None if there is no name."""
    person = _item(Creator(given.name, given.name_type, given.lang, given.given_name,
                           given.family_name), path, notes)  # fmt: skip
    if person is None:
        return None
    role = notes.term("contributorType", given.contributor_type, f"{path}/contributorType")
    return ItemContributor(
        person.name, person.name_type, person.lang, person.given_name, person.family_name,
        role or "Other",
    )  # fmt: skip


def _item(given: Creator, path: str, notes: Notes) -> Creator | None:
    text = clean(given.name)
    if code := missing_code(text):
        return Creator(name=code)
    kind = notes.term("nameType", given.name_type, f"{path}/nameType")
    parts = _parts(text, given, kind, path, notes)
    if not parts[0]:
        notes.problem("name.empty", path, given.name)
        return None
    return _typed(given, parts, kind, (), (), path, notes, ())
