"""A web server on loopback that answers what a test tells it to, down to the bytes on the wire."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit


@dataclass(frozen=True)
class Asked:
    """One request as it came in."""

    target: str
    headers: dict[str, str]
    port: int
    """The client's port: equal ports are one connection."""
    at: float = 0.0

    @property
    def query(self) -> str:
        return urlsplit(self.target).query

    @property
    def path(self) -> str:
        return urlsplit(self.target).path

    @property
    def arguments(self) -> dict[str, str]:
        return dict(parse_qsl(self.query, keep_blank_values=True))


@dataclass(frozen=True)
class Reply:
    """What goes back; `raw` replaces everything, `pieces` are sent with a pause before each."""

    body: bytes = b""
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    raw: bytes | None = None
    pieces: Sequence[bytes] = ()
    pause: float = 0.0
    hang_up: bool = False
    length: int | None = None
    """A Content-Length that is not the body's."""


Answering = Callable[[Asked], Reply]


@dataclass
class Script:
    """A running server: where it is, and what it was asked."""

    url: str
    port: int
    asked: list[Asked] = field(default_factory=list)
    closing: threading.Event = field(default_factory=threading.Event)

    @property
    def connections(self) -> int:
        return len({one.port for one in self.asked})


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    script: Script
    answering: Answering

    def do_GET(self) -> None:
        asked = Asked(self.path, dict(self.headers), self.client_address[1], at=time.monotonic())
        self.script.asked.append(asked)
        reply = self.answering(asked)
        if reply.raw is not None or reply.pieces or reply.hang_up:
            self._send_raw(reply)
            return
        self.send_response_only(reply.status)
        for name, value in reply.headers:
            self.send_header(name, value)
        length = len(reply.body) if reply.length is None else reply.length
        self.send_header("Content-Length", str(length))
        self.end_headers()
        self.wfile.write(reply.body)
        if reply.length is not None:
            self.close_connection = True

    def _send_raw(self, reply: Reply) -> None:
        self.close_connection = True
        for piece in (reply.raw, *reply.pieces):
            if piece:
                self.wfile.write(piece)
                self.wfile.flush()
            if reply.pause and self.script.closing.wait(reply.pause):
                return
        if reply.hang_up:
            self.connection.shutdown(socket.SHUT_RDWR)

    def log_message(self, *_: Any) -> None:
        pass


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request: Any, client_address: Any) -> None:
        pass


@contextmanager
def scripted(answering: Answering, *, secure: Any = None) -> Iterator[Script]:
    """Serve on loopback while the context lasts; `secure`: an SSLContext for https."""
    server = _Server(("127.0.0.1", 0), _Handler)
    if secure is not None:
        server.socket = secure.wrap_socket(server.socket, server_side=True)
    port = server.server_address[1]
    scheme = "https" if secure is not None else "http"
    script = Script(f"{scheme}://127.0.0.1:{port}/oai", port)
    handler = type("Handler", (_Handler,), {"script": script, "answering": staticmethod(answering)})
    server.RequestHandlerClass = handler
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.daemon = True
    thread.start()
    try:
        yield script
    finally:
        script.closing.set()
        server.shutdown()
        server.server_close()
        thread.join()
