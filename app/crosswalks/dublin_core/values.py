"""Sorts the elements of any Dublin Core flavour into lists by name, in one pass.

Plain, qualified, dcterms, csw and what repositories invent: elements count by local name, in
whatever namespace. Texts stay as they are.
"""

from __future__ import annotations

from msgspec import Struct

from app.crosswalks import degree
from app.crosswalks.dublin_core import olac
from app.crosswalks.recognise import DC_TERMS, dublin_core
from app.crosswalks.xml import XML_LANG, XSI_TYPE, Element, attributes, local_name, text_of


class Value(Struct, frozen=True, gc=False):
    """One element's text, its xml:lang as it stands, and its xsi:type or scheme, no prefix."""

    text: str
    lang: str = ""
    type: str = ""


Values = dict[str, list[Value]]

_SPELLINGS = {
    "rightsholders": "rightsholder",
    "licence": "license",
    "accessright": "accessrights",
    "bibliographiccitations": "bibliographiccitation",
    "datesubmission": "datesubmitted",
    "creators": "creator",
    "subjects": "subject",
    "descriptions": "description",
    "titles": "title",
}
_BOXES = frozenset(("boundingbox", "wgs84boundingbox"))
_UNUSED = frozenset(
    ("provenance", "audience", "mediator", "instructionalmethod", "accrualmethod",
     "accrualperiodicity", "accrualpolicy", "educationlevel", "identifier.thumbnail",
     "description.provenance")
)  # fmt: skip
"""Known, and never carried: who a text is for, and who handled it."""
DEGREE = "degree"
"""The block of a thesis's degree; its parts are values called `degree.level` and so on."""
WRAPPERS = 3
_PLAIN: dict[object, str] = {
    f"{{http://purl.org/dc/{space}/}}{name}": name
    for space in ("elements/1.1", "terms")
    for name in DC_TERMS
}
"""Full names of the elements that need no thought."""


def gather(root: Element, *, everywhere: bool = False) -> Values:
    """Return the values below a root by element name in lower case.

    everywhere: only Dublin Core's own elements, however deep (for roots that are not known).
    """
    found: Values = {}
    for child in root.iterdescendants() if everywhere else _innermost(root):
        tag = child.tag
        name = _PLAIN.get(tag)
        if name is None or len(child) or child.attrib:
            if isinstance(tag, str) and not (everywhere and not dublin_core(child)):
                _thoughtfully(child, name or _named(tag[tag.rfind("}") + 1 :].lower()), found)
            continue
        text = child.text
        if text and not text.isspace():
            held = found.get(name)
            if held is None:
                found[name] = [Value(text)]
            else:
                held.append(Value(text))
    return found


def _thoughtfully(element: Element, name: str, found: Values) -> None:
    """Add an element with a name of its own, with attributes or with others inside."""
    if name == DEGREE and len(element):
        _degree(element, found)
        return
    text = (element.text or "") if len(element) == 0 else _nested(element)
    if not element.attrib:
        if text and not text.isspace():
            found.setdefault(name, []).append(Value(text))
    elif str(element.get(XSI_TYPE) or "").startswith(olac.PREFIX):
        _olac(name, element, text, found)
    elif text and not text.isspace():
        value = Value(text, _lang(element), _type(element))
        found.setdefault(_attributed(name, element), []).append(value)


def _degree(block: Element, found: Values) -> None:
    for part, given in degree.parts_of(block).items():
        found.setdefault(f"{DEGREE}.{part}", []).extend(map(Value, given))


def _olac(name: str, element: Element, text: str, found: Values) -> None:
    code = next((value for key, value in attributes(element) if key == "code"), "")
    for made, given, kind in olac.told(name, text, _type(element), code):
        found.setdefault(made, []).append(Value(given, _lang(element), kind))


def _innermost(root: Element) -> Element:
    """Return the element that holds the values: some feeds put one more wrapper inside the root."""
    for _ in range(WRAPPERS):
        if len(root) != 1 or len(root[0]) == 0:
            break
        if dublin_core(root[0]) and local_name(root[0]) != "dc":
            break
        root = root[0]
    return root


def _attributed(name: str, element: Element) -> str:
    """Return what an attribute makes of an element (Rosetta dates its own last change `issued`)."""
    return "modified" if name == "issued" and element.get("content") == "metadata update" else name


def _lang(element: Element) -> str:
    found = element.get(XML_LANG)
    if found is None:
        found = element.get("lang") or element.get("language") or ""
    return str(found).strip()


def _type(element: Element) -> str:
    text = str(element.get(XSI_TYPE) or element.get("scheme") or element.get("type") or "")
    return text[text.rfind(":") + 1 :] if text else ""


def _nested(element: Element) -> str:
    """Return all text of an element that holds others; a bounding box keeps its corners."""
    if local_name(element).lower() in _BOXES:
        crs = str(element.get("crs") or "")
        corners = " ".join(text_of(child).strip() for child in element)
        return f"{corners} {crs}"
    return " ".join(str(text).strip() for text in element.itertext() if not str(text).isspace())


def _named(name: str) -> str:
    """Return the element that a name means: `relation.ispartof`, `date.issued`, `creators`."""
    if name in DC_TERMS or name in _UNUSED:
        return name
    if name in _BOXES:
        return "boundingbox"
    head, dot, tail = name.partition(".")
    if dot:
        if DEGREE in name:
            return name[name.find(DEGREE) :]
        return tail if tail in DC_TERMS else head
    return _SPELLINGS.get(name, name)


def texts(values: Values, *names: str) -> list[str]:
    """Return the texts of some elements, in the order of the names."""
    return [value.text for name in names for value in values.get(name, ())]
