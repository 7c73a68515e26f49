"""The sample member repositories as OAI-PMH 2.0 data providers on loopback.

Small and honest: six verbs, sets, tombstones, resumption tokens, selective harvesting. Two faults
are built in on purpose, so that a demonstration shows how the hub tells of them; and some records
are deleted a few seconds after the first harvest began, so that it shows deletions too.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar
from urllib.parse import parse_qsl, urlsplit

from lxml import etree
from msgspec import Struct, structs

from app import clock, crosswalks
from harvesters.demo.holdings import Holding, datasets, programs, publications

OAI = "http://www.openarchives.org/OAI/2.0/"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
NAMESPACES: Any = {None: OAI, "xsi": XSI}
PAGE = 40
DELETED_AFTER = timedelta(seconds=15)
"""How long after the first list request the records that are to go are deleted."""
DOMAINS = {
    "coast": "coast.example.org",
    "press": "prensa.example.org",
    "tools": "tools.example.org",
}
Arguments = Mapping[str, str]


class SampleRepository(Struct, frozen=True):
    """One sample member: its permanent name, title, path on the server, and what it offers."""

    name: str
    title: str
    prefixes: tuple[str, ...]
    sets: tuple[tuple[str, str], ...]
    holdings: Callable[[], Any]

    @property
    def path(self) -> str:
        """The path of its base URL."""
        return f"/{self.name}/oai"

    @property
    def prefix(self) -> str:
        """The richest prefix that it offers."""
        return self.prefixes[0]


REPOSITORIES = (
    SampleRepository(
        "coast",
        "Coast Data Archive",
        ("oai_datacite", "oai_dc"),
        (
            ("physical", "Physical measurements"),
            ("physical:temperature", "Temperature"),
            ("physical:sediment", "Sediment"),
            ("physical:sealevel", "Sea level"),
            ("physical:sound", "Underwater sound"),
            ("biological", "Living things"),
            ("biological:birds", "Birds"),
            ("biological:vegetation", "Vegetation"),
            ("chemical", "Chemistry"),
            ("human", "People and the coast"),
        ),
        datasets,
    ),
    SampleRepository(
        "press",
        "Prensa Universitaria de Valdemar",
        ("oai_dc",),
        (
            ("article", "Artículos"),
            ("thesis", "Tesis"),
            ("report", "Informes"),
            ("chapter", "Capítulos"),
        ),
        publications,
    ),
    SampleRepository("tools", "Open Methods Library", ("datacite", "oai_dc"), (), programs),
)


class Item(Struct, frozen=True):
    """A holding with its identifier and datestamp, as it stands at a moment."""

    identifier: str
    datestamp: str
    holding: Holding
    deleted: bool = False


class Refusal(Exception):
    """An OAI-PMH error: code and text."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code


def _element(parent: Any, name: str, text: str | None = None, **attributes: str) -> Any:
    child = etree.SubElement(parent, f"{{{OAI}}}{name}", attributes)
    child.text = text
    return child


