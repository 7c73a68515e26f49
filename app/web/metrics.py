"""Numbers for Prometheus, at `/metrics`: from rows, so that every process of a hub shows the same.

Who may read them is a setting. Nothing here costs more with more records or older harvests.
"""

from __future__ import annotations

import hmac
import ipaddress
import platform
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

from flask import Blueprint, Response, current_app, request

from app import __version__, clock
from app.jobs import presence
from app.state import repository_state
from app.store import alerts, metering
from app.store.metering import Provided
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
    from app.store.metering import Asked
    from app.store.values import Repository

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
    yield from _oai(store)
    yield _request_seconds(store)
    build = _gauge("build_info", "The program that runs", ("version", "python", "database"))
    build.add_metric((__version__, platform.python_version(), store.url.partition(":")[0]), 1)
    yield build


def _of_repositories(store: Store) -> Iterator[Metric]:
    now, found = store.now(), _told_of(store)
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
    names = {one.name for one in found}
    for (name, state), number in sorted(metering.hidden(store).items()):
        if name in names:
            records.add_metric((name, state), number)
    yield from (records, states, last)
    outcomes = _counter("harvest_outcomes", "Harvests that ended so", ("repository", "outcome"))
    for (name, outcome), number in sorted(metering.outcomes(store).items()):
        if name in names:
            outcomes.add_metric((name, outcome), number)
    yield outcomes
    waiting = _gauge("failures_open", "Records set aside until they can be read", ())
    waiting.add_metric((), sum(one.quarantined for one in found))
    yield waiting


def _told_of(store: Store) -> list[Repository]:
    """Return the repositories that are told of: private ones not where everyone may read."""
    found = store.repositories.list()
    if frame.settings().metrics.access != "public":
        return list(found)
    return [one for one in found if one.public]


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


def _oai(store: Store) -> Iterator[Metric]:
    requests = _counter("oai_requests", "Requests to the provider", ("verb", "status"))
    records = _counter("oai_records", "Records and headers it gave", ("verb", "prefix", "status"))
    sent = _counter("oai_bytes", "Bytes of bodies that it sent", ("verb", "prefix", "status"))
    seconds = _counter("oai_seconds", "Time that it took to make them", ("verb",))
    by_verb: Counter[tuple[str, str]] = Counter()
    took: Counter[str] = Counter()
    for (verb, prefix, status), number in sorted(_provided(store, clock.now()).items()):
        by_verb[verb or "none", status] += number.requests
        took[verb or "none"] += number.milliseconds
        if number.records:
            records.add_metric((verb, prefix, status), number.records)
        if number.bytes:
            sent.add_metric((verb or "none", prefix, status), number.bytes)
    for names, times in by_verb.items():
        requests.add_metric(names, times)
    for verb, milliseconds in took.items():
        seconds.add_metric((verb,), milliseconds / 1000)
    yield from (requests, records, sent, seconds)


def _provided(store: Store, now: datetime) -> dict[Asked, Provided]:
    """Return all use of the provider; that of settled days is added up once a day."""
    day = clock.text(now - SETTLED)[:10]
    known: tuple[str, dict[Asked, Provided]] = current_app.extensions.get(_KEPT, ("", {}))
    if known[0] != day:
        known = (day, metering.provided(store, before=day))
        current_app.extensions[_KEPT] = known
    total = dict(known[1])
    for key, number in metering.provided(store, since=day).items():
        total[key] = total.get(key, Provided()).plus(number)
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
