"""How the hosts of a run want to be asked: their turns, their pauses, what they said before.

What decides is pure; what was learned is written down at once, by whoever is told, so that no other
process and no later run asks a host before its time.
"""

from __future__ import annotations

import contextlib
import hashlib
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Protocol

from msgspec.structs import replace

from app import clock
from app.errors import StoreError
from app.options import RepositoryOptions
from app.quiet_hours import quiet_until
from app.settings import Harvest
from app.store.values import Host, Repository
from harvesters.failures import failure
from harvesters.transport.addresses import host_key

REFUSALS = frozenset((429, 503))
LONGEST_IN_RUN = 900.0
"""Seconds that a run waits in all because it was asked to."""
LONGEST_RETRY_AFTER = 7 * 86400.0
MOST_REFUSALS = 5
"""Refusals in a row without a time to wait, after which the host is left alone."""
LEFT_ALONE = timedelta(hours=1)
LONGEST_ALONE = timedelta(hours=24)
LONGEST_INTERVAL = 30.0
SHORTEST_INTERVAL = 0.1
QUIET_REQUESTS = 100
RECOVERED = 20
"""Requests in a row that were taken, after which a host that was left alone is trusted again."""
_SECOND = timedelta(seconds=1)


class Hosts(Protocol):
    """Where hosts are kept: `app.store.hosts.Hosts`, or `Unkept`."""

    def get(self, key: str) -> Host:
        """Return what is known of a host."""

    def change(self, key: str, decide: Callable[[Host], Host]) -> Host:
        """Write down what `decide` makes of a host."""

    def turn(
        self, key: str, *, most: int = 1, pause: Callable[[float], object] = time.sleep
    ) -> contextlib.AbstractContextManager[None]:
        """Wait for the turn to ask a host, and have it while the context lasts."""


class Unkept:
    """Hosts that are known as long as this object, for a session that belongs to no hub."""

    def __init__(self) -> None:
        self._known: dict[str, Host] = {}

    def get(self, key: str) -> Host:
        """Return what is known of a host."""
        return self._known.get(key, Host(key))

    def change(self, key: str, decide: Callable[[Host], Host]) -> Host:
        """Write down what `decide` makes of a host."""
        self._known[key] = decide(self.get(key))
        return self._known[key]

    def turn(
        self,
        key: str,  # noqa: ARG002
        *,
        most: int = 1,  # noqa: ARG002
        pause: Callable[[float], object] = time.sleep,  # noqa: ARG002
    ) -> contextlib.AbstractContextManager[None]:
        """A session sends one request at a time by itself."""
        return contextlib.nullcontext()


class Allowance:
    """How long a run may wait because it was asked to; shared by all that wait."""

    def __init__(self, longest: float, total: float = LONGEST_IN_RUN) -> None:
        self.spent = 0.0
        self._longest = longest
        self._total = total

    def covers(self, length: float) -> bool:
        """Tell whether a wait can be waited out."""
        return length <= self._longest and self.spent + length <= self._total


class Pace:
    """The pace of one run: when it may ask which host, and what the answers say about that."""

    def __init__(
        self,
        settings: Harvest,
        options: RepositoryOptions,
        hosts: Hosts,
        *,
        allowance: Allowance | None = None,
        pause: Callable[[float], object],
    ) -> None:
        self.hosts = hosts
        self.allowance = allowance or Allowance(settings.longest_wait)
        self._settings = settings
        self._options = options
        self._pause = pause
        self._most = options.requests_per_host or 1
        self._last: dict[str, float] = {}
        self._seen: dict[str, Host] = {}

    def begin(self, url: str) -> None:
        """Raise HarvestError `quiet-hours` in the quiet hours of the repository."""
        now = clock.now()
        until = quiet_until(self._options.quiet_hours or "", now)
        if until is not None:
            words = f"The quiet hours of the repository last until {until:%H:%M} UTC."
            wait = (until - now).total_seconds()
            raise failure("quiet-hours", words, url=url, wait=wait)

    @contextmanager
    def turn(self, url: str) -> Iterator[None]:
        """Have the turn to ask a host, once its time has come; raises `asked-to-wait`."""
        key = host_key(url)
        with self.hosts.turn(key, most=self._most, pause=self._pause):
            host = self._free(key, url)
            self._keep_distance(host)
            try:
                yield
            finally:
                self._last[key] = time.monotonic()

    def answered(self, url: str, status: int, headers: Mapping[str, str]) -> None:
        """Learn from an answer: a time to wait, a wider or a narrower interval."""
        key, now = host_key(url), clock.now()
        wait = None if 200 <= status < 300 else retry_after(headers.get("Retry-After", ""), now)
        before = self._seen.get(key, Host(key))
        if learned(before, status, wait, now) != before:
            self.hosts.change(key, lambda host: learned(host, status, wait, now))

    def refused(self, url: str) -> float | None:
        """Note a refusal without a time to wait; return for how long the host is left alone now."""
        now = clock.now()
        after = self.hosts.change(host_key(url), lambda host: refused_again(host, now))
        return left(after, now)

    def bar(self, url: str, seconds: float) -> None:
        """Leave a host alone for so long, whoever wants to ask it."""
        until = clock.now() + timedelta(seconds=seconds)
        before = self.hosts.get(host_key(url)).not_before
        if before is None or until - before > 2 * _SECOND:  # else it is what the host itself said
            self.hosts.change(host_key(url), lambda host: barred(host, until))

    def interval(self, host: Host) -> float:
        """Return the least seconds between two requests of this run to a host."""
        least = max(self._settings.minimum_interval, host.interval, host.crawl_delay)
        return least * self._most

    def close(self) -> None:
        """Leave each host its pause, also from whoever comes next."""
        last, self._last = self._last, {}
        with contextlib.suppress(StoreError):
            for key, at in last.items():
                self._leave(key, at)

    def _free(self, key: str, url: str) -> Host:
        """Return a host once it may be asked; raises `asked-to-wait` if that is too long."""
        while (length := left(host := self.hosts.get(key), clock.now())) is not None:
            if not self.allowance.covers(length):
                when = host.not_before
                words = f"{key} asked not to be asked again before {when:%Y-%m-%d %H:%M} UTC."
                raise failure("asked-to-wait", words, url=url, wait=length)
            self.allowance.spent += length
            self._pause(length)
        self._seen[key] = host
        return host

    def _leave(self, key: str, last: float) -> None:
        length = self.interval(self.hosts.get(key)) - (time.monotonic() - last)
        if length > 0:
            until = clock.now() + timedelta(seconds=length)
            self.hosts.change(key, lambda host: barred(host, until))

    def _keep_distance(self, host: Host) -> None:
        last = self._last.get(host.key)
        length = 0.0 if last is None else last + self.interval(host) - time.monotonic()
        if length > 0:
            self._pause(length)


