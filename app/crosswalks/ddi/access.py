"""What may be done with the data of a study: conditions, licences and access."""

from __future__ import annotations

import re

from app.crosswalks.ddi.elements import Leaf, Section, attribute, lang_of, plain
from app.crosswalks.draft import Draft
from app.datacite.text import clean, is_null

_STATEMENTS = frozenset(
    ("copyright", "accsplac", "avlstatus", "restrctn", "conditions", "confdec", "citreq",
     "license", "licence", "useinfo")
)  # fmt: skip
_OWN_TEXT = frozenset(("usestmt", "dataaccs"))
"""Elements that older Dataverse exports fill with the terms themselves."""
_TERMS = re.compile(r"(?:DVN|DATAVERSE):TO[UA]", re.IGNORECASE)
_LINK = re.compile(
    r"https?://(?:www\.)?(?:creativecommons\.org/(?:licenses|publicdomain)"
    r"|opendatacommons\.org/licenses|rightsstatements\.org/)[^\s\"'<>&]*",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"(?:https?:)?//\S+", re.IGNORECASE)
_NOTHING = re.compile(r"(?:no information recorded|aucune?|keine?|see <?restrctn>?)\.?", re.I)


def read(study: Section, draft: Draft) -> None:
    """Read every statement about use and access, in order."""
    said = {clean(name) for name in study.texts("distrbtr")}
    for leaf in study.leaves:
        text = _statement(leaf)
        plain_text = clean(text)
        if is_null(plain_text) or plain_text in said or _NOTHING.fullmatch(plain_text):
            continue
        said.add(plain_text)
        draft.text("rights", text, lang=lang_of(leaf.element))


def _statement(leaf: Leaf) -> str:
    """Return what an element says of rights, with the address of the licence it links to."""
    if leaf.name in _OWN_TEXT:
        return leaf.element.text or ""
    is_terms = leaf.name == "notes" and _TERMS.match(attribute(leaf.element, "type"))
    if leaf.name not in _STATEMENTS and not is_terms:
        return ""
    text = plain(leaf.element)
    addresses = [attribute(leaf.element, "uri")]
    addresses += [attribute(child, "uri") for child in leaf.element if isinstance(child.tag, str)]
    addresses += _LINK.findall(text)
    found = {address for address in addresses if _ADDRESS.match(address)}
    licences = {address for address in found if _LINK.match(address)}
    chosen = licences if len(licences) == 1 else set()
    return " ".join((text, *(one for one in chosen if one not in clean(text))))
