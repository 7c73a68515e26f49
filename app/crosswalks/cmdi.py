"""CMDI of the CLARIN infrastructure: the resources told by its envelope, and what speaks of them.

Its components are as many as its profiles; only leaves with the name of a Dublin Core element, or
one that means the same in any profile, are read, the outermost ones.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from app.crosswalks.canonical.people import contributor
from app.crosswalks.draft import Draft
from app.crosswalks.dublin_core import olac
from app.crosswalks.reading import Circumstances, Reading
from app.crosswalks.recognise import DC_TERMS
from app.crosswalks.volatile import Volatile, without
from app.crosswalks.xml import (
    XML_LANG,
    Element,
    attributes,
    children,
    first_child,
    local_name,
    namespace,
    text_of,
)
from app.datacite import identifiers
from app.datacite.problem import problem
from app.datacite.resource import Affiliation, Creator
from app.datacite.text import clean, is_null

stable = without(
    Volatile("MdCreationDate", "Converters write the day on which they ran.", within="Header")
)

_TITLES = ("title", "resourcetitle", "resourcename", "corpusname", "lexiconname", "name",
           "longname")  # fmt: skip
_WORDS = {
    "author": "creator",
    "creatorname": "creator",
    "distributor": "publisher",
    "dateissued": "issued",
    "publicationdate": "issued",
    "publicationyear": "issued",
    "lastupdate": "modified",
    "creationdate": "created",
    "pid": "identifier",
    "idno": "identifier",
    "languageid": "language",
    "languagecode": "language",
    "languagename": "language",
    "iso639code": "language",
    "iso-639-3-code": "language",
    "resourcetype": "type",
    "resourceclass": "type",
    "applicationtype": "type",
    "mimetype": "format",
    "licence": "license",
    "licencename": "license",
    "licenseuri": "license",
    "availability": "rights",
    "keyword": "subject",
    "topic": "subject",
    "timecoverage": "temporal",
    "geographiccoverage": "spatial",
}
"""Leaves of several profiles that mean an element of Dublin Core."""
_INSIDE = {
    ("language", "code"): "languagecode",
    ("language", "iso639code"): "languagecode",
    ("content_language", "id"): "languagecode",
    ("license", "uri"): "license",
    ("licence", "uri"): "license",
}
"""Leaves that say what they are only together with what holds them."""
_CREATORS = ("creator", "author", "resourcecreator", "resourcecreatorperson",
             "resourcecreatororganization")  # fmt: skip
_PUBLISHERS = ("distributionrightsholderorganization", "licensororganization")
_VERSIONS = ("version", "versioninfo")
_ELSEWHERE_WORDS = """
    operations operation actors actor project contact contacts contactperson communicationinfo
    validation keys access mediafile writtenresource resources metadatainfo organizationinfo
    licensororganization distributionrightsholderorganization personinfo funding funds
    fundingproject sourcedesc encodingdesc revisiondesc documentation institution location
    relations relationinfo resourcedocumentationinfo usageinfo"""
_ELSEWHERE = frozenset(_ELSEWHERE_WORDS.split())
"""Components that speak of something else than the resource itself."""


class _Leaf(Struct, frozen=True):
    """A leaf of the components, how deep it lies, and what holds it."""

    name: str
    element: Element
    depth: int
    parent: Element


def read(root: Element, about: Circumstances) -> Reading:
    """Read one CMDI record."""
    draft = Draft(about)
    header, resources = first_child(root, "header"), first_child(root, "resources")
    components = first_child(root, "components")
    if components is not None:
        _components(components, draft)
    if draft.is_empty():
        empty = (problem("format.empty"),)
        return Reading(None, empty, format="cmdi", namespace=namespace(root))
    if header is not None:
        _header(header, draft)
    if resources is not None:
        _resources(resources, draft)
    return draft.reading("cmdi", namespace(root))


# ── the envelope ─────────────────────────────────────────────────────────────────────────────


def _header(header: Element, draft: Draft) -> None:
    for name, child in children(header):
        text = clean(text_of(child))
        if name == "mdselflink":
            draft.identifier(text.partition("@")[0])
        elif name == "mdcollectiondisplayname" and text:
            draft.publishers.append(text)


def _resources(resources: Element, draft: Draft) -> None:
    for child in resources.iter():
        name = str(child.tag).rpartition("}")[2].lower() if isinstance(child.tag, str) else ""
        if name == "resourceproxy":
            _proxy(child, draft)
        elif name == "ispartof" and not len(child):
            draft.relate(text_of(child), "IsPartOf")


def _proxy(proxy: Element, draft: Draft) -> None:
    """Add a landing page or a file; search pages and further records are neither."""
    kind, reference = first_child(proxy, "resourcetype"), first_child(proxy, "resourceref")
    told = clean(text_of(kind)).lower() if kind is not None else ""
    address = _address(clean(text_of(reference))) if reference is not None else ""
    if told == "landingpage" and not draft.url:
        draft.url = address
    elif told == "resource" and address:
        mime = str(kind.get("mimetype") or "") if kind is not None else ""
        draft.content_url.append(address)
        if mime and mime not in draft.formats:
            draft.formats.append(mime)


def _address(text: str) -> str:
    """Return the address that a reference leads to; relative ones lead nowhere."""
    shown = identifiers.recognise(text)
    link = identifiers.link(shown.kind, shown.value)
    return text if "://" in text[:8] else link or ""


# ── the components ───────────────────────────────────────────────────────────────────────────


def _leaves(element: Element, depth: int = 0) -> Iterator[_Leaf]:
    holder = local_name(element).lower()
    for name, child in children(element):
        name = _INSIDE.get((holder, name), name)
        if len(child) == 0 or name in _CREATORS:
            yield _Leaf(name, child, depth, element)
        elif name not in _ELSEWHERE or depth == 0:
            yield from _leaves(child, depth + 1)


def _components(components: Element, draft: Draft) -> None:
    leaves = [leaf for leaf in _leaves(components) if _says(leaf)]
    _titles(leaves, draft)
    outermost: dict[str, int] = {}
    for leaf in leaves:
        outermost[leaf.name] = min(leaf.depth, outermost.get(leaf.name, leaf.depth))
    for leaf in leaves:
        if leaf.depth == outermost[leaf.name]:
            _leaf(leaf, draft)
    for element in components.iter("{*}*"):
        name = local_name(element).lower()
        if name == "contactperson":
            _contact(element, draft)
        elif name in _PUBLISHERS and (body := _person(element)) is not None:
            draft.publishers.append(body.name)


def _says(leaf: _Leaf) -> bool:
    return bool(leaf.element.attrib) or not is_null(clean(text_of(leaf.element)))


def _titles(leaves: list[_Leaf], draft: Draft) -> None:
    """Add the title: the outermost leaf with the best name, in all its languages."""
    for name in _TITLES:
        named = [leaf for leaf in leaves if leaf.name == name]
        if named:
            first = min(named, key=lambda leaf: leaf.depth)
            for leaf in named:
                if leaf.parent is first.parent:
                    draft.text("title", text_of(leaf.element), lang=_lang(leaf.element))
            return


def _leaf(leaf: _Leaf, draft: Draft) -> None:
    name = _WORDS.get(leaf.name, leaf.name)
    if leaf.element.get("type") == "short" or clean(text_of(leaf.element)).lower() == "other":
        return
    if leaf.name in _VERSIONS:
        draft.version = draft.version or clean(text_of(leaf.element))
    elif leaf.name in _CREATORS or name == "creator":
        _creator(leaf.element, draft)
    elif name != "title" and name in DC_TERMS:
        _term(name, leaf.element, draft)


def _term(name: str, element: Element, draft: Draft) -> None:
    """Add a value of Dublin Core, with what language archives say of it in attributes."""
    text = _code(clean(text_of(element))) if name == "language" else text_of(element)
    typed = False
    for key, code in attributes(element):
        if key.startswith("olac-"):
            typed = True
            for made, given, scheme in olac.told(
                name, text, key.removeprefix("olac-"), code.lower()
            ):
                draft.text(made, given, lang=_lang(element), scheme=scheme)
    if not typed:
        draft.text(name, text, lang=_lang(element))


def _code(text: str) -> str:
    """Return a language code without the name of its standard (`ISO639-3:nld`)."""
    head, colon, rest = text.partition(":")
    return rest if colon and head.lower().startswith("iso") else text


def _lang(element: Element) -> str:
    return str(element.get(XML_LANG) or element.get("lang") or "")


# ── people ───────────────────────────────────────────────────────────────────────────────────


def _creator(element: Element, draft: Draft) -> None:
    """Add a creator: a name, or the person or organisation that is told inside."""
    role = next((code for key, code in attributes(element) if key == "olac-role"), "")
    if len(element) == 0:
        for name, text, _ in olac.told("creator", text_of(element), "role", role):
            draft.text(name, text)
    elif (person := _person(element)) is not None:
        draft.creators.append(person)


def _contact(element: Element, draft: Draft) -> None:
    person = _person(element)
    if person is not None:
        draft.contributors.append(contributor(person, "ContactPerson"))


_FAMILY, _GIVEN = ("lastname", "surname", "familyname"), ("firstname", "givenname")
_BODY = ("affiliation", "organisation", "organization", "organizationname")


def _person(element: Element) -> Creator | None:
    found: dict[str, str] = {}
    for inner in element.iterdescendants():
        if isinstance(inner.tag, str) and len(inner) == 0:
            key = inner.tag.rpartition("}")[2].lower()
            found.setdefault(key, clean(text_of(inner)))
    family, given = _of(found, *_FAMILY), _of(found, *_GIVEN)
    body = _of(found, *_BODY)
    name = _of(found, "name", "fullname", "person") or ", ".join(filter(None, (family, given)))
    if name:
        affiliation = (Affiliation(body),) if body else ()
        return Creator(name, None, None, given or None, family or None, (), affiliation)
    return Creator(body, "Organizational") if body else None


def _of(found: dict[str, str], *names: str) -> str:
    return next((found[name] for name in names if not is_null(found.get(name, ""))), "")
