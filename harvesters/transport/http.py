"""The one polite session: every request of the harvesters leaves through `PoliteSession.get`.

GET only, one request at a time, our own redirects, our own unpacking; the body is handed on
whatever the status, since the body decides. What fails is a HarvestError.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import requests
import urllib3
from msgspec import Struct, structs
from requests.cookies import extract_cookies_to_jar

from app import __version__, clock
from app.errors import HarvestError
from app.options import RepositoryOptions, merged
from app.settings import Settings
from app.store.values import Host, Repository
from harvesters.failures import ENDS_RUN, failure
from harvesters.transport import robots
from harvesters.transport.access import ALONE, Access
from harvesters.transport.addresses import host_key
from harvesters.transport.bodies import too_large, unpacked
from harvesters.transport.hosts import Allowance, Pace, Unkept, once_a_day
from harvesters.transport.mishaps import explained
from harvesters.transport.secrets import Secrets
from harvesters.transport.spooling import Spool, receive
from harvesters.transport.urls import check_url, next_hop, with_arguments
from harvesters.transport.ways import Way

__all__ = ["PoliteSession", "Response", "host_key", "with_arguments"]

ACCEPT = "text/xml, application/xml;q=0.9, */*;q=0.1"
REDIRECTS = frozenset((301, 302, 303, 307, 308))
PERMANENT = frozenset((301, 308))
MOST_REDIRECTS = 5
CHUNK = 256 * 1024
ROBOTS_DEADLINE = 30.0
_keep_cookies: Any = extract_cookies_to_jar  # has no types


class Response(Struct, frozen=True):
    """One HTTP answer, unpacked."""

    body: bytes
    """All of it; of a spooled one the first bytes only."""
    status: int
    headers: Mapping[str, str]
    """Blind to case."""
    url: str
    """The address that answered, after redirects."""
    received: int = 0
    """Bytes on the wire."""
    moved_to: str = ""
    """The new address, if a permanent redirect was followed."""
    size: int = 0
    """Bytes of the whole body, unpacked."""
    spool: Spool | None = None
    """The whole body, where it is too large for the memory."""
    at: datetime | None = None
    """When the request was sent."""
    milliseconds: int = 0
    """From then until the body was whole."""


class PoliteSession:
    """A session for one run against one repository: connections, cookies and pace are its own."""

    def __init__(
        self,
        settings: Settings,
        base_url: str = "",
        options: RepositoryOptions = RepositoryOptions(),  # noqa: B008 - frozen
        *,
        allow_private: bool = False,
        access: Access = ALONE,
        allowance: Allowance | None = None,
        pause: Callable[[float], object] | None = None,
    ) -> None:
        self.settings = settings.harvest
        self.requests = 0
        self.bytes = 0
        self.secrets = Secrets(access.credentials, base_url)
        self.pace = Pace(
            settings.harvest,
            options,
            access.hosts or Unkept(),
            allowance=allowance,
            pause=pause or self._stand,
        )
        self._has_robots = access.hosts is None
        self._forbidden = ""
        self._aborted = threading.Event()
        self.identity = False
        """Answers are asked for without compression."""
        self.damage = ""
        """What was wrong with a compressed answer."""
        inside = allow_private or settings.harvest.allow_private_addresses
        self._way = Way(base_url, options, allow_private=inside)
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.headers.clear()
        self._session.headers.update(_headers(settings))

    @classmethod
    def of(
        cls,
        repository: Repository,
        settings: Settings,
        access: Access = ALONE,
        allowance: Allowance | None = None,
    ) -> PoliteSession:
        """Return the session for a run against a repository, by its options."""
        return cls(
            merged(settings, repository.options),
            repository.base_url,
            repository.options,
            allow_private=repository.allow_private,
            access=access,
            allowance=allowance,
        )

    def get(
        self,
        url: str,
        params: Mapping[str, str] | None = None,
        *,
        verbatim: bool = False,
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        """Ask for an address with OAI-PMH arguments and return the answer, whatever its status.

        verbatim: values are sent as they are, as far as a URL allows. headers: more of them, such
        as conditions.
        """
        arguments = params or {}
        check_url(url, redirected=False)
        self.pace.begin(url)
        self._heed_robots(url)
        target = with_arguments(url, arguments, verbatim=verbatim)
        left = self.settings.page_deadline
        return self._follow(target, _Wish(arguments, headers or {}, left))

    def abort(self) -> None:
        """End a request that another thread waits for; later ones fail at once."""
        self._aborted.set()
        self._way.cut()

    def close(self) -> None:
        """Close all connections, and leave the hosts their pause."""
        self.pace.close()
        self._way.close()
        self._session.close()

    def _follow(self, target: str, wish: _Wish) -> Response:
        seen: set[tuple[str, int]] = set()
        moved = ""
        for hop in range(MOST_REDIRECTS + 1):
            check_url(target, redirected=hop > 0)
            response, location = self._exchange(target, wish, redirected=hop > 0)
            if not location:
                return response if not moved else structs.replace(response, moved_to=moved)
            insecure = self.settings.insecure_redirects
            following = next_hop(target, location, wish.arguments, insecure=insecure)
            following = self.secrets.plain(following)
            place = following, len(self._session.cookies)
            if place in seen or (following == target and not _set_cookie(response)):
                break
            seen.add(place)
            moved = following if response.status in PERMANENT else moved
            target = following
        raise failure("redirect-loop", "The address leads from redirect to redirect.", url=target)

    def _exchange(self, url: str, wish: _Wish, *, redirected: bool) -> tuple[Response, str]:
        """Make one request when it is its turn; return the answer and where it redirects to."""
        try:
            with self.pace.turn(url), self._within(wish, url):
                response, location = self._send(url, wish.headers)
                self.pace.answered(url, response.status, response.headers)
                return response, location
        except HarvestError as error:
            if error.cause == "compression-damaged" and not self.identity:
                self.identity, self.damage = True, str(error)
                return self._exchange(url, wish, redirected=redirected)
            if error.cause == "private-address" and redirected:
                words = f"A redirect leads inward: {error}"
                raise failure("redirect-refused", words) from None
            raise

    def _send(self, url: str, more: Mapping[str, str]) -> tuple[Response, str]:
        headers = {**self._session.headers, **more, **self.secrets.headers(url)}
        if self.identity:
            headers["Accept-Encoding"] = "identity"
        request = requests.PreparedRequest()  # by the session it would take more than twice as long
        cookies = self._session.cookies
        request.prepare("GET", self.secrets.sent(url), headers=headers, cookies=cookies)
        self.requests += 1
        at, began = clock.now(), time.monotonic()
        settings = self.settings
        # Not Session.send: it would read the whole body of a redirect, past any cap.
        answer = self._way.send(request, (settings.connect_timeout, settings.read_timeout))
        try:
            _keep_cookies(self._session.cookies, request, answer.raw)
            location = self._session.get_redirect_target(answer) or ""
            before = self.bytes
            label = answer.headers.get("Content-Encoding", "")
            parts = unpacked(self._parts(answer, url), label, cap=settings.max_page_bytes, url=url)
            got = receive(parts, most=settings.spool_bytes, folder=settings.spool_folder)
        finally:
            answer.close()
        made = Response(
            got.body,
            answer.status_code,
            answer.headers,
            url,
            received=self.bytes - before,
            size=got.size,
            spool=got.spool,
            at=at,
            milliseconds=round(1000 * (time.monotonic() - began)),
        )
        return made, location if answer.status_code in REDIRECTS else ""

    def _parts(self, answer: requests.Response, url: str) -> Iterator[bytes]:
        """Yield the body as it comes, up to the cap; a body that is short is an error."""
        size = 0
        raw: Any = answer.raw
        while part := raw.read1(CHUNK, decode_content=False):
            size += len(part)
            self.bytes += len(part)
            if size > self.settings.max_page_bytes:
                raise too_large(self.settings.max_page_bytes, url)
            yield part
        expected = answer.headers.get("Content-Length", "")
        if expected.isdecimal() and size < int(expected) and not raw.chunked:
            words = f"{size:,} bytes came where {int(expected):,} were announced."
            raise failure("body-short", words, url=url)

    @contextmanager
    def _within(self, wish: _Wish, url: str) -> Iterator[None]:
        """Cut the connection at the deadline, and turn what fails into HarvestErrors.

        Errors of the transport are not chained: their texts hold whole addresses, with keys.
        """
        self._check_end(url, late=None)
        late = threading.Event()
        began = time.monotonic()
        watch = threading.Timer(max(wish.left, 0.0), self._too_late, (late,))
        watch.daemon = True
        watch.start()
        try:
            yield
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
            self._check_end(url, late)
            raise self._told(error, url) from None
        finally:
            watch.cancel()
            wish.left -= time.monotonic() - began
        self._check_end(url, late)  # a cut connection may look like an empty answer

    def _told(self, error: Exception, url: str) -> HarvestError:
        told = explained(error, url)
        words = self.secrets.hide(str(told))
        return HarvestError(told.cause, words, url=told.url, wait=told.wait)

    def _check_end(self, url: str, late: threading.Event | None) -> None:
        if self._aborted.is_set():
            raise failure("stopped-by-operator", "The request was given up.", url=url) from None
        if late is not None and late.is_set():
            words = f"The answer was not whole after {self.settings.page_deadline:g} seconds."
            raise failure("too-slow", words, url=url) from None

    def _too_late(self, late: threading.Event) -> None:
        late.set()
        self._way.cut()

    def _stand(self, length: float) -> None:
        """Wait, unless the request is given up meanwhile."""
        if self._aborted.wait(length):
            raise failure("stopped-by-operator", "The request was given up.")

    # ── robots.txt ───────────────────────────────────────────────────────────────────────────

    def _heed_robots(self, url: str) -> None:
        """Know what robots.txt wants before the first request; raises if it forbids and counts."""
        if not self._has_robots:
            host = self.pace.hosts.get(host_key(url))
            if once_a_day(host, clock.now()):
                host = self._read_robots(url)
            self._forbidden = robots.forbidding(host.robots, url)
            self._has_robots = True
        if self._forbidden and self.settings.obey_robots:
            words = f"The server's robots.txt says “{self._forbidden}”."
            raise failure("robots-forbidden", words, url=url)

    def _read_robots(self, url: str) -> Host:
        """Read robots.txt and write down what it asks for; where it is not to be had, nothing."""
        wish = _Wish({}, {}, min(ROBOTS_DEADLINE, self.settings.page_deadline))
        said: robots.Robots | None = None
        try:
            response = self._follow(robots.address(url), wish)
            said = robots.read(response.body if response.status == 200 else b"")
        except HarvestError as error:
            if error.cause in ENDS_RUN:
                raise
        now = clock.now()

        def decide(host: Host) -> Host:
            if said is None:
                return structs.replace(host, robots_at=now)
            return structs.replace(host, robots=said.rules, crawl_delay=said.delay, robots_at=now)

        return self.pace.hosts.change(host_key(url), decide)


class _Wish:
    """What is asked for, along all its redirects."""

    def __init__(
        self, arguments: Mapping[str, str], headers: Mapping[str, str], left: float
    ) -> None:
        self.arguments = arguments
        self.headers = headers
        self.left = left
        """Seconds left for the answer, but for the waiting in turn."""


def _headers(settings: Settings) -> dict[str, str]:
    contact = settings.hub.contact
    own = f"Garnery/{__version__} (+{settings.base_url}; mailto:{contact})"
    return {
        "User-Agent": settings.harvest.user_agent or own,
        "From": contact,
        "Accept": ACCEPT,
        "Accept-Encoding": "gzip",
        "Connection": "keep-alive",
    }


def _set_cookie(response: Response) -> bool:
    return "set-cookie" in response.headers