def learned(host: Host, status: int, wait: float | None, now: datetime) -> Host:
    """Return a host after an answer; wait: the seconds that it asked for."""
    if wait is not None:
        host = barred(host, now + timedelta(seconds=wait))
    if status == 429:
        wider = min(max(1.0, 2 * host.interval), LONGEST_INTERVAL)
        return replace(host, interval=wider, quiet=0)
    if status in REFUSALS:
        return replace(host, quiet=0)
    return _quieter(host)


def refused_again(host: Host, now: datetime) -> Host:
    """Return a host after one more refusal without a time to wait: after some it is left alone."""
    host = replace(host, refusals=host.refusals + 1, quiet=0)
    doublings = host.refusals - MOST_REFUSALS
    if doublings < 0:
        return host
    return barred(host, now + min(LEFT_ALONE * (1 << min(doublings, 10)), LONGEST_ALONE))


def barred(host: Host, until: datetime) -> Host:
    """Return a host that is not asked before a moment, or before a later one that it has."""
    whole = until if until.microsecond == 0 else until.replace(microsecond=0) + _SECOND
    if host.not_before is not None and host.not_before >= whole:
        return host
    return replace(host, not_before=whole)


def left(host: Host, now: datetime) -> float | None:
    """Return the seconds until a host may be asked; None if it may be asked now."""
    if host.not_before is None or host.not_before <= now:
        return None
    return (host.not_before - now).total_seconds()


def retry_after(value: str, now: datetime) -> float | None:
    """Return the seconds that a Retry-After asks for, in either form; None if it says nothing."""
    text = value.strip()
    if text.isascii() and text.isdigit() and len(text) < 12:
        wait = float(text)
    else:
        try:
            wait = (parsedate_to_datetime(text) - now).total_seconds()
        except (ValueError, TypeError):
            return None
    return min(wait, LONGEST_RETRY_AFTER) if wait > 0 else None


def held_until(
    repository: Repository, not_before: Mapping[str, datetime], now: datetime
) -> datetime | None:
    """Return until when no harvest of a repository begins: its host's wish, its quiet hours.

    not_before: the hosts that asked not to be asked now.
    """
    moments = (
        not_before.get(host_key(repository.base_url)),
        quiet_until(repository.options.quiet_hours or "", now),
    )
    return max((moment for moment in moments if moment is not None and moment > now), default=None)


def job_lock(repository: Repository) -> str:
    """Return the lock under which a repository's host is held by a job: one harvest at a time.

    Where the host agreed to more, its repositories are shared out among that many locks.
    """
    key = host_key(repository.base_url) or f"files of {repository.name}"
    most = repository.options.requests_per_host or 1
    drawn = hashlib.blake2b(repository.name.encode(), digest_size=4).digest()
    place = int.from_bytes(drawn, "big") % most
    return f"{key} {place + 1}" if place else key


def _quieter(host: Host) -> Host:
    """Count a request that was taken: some end the count of refusals, many halve the interval."""
    quiet = host.quiet + 1
    if host.refusals and (host.refusals < MOST_REFUSALS or quiet >= RECOVERED):
        host = replace(host, refusals=0)
    if not host.interval and not host.refusals:
        return host
    if quiet < QUIET_REQUESTS:
        return replace(host, quiet=quiet)
    half = host.interval / 2
    return replace(host, quiet=0, interval=half if half >= SHORTEST_INTERVAL else 0.0)


def once_a_day(host: Host, now: datetime) -> bool:
    """Tell whether the robots.txt of a host is to be read again."""
    return host.robots_at is None or now - host.robots_at >= timedelta(days=1)
