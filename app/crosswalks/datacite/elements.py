"""Parts of a DataCite element: its attributes, what is inside, its text, and the names in it.

Everything is found by local name and blind to case; texts are copied as they are.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache

from app.crosswalks.xml import Element, children, local_name, plain_name, text_of
from app.datacite.resource import (
    Affiliation,
    Contributor,
    Creator,
    ItemContributor,
    ItemCreator,
    NameIdentifier,
)

Attributes = Mapping[str, str]
Inside = Mapping[str, list[Element]]
"""What an element holds, by local name in lower case."""

_ALIASES = {
    "affiliationscheme": "affiliationidentifierscheme",
    "nameidentifiertype": "nameidentifierscheme",
    "publisherscheme": "publisheridentifierscheme",
    "rightsurl": "rightsuri",
    "schemeurl": "schemeuri",
    "valueurl": "valueuri",
    "awardurl": "awarduri",
}
_BLOCKS = frozenset(("p", "div", "li", "ul", "ol", "dl", "dt", "dd", "tr", "table", "blockquote"))


NOTHING: Attributes = {}


def attributes_of(element: Element) -> Attributes:
    """Return the attributes that say something, by their local names in lower case."""
    if not element.attrib:
        return NOTHING
    return {
        _key(str(name)): str(value)
        for name, value in element.items()
        if value and not value.isspace()
    }


@lru_cache(512)
def _key(name: str) -> str:
    plain = plain_name(name)
    return _ALIASES.get(plain, plain)


def inside_of(element: Element) -> dict[str, list[Element]]:
    """Return the children by local name in lower case."""
    found: dict[str, list[Element]] = {}
    for name, child in children(element):
        found.setdefault(name, []).append(child)
    return found


def text_in(inside: Inside, name: str) -> str | None:
    """Return the text of the first child of a name."""
    found = inside.get(name)
    return text_of(found[0]) if found else None


def marked_text(element: Element) -> str:
    """Return the text of an element that may hold markup; breaks and blocks stay as tags."""
    if len(element) == 0:
        return element.text or ""
    return "".join(_pieces(element))


def _pieces(element: Element) -> Iterator[str]:
    yield element.text or ""
    for child in element.iterdescendants():
        name = local_name(child).lower()
        if name == "br":
            yield "<br>"
        elif name in _BLOCKS:
            yield "<p>"
        if name:
            yield child.text or ""
        yield child.tail or ""


# ── names ────────────────────────────────────────────────────────────────────────────────────


def creator(element: Element) -> Creator:
    """Read a creator."""
    inside = inside_of(element)
    return Creator(*_person(element, inside, "creatorname"), *_belongings(inside))


def contributor(element: Element) -> Contributor:
    """Read a contributor."""
    inside = inside_of(element)
    return Contributor(
        *_person(element, inside, "contributorname"),
        *_belongings(inside),
        attributes_of(element).get("contributortype", ""),
    )


def item_creator(element: Element) -> ItemCreator:
    """Read a creator of a related item."""
    return ItemCreator(*_person(element, inside_of(element), "creatorname"))


def item_contributor(element: Element) -> ItemContributor:
    """Read a contributor of a related item."""
    return ItemContributor(
        *_person(element, inside_of(element), "contributorname"),
        attributes_of(element).get("contributortype", ""),
    )


def _person(
    element: Element, inside: Inside, wanted: str
) -> tuple[str, str | None, str | None, str | None, str | None]:
    """Return name, nameType, language, given name and family name."""
    name, given = _name(element, inside, wanted)
    return (
        name,
        given.get("nametype"),
        given.get("lang"),
        text_in(inside, "givenname"),
        text_in(inside, "familyname"),
    )


def _belongings(inside: Inside) -> tuple[tuple[NameIdentifier, ...], tuple[Affiliation, ...]]:
    """Return the identifiers and affiliations of a name."""
    return (
        tuple(map(_name_identifier, inside.get("nameidentifier", ()))),
        tuple(map(_affiliation, inside.get("affiliation", ()))),
    )


def _name(element: Element, inside: Inside, wanted: str) -> tuple[str, Attributes]:
    """Return a name's text and attributes; a bare text without creatorName is a name too."""
    for name in (wanted, "creatorname", "contributorname", "name"):
        if found := inside.get(name):
            return text_of(found[0]), {**attributes_of(element), **attributes_of(found[0])}
    return ("" if inside else text_of(element)), attributes_of(element)


def _name_identifier(element: Element) -> NameIdentifier:
    given = attributes_of(element)
    return NameIdentifier(
        text_of(element), given.get("nameidentifierscheme"), given.get("schemeuri")
    )


def _affiliation(element: Element) -> Affiliation:
    given = attributes_of(element)
    return Affiliation(
        text_of(element),
        given.get("affiliationidentifier"),
        given.get("affiliationidentifierscheme"),
        given.get("schemeuri"),
    )
