"""One record from a format into another, as a value: what was written, and what was wrong.

Nothing is stored and nothing asked of the network, so that anyone may try a record.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date
from typing import Any

import msgspec
from msgspec import Struct

from app import clock
from app.crosswalks import FORMATS, MetadataFormat, read, read_element, unwrap, write
from app.crosswalks.reading import Reading
from app.crosswalks.xml import MalformedXML
from app.datacite.problem import Problem, problem
from app.datacite.validation import check
from app.errors import IncompleteResource
from app.record import Header

_ENCODING = re.compile(r"""(<\?xml[^>]*?)\s+encoding\s*=\s*(?:"[^"]*"|'[^']*')""")


class Converted(Struct, frozen=True):
    """A record that went through two crosswalks; `body` is None when it could not."""

    source: str
    target: str
    body: bytes | None
    problems: tuple[Problem, ...]

    @property
    def ok(self) -> bool:
        """Whether there is a result."""
        return self.body is not None

    def document(self) -> dict[str, Any]:
        """Return the JSON of this result."""
        document: dict[str, Any] = {"ok": self.ok, "from": self.source or None, "to": self.target}
        if self.body is not None:
            document["data"] = as_data(self.target, self.body)
        return document | {"problems": self.problems}


def as_bytes(text: str) -> bytes:
    """Return a text as bytes to be read; the encoding that it declares no longer holds."""
    return _ENCODING.sub(r"\1", text, count=1).encode("utf-8", "surrogatepass")


def as_data(form: str, body: bytes) -> Any:
    """Return what a format wrote as it stands in a JSON document: an object, or text."""
    known = FORMATS.get(form)
    if known is not None and known.json:
        return msgspec.Raw(body.strip())
    return body.decode("utf-8", "replace")


def convert(data: bytes, *, announced: str, to: MetadataFormat) -> Iterator[Converted]:
    """Convert every record in a document: metadata alone, an OAI record, or an OAI-PMH answer."""
    today = clock.now().astimezone(UTC).date()
    for reading in readings(data, announced, today):
        yield finish(reading, to, today)


def convert_one(
    data: bytes, *, header: Header | None, announced: str, to: MetadataFormat, today: date
) -> Converted:
    """Convert the first record of a document."""
    return finish(read(data, header=header, announced=announced, today=today), to, today)


def finish(reading: Reading, to: MetadataFormat, today: date) -> Converted:
    """Check what was read and write it in the wanted format."""
    if reading.resource is None:
        return Converted(reading.format, to.name, None, reading.problems)
    problems = reading.problems + check(reading.resource, today=today)
    try:
        body = write(to, reading.resource)
    except IncompleteResource as error:
        missing = problem("rendering.invalid", message=str(error))
        return Converted(reading.format, to.name, None, (*problems, missing))
    return Converted(reading.format, to.name, body, problems)


def styled(to: MetadataFormat, style: str) -> MetadataFormat:
    """Return the format `citation` with a style of its own; any format as it is without one."""
    if not style:
        return to
    return msgspec.structs.replace(
        to, writer=lambda resource, _: write(to.name, resource, style=style)
    )


def refusal(target: str, rule: str, message: str) -> Converted:
    """Return the result for something that is no record at all."""
    return Converted("", target, None, (problem(rule, message=message),))


def readings(data: bytes, announced: str, today: date) -> Iterator[Reading]:
    """Read every record in a document, one after another."""
    if data.lstrip()[:1] not in (b"<", b"\xef"):
        yield read(data, announced=announced, today=today)
        return
    try:
        found = unwrap(data)
    except MalformedXML:
        yield read(data, announced=announced, today=today)
        return
    for header, element in found:
        if header is not None and header.deleted:
            continue  # there is nothing to convert
        yield read_element(element, header=header, announced=announced, today=today)