class Provider:
    """Answers OAI-PMH requests for one sample repository."""

    def __init__(self, sample: SampleRepository, base_url: str, began: datetime) -> None:
        self.sample = sample
        self.base_url = base_url
        self.items = tuple(
            Item(
                f"oai:{DOMAINS[sample.name]}:{holding.number}",
                clock.text(began - timedelta(days=400) + timedelta(hours=19 * holding.number)),
                holding,
            )
            for holding in sample.holdings()
        )
        self._listed_first: datetime | None = None

    def _now(self) -> tuple[Item, ...]:
        """Return the items as they stand at this moment."""
        first = self._listed_first
        if first is None or clock.now() < first + DELETED_AFTER:
            return self.items
        gone = clock.text(first + DELETED_AFTER)
        return tuple(
            structs.replace(item, deleted=True, datestamp=gone) if item.holding.deleted else item
            for item in self.items
        )

    def answer(self, arguments: Arguments) -> bytes:
        """Return the whole answer; OAI errors are answers too."""
        root = etree.Element(f"{{{OAI}}}OAI-PMH", nsmap=NAMESPACES)
        _element(root, "responseDate", clock.text(clock.now()))
        try:
            verb = arguments.get("verb", "")
            method = self.VERBS.get(verb)
            if method is None:
                raise Refusal("badVerb", "There is no such verb.")
            _element(root, "request", self.base_url, **arguments)
            method(self, _element(root, verb), arguments)
        except Refusal as refusal:
            for child in list(root)[1:]:
                root.remove(child)
            _element(root, "request", self.base_url)
            _element(root, "error", str(refusal), code=refusal.code)
        return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8"))

    def identify(self, parent: Any, _: Arguments) -> None:
        """Describe the repository."""
        for name, text in (
            ("repositoryName", self.sample.title),
            ("baseURL", self.base_url),
            ("protocolVersion", "2.0"),
            ("adminEmail", f"desk@{DOMAINS[self.sample.name]}"),
            ("earliestDatestamp", self.items[0].datestamp),
            ("deletedRecord", "persistent"),
            ("granularity", "YYYY-MM-DDThh:mm:ssZ"),
        ):
            _element(parent, name, text)

    def list_metadata_formats(self, parent: Any, _: Arguments) -> None:
        """List the prefixes, richest first."""
        for prefix in self.sample.prefixes:
            form = crosswalks.FORMATS[prefix]
            entry = _element(parent, "metadataFormat")
            _element(entry, "metadataPrefix", prefix)
            _element(entry, "schema", form.schema)
            _element(entry, "metadataNamespace", form.namespace)

    def list_sets(self, parent: Any, _: Arguments) -> None:
        """List the sets."""
        if not self.sample.sets:
            raise Refusal("noSetHierarchy", "This repository has no sets.")
        for spec, name in self.sample.sets:
            entry = _element(parent, "set")
            _element(entry, "setSpec", spec)
            _element(entry, "setName", name)

    def get_record(self, parent: Any, arguments: Arguments) -> None:
        """Give one record."""
        wanted = [i for i in self._now() if i.identifier == arguments.get("identifier")]
        if not wanted:
            raise Refusal("idDoesNotExist", "There is no such record.")
        self._record(parent, wanted[0], self._prefix(arguments), headers_only=False)

    def list_records(self, parent: Any, arguments: Arguments) -> None:
        """List records, or headers, a page at a time."""
        headers_only = arguments["verb"] == "ListIdentifiers"
        state, start = self._place(arguments)
        matching = self._matching(state)
        self._listed_first = self._listed_first or clock.now()
        for item in matching[start : start + PAGE]:
            self._record(parent, item, self._prefix(state), headers_only=headers_only)
        self._token(parent, state, start, len(matching))

    def _place(self, arguments: Arguments) -> tuple[Arguments, int]:
        token = arguments.get("resumptionToken")
        if token is None:
            return arguments, 0
        start, _, rest = token.partition("!")
        if not start.isdigit():
            raise Refusal("badResumptionToken", "That token is not one of ours.")
        return dict(pair.split("~", 1) for pair in rest.split("!") if "~" in pair), int(start)

    def _matching(self, state: Arguments) -> Sequence[Item]:
        spec = state.get("set")
        found = [
            item
            for item in self._now()
            if state.get("from", "") <= item.datestamp[: len(state.get("from", "")) or None]
            and item.datestamp[: len(state.get("until", "")) or None] <= state.get("until", "9")
            and (spec is None or f"{item.holding.set_spec}:".startswith(f"{spec}:"))
        ]
        if not found:
            raise Refusal("noRecordsMatch", "Nothing fits.")
        return found

    def _prefix(self, arguments: Arguments) -> str:
        prefix = arguments.get("metadataPrefix", "")
        if prefix not in self.sample.prefixes:
            raise Refusal("cannotDisseminateFormat", f"Offered: {', '.join(self.sample.prefixes)}.")
        return prefix

    def _record(self, parent: Any, item: Item, prefix: str, *, headers_only: bool) -> None:
        if not headers_only:
            parent = _element(parent, "record")
        deleted = {"status": "deleted"} if item.deleted else {}
        header = _element(parent, "header", **deleted)
        _element(header, "identifier", item.identifier)
        _element(header, "datestamp", item.datestamp)
        if self.sample.sets:
            _element(header, "setSpec", item.holding.set_spec)
        if not headers_only and not item.deleted and item.holding.fault != "no-metadata":
            _element(parent, "metadata").append(self._metadata(item.holding, prefix))

    def _metadata(self, holding: Holding, prefix: str) -> Any:
        if holding.resource is None:
            lost = etree.Element("{http://coast.example.org/internal}cruiseSheet")
            lost.text = "This sheet was never meant to leave the house."
            return lost
        written = crosswalks.write(prefix, holding.resource, datacentre=self.sample.name.upper())
        return etree.fromstring(written, etree.XMLParser(resolve_entities=False, no_network=True))

    def _token(self, parent: Any, state: Arguments, start: int, size: int) -> None:
        numbers = {"completeListSize": str(size), "cursor": str(start)}
        if start + PAGE < size:
            kept = "!".join(f"{k}~{v}" for k, v in state.items() if k not in ("verb",))
            _element(parent, "resumptionToken", f"{start + PAGE}!{kept}", **numbers)
        elif start:
            _element(parent, "resumptionToken", None, **numbers)

    VERBS: ClassVar[Mapping[str, Callable[[Provider, Any, Arguments], None]]] = {
        "Identify": identify,
        "ListMetadataFormats": list_metadata_formats,
        "ListSets": list_sets,
        "GetRecord": get_record,
        "ListRecords": list_records,
        "ListIdentifiers": list_records,
    }


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    providers: ClassVar[Mapping[str, Provider]] = {}

    def do_GET(self) -> None:
        """Answer a request, or say 404."""
        address = urlsplit(self.path)
        provider = self.providers.get(address.path)
        body = (
            provider.answer(dict(parse_qsl(address.query)))
            if provider
            else b"There is nothing here.\n"
        )
        self.send_response(200 if provider else 404)
        self.send_header("Content-Type", "text/xml; charset=UTF-8" if provider else "text/plain")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Stay quiet: the hub's own log tells of its requests."""


class DemoServer:
    """The running sample repositories; `base_urls` has one address a repository."""

    def __init__(self, host: str, port: int) -> None:
        self._http = ThreadingHTTPServer((host, port), _Handler)
        root = f"http://{host}:{self._http.server_address[1]}"
        began = clock.now()
        self.base_urls = {sample.name: root + sample.path for sample in REPOSITORIES}
        providers = {
            sample.path: Provider(sample, root + sample.path, began) for sample in REPOSITORIES
        }
        self._http.RequestHandlerClass = type("Handler", (_Handler,), {"providers": providers})
        self._thread = threading.Thread(target=self._http.serve_forever, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop answering."""
        self._http.shutdown()
        self._http.server_close()
