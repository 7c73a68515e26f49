"""Serves the scenarios on loopback, each in a state of its own."""

from __future__ import annotations

import itertools
import socket
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qsl, urlsplit

from tests.fakes.faulty.register import SCENARIOS
from tests.fakes.faulty.repository import Answer, Repository, Request, plain


@dataclass(frozen=True, slots=True)
class Visit:
    """One request that a state received: for checks of pace and politeness."""

    at: float
    """Seconds on the monotonic clock when the request came in."""
    query: str
    user_agent: str
    in_flight: int
    """Requests that the whole server was answering when it came in, this one counted."""


def name_and_state(path: str) -> tuple[str, str]:
    """The scenario and the state in a path such as /baseline/oai or /baseline/run1/oai."""
    name, state, *_ = [*path.strip("/").split("/"), "oai"]
    return name, "" if state == "oai" else state


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, port: int, latency: float) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.latency = latency
        self.closing = threading.Event()
        self.visits: dict[tuple[str, str], list[Visit]] = {}
        self._in_flight = 0
        self._states: dict[tuple[str, str], Repository] = {}
        self._lock = threading.Lock()

    def repository(self, name: str, state: str, base_url: str) -> Repository | None:
        """The repository of one scenario and state; None if there is no such scenario."""
        if name not in SCENARIOS:
            return None
        with self._lock:
            key = name, state
            if key not in self._states:
                self._states[key] = SCENARIOS[name].repository(name, base_url)
            return self._states[key]

    @contextmanager
    def request_under_way(self) -> Iterator[int]:
        """Count a request until its answer begins to go out; gives the number under way."""
        with self._lock:
            self._in_flight += 1
            number = self._in_flight
        try:
            yield number
        finally:
            with self._lock:
                self._in_flight -= 1

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away is no news."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server

    def do_GET(self) -> None:
        """Answer a GET."""
        self._answer(urlsplit(self.path).query)

    def do_POST(self) -> None:
        """Answer a POST; its arguments are those in the body."""
        length = int(self.headers.get("Content-Length") or 0)
        self._answer(self.rfile.read(length).decode("latin-1"))

    def log_message(self, *_: Any, **__: Any) -> None:
        """Keep quiet."""

    def _answer(self, query: str) -> None:
        path = urlsplit(self.path).path
        name, state = name_and_state(path)
        base_url = f"http://{self.headers.get('Host', '127.0.0.1')}{path}"
        repository = self.server.repository(name, state, base_url)
        if repository is None:
            self._send(plain("no such scenario; see --list", 404))
            return
        arguments = dict(parse_qsl(query, keep_blank_values=True))
        request = Request(path, query, arguments, dict(self.headers))
        with self.server.request_under_way() as number:
            visit = Visit(time.monotonic(), query, self.headers.get("User-Agent", ""), number)
            self.server.visits.setdefault((name, state), []).append(visit)
            answer = repository.answer(request)
            self.server.closing.wait(answer.delay or self.server.latency)
        self._send(answer)

    def _send(self, answer: Answer) -> None:
        if answer.dropped:
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.content_type)
        for header, value in answer.headers:
            self.send_header(header, value)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body)


class FaultyRepository:
    """The server, run in a thread of its own while the context lasts.

    With a latency, in seconds, every answer takes that long: requests that overlap are then seen.
    """

    def __init__(self, port: int = 0, *, latency: float = 0.0) -> None:
        self._server = _Server(port, latency)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._states = itertools.count(1)

    @property
    def root(self) -> str:
        """The URL that scenario paths are added to."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def __call__(self, scenario: str, state: str | None = None) -> str:
        """The base URL of a scenario: in a fresh state, or in the state that is named."""
        fresh = f"run{next(self._states)}" if state is None else state
        return self.root + SCENARIOS[scenario].path_of(fresh)

    def visits(self, url: str) -> tuple[Visit, ...]:
        """The requests that a base URL has received so far, in order."""
        return tuple(self._server.visits.get(name_and_state(urlsplit(url).path), ()))

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._server.closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
