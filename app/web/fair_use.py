"""Fair use of the provider: may this client ask now, and the note of what it was given.

Each request of the provider begins and ends here; `watched` does it for views. A client is one
network with one User-Agent, in the memory of this process; loopback is a client like others.
Nothing here can fail an answer.
"""

from __future__ import annotations

import functools
import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, cast

from flask import Response, current_app, g, request
from msgspec import Struct

from app import agents, clock
from app.oai import pace
from app.oai.pace import Limits, Standing, Verdict
from app.store.served.values import NOT_MODIFIED, OK, Facts, Note
from app.web import clients
from app.web.clients import Asker
from app.web.noting import Notebook

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment
    from flask.sansio.app import App

    from app.settings import Settings
    from app.store import Store

NAME = "garnery.fair_use"
MOST_CLIENTS = 10_000
MOST_FAMILIES = 300
"""Names of unknown software that a process counts by themselves; more count as others."""
TOO_FAST, CROWDED, SHUT_OUT, UNAVAILABLE, FAILED = (
    "too-fast", "crowded", "shut-out", "unavailable", "failed",
)  # fmt: skip

Key = tuple[str, str]
View = Callable[[], Response]

log = logging.getLogger(__name__)


class Gate:
    """The standings of clients, the least recently seen forgotten first; safe between threads."""

    def __init__(
        self, limits: Limits, now: Callable[[], float] = time.monotonic, most: int = MOST_CLIENTS
    ) -> None:
        """now: seconds of a clock that only goes on."""
        self._limits = limits
        self._now = now
        self._most = most
        self._lock = threading.Lock()
        self._standings: OrderedDict[Key, Standing] = OrderedDict()

    def ask(self, key: Key) -> Verdict:
        """Judge a request; one that is served is to be followed by `leave`."""
        if not self._limits.pace and not self._limits.at_once:
            return pace.SERVED
        with self._lock:
            now = self._now()
            standing = self._standings.pop(key, None) or pace.new(now, self._limits)
            self._standings[key], verdict = pace.judged(standing, now, self._limits)
            if len(self._standings) > self._most:
                self._standings.popitem(last=False)
        return verdict

    def leave(self, key: Key) -> None:
        """Say that a request that was served has its answer."""
        with self._lock:
            standing = self._standings.get(key)
            if standing is not None:
                self._standings[key] = pace.ended(standing)


class FairUse:
    """What an application has for this: its gate, its notebook, its words."""

    def __init__(self, gate: Gate, notebook: Notebook, settings: Settings) -> None:
        self.gate = gate
        self.notebook = notebook
        self.settings = settings
        self._families: set[str] = set()

    def family(self, user_agent: str) -> str:
        """Return the family of a User-Agent; unknown ones have a number beyond which they end."""
        name = agents.family(user_agent)
        if name in agents.FAMILIES or name in self._families:
            return name
        if len(self._families) >= MOST_FAMILIES:
            return agents.OTHERS
        self._families.add(name)
        return name

    def begin(self, environ: WSGIEnvironment) -> Visit:
        """Judge the pace of who asks; `end` is to follow, whatever comes of the request."""
        asker = _asker(environ, self.settings)
        return Visit(asker, time.perf_counter(), self.gate.ask((asker.network, asker.user_agent)))

    def refusal(self, verdict: Verdict) -> Refusal:
        """Return what is said to who is not served now."""
        headers = {"Cache-Control": "no-store", "Content-Type": "text/plain; charset=UTF-8"}
        status = 403 if verdict.shut_out else 503
        if status == 503:
            headers["Retry-After"] = str(verdict.wait)
        return Refusal(status, headers, _words(verdict, self.settings) + "\n")

    def end(self, visit: Visit, status: int, size: int, facts: Facts) -> None:
        """Note a request and its answer; whatever goes wrong with that is only counted."""
        asker, verdict = visit.asker, visit.verdict
        if verdict.served:
            self.gate.leave((asker.network, asker.user_agent))
        try:
            note = Note(
                clock.now(),
                facts,
                network=asker.network,
                user_agent=asker.user_agent,
                sender=asker.sender,
                family=self.family(asker.user_agent),
                bytes=size,
                milliseconds=int((time.perf_counter() - visit.begun) * 1000),
                status=status,
                outcome=_outcome(status, facts) if verdict.served else _outcome_of(verdict),
            )
            self.notebook.note(note)
        except Exception:
            log.exception("a request could not be noted")
            self.notebook.drop()


