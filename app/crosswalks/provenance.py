"""What is said about a record: where it comes from, written and read, and its metadata's licence.

Ours stands outermost; what the source said of an earlier origin is nested inside unchanged.
Nothing is added that the official schema does not have.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from urllib.parse import urlsplit

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
from app.datacite.uris import uri

NAMESPACE = "http://www.openarchives.org/OAI/2.0/provenance"
SCHEMA = "http://www.openarchives.org/OAI/2.0/provenance.xsd"
ROOT = root_start("provenance", {"": NAMESPACE}, (NAMESPACE, SCHEMA))
_RIGHTS = "http://www.openarchives.org/OAI/2.0/rights/"
RIGHTS = root_start(
    "rights", {"": _RIGHTS}, (_RIGHTS, "http://www.openarchives.org/OAI/2.0/rights.xsd")
)
DEPTH = 20
"""Longer chains are cut at their old end."""
UNKNOWN = "1970-01-01"
"""Stands where the schema wants a moment and the source gave none that is one."""

_DAY = r"[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])"
_TIME = r"T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]+)?"
_PLAIN = re.compile(r"oai:[A-Za-z0-9][A-Za-z0-9.-]*:[A-Za-z0-9._/:~-]+")
"""Identifiers that are addresses as they stand."""
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


def untouched(data: bytes) -> bytes:
    """Return our own about element saying that the newest step altered nothing."""
    return data.replace(b' altered="true"', b' altered="false"', 1)


def rights(licence: str) -> bytes:
    """Return an `about` element that names the licence of the metadata, by its address.

    Nothing for a text that is no address of the web.
    """
    address = uri(licence) if licence.startswith(("http://", "https://")) else ""
    if not address:
        return b""
    reference = f"<rightsReference{attribute('ref', address)}/>"
    return f"<about>{RIGHTS}{reference}</rights></about>".encode()


def _start(step: OriginDescription) -> str:
    return (
        _source(step.harvest_date, step.base_url, altered=step.altered)
        + element("identifier", _address(step.identifier))
        + element("datestamp", moment(step.datestamp))
        + _metadata(step.metadata_namespace)
    )


@lru_cache(256)  # the same for all records of a page
def _source(harvest_date: str, base_url: str, *, altered: bool) -> str:
    attributes = attribute("harvestDate", moment(harvest_date))
    attributes += attribute("altered", "true" if altered else "false")
    return f"<originDescription{attributes}>" + element("baseURL", _address(base_url))


@lru_cache(256)
def _metadata(space: str) -> str:
    return element("metadataNamespace", _address(space))


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
    if _PLAIN.fullmatch(text):
        return text
    return uri(text) or uri(f"urn:{text}") or ""


def chains(abouts: Sequence[bytes]) -> tuple[tuple[OriginDescription, ...], ...]:
    """Return the provenance chains in about elements, each newest first.

    Several elements joined into one text count as one: their first chain is it.
    """
    found = (_chain(data) for data in abouts if b"originDescription" in data)
    return tuple(chain for chain in found if chain)


def came_by(chains: Sequence[Sequence[OriginDescription]], base_url: str) -> bool:
    """Tell whether an address handed a record on, whatever its scheme, case and end slash."""
    if not chains:
        return False
    place = _place(base_url)
    steps = (step.base_url for chain in chains for step in chain)
    return any(_place(address) == place for address in steps if address)


def _place(address: str) -> tuple[str, str]:
    try:
        parts = urlsplit(address.strip())
    except ValueError:
        return "", address
    host = parts.netloc.lower().removesuffix(":80").removesuffix(":443")
    return host, parts.path.rstrip("/")


def _chain(data: bytes) -> tuple[OriginDescription, ...]:
    try:
        root = parse(b"<abouts>" + data + b"</abouts>")
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
