"""The one polite session: every request of the harvesters leaves through `PoliteSession.get`.

GET only, one request at a time, our own redirects, our own unpacking; the body is handed on
whatever the status, since the body decides. What fails is a HarvestError.
"""

from __future__ import annotations

import errno
import http.client
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qsl, quote, urljoin, urlsplit, urlunsplit

import requests
import urllib3
from msgspec import Struct
from requests.cookies import extract_cookies_to_jar

from app import __version__
from app.errors import HarvestError
from app.settings import Settings
from harvesters.addresses import CheckedAdapter, Door, host_key
from harvesters.bodies import too_large, unpack
from harvesters.failures import failure, shown

__all__ = ["PoliteSession", "Response", "host_key", "with_arguments"]

ACCEPT = "text/xml, application/xml;q=0.9, */*;q=0.1"
REDIRECTS = frozenset((301, 302, 303, 307, 308))
PERMANENT = frozenset((301, 308))
MOST_REDIRECTS = 5
LONGEST_URL = 8000
CHUNK = 256 * 1024
LONGEST_INTERVAL = 30.0
SHORTEST_INTERVAL = 0.1
QUIET_REQUESTS = 100
_keep_cookies: Any = extract_cookies_to_jar  # has no types
_UNREACHABLE = frozenset((errno.ECONNREFUSED, errno.EHOSTUNREACH, errno.ENETUNREACH))


class Response(Struct, frozen=True):
    """One HTTP answer, unpacked."""

    body: bytes
    status: int
    headers: Mapping[str, str]
    """Blind to case."""
    url: str
    """The address that answered, after redirects."""
    received: int = 0
    """Bytes on the wire."""
    moved_to: str = ""
    """The new address, if a permanent redirect was followed."""


