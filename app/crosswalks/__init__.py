"""Metadata formats: one register, one way to read anything, one way to write.

`read` takes any bytes and never raises: what cannot be read is a Reading without a Resource and
with a Problem that says why. The root of a document decides its format, never what was announced.
"""

from __future__ import annotations

import datetime

from msgspec.structs import replace

from app import clock
from app.crosswalks import oai_datacite, recognise
from app.crosswalks.formats import MetadataFormat, Writing, later
from app.crosswalks.reading import Circumstances, Defaults, Inference, Reading
from app.crosswalks.register import FORMATS, named, stable
from app.crosswalks.xml import Element, MalformedXML, local_name, namespace, parse
from app.datacite.problem import problem
from app.datacite.resource import Resource
from app.record import Header

__all__ = [
    "CROSSWALK", "FORMATS", "Defaults", "Header", "Inference", "MetadataFormat", "Reading",
    "as_document", "named", "read", "read_element", "stable", "unwrap", "write",
]  # fmt: skip

CROSSWALK = 2
"""Raised whenever reading or writing changes what comes out, so that records are read again."""
_read_json = later("json_documents.read")
_read_dublin_core, _read_flat = later("dublin_core.read"), later("dublin_core.read_flat")


def read(
    data: bytes,
    *,
    header: Header | None = None,
    defaults: Defaults | None = None,
    announced: str = "",
    today: datetime.date | None = None,
) -> Reading:
    """Read one record from XML or JSON, bare or in its OAI-PMH wrapping. Never raises.

    header: what the record's OAI header said, if it is not in the bytes. announced: the prefix or
    format it was said to be, only compared with what it is.
    """
    about = _circumstances(header, defaults, announced, today)
    if data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"["):
        return _compared(_read_json(data, about), announced)
    try:
        root = parse(data)
    except MalformedXML as error:
        return Reading(None, (problem("xml.malformed", message=str(error)),))
    found = list(recognise.records(root))
    own, element = found[0]
    reading = _read(element, about if own is None or header else replace(about, header=own))
    return _repeated(reading, len(found) - 1)


def read_element(
    element: Element,
    *,
    header: Header | None = None,
    defaults: Defaults | None = None,
    announced: str = "",
    today: datetime.date | None = None,
    data: bytes | None = None,
) -> Reading:
    """Read one record that is parsed already: a metadata root or any of its wrappers.

    data: the bytes it was parsed from; what is quite plain is read from them, in less time.
    """
    about = _circumstances(header, defaults, announced, today)
    flat = _read_flat(data, about) if data else None
    return _read(element, about) if flat is None else _compared(flat, announced)


def _circumstances(
    header: Header | None, defaults: Defaults | None, announced: str, today: datetime.date | None
) -> Circumstances:
    return Circumstances(today or clock.now().date(), header, defaults or Defaults(), announced)


def _read(element: Element, about: Circumstances) -> Reading:
    found = recognise.payload(element)
    form = FORMATS.get(found.format)
    if form is not None and form.reader is not None:
        reading = form.reader(found.root, about)
    else:
        reading = _unknown(found, about)
    return _repeated(_compared(reading, about.announced), found.repeated)


def _unknown(found: recognise.Payload, about: Circumstances) -> Reading:
    """Read an unknown root as Dublin Core if it holds enough of it."""
    root = found.root
    space, name = namespace(root), local_name(root)
    if sum(map(recognise.dublin_core, root.iterdescendants())) >= recognise.GUESS_FROM:
        reading: Reading = _read_dublin_core(root, about, guessed=True)
        if reading.resource is not None:
            guess = problem("format.guessed", "", name)
            return replace(reading, problems=(guess, *reading.problems))
    if recognise.is_empty(root):
        return Reading(None, (problem("format.empty", "", name),), namespace=space)
    told = f" ({found.format})" if found.format else ""
    where = f" in namespace {space}" if space else ""
    message = f"No reader for the root element “{name}”{where}{told}; the record is kept as it is."
    return Reading(None, (problem("format.unknown", "", name, message=message),), namespace=space)


def _compared(reading: Reading, announced: str) -> Reading:
    """Say so when the root shows another format than was announced."""
    if not announced or not reading.format:
        return reading
    told = recognise.family(announced)
    if told is None or told == recognise.family(reading.format):
        return reading
    found = problem("format.mismatch", "", announced)
    return replace(reading, problems=(found, *reading.problems))


def _repeated(reading: Reading, times: int) -> Reading:
    if times < 1:
        return reading
    found = problem("payload.repeated", "", f"{times} more")
    return replace(reading, problems=(*reading.problems, found))


def write(
    name: str | MetadataFormat,
    resource: Resource,
    *,
    datacentre: str = oai_datacite.DATACENTRE,
    today: datetime.date | None = None,
    style: str = "",
    page: str = "",
) -> bytes:
    """Write a Resource in a format, by name of the register or itself; XML without declaration.

    style, page: of a citation, as `citation.cite` takes them.
    Raises KeyError for a name that is none or cannot be written, IncompleteResource when the
    record lacks what the format demands.
    """
    form = named(name) if isinstance(name, str) else name
    if form is None or form.writer is None:
        raise KeyError(name)
    return form.writer(resource, Writing(today or clock.now().date(), datacentre, style, page))


def as_document(name: str, body: bytes) -> bytes:
    """Return what a format wrote, or the store keeps of it, as a file: DataCite XML is declared."""
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + body if name == "datacite" else body


def unwrap(data: bytes) -> tuple[tuple[Header | None, Element], ...]:
    """Return each record of a document: its header, if it has one, and its metadata.

    A record without metadata is given as its `record` element, a bare document as its root.
    Raises MalformedXML.
    """
    return tuple(recognise.records(parse(data)))
