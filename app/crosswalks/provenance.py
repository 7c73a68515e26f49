"""The provenance container of OAI-PMH: where a record comes from, written and read.

Ours stands outermost; what the source said of an earlier origin is nested inside unchanged.
Nothing is added that the official schema does not have.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from msgspec import Struct

from app.crosswalks.xml import (
    Element,
    MalformedXML,
    attribute,
    children,
    element,
    first_child,
    local_name,
    namespace,
    parse,
    root_start,
    text_of,
)
from app.datacite.identifiers import uri

NAMESPACE = "http://www.openarchives.org/OAI/2.0/provenance"
SCHEMA = "http://www.openarchives.org/OAI/2.0/provenance.xsd"
ROOT = root_start("provenance", {"": NAMESPACE}, (NAMESPACE, SCHEMA))
DEPTH = 20
"""Longer chains are cut at their old end."""
UNKNOWN = "1970-01-01"
"""Stands where the schema wants a moment and the source gave none that is one."""

_DAY = r"[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])"
_TIME = r"T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]+)?"
_MOMENT = re.compile(rf"{_DAY}(?:{_TIME})?(?:Z|[+-](?:0[0-9]|1[0-3]):[0-5][0-9])?")


class OriginDescription(Struct, frozen=True):
    """One step of a record's way; texts as they were given."""

    base_url: str
    identifier: str
    datestamp: str
    metadata_namespace: str
    harvest_date: str
    altered: bool = True


def about(chain: Sequence[OriginDescription]) -> bytes:
    """Return an `about` element with the chain, newest first, ready to be spliced in."""
    steps = chain[:DEPTH]
    opened = "".join(map(_start, steps))
    return (
        f"<about>{ROOT}{opened}{'</originDescription>' * len(steps)}</provenance></about>".encode()
    )


def _start(step: OriginDescription) -> str:
    altered = "true" if step.altered else "false"
    attributes = attribute("harvestDate", moment(step.harvest_date))
    attributes += attribute("altered", altered)
    return (
        f"<originDescription{attributes}>"
        + element("baseURL", _address(step.base_url))
        + element("identifier", _address(step.identifier))
        + element("datestamp", moment(step.datestamp))
        + element("metadataNamespace", _address(step.metadata_namespace))
    )


def moment(text: str) -> str:
    """Return a date or dateTime as the schema takes it, `UNKNOWN` if the text is none."""
    text = text.strip()
    if _MOMENT.fullmatch(text):
        return text
    mended = re.sub(r"([+-][0-9]{2})([0-9]{2})$", r"\1:\2", text.replace(" ", "T", 1))
    if _MOMENT.fullmatch(mended):
        return mended
    day = re.match(_DAY, text)
    return day[0] if day else UNKNOWN


def _address(text: str) -> str:
    """Return a text as anyURI: as it came if it is one, else with its characters encoded."""
    return uri(text) or uri(f"urn:{text}") or ""


def chains(abouts: Sequence[bytes]) -> tuple[tuple[OriginDescription, ...], ...]:
    """Return the provenance chains in a source's about elements, each newest first."""
    found = (_chain(data) for data in abouts if b"originDescription" in data)
    return tuple(chain for chain in found if chain)


def _chain(data: bytes) -> tuple[OriginDescription, ...]:
    try:
        root = parse(data)
    except MalformedXML:
        return ()
    start = next((e for e in root.iter() if local_name(e) == "originDescription"), None)
    return tuple(_steps(start))[:DEPTH]


def _steps(start: Element | None) -> Iterator[OriginDescription]:
    while start is not None:
        said = {name: text_of(child).strip() for name, child in children(start)}
        yield OriginDescription(
            said.get("baseurl", ""),
            said.get("identifier", ""),
            said.get("datestamp", ""),
            said.get("metadatanamespace", ""),
            str(start.get("harvestDate") or ""),
            str(start.get("altered") or "").strip() in ("true", "1"),
        )
        start = first_child(start, "origindescription")


def is_provenance(element: Element) -> bool:
    """Whether an element is a provenance container."""
    return namespace(element) == NAMESPACE
