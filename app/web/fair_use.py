"""Fair use of the provider: may this client ask now, and the note of what it was given.

`watched` goes around each view of the provider. A client is one network with one User-Agent, in
the memory of this process; loopback is a client like others. Nothing here can fail an answer.
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

from app import agents, clock
from app.oai import pace
from app.oai.pace import Limits, Standing, Verdict
from app.store.served_values import NOT_MODIFIED, OK, Facts, Note
from app.web import clients
from app.web.noting import Notebook

if TYPE_CHECKING:
    from flask.sansio.app import App

    from app.settings import Settings
    from app.store import Store
    from app.web.clients import Asker

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
        asker, begun = _asker(use.settings), time.perf_counter()
        key = (asker.network, asker.user_agent)
        verdict = use.gate.ask(key)
        if not verdict.served:
            refusal = _refusal(verdict, use.settings)
            _note(use, asker, begun, refusal, _outcome_of(verdict))
            return refusal
        response = None
        try:
            response = view()
        finally:
            use.gate.leave(key)
            _note(use, asker, begun, response)
        return response

    return answer


# ── who asks ─────────────────────────────────────────────────────────────────────────────────


def _asker(settings: Settings) -> Asker:
    headers, proxies = request.headers, settings.web.trusted_proxies
    forwarded = headers.getlist("X-Forwarded-For")
    if forwarded and not proxies:
        _warn_of_proxy()
    address = clients.client_address(request.remote_addr or "", forwarded, proxies)
    return clients.asker(address, headers.get("User-Agent", ""), headers.get("From", ""))


@functools.cache
def _warn_of_proxy() -> None:
    """Say it once a process."""
    log.warning(
        "requests bear X-Forwarded-For, but web.trusted_proxies is 0: if a proxy of yours adds it, "
        "all clients behind it share one pace"
    )


# ── refusing ─────────────────────────────────────────────────────────────────────────────────


def _refusal(verdict: Verdict, settings: Settings) -> Response:
    headers = {"Cache-Control": "no-store", "Content-Type": "text/plain; charset=UTF-8"}
    status = 403 if verdict.shut_out else 503
    if status == 503:
        headers["Retry-After"] = str(verdict.wait)
    return Response(_words(verdict, settings) + "\n", status, headers=headers)


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


def _note(
    use: FairUse, asker: Asker, begun: float, response: Response | None, outcome: str = ""
) -> None:
    """Note a request; whatever goes wrong with that is only counted."""
    try:
        facts = cast("Facts", g.get("oai_facts") or Facts())
        status = response.status_code if response is not None else 500
        note = Note(
            clock.now(),
            facts,
            network=asker.network,
            user_agent=asker.user_agent,
            sender=asker.sender,
            family=use.family(asker.user_agent),
            bytes=_size(response),
            milliseconds=int((time.perf_counter() - begun) * 1000),
            status=status,
            outcome=outcome or _outcome(status, facts),
        )
        use.notebook.note(note)
    except Exception:
        log.exception("a request could not be noted")
        use.notebook.drop()


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
