"""`garnery crosswalk --jsonl`: one JSON object a line in, one a line out, in the same order.

Nothing stops a batch and nothing is kept of a line once it is answered.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable
from datetime import UTC
from typing import IO, Any

import click
import msgspec
from msgspec import Raw, Struct, field

from app import clock
from app.cli.renderings import announced_format, known_format
from app.conversion import Converted, as_bytes, convert_one, refusal
from app.crosswalks import MetadataFormat
from app.record import Header

NULL = Raw(b"null")
_ENCODE = msgspec.json.Encoder().encode


class HeaderGiven(Struct, frozen=True):
    """The header of a line, as the sender knows it."""

    identifier: str = ""
    datestamp: str = ""
    sets: tuple[str, ...] = ()


class Line(Struct, frozen=True):
    """One line of a batch."""

    id: Raw = NULL
    data: str | None = None
    data_base64: str | None = None
    source: str | None = field(default=None, name="from")
    to: str | None = None
    header: HeaderGiven | None = None


_DECODE = msgspec.json.Decoder(Line).decode


def run(files: Iterable[IO[bytes]], out: IO[bytes], *, announced: str, to: MetadataFormat) -> int:
    """Answer every line; returns 0 when all were converted, else 1."""
    worst = 0
    today = clock.now().astimezone(UTC).date()
    for file in files:
        for text in file:
            if not text.strip():
                continue
            number, answer = _answer(text, announced, to, today)
            out.write(_written(number, answer))
            out.flush()
            worst |= not answer.ok
    return int(worst)


def _answer(text: bytes, announced: str, to: MetadataFormat, today: Any) -> tuple[Raw, Converted]:
    try:
        line = _DECODE(text)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        return _id_of(text), refusal(to.name, "xml.malformed", f"The line cannot be used: {error}.")
    try:
        to = known_format(line.to) if line.to else to
        announced = announced_format(line.source) if line.source else announced
        data = _data(line)
    except click.BadParameter as error:
        return line.id, refusal(line.to or to.name, "format.unknown", error.message)
    except ValueError as error:
        return line.id, refusal(to.name, "format.empty", str(error))
    header = Header(**msgspec.structs.asdict(line.header)) if line.header else None
    return line.id, convert_one(data, header=header, announced=announced, to=to, today=today)


def _data(line: Line) -> bytes:
    """Return the bytes of a line."""
    if line.data is not None:
        return as_bytes(line.data)
    if line.data_base64 is None:
        raise ValueError("The line has neither `data` nor `data_base64`.")
    try:
        return base64.b64decode(line.data_base64, validate=True)
    except binascii.Error as error:
        raise ValueError(f"`data_base64` is no Base64: {error}.") from error


def _id_of(text: bytes) -> Raw:
    """Return the id of a line that is JSON but not as it should be."""
    try:
        return msgspec.json.decode(text, type=dict[str, Raw]).get("id", NULL)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return NULL


def _written(number: Raw, answer: Converted) -> bytes:
    return _ENCODE({"id": number, **answer.document()}) + b"\n"
