"""How long answers take: measured in each web server, added up in rows for all of them.

Nothing waits for it: numbers are kept in memory and written by a thread every few seconds. A server
that is killed loses those of the last seconds.
"""

from __future__ import annotations

import bisect
import os
import threading
import time
import weakref
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, cast

from flask import Blueprint, Response, current_app, g, request

from app.store import metering
from app.store.metering import Key, Times
from app.web.noting import Notebook

if TYPE_CHECKING:
    from flask.sansio.blueprints import BlueprintSetupState

    from app.store import Store
    from app.store.served.values import Note

blueprint = Blueprint("metering", __name__)

NAME = "garnery.meter"
BOUNDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
"""The upper ends of the buckets, in seconds; the last bucket has none."""
GATHER = 10.0
"""Seconds between two writings."""
NOWHERE = "none"
"""The route of a request that no view answers."""


class Meter:
    """Adds up requests by route and time; safe between threads, empty after a fork."""

    def __init__(self, write: Callable[[Mapping[Key, Times]], None], gather: float = GATHER):
        """write: adds to what is kept; may raise StoreError, then it is tried again later."""
        self._write = write
        self._lock = threading.Lock()
        self._times: dict[Key, Times] = {}
        self._clock = Notebook(self._written, gather=gather, what="times of answers")
        _forget_after_fork(self)

    def note(self, route: str, seconds: float) -> None:
        """Count a request."""
        key = (route, bisect.bisect_left(BOUNDS, seconds))
        with self._lock:
            is_first = not self._times
            before = self._times.get(key) or Times()
            took = round(seconds * 1e6)
            self._times[key] = Times(before.requests + 1, before.microseconds + took)
        if is_first:
            self._clock.note(cast("Note", None))  # it only wakes the thread

    def flush(self) -> bool:
        """Write what is there now; False when the store cannot take it."""
        return self._clock.flush()

    def forget(self) -> None:
        """Begin anew, in a process that was forked: the numbers are its parent's."""
        self._lock = threading.Lock()
        self._times = {}

    def _written(self, *_: object) -> None:
        with self._lock:
            times, self._times = self._times, {}
        if not times:
            return
        try:
            self._write(times)
        except BaseException:
            self._give_back(times)
            raise

    def _give_back(self, times: Mapping[Key, Times]) -> None:
        with self._lock:
            for key, more in times.items():
                there = self._times.get(key) or Times()
                self._times[key] = Times(
                    there.requests + more.requests, there.microseconds + more.microseconds
                )


@blueprint.record_once
def set_up(state: BlueprintSetupState) -> None:
    """Give an application its meter."""
    store = cast("Store", state.app.extensions["garnery.store"])

    def write(times: Mapping[Key, Times]) -> None:
        if not store.closed:
            metering.add_times(store, times)

    state.app.extensions[NAME] = Meter(write)


def meter() -> Meter:
    """Return the meter of this application."""
    return cast("Meter", current_app.extensions[NAME])


@blueprint.before_app_request
def begin() -> None:
    """Note when the request came."""
    g.begun = time.perf_counter()


@blueprint.after_app_request
def measure(answer: Response) -> Response:
    """Count the request with its route; the name of a route never holds a path."""
    if "begun" in g:
        meter().note(request.endpoint or NOWHERE, time.perf_counter() - g.begun)
    return answer


def _forget_after_fork(meter: Meter) -> None:
    reference = weakref.ref(meter)

    def forget() -> None:
        inherited = reference()
        if inherited is not None:
            inherited.forget()

    os.register_at_fork(after_in_child=forget)
