"""The plainest Dublin Core there is, read from its bytes: leaves of `dc:` below one root.

Three of four records look so. Where every `<` of the text belongs to the root or to such a leaf,
nothing else can be in it, and the values are those that a walk through the tree would find; of any
other record, the tree is asked.
"""

from __future__ import annotations

import re

from lxml import etree

from app.crosswalks.dublin_core.values import Value, Values
from app.crosswalks.recognise import DC_TERMS, format_of
from app.crosswalks.xml import STRICT, namespace

ELEMENTS = "http://purl.org/dc/elements/1.1/"
MOST_ROOTS = 256
_LEAF = re.compile(r'<dc:([a-z]+)(?: xml:lang="([A-Za-z0-9-]*)")?>([^<]*)</dc:\1>')
_ROOTS: dict[str, str | None] = {}
"""From the start tag of a root to its namespace; None: it is no root of Dublin Core."""


def values_of(data: bytes) -> tuple[Values, str] | None:
    """Return the values of well-formed XML and the namespace of its root; None if it is not flat.

    As `values.gather` finds them in the parsed tree.
    """
    if b"&#" in data or b"\r" in data:
        return None
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return None
    start = text[: text.find(">")]
    space = _ROOTS[start] if start in _ROOTS else _root(start)
    leaves = _LEAF.findall(text)
    if space is None or not leaves or text.count("<") != 2 * len(leaves) + 2:
        return None
    found: Values = {}
    for name, lang, inside in leaves:
        if name not in DC_TERMS:
            return None
        if inside and not inside.isspace():
            if "&" in inside:
                inside = _unescaped(inside)
            held = found.get(name)
            if held is None:
                found[name] = [Value(inside, lang)]
            else:
                held.append(Value(inside, lang))
    return found, space


def _unescaped(text: str) -> str:
    text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"')
    return text.replace("&apos;", "'").replace("&amp;", "&")


def _root(start: str) -> str | None:
    """Return the namespace of a root by its start tag."""
    space = None
    try:
        root = etree.fromstring(f"{start}/>", etree.XMLParser(**STRICT))
    except (etree.XMLSyntaxError, ValueError):
        pass
    else:
        if root.nsmap.get("dc") == ELEMENTS and format_of(root) == "oai_dc":
            space = namespace(root)
    if len(_ROOTS) >= MOST_ROOTS:
        _ROOTS.clear()
    _ROOTS[start] = space
    return space
