"""Numbers for Prometheus, at `/metrics`: from rows, so that every process of a hub shows the same.

Who may read them is a setting. Nothing here costs more with more records or older harvests.
"""

from __future__ import annotations

import hmac
import ipaddress
import platform
from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

from flask import Blueprint, Response, current_app, request

from app import __version__, clock
from app.jobs import presence
from app.state import repository_state
from app.store import alerts, metering
from app.web import frame
from app.web import metering as measured
from app.web.clients import client_address

if TYPE_CHECKING:
    from datetime import datetime

    from prometheus_client.core import (
        CounterMetricFamily,
        GaugeMetricFamily,
        HistogramMetricFamily,
    )
    from prometheus_client.metrics_core import Metric

    from app.store import Store

blueprint = Blueprint("metrics", __name__)

SETTLED = timedelta(days=2)
"""Days so old that nothing is counted for them any more."""
_KEPT = "garnery.provided"
"""Where an application remembers the sums of those days."""


@blueprint.get("/metrics")
def metrics() -> Response:
    """Give all numbers in the text form of Prometheus, to those who may read them."""
    refusal = _refusal()
    if refusal is not None:
        return refusal
    from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest

    measured.meter().flush()
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Rows(tuple(_families(frame.store()))))
    answer = Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)
    answer.headers["Cache-Control"] = frame.NEVER
    return answer


class _Rows:
    """A collector of what was read from rows."""

    def __init__(self, families: tuple[Metric, ...]) -> None:
        self._families = families

    def collect(self) -> tuple[Metric, ...]:
        """Return the numbers."""
        return self._families


# ── who may read ─────────────────────────────────────────────────────────────────────────────


def _refusal() -> Response | None:
    given = frame.settings().metrics
    if given.access == "public":
        return None
    if given.access == "token":
        kind, _, token = request.headers.get("Authorization", "").partition(" ")
        same = hmac.compare_digest(token.strip().encode(), given.token.encode())
        if kind.lower() == "bearer" and same:
            return None
        return _refused(401, "A token is needed: Authorization: Bearer TOKEN")
    return None if _is_here() else _refused(403, "Only this machine may read this.")


def _is_here() -> bool:
    """Tell whether this machine asks; a proxy on this machine asks for others."""
    proxies = frame.settings().web.trusted_proxies
    forwarded = request.headers.getlist("X-Forwarded-For")
    if not proxies and (forwarded or "Forwarded" in request.headers):
        return False
    try:
        address = client_address(request.remote_addr or "", forwarded, proxies)
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


def _refused(status: int, sentence: str) -> Response:
    answer = Response(sentence + "\n", status, content_type="text/plain; charset=utf-8")
    answer.headers["Cache-Control"] = frame.NEVER
    if status == 401:
        answer.headers["WWW-Authenticate"] = "Bearer"
    return answer


# ── the numbers ──────────────────────────────────────────────────────────────────────────────


def _families(store: Store) -> Iterator[Metric]:
    yield from _of_repositories(store)
    yield from _of_work(store)
    yield _oai_requests(store)
    yield _request_seconds(store)
    build = _gauge("build_info", "The program that runs", ("version", "python", "database"))
    build.add_metric((__version__, platform.python_version(), store.url.partition(":")[0]), 1)
    yield build


def _of_repositories(store: Store) -> Iterator[Metric]:
    now, found = store.now(), store.repositories.list()
    records = _gauge("records", "Records of a repository", ("repository", "state"))
    states = _gauge("repository_state", "1: it stands so now", ("repository", "state"))
    last = _gauge(
        "harvest_last_complete_seconds",
        "End of the last whole one, since 1970",
        ("repository",),
    )
    for one in found:
        for state in ("live", "deleted", "quarantined"):
            records.add_metric((one.name, state), getattr(one, state))
        states.add_metric((one.name, repository_state(one, now)), 1)
        if one.last_whole_at:
            last.add_metric((one.name,), clock.seconds(one.last_whole_at))
    yield from (records, states, last)
    outcomes = _counter("harvest_outcomes", "Harvests that ended so", ("repository", "outcome"))
    for names, number in sorted(metering.outcomes(store).items()):
        outcomes.add_metric(names, number)
    yield outcomes
    waiting = _gauge("failures_open", "Records set aside until they can be read", ())
    waiting.add_metric((), sum(one.quarantined for one in found))
    yield waiting


def _of_work(store: Store) -> Iterator[Metric]:
    jobs = _gauge("jobs", "Jobs of workers; ended ones of the last two weeks", ("state",))
    counted = {"queued": 0, "running": 0, "done": 0, "failed": 0} | store.jobs.counts()
    for state, number in counted.items():
        jobs.add_metric((state,), number)
    messages = _gauge("alert_messages", "Messages with alerts, by what became of them", ("state",))
    for state, number in ({"waiting": 0, "sent": 0, "failed": 0} | alerts.counts(store)).items():
        messages.add_metric((state,), number)
    yield from (jobs, messages)
    for name, role, words in (
        ("scheduler_last_tick_seconds", presence.TICK, "Last look for what is due, since 1970"),
        ("worker_last_sign_seconds", presence.WORKER, "Last sign of a worker, since 1970"),
    ):
        sign = presence.last_sign(store, role)
        gauge = _gauge(name, words, ())
        if sign is not None:
            gauge.add_metric((), clock.seconds(sign))
        yield gauge


def _oai_requests(store: Store) -> Metric:
    family = _counter("oai_requests", "Requests to the provider", ("verb", "status"))
    for (verb, outcome), number in sorted(_provided(store, clock.now()).items()):
        family.add_metric((verb or "none", outcome), number)
    return family


def _provided(store: Store, now: datetime) -> dict[tuple[str, str], int]:
    """Return all requests to the provider; those of settled days are added up once a day."""
    day = clock.text(now - SETTLED)[:10]
    known: tuple[str, dict[tuple[str, str], int]] = current_app.extensions.get(_KEPT, ("", {}))
    if known[0] != day:
        known = (day, metering.provided(store, before=day))
        current_app.extensions[_KEPT] = known
    total = dict(known[1])
    for key, number in metering.provided(store, since=day).items():
        total[key] = total.get(key, 0) + number
    return total


def _request_seconds(store: Store) -> HistogramMetricFamily:
    from prometheus_client.core import HistogramMetricFamily

    family = HistogramMetricFamily(
        "garnery_http_request_seconds", "Time until an answer began, by route", labels=("route",)
    )
    found = metering.times(store)
    for route in sorted({route for route, _ in found}):
        buckets, total, took = [], 0, 0
        for number, end in enumerate((*measured.BOUNDS, float("inf"))):
            one = found.get((route, number)) or metering.Times()
            total, took = total + one.requests, took + one.microseconds
            buckets.append(("+Inf" if end == float("inf") else str(end), float(total)))
        family.add_metric((route,), buckets, took / 1e6)
    return family


def _gauge(name: str, words: str, labels: tuple[str, ...]) -> GaugeMetricFamily:
    from prometheus_client.core import GaugeMetricFamily

    return GaugeMetricFamily(f"garnery_{name}", words, labels=labels)


def _counter(name: str, words: str, labels: tuple[str, ...]) -> CounterMetricFamily:
    from prometheus_client.core import CounterMetricFamily

    return CounterMetricFamily(f"garnery_{name}", words, labels=labels)
