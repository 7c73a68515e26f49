"""What a metadata format is: its names, its schema, and the functions that read and write it."""

from __future__ import annotations

import datetime
from collections.abc import Callable

from msgspec import Struct

from app.crosswalks.reading import Circumstances, Reading
from app.crosswalks.xml import Element
from app.datacite.resource import Resource


class Writing(Struct, frozen=True):
    """What a writer may need besides the Resource."""

    today: datetime.date
    datacentre: str


class MetadataFormat(Struct, frozen=True):
    """One entry of the register.

    name: metadataPrefix and `?format=` name. media_types: the first is canonical. oai: whether it
    is offered by OAI-PMH. json: whether its bytes are a JSON document. aliases: other names that
    people use for it, with underscores.
    """

    name: str
    title: str
    namespace: str = ""
    schema: str = ""
    media_types: tuple[str, ...] = ("application/xml",)
    extension: str = "xml"
    oai: bool = False
    json: bool = False
    aliases: tuple[str, ...] = ()
    reader: Callable[[Element, Circumstances], Reading] | None = None
    writer: Callable[[Resource, Writing], bytes] | None = None

    @property
    def readable(self) -> bool:
        """Whether records in it can be read."""
        return self.reader is not None or self.json

    @property
    def writable(self) -> bool:
        """Whether a Resource can be written in it."""
        return self.writer is not None
