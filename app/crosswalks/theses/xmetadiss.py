"""XMetaDissPlus, the format in which German universities deliver to the national library.

Qualified Dublin Core whose people and institutions are told in parts, and a degree.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from app.crosswalks import degree
from app.crosswalks.draft import Draft
from app.crosswalks.reading import Circumstances, Reading
from app.crosswalks.recognise import DC_TERMS
from app.crosswalks.xml import (
    XSI_TYPE,
    Element,
    attributes,
    children,
    local_name,
    namespace,
    text_of,
)
from app.datacite import identifiers
from app.datacite.name_roles import AUTHOR, read_role
from app.datacite.resource import (
    Affiliation,
    Contributor,
    Creator,
    NameIdentifier,
    RelatedIdentifier,
    RelatedItem,
    RelatedItemIdentifier,
    Subject,
    Title,
)
from app.datacite.text import clean, is_null
from app.datacite.types import type_word, version_status

NAME = "xmetadissplus"
_SCHEMES = {
    "ddc": "DDC", "ddc-sg": "DDC-Sachgruppen", "swd": "SWD", "gnd": "GND", "lcc": "LCC",
    "lcsh": "LCSH", "mesh": "MeSH", "udc": "UDC", "rvk": "RVK", "msc": "MSC", "pacs": "PACS",
    "ccs": "ACM CCS", "jel": "JEL",
}  # fmt: skip
"""Schemes of subjects by the last part of their xsi:type."""
_ACCESS = {"free": "Open Access", "domain": "Restricted Access", "blocked": "Closed Access"}
_LICENCES = {"oa": "Open Access", "noa": "", "uoa": ""}
_VOLUME_AND_ISSUE = re.compile(
    r", ([0-9]{1,4}), ([0-9]{1,3}(?:[-/][0-9]+)?)(?=, (?:S\. |[0-9]+ S\.))"
)
_CONTAINER_IDS = ("zstitelid", "erstkat-id")
_AUTHORITIES = {"gnd-nr": "GND", "pnd-nr": "GND", "pkd-nr": "GND", "gkd-nr": "GND",
                "orcid": "ORCID", "isni": "ISNI", "ror": "ROR"}  # fmt: skip


def read(root: Element, about: Circumstances) -> Reading:
    """Read an XMetaDissPlus record."""
    draft = Draft(about)
    periodical: dict[str, str] = {}
    for name, child in children(root):
        handler = _HANDLERS.get(name)
        if handler is not None:
            handler(child, draft)
        elif name == "ispartof":
            _container(child, periodical, draft)
        elif name in DC_TERMS:
            draft.text(name, text_of(child), lang=_lang(child), scheme=_scheme(child))
    _periodical(periodical, draft)
    return draft.reading(NAME, namespace(root))


def _scheme(element: Element) -> str:
    """Return the last part of what an element says its value is one of."""
    told = str(element.get(XSI_TYPE) or dict(attributes(element)).get("type", ""))
    return told[told.rfind(":") + 1 :]


def _lang(element: Element) -> str:
    return dict(attributes(element)).get("lang", "")


# ── titles and subjects ──────────────────────────────────────────────────────────────────────


def _title(element: Element, draft: Draft) -> None:
    """Add a title: a translated one is told, all others are what their element says."""
    told = (value for name, value in attributes(element) if name == "type")
    if any("translated" in value.lower() for value in told):
        draft.titles.append(Title(text_of(element), "TranslatedTitle", _lang(element) or None))
    else:
        draft.text(local_name(element).lower(), text_of(element), lang=_lang(element))


def _subject(element: Element, draft: Draft) -> None:
    scheme, lang = _SCHEMES.get(_scheme(element).lower()), _lang(element)
    if scheme is None:
        draft.text("subject", text_of(element), lang=lang)
    else:
        draft.subjects.append(Subject(text_of(element), scheme, lang=lang or None))


# ── people and institutions ──────────────────────────────────────────────────────────────────


def _creator(element: Element, draft: Draft) -> None:
    draft.creators.extend(_people(element))
    if len(element) == 0:
        draft.text("creator", text_of(element))


def _contributor(element: Element, draft: Draft) -> None:
    role = dict(attributes(element)).get("role", "")
    role = role[role.rfind(":") + 1 :]
    kind = "Supervisor" if role.lower() in ("referee", "advisor") else read_role(role)
    if kind == AUTHOR:
        _creator(element, draft)
        return
    if len(element) == 0 and kind is None:
        draft.text("contributor", text_of(element))
        return
    people = _people(element) if len(element) else (Creator(text_of(element)),)
    for one in people:
        draft.contributors.append(
            Contributor(
                one.name,
                one.name_type,
                None,
                one.given_name,
                one.family_name,
                one.name_identifiers,
                one.affiliation,
                kind or "Other",
            )
        )


def _people(element: Element) -> Iterator[Creator]:
    """Yield each person and corporate body inside an element."""
    persons = [child for name, child in children(element) if name == "person"]
    outer = _authorities(element) if len(persons) == 1 else ()
    for person in persons:
        yield _person(person, outer)
    for name, child in children(element):
        if name in ("organisation", "organization", "corporate", "universityorinstitution"):
            yield Creator(_called(child), "Organizational", name_identifiers=_authorities(child))
        elif name == "name" and not persons:
            yield _person(element)
            return


def _person(person: Element, outer: tuple[NameIdentifier, ...] = ()) -> Creator:
    """Read a person, in the form of the name that the person uses. outer: identifiers around."""
    names = [child for name, child in children(person) if name == "name"]
    used = (one for one in names if dict(attributes(one)).get("type") == "nameUsedByThePerson")
    chosen = next(used, names[0] if names else person)
    parts = {name: clean(text_of(child)) for name, child in reversed(list(children(chosen)))}
    known = tuple(dict.fromkeys((*_authorities(person), *_authorities(chosen), *outer)))
    belonging = tuple(
        Affiliation(_called(child)) for name, child in children(person) if name == "affiliation"
    )
    if body := parts.get("organisationname") or parts.get("organizationname"):
        return Creator(body, "Organizational", name_identifiers=known)
    under_given = parts.get("personenteredundergivenname", "")
    family = " ".join(filter(None, (parts.get("prefix"), parts.get("surname"))))
    given = parts.get("forename") or None
    name = under_given or ", ".join(filter(None, (family, given)))
    if not name and len(chosen) == 0:
        name = text_of(chosen)
    return Creator(
        name,
        "Personal" if family or under_given else None,
        given_name=given if family else None,
        family_name=family or None,
        name_identifiers=known,
        affiliation=belonging,
    )


def _authorities(element: Element) -> tuple[NameIdentifier, ...]:
    """Return the numbers that stand as attributes or elements (`ddb:GND-Nr`, `ddb:ORCID`)."""
    told = [*attributes(element), *((name, text_of(child)) for name, child in children(element))]
    return tuple(
        NameIdentifier(value, _AUTHORITIES[name]) for name, value in told if name in _AUTHORITIES
    )


def _called(element: Element) -> str:
    """Return the name of an institution, whatever it is wrapped in."""
    return degree.text_of_part(element)


def _publisher(element: Element, draft: Draft) -> None:
    draft.text("publisher", _called(element))


def _type(element: Element, draft: Draft) -> None:
    """Add a type; its words are those of DINI, if no other list is told."""
    text = clean(text_of(element))
    known = _scheme(element) != "DCMIType" and type_word("dini", text) is not None
    draft.text("type", f"doc-type:{text}" if known else text)


def _source(element: Element, draft: Draft) -> None:
    """Add a source; `Title, 8, 5, S. 209-228` is OPUS's way to write volume and issue."""
    text = _VOLUME_AND_ISSUE.sub(r", \1(\2)", clean(text_of(element)))
    draft.text("source", text, lang=_lang(element))