class PoliteSession:
    """A session for one run against one host: connections, cookies and pace are its own."""

    def __init__(
        self,
        settings: Settings,
        user_agent: str = "",
        allow_private: bool = False,  # noqa: FBT001, FBT002 - the name says which way
        *,
        pause: Callable[[float], object] | None = None,
    ) -> None:
        self.settings = settings.harvest
        self.requests = 0
        self.bytes = 0
        self.interval = settings.harvest.minimum_interval
        self._aborted = threading.Event()
        self._pause = pause or self._aborted.wait
        self._quiet = 0
        self._last = 0.0
        self._identity = False
        self._door = Door(allow_private=allow_private or settings.harvest.allow_private_addresses)
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.headers.clear()
        self._session.headers.update(_headers(settings, user_agent))
        for scheme in ("http://", "https://"):
            self._session.mount(scheme, CheckedAdapter(self._door))

    def get(
        self, url: str, params: Mapping[str, str] | None = None, *, verbatim: bool = False
    ) -> Response:
        """Ask for an address with OAI-PMH arguments and return the answer, whatever its status.

        verbatim: values are sent as they are, as far as a URL allows.
        """
        arguments = params or {}
        _check_url(url, redirected=False)
        self._keep_distance()
        try:
            response = self._follow(with_arguments(url, arguments, verbatim=verbatim), arguments)
        finally:
            self._last = time.monotonic()
        self._learn_pace(response.status)
        return response

    def abort(self) -> None:
        """End a request that another thread waits for; later ones fail at once."""
        self._aborted.set()
        self._door.cut()

    def close(self) -> None:
        """Close all connections."""
        self._session.close()

    def _follow(self, target: str, arguments: Mapping[str, str]) -> Response:
        end = time.monotonic() + self.settings.page_deadline
        seen: set[tuple[str, int]] = set()
        moved = ""
        for hop in range(MOST_REDIRECTS + 1):
            _check_url(target, redirected=hop > 0)
            response, location = self._exchange(target, end, redirected=hop > 0)
            if not location:
                return response if not moved else _with_move(response, moved)
            following = _next_hop(target, location, arguments)
            place = following, len(self._session.cookies)
            if place in seen or (following == target and not _set_cookie(response)):
                break
            seen.add(place)
            moved = following if response.status in PERMANENT else moved
            target = following
        raise failure("redirect-loop", "The address leads from redirect to redirect.", url=target)

    def _exchange(self, url: str, end: float, *, redirected: bool) -> tuple[Response, str]:
        """Make one request; return the answer and where it redirects to."""
        try:
            with self._within(end, url):
                return self._send(url)
        except HarvestError as error:
            if error.cause == "compression-damaged" and not self._identity:
                self._identity = True
                return self._exchange(url, end, redirected=redirected)
            if error.cause == "private-address" and redirected:
                raise failure("redirect-refused", f"A redirect leads inward: {error}") from error
            raise

    def _send(self, url: str) -> tuple[Response, str]:
        request = self._session.prepare_request(requests.Request("GET", url))
        if self._identity:
            request.headers["Accept-Encoding"] = "identity"
        self.requests += 1
        settings = self.settings
        # Not Session.send: it would read the whole body of a redirect, past any cap.
        answer = self._session.get_adapter(url).send(
            request, stream=True, timeout=(settings.connect_timeout, settings.read_timeout)
        )
        try:
            _keep_cookies(self._session.cookies, request, answer.raw)
            location = self._session.get_redirect_target(answer) or ""
            packed = _read(answer, settings.max_page_bytes, url)
        finally:
            answer.close()
        self.bytes += len(packed)
        label = answer.headers.get("Content-Encoding", "")
        body = unpack(packed, label, cap=settings.max_page_bytes, url=url)
        made = Response(body, answer.status_code, answer.headers, request.url or url, len(packed))
        return made, location if answer.status_code in REDIRECTS else ""

    @contextmanager
    def _within(self, end: float, url: str) -> Iterator[None]:
        """Cut the connection at the deadline, and turn what fails into HarvestErrors."""
        late = threading.Event()
        watch = threading.Timer(max(end - time.monotonic(), 0.0), self._too_late, (late,))
        watch.daemon = True
        watch.start()
        try:
            yield
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
            self._check_end(late, url)
            raise _explained(error, url) from error
        finally:
            watch.cancel()
        self._check_end(late, url)  # a cut connection may look like an empty answer

    def _check_end(self, late: threading.Event, url: str) -> None:
        if self._aborted.is_set():
            raise failure("stopped-by-operator", "The request was given up.", url=url)
        if late.is_set():
            limit = self.settings.page_deadline
            raise failure("too-slow", f"The answer was not whole after {limit:g} seconds.", url=url)

    def _too_late(self, late: threading.Event) -> None:
        late.set()
        self._door.cut()

    def _keep_distance(self) -> None:
        wait = self._last + self.interval - time.monotonic()
        if self._last and wait > 0:
            self._pause(wait)

    def _learn_pace(self, status: int) -> None:
        """Widen the interval after a 429, narrow it after many quiet requests."""
        self._quiet = 0 if status == http.client.TOO_MANY_REQUESTS else self._quiet + 1
        if not self._quiet:
            self.interval = min(max(1.0, 2 * self.interval), LONGEST_INTERVAL)
        elif self._quiet >= QUIET_REQUESTS:
            self._quiet = 0
            self.interval = max(self.interval / 2, self.settings.minimum_interval)
            self.interval = (
                self.interval if self.interval >= 0.1 else self.settings.minimum_interval
            )


def with_arguments(url: str, arguments: Mapping[str, str], *, verbatim: bool = False) -> str:
    """Return the address with OAI-PMH arguments added to its own query."""
    parts = urlsplit(url)
    own = [
        piece
        for piece in parts.query.split("&")
        if piece and piece.partition("=")[0] not in arguments
    ]
    added = [f"{name}={_encoded(value, verbatim)}" for name, value in arguments.items()]
    return urlunsplit((parts.scheme, parts.netloc, parts.path, "&".join(own + added), ""))


def _encoded(value: str, verbatim: bool) -> str:  # noqa: FBT001 - the name says which way
    if verbatim:
        return value.replace("#", "%23").replace("&", "%26")
    return quote(value, safe="", errors="surrogatepass")


def _headers(settings: Settings, user_agent: str) -> dict[str, str]:
    contact = settings.hub.contact
    own = f"Garnery/{__version__} (+{settings.base_url}; mailto:{contact})"
    return {
        "User-Agent": user_agent or settings.harvest.user_agent or own,
        "From": contact,
        "Accept": ACCEPT,
        "Accept-Encoding": "gzip",
        "Connection": "keep-alive",
    }


