"""How long answers take: measured in each web server, added up in rows for all of them."""

from __future__ import annotations

import bisect
import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, cast

from flask import Blueprint, Response, current_app, g, request

from app.store import metering
from app.store.metering import Key, Times
from app.web.tallying import GATHER, Tally

if TYPE_CHECKING:
    from flask.sansio.blueprints import BlueprintSetupState

    from app.store import Store

blueprint = Blueprint("metering", __name__)

NAME = "garnery.meter"
BOUNDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
"""The upper ends of the buckets, in seconds; the last bucket has none."""
NOWHERE = "none"
"""The route of a request that no view answers."""


class Meter:
    """Adds up requests by route and time; safe between threads, empty after a fork."""

    def __init__(self, write: Callable[[Mapping[Key, Times]], None], gather: float = GATHER):
        """write: adds to what is kept; may raise StoreError, then it is tried again later."""
        self._tally: Tally[Key] = Tally(
            lambda sums: write({key: Times(*numbers) for key, numbers in sums.items()}),
            gather=gather,
            what="times of answers",
        )

    def note(self, route: str, seconds: float) -> None:
        """Count a request."""
        key = (route, bisect.bisect_left(BOUNDS, seconds))
        self._tally.add(key, 1, round(seconds * 1e6))

    def flush(self) -> bool:
        """Write what is there now; False when the store cannot take it."""
        return self._tally.flush()


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
