"""How often one client may ask for pages and the API, and how many exports it may take at once.

Each client has saved up five minutes of requests, and saves again while it is quiet; who asks on
beyond that is told how long to wait, and waits no longer for asking too early. Kept in the memory
of this process: a hub with several web processes grants as much in each. The provider has its own
rule, in `fair_use`.
"""

from __future__ import annotations

import math
import threading
import time
from collections import Counter, OrderedDict
from typing import TYPE_CHECKING, cast

from flask import Blueprint, current_app, request
from msgspec import Struct
from werkzeug.exceptions import TooManyRequests

from app.web import clients, words

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.sansio.blueprints import BlueprintSetupState

    from app.settings import Limits, Settings

blueprint = Blueprint("limits", __name__)

NAME = "garnery.limits"
SPAN = 300.0
"""Seconds for which the settings name numbers of requests."""
BREATH = 5.0
"""Seconds of requests that a client has saved up again when it was told to wait."""
MOST_CLIENTS = 10_000
UNCOUNTED = ("frame", "health", "metrics", "provider", "explorer")
"""Files and what watches the hub; the provider counts by itself."""
SEARCHES = (
    "search", "api", "scholix", "statistics", "use", "link_pages", "bibliography", "check",
    "report", "report_lists",
)  # fmt: skip
"""What costs the database more than a record does."""


class Buckets:
    """What clients have used up, the least recently seen forgotten first; safe between threads."""

    def __init__(self, now: Callable[[], float] = time.monotonic, most: int = MOST_CLIENTS) -> None:
        """now: seconds of a clock that only goes on."""
        self._now = now
        self._most = most
        self._lock = threading.Lock()
        self._used_until: OrderedDict[tuple[str, str], float] = OrderedDict()

    def ask(self, key: tuple[str, str], most: int) -> int:
        """Return 0 if a request may be answered, else the seconds to wait. most: per SPAN."""
        cost = SPAN / most
        with self._lock:
            now = self._now()
            used = max(self._used_until.pop(key, now), now)
            waits = used + cost - now > SPAN
            self._used_until[key] = used if waits else used + cost
            if len(self._used_until) > self._most:
                self._used_until.popitem(last=False)
        return math.ceil(used + max(cost, BREATH) - now - SPAN) if waits else 0


class Taking:
    """How many exports each client takes at the moment; safe between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._taken: Counter[str] = Counter()

    def begin(self, client: str, most: int) -> bool:
        """Count one more; False if the client has as many as it may. most: 0 is any number."""
        with self._lock:
            if most and self._taken[client] >= most:
                return False
            self._taken[client] += 1
            return True

    def end(self, client: str) -> None:
        """Count one less."""
        with self._lock:
            self._taken[client] -= 1
            if self._taken[client] <= 0:
                del self._taken[client]


class Counting(Struct, frozen=True):
    """What an application has for this."""

    buckets: Buckets
    taking: Taking


@blueprint.record_once
def set_up(state: BlueprintSetupState) -> None:
    """Give an application its own counting."""
    state.app.extensions[NAME] = Counting(Buckets(), Taking())


@blueprint.before_app_request
def judge() -> None:
    """Refuse a request of a client that has used up what it may; raises TooManyRequests."""
    if request.method == "OPTIONS" or request.blueprint in UNCOUNTED:
        return
    settings = cast("Settings", current_app.extensions["garnery.settings"])
    most, kind = _most(settings.limits)
    if not most:
        return
    client = clients.counted(
        request.remote_addr or "",
        request.headers.getlist("X-Forwarded-For"),
        settings.web.trusted_proxies,
    )
    wait = counting().buckets.ask((client, kind), most) if client else 0
    if wait:
        raise TooManyRequests(_refusal(most, wait, kind), retry_after=wait)


def _most(limits: Limits) -> tuple[int, str]:
    """Return how many requests of this kind are answered in a SPAN, and its name."""
    if request.blueprint not in SEARCHES:
        return limits.pages, "pages"
    agent = request.headers.get("User-Agent", "").lower()
    named = "mailto:" in agent or bool(request.args.get("mailto"))
    return limits.identified if named else limits.anonymous, "searches"


def _refusal(most: int, wait: int, kind: str) -> str:
    what = "searches, lists, numbers and calls of the API" if kind == "searches" else "pages"
    more = "; who names an address as mailto= in the address, or in the User-Agent, may more"
    return (
        f"In five minutes one client may ask for {words.number(most)} {what}"
        f"{more if kind == 'searches' else ''}. Come back in {words.plural(wait, 'second')}."
    )


def counting() -> Counting:
    """Return the counting of this application."""
    return cast("Counting", current_app.extensions[NAME])