class Visit(Struct, frozen=True):
    """A request under way: who asks, since when, and whether it is served."""

    asker: Asker
    begun: float
    verdict: Verdict


class Refusal(Struct, frozen=True):
    """What is said to who is not served."""

    status: int
    headers: dict[str, str]
    text: str


def set_up(app: App) -> None:
    """Give an application its gate and its notebook."""
    store = cast("Store", app.extensions["garnery.store"])
    settings = cast("Settings", app.extensions["garnery.settings"])
    gate = Gate(Limits(settings.oai.pace, settings.oai.at_once))
    app.extensions[NAME] = FairUse(gate, Notebook(_writer(store, settings)), settings)


def tell(facts: Facts) -> None:
    """Say what the request in hand was given, for its note."""
    g.oai_facts = facts


def watched(view: View) -> View:
    """Return a view before which its client's pace is judged, and after which it is noted."""

    @functools.wraps(view)
    def answer() -> Response:
        if request.method == "OPTIONS":
            return view()
        use = cast("FairUse", current_app.extensions[NAME])
        visit, response = use.begin(request.environ), None
        try:
            if visit.verdict.served:
                response = view()
            else:
                refusal = use.refusal(visit.verdict)
                response = Response(refusal.text, refusal.status, headers=refusal.headers)
        finally:
            facts = cast("Facts", g.get("oai_facts") or Facts())
            use.end(visit, response.status_code if response else 500, _size(response), facts)
        return response

    return answer


# ── who asks ─────────────────────────────────────────────────────────────────────────────────


def _asker(environ: WSGIEnvironment, settings: Settings) -> Asker:
    forwarded, proxies = environ.get("HTTP_X_FORWARDED_FOR"), settings.web.trusted_proxies
    if forwarded is not None and not proxies:
        _warn_of_proxy()
    named = () if forwarded is None else (forwarded,)
    address = clients.client_address(environ.get("REMOTE_ADDR", ""), named, proxies)
    agent, sender = environ.get("HTTP_USER_AGENT", ""), environ.get("HTTP_FROM", "")
    return clients.asker(address, agent, sender)


@functools.cache
def _warn_of_proxy() -> None:
    """Say it once a process."""
    log.warning(
        "requests bear X-Forwarded-For, but web.trusted_proxies is 0: if a proxy of yours adds it, "
        "all clients behind it share one pace"
    )


# ── refusing ─────────────────────────────────────────────────────────────────────────────────


def _words(verdict: Verdict, settings: Settings) -> str:
    contact = settings.hub.contact
    if verdict.shut_out:
        until = clock.text(clock.now() + timedelta(seconds=verdict.wait))
        return (
            f"{pace.HEEDLESS} answers in a row asked this client to wait, and it did not. It is "
            f"served nothing until {until}. Please write to {contact}, who run this hub: a way "
            "to harvest it will be found."
        )
    seconds = "one second" if verdict.wait == 1 else f"{verdict.wait} seconds"
    again = (
        f"Wait {seconds}, as the header Retry-After says, then send the same request again: "
        "nothing is lost, and every resumption token stays good."
    )
    if verdict.crowded:
        return f"{settings.oai.at_once} requests of this client are under way already. {again}"
    return (
        f"This client asks faster than {settings.oai.pace} times a minute. {again} "
        f"Whoever needs more writes to {contact}."
    )


def _outcome_of(verdict: Verdict) -> str:
    if verdict.shut_out:
        return SHUT_OUT
    return CROWDED if verdict.crowded else TOO_FAST


# ── noting ───────────────────────────────────────────────────────────────────────────────────


def _size(response: Response | None) -> int:
    if response is None or request.method == "HEAD" or response.status_code == 304:
        return 0
    return response.calculate_content_length() or 0


def _outcome(status: int, facts: Facts) -> str:
    if status == 200:
        return " ".join(facts.errors) or OK
    named = {304: NOT_MODIFIED, 500: FAILED, 503: UNAVAILABLE}
    return named.get(status, f"http-{status}")


def _writer(store: Store, settings: Settings) -> Callable[[Sequence[Note], int], None]:
    """Return what writes a batch of notes; those of a store that was closed are let go."""
    rows = settings.statistics.keep_requests.strip() != "0"

    def write(notes: Sequence[Note], unnoted: int) -> None:
        if not store.closed:
            store.served.note(notes, at=clock.now(), unnoted=unnoted, rows=rows)

    return write
