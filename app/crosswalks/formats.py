"""What a metadata format is: its names, its schema, and the functions that read and write it."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable
from importlib import import_module
from typing import Any

from msgspec import Struct

from app.crosswalks.reading import Circumstances, Reading
from app.crosswalks.xml import Element
from app.datacite.resource import Resource


class Writing(Struct, frozen=True):
    """What a writer may need besides the Resource.

    style, page: of a citation; the name of its style, and the address of the record's page.
    """

    today: datetime.date
    datacentre: str
    style: str = ""
    page: str = ""


Writer = Callable[[Resource, Writing], bytes]


def later(place: str) -> Callable[..., Any]:
    """Return a function of a format's module (`dcat.write`), imported when it is first called.

    Most processes meet few formats: none waits for the tables and patterns of all the others.
    """
    return _Later(place)


class _Later:
    __slots__ = ("_function", "_place")

    def __init__(self, place: str) -> None:
        self._place = place
        self._function: Callable[..., Any] | None = None

    def __call__(self, *given: Any, **named: Any) -> Any:
        if self._function is None:
            module, _, name = self._place.rpartition(".")
            self._function = getattr(import_module(f"app.crosswalks.{module}"), name)
        return self._function(*given, **named)


class MetadataFormat(Struct, frozen=True):
    """One entry of the register.

    name: metadataPrefix and `?format=` name. media_types: the first is canonical. oai: whether it
    is offered by OAI-PMH. json: whether its bytes are a JSON document. aliases: other names that
    people use for it, with underscores. negotiated: whether an `Accept` header can choose it; the
    others are given by name only. reader: takes a root element, json_reader a decoded JSON
    document. stable: leaves out of a record's bytes what changes whenever it is written out.
    join: makes one file of several written records, where that is more than laying them end to end.
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
    negotiated: bool = True
    reader: Callable[[Element, Circumstances], Reading] | None = None
    json_reader: Callable[[object, Circumstances], Reading] | None = None
    writer: Writer | None = None
    stable: Callable[[bytes], bytes] | None = None
    join: Callable[[Iterable[bytes]], bytes] | None = None

    @property
    def readable(self) -> bool:
        """Whether records in it can be read."""
        return self.reader is not None or self.json_reader is not None

    @property
    def writable(self) -> bool:
        """Whether a Resource can be written in it."""
        return self.writer is not None
