"""A record as one line of text to cite it by: plain, without markup, entities or line breaks.

Pure functions, one a style; this is DataCite's preferred form.
"""

from __future__ import annotations

import re

from app.crosswalks import exporting
from app.datacite.resource import Creator, Resource

MOST = 20
"""So many creators are named."""
_CJK = re.compile(
    "[\u2e80-\u303f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff]+"
)
_VERSION = re.compile(r"(?:version|ver\.?|v\.?)\s*(?=[0-9])", re.IGNORECASE)


def write(resource: Resource) -> bytes:
    """Return the citation in DataCite's form as a line of UTF-8 text."""
    return f"{datacite(resource)}\n".encode("utf-8", "replace")


def datacite(resource: Resource) -> str:
    """Return `Creator (Year): Title. V. Version. Publisher. (type). Identifier`."""
    names = _creators(resource)
    year = f"({resource.publication_year or 'n.d.'})"
    title = exporting.main_title(resource) or "Untitled"
    start = f"{names} {year}: {_stopped(title)}" if names else f"{title.rstrip('.')} {year}."
    parts = [
        start,
        _version(resource),
        _publisher(resource),
        _type(resource),
        _identifier(resource),
    ]
    return " ".join(" ".join(filter(None, parts)).replace("<br>", " ").split())


def _creators(resource: Resource) -> str:
    named = [_name(creator) for creator in exporting.named(resource.creators)]
    if len(named) > MOST:
        named = [*named[:MOST], "et al."]
    return "; ".join(named)


def _name(creator: Creator) -> str:
    """Return a person as `Family, Given`, in Han, Kana or Hangul without a comma."""
    family, given = creator.family_name, creator.given_name
    if not family or creator.name_type == "Organizational":
        return creator.name
    if given and _CJK.fullmatch(family) and _CJK.fullmatch(given):
        return f"{family}{given}"
    return f"{family}, {given}" if given else family


def _stopped(text: str) -> str:
    """Return a text that ends in one full stop, question or exclamation mark."""
    text = text.rstrip()
    return text if text.endswith((".", "?", "!")) else f"{text}."


def _version(resource: Resource) -> str:
    if not resource.version:
        return ""
    return f"V. {_stopped(_VERSION.sub('', resource.version, count=1))}"


def _publisher(resource: Resource) -> str:
    told = exporting.publisher(resource)
    return _stopped(told) if told else ""


def _type(resource: Resource) -> str:
    general = resource.types.resource_type_general if resource.types else ""
    if not general or general == "Other":
        return ""
    return f"({exporting.spelt(general).lower()})."


def _identifier(resource: Resource) -> str:
    return exporting.identifier_link(resource) or resource.url or ""
