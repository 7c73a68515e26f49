"""A member repository for system tests: pages that can be held back, and who asked when.

Honest OAI-PMH 2.0 in oai_dc: tombstones, sets, tokens, one record that cannot be read.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

OAI = 'xmlns="http://www.openarchives.org/OAI/2.0/"'
DC = (
    'xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/"'
)
DATE = "2026-01-01T00:00:00Z"


class Source:
    """The repository; `hold(n)` keeps page n back until `release(n)`."""

    def __init__(
        self, *, pages: int = 6, size: int = 10, delay: float = 0.0, address: str = "127.0.0.1"
    ) -> None:
        self.pages = pages
        self.size = size
        self.delay = delay
        self.asked: list[int] = []
        self.at_once = 0
        self.most_at_once = 0
        self._lock = threading.Lock()
        self._held: dict[int, threading.Event] = {}
        self._reached: dict[int, threading.Event] = {}
        self.server = ThreadingHTTPServer((address, 0), _handler(self))
        self.server.daemon_threads = True

    @property
    def host(self) -> str:
        address, port = self.server.server_address[:2]
        return f"{address!s}:{port}"

    def url(self, path: str = "oai") -> str:
        return f"http://{self.host}/{path}"

    def hold(self, page: int) -> None:
        self._held[page], self._reached[page] = threading.Event(), threading.Event()

    def release(self, page: int) -> None:
        self._held.pop(page).set()

    def wait_for(self, page: int, seconds: float = 60) -> None:
        """Wait until somebody asks for a page that is held back."""
        assert self._reached[page].wait(seconds), f"page {page} was never asked for"

    def answer(self, query: dict[str, str]) -> str:
        with self._lock:
            self.at_once += 1
            self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            return _response(query, self._verb(query))
        finally:
            with self._lock:
                self.at_once -= 1

    def _verb(self, query: dict[str, str]) -> str:
        match query.get("verb"):
            case "Identify":
                return _identify(self.url())
            case "ListMetadataFormats":
                return _formats()
            case "ListSets":
                return "<error code='noSetHierarchy'/>"
            case "ListRecords" | "ListIdentifiers" as verb:
                return self._list(verb, query)
            case "GetRecord":
                return (
                    f"<GetRecord>{_record(int(query['identifier'].rsplit(':', 1)[1]))}</GetRecord>"
                )
        return "<error code='badVerb'/>"

    def _list(self, verb: str, query: dict[str, str]) -> str:
        page = int(query.get("resumptionToken", "0"))
        with self._lock:
            self.asked.append(page)
        held = self._held.get(page)
        if held is not None:
            self._reached[page].set()
            held.wait(120)
        if self.delay:
            threading.Event().wait(self.delay)
        if query.get("from", "") > DATE:
            return "<error code='noRecordsMatch'/>"
        first = page * self.size
        numbers = range(first, first + self.size)
        make = _record if verb == "ListRecords" else _header
        last = page + 1 >= self.pages
        token = "" if last else f"<resumptionToken>{page + 1}</resumptionToken>"
        end = "<resumptionToken/>" if last and page else token
        return f"<{verb}>{''.join(map(make, numbers))}{end}</{verb}>"


@contextmanager
def source(**options: Any) -> Iterator[Source]:
    """A running repository."""
    made = Source(**options)
    thread = threading.Thread(target=made.server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield made
    finally:
        for page in list(made._held):
            made.release(page)
        made.server.shutdown()
        made.server.server_close()
        thread.join()


def _identify(url: str) -> str:
    return (
        f"<Identify><repositoryName>A source</repositoryName><baseURL>{url}</baseURL>"
        "<protocolVersion>2.0</protocolVersion><adminEmail>source@example.org</adminEmail>"
        f"<earliestDatestamp>{DATE}</earliestDatestamp><deletedRecord>persistent</deletedRecord>"
        "<granularity>YYYY-MM-DDThh:mm:ssZ</granularity></Identify>"
    )


def _formats() -> str:
    return (
        "<ListMetadataFormats><metadataFormat><metadataPrefix>oai_dc</metadataPrefix>"
        "<schema>http://www.openarchives.org/OAI/2.0/oai_dc.xsd</schema>"
        "<metadataNamespace>http://www.openarchives.org/OAI/2.0/oai_dc/</metadataNamespace>"
        "</metadataFormat></ListMetadataFormats>"
    )


def _header(number: int) -> str:
    gone = " status='deleted'" if number % 7 == 3 else ""
    return (
        f"<header{gone}><identifier>oai:source.example.org:{number}</identifier>"
        f"<datestamp>{DATE}</datestamp><setSpec>part:{number % 3}</setSpec></header>"
    )


def _record(number: int) -> str:
    header = _header(number)
    if number % 7 == 3:
        return f"<record>{header}</record>"
    body = "<strange xmlns='urn:strange'>x</strange>" if number % 29 == 5 else _dublin_core(number)
    return f"<record>{header}<metadata>{body}</metadata></record>"


def _dublin_core(number: int) -> str:
    return (
        f"<oai_dc:dc {DC}><dc:title>Work {number}</dc:title><dc:creator>Doe, Jane</dc:creator>"
        f"<dc:publisher>A press</dc:publisher><dc:date>{1990 + number % 30}</dc:date>"
        f"<dc:type>article</dc:type><dc:identifier>https://doi.org/10.5072/s-{number}"
        f"</dc:identifier></oai_dc:dc>"
    )


def _response(query: dict[str, str], inner: str) -> str:
    return (
        f"<?xml version='1.0' encoding='UTF-8'?><OAI-PMH {OAI}>"
        f"<responseDate>2026-02-01T00:00:00Z</responseDate>"
        f"<request verb='{query.get('verb', '')}'>http://source.example.org/oai</request>{inner}"
        "</OAI-PMH>"
    )


def _handler(repository: Source) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            query = {k: v[0] for k, v in parse_qs(urlsplit(self.path).query).items()}
            body = repository.answer(query).encode()
            try:
                self.send_response(200)
                self.send_header("Content-Type", "text/xml; charset=utf-8")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)
            except OSError:
                self.close_connection = True

        def log_message(self, *_: object) -> None:
            pass

    return Handler