def _degree(element: Element, draft: Draft) -> None:
    for one in degree.read(element):
        degree.put(one, draft)


# ── identifiers, container, rights ───────────────────────────────────────────────────────────


def _identifier(element: Element, draft: Draft) -> None:
    draft.identifier(text_of(element), _scheme(element))


def _transfer(element: Element, draft: Draft) -> None:
    address = clean(text_of(element))
    if identifiers.is_web_url(address):
        draft.file(address)


def _container(element: Element, periodical: dict[str, str], draft: Draft) -> None:
    """Read what the work is part of; a periodical is told by several elements."""
    kind, text = _scheme(element).lower(), clean(text_of(element))
    if is_null(text):
        return
    if kind in ("issn", "isbn"):
        relation = "IsPublishedIn" if kind == "issn" else "IsPartOf"
        draft.related_identifiers.append(RelatedIdentifier(text, kind.upper(), relation))
        periodical.setdefault(kind, text)
    elif kind in (*_CONTAINER_IDS, "zs-ausgabe"):
        periodical.setdefault(kind, text)
    else:
        draft.text("ispartof", text, lang=_lang(element))


def _periodical(told: dict[str, str], draft: Draft) -> None:
    """Add the periodical of an issue that is told."""
    if "source" in draft.untold:
        return
    issue = told.get("zs-ausgabe")
    number = next((told[kind] for kind in _CONTAINER_IDS if kind in told), None)
    if issue is None and number is None:
        return
    if issn := told.get("issn"):
        identifier = RelatedItemIdentifier(issn, "ISSN")
    elif number:
        identifier = RelatedItemIdentifier(number)
    else:
        draft.notes.lost("/relatedItems", issue or "", "The issue of a periodical without name.")
        return
    draft.related_items.append(
        RelatedItem("Journal", "IsPublishedIn", None, identifier, issue=issue)
    )


def _rights(element: Element, draft: Draft) -> None:
    """Read the right of access (`ddb:kind`) or a statement of rights."""
    kind = next((value for name, value in attributes(element) if name == "kind"), "")
    draft.text("rights", text_of(element).strip() or _ACCESS.get(kind.lower(), ""))


def _licence(element: Element, draft: Draft) -> None:
    text = clean(text_of(element))
    draft.text("rights", _LICENCES.get(text.lower(), text))


def _version(element: Element, draft: Draft) -> None:
    draft.version = version_status(clean(text_of(element))) or ""


_HANDLERS: dict[str, Callable[[Element, Draft], None]] = {
    "title": _title,
    "alternative": _title,
    "creator": _creator,
    "contributor": _contributor,
    "subject": _subject,
    "publisher": _publisher,
    "degree": _degree,
    "identifier": _identifier,
    "transfer": _transfer,
    "rights": _rights,
    "licence": _licence,
    "version_driver": _version,
    "type": _type,
    "source": _source,
}