def _check_url(url: str, *, redirected: bool) -> None:
    cause = "redirect-refused" if redirected else "address-unusable"
    try:
        parts = urlsplit(url)
        port_is_good = parts.port is None or parts.port > 0
    except ValueError:
        raise failure(cause, f"{url[:200]} is no address.") from None
    if parts.scheme.lower() not in ("http", "https") or not parts.hostname or not port_is_good:
        raise failure(cause, f"{shown(url)} is no address that begins with http:// or https:// .")
    if parts.username is not None or parts.password is not None:
        raise failure(cause, f"The address {shown(url)} holds a user name, which is not sent.")
    if len(url) > LONGEST_URL:
        raise failure(cause, f"The address is longer than {LONGEST_URL:,} characters.")


def _next_hop(base: str, location: str, arguments: Mapping[str, str]) -> str:
    """Return where a redirect leads, with the OAI-PMH arguments put back if it lost them."""
    target = urljoin(base, location)
    if urlsplit(base).scheme.lower() == "https" and urlsplit(target).scheme.lower() == "http":
        raise failure("redirect-refused", f"A redirect leads from https to {shown(target)} .")
    try:
        kept = {name for name, _ in parse_qsl(urlsplit(target).query, keep_blank_values=True)}
    except ValueError:
        kept = set()
    return target if set(arguments) <= kept else with_arguments(target, arguments)


def _set_cookie(response: Response) -> bool:
    return "set-cookie" in response.headers


def _with_move(response: Response, moved: str) -> Response:
    return Response(
        response.body, response.status, response.headers, response.url, response.received, moved
    )


def _read(answer: requests.Response, cap: int, url: str) -> bytes:
    """Read the body as it comes, up to the cap; a body that is short is an error."""
    parts: list[bytes] = []
    size = 0
    raw: Any = answer.raw
    while part := raw.read1(CHUNK, decode_content=False):
        parts.append(part)
        size += len(part)
        if size > cap:
            raise too_large(cap, url)
    expected = answer.headers.get("Content-Length", "")
    if expected.isdecimal() and size < int(expected) and not raw.chunked:
        raise failure(
            "body-short", f"{size:,} bytes came where {int(expected):,} were announced.", url=url
        )
    return b"".join(parts)


def _explained(error: Exception, url: str) -> HarvestError:
    """Turn an error of the transport into one with a cause of the register."""
    chain = tuple(_chain(error))
    for told in chain:
        if isinstance(told, HarvestError):
            return told
    cause, what = next(filter(None, map(_cause_of, chain)), ("connection-reset", ""))
    what = what or f"The connection was dropped: {chain[-1]}."
    return failure(cause, what, url=url)


def _chain(error: BaseException) -> Iterator[BaseException]:
    """Yield an error and what it wraps, the outermost first."""
    pending: list[BaseException] = [error]
    seen: set[int] = set()
    while pending:
        inner = pending.pop(0)
        if id(inner) in seen:
            continue
        seen.add(id(inner))
        yield inner
        wrapped = (getattr(inner, "reason", None), inner.__cause__, *inner.args)
        pending.extend(part for part in wrapped if isinstance(part, BaseException))


def _cause_of(error: BaseException) -> tuple[str, str] | None:
    match error:
        case ssl.SSLCertVerificationError(verify_message=why):
            return "tls-invalid", f"The certificate of the server cannot be trusted: {why}."
        case ssl.SSLError(reason=why):
            return "tls-invalid", f"No TLS connection came about: {why}."
        case requests.ConnectTimeout() | urllib3.exceptions.ConnectTimeoutError():
            return "timed-out", "No connection came about in time."
        case requests.ReadTimeout() | urllib3.exceptions.ReadTimeoutError() | socket.timeout():
            return "timed-out", "The server sent nothing in time."
        case http.client.IncompleteRead() | urllib3.exceptions.IncompleteRead():
            return "body-short", "The answer broke off before its end."
        case requests.exceptions.InvalidURL() | urllib3.exceptions.LocationParseError():
            return "address-unusable", f"The address cannot be used: {error}."
        case OSError(errno=number) if number in _UNREACHABLE:
            return "connection-refused", f"The server takes no connection: {error.strerror}."
    return None
