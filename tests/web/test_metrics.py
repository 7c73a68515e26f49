"""/metrics: who may read it, what it says, and that every process of a hub says the same."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import msgspec
import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import insert, select

from app import clock, create_app
from app.jobs import presence
from app.settings import Metrics, Settings, Web
from app.store import metering, open_store
from app.store.metering import Times
from app.store.removal import erase
from app.store.served.tables import served_counts
from app.store.tables import records
from app.store.withdrawing import Why
from app.web.metering import BOUNDS, Meter
from tests.store.making import harvest, member
from tests.web.conftest import SETTINGS
from tests.web.filling import fill

if TYPE_CHECKING:
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from app.store import Store

FIRST = ("repository", "verb", "route")
HERE = {"REMOTE_ADDR": "127.0.0.1"}


def app(store: Store, settings: Settings = SETTINGS) -> FlaskClient:
    return create_app(settings, store).test_client()


def samples(answer: TestResponse) -> dict[str, dict[tuple[str, ...], float]]:
    """Every sample by name and by the values of its labels."""
    assert answer.status_code == 200
    found: dict[str, dict[tuple[str, ...], float]] = {}
    for family in text_string_to_metric_families(answer.text):
        for one in family.samples:
            names = sorted(one.labels, key=lambda name: (name not in FIRST, name))
            found.setdefault(one.name, {})[tuple(one.labels[name] for name in names)] = one.value
    return found


def end(store: Store, name: str, outcome: str) -> None:
    run = harvest(store, store.repositories.get(name))
    store.harvests.end(run.id, "w1", outcome=outcome, sentence="It ended.")


def test_the_numbers_are_those_of_the_rows(store: Store) -> None:
    member(store, "reef")
    member(store, "dune", paused=True)
    for outcome in ("complete", "failed", "complete", "failed", "incomplete"):
        end(store, "reef", outcome)
    store.jobs.submit("harvest", {"repository": "reef"})
    presence.sign(store, presence.TICK)
    client = app(store)
    for _ in range(3):
        client.get("/oai?verb=Identify")
    client.get("/records/aaaaaaaaaaaaaaaa")
    client.get("/nowhere")
    found = samples(client.get("/metrics", environ_base=HERE))
    assert found["garnery_repository_state"] == {("reef", "failing"): 1, ("dune", "paused"): 1}
    assert found["garnery_harvest_outcomes_total"] == {
        ("reef", "complete"): 2, ("reef", "failed"): 2, ("reef", "incomplete"): 1,
    }  # fmt: skip
    assert found["garnery_records"]["reef", "live"] == 0
    last = found["garnery_harvest_last_complete_seconds"]
    assert list(last) == [("reef",)]
    assert abs(last["reef",] - clock.seconds(clock.now())) < 60
    assert found["garnery_jobs"]["queued",] == 1
    assert found["garnery_failures_open"][()] == 0
    assert abs(found["garnery_scheduler_last_tick_seconds"][()] - clock.seconds(clock.now())) < 60
    assert "garnery_worker_last_sign_seconds" not in found
    count = found["garnery_http_request_seconds_count"]
    assert count["provider.provide",] == 3
    assert count["none",] == 1
    assert ("none", "+Inf") in found["garnery_http_request_seconds_bucket"]
    assert len(found["garnery_build_info"]) == 1
    assert "aaaaaaaa" not in client.get("/metrics", environ_base=HERE).text
    again = samples(client.get("/metrics", environ_base=HERE))
    assert again["garnery_http_request_seconds_count"]["metrics.metrics",] == 2


def test_requests_to_the_provider_are_counted_over_all_days(sqlite_store: Store) -> None:
    client = app(sqlite_store)
    client.get("/oai?verb=Identify")
    client.get("/oai?verb=Nonsense")
    client.application.extensions["garnery.fair_use"].notebook.flush()
    old = {"period": "2020-01", "verb": "Identify", "prefix": "", "set_spec": "", "family": "x",
           "outcome": "ok", "requests": 40, "bytes": 4000, "milliseconds": 1500}  # fmt: skip
    with sqlite_store.database.write() as connection:
        connection.execute(insert(served_counts), old)
    old |= {"verb": "ListRecords", "prefix": "oai_dc", "requests": 3, "records": 300}
    with sqlite_store.database.write() as connection:
        connection.execute(insert(served_counts), old)
    every = samples(client.get("/metrics", environ_base=HERE))
    found = every["garnery_oai_requests_total"]
    assert found["Identify", "ok"] == 41
    assert found["none", "badVerb"] == 1
    assert every["garnery_oai_records_total"] == {("ListRecords", "oai_dc", "ok"): 300}
    assert every["garnery_oai_bytes_total"]["Identify", "", "ok"] > 4000
    assert every["garnery_oai_seconds_total"]["ListRecords",] == 1.5


def test_numbers_for_everyone_leave_private_repositories_out(sqlite_store: Store) -> None:
    for name, public in (("reef", True), ("vault", False)):
        sqlite_store.repositories.add(
            name, title=name, base_url=f"http://{name}.test/oai", every="1d", public=public
        )
        harvest(sqlite_store, sqlite_store.repositories.get(name))
    shown = app(sqlite_store).get("/metrics", environ_base=HERE).text
    assert "vault" in shown
    open_to_all = msgspec.structs.replace(SETTINGS, metrics=Metrics(access="public"))
    shown = app(sqlite_store, open_to_all).get("/metrics").text
    assert "reef" in shown
    assert "vault" not in shown


def test_outcomes_of_harvests_that_were_lost_count_and_those_of_erased_members_go(
    store: Store,
) -> None:
    repository = member(store, "reef")
    harvest(store, repository)
    store.harvests.begin(
        repository.id, kind="full", trigger="person", worker="w2", prefix="oai_dc", from_="",
        lease=-1.0,
    )  # fmt: skip
    assert metering.outcomes(store) == {("reef", "incomplete"): 1}
    store.repositories.remove("reef")
    assert metering.outcomes(store) == {}
    erase(store.database, repository.id)


def test_only_this_machine_may_read_unless_it_is_said_otherwise(sqlite_store: Store) -> None:
    client = app(sqlite_store)
    there = {"REMOTE_ADDR": "203.0.113.9"}
    assert client.get("/metrics", environ_base=HERE).status_code == 200
    assert client.get("/metrics", environ_base={"REMOTE_ADDR": "::1"}).status_code == 200
    assert client.get("/metrics", environ_base=there).status_code == 403
    proxied = {"X-Forwarded-For": "203.0.113.9"}
    assert client.get("/metrics", environ_base=HERE, headers=proxied).status_code == 403
    behind = app(sqlite_store, msgspec.structs.replace(SETTINGS, web=Web(trusted_proxies=1)))
    assert behind.get("/metrics", environ_base=HERE, headers=proxied).status_code == 403
    own = {"X-Forwarded-For": "127.0.0.1"}
    assert behind.get("/metrics", environ_base=HERE, headers=own).status_code == 200
    public = msgspec.structs.replace(SETTINGS, metrics=Metrics(access="public"))
    answer = app(sqlite_store, public).get("/metrics", environ_base=there)
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")


def test_a_token_opens_the_numbers(sqlite_store: Store) -> None:
    given = msgspec.structs.replace(SETTINGS, metrics=Metrics(access="token", token="open-sesame"))
    client = app(sqlite_store, given)
    refused = client.get("/metrics", environ_base=HERE)
    assert (refused.status_code, refused.headers["WWW-Authenticate"]) == (401, "Bearer")
    for wrong in ("Bearer open-sesam", "Basic open-sesame", "open-sesame"):
        answer = client.get("/metrics", headers={"Authorization": wrong})
        assert answer.status_code == 401
    right = client.get("/metrics", headers={"Authorization": "Bearer open-sesame"})
    assert right.status_code == 200


PROCESS = """
import json, sys
from app import create_app
from app.settings import Settings
from app.store import open_store
url, number = sys.argv[1], int(sys.argv[2])
store = open_store(url)
client = create_app(Settings(), store).test_client()
for _ in range(number):
    client.get("/repositories")
print("ready", flush=True)
sys.stdin.readline()
answer = client.get("/metrics", environ_base={"REMOTE_ADDR": "127.0.0.1"})
print(json.dumps(answer.text), flush=True)
"""


def test_two_processes_show_the_same(database_url: str) -> None:
    """Each measures its own requests; either one gives the sum, also after the other was killed."""
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", PROCESS, database_url, str(number)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for number in (3, 4)
    ]
    said = []
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write("\n")
        process.stdin.flush()
        said.append(json.loads(process.stdout.readline()))
    for process in processes:
        process.kill()
        process.communicate()
    counts = []
    for text in said:
        (family,) = (
            f for f in text_string_to_metric_families(text)
            if f.name == "garnery_http_request_seconds"
        )  # fmt: skip
        counts.append(
            {s.labels["route"]: s.value for s in family.samples if s.name.endswith("_count")}
        )
    assert [one["repositories.listed"] for one in counts] == [3, 7]
    store = open_store(database_url)
    third = samples(app(store).get("/metrics", environ_base=HERE))
    store.dispose()
    assert third["garnery_http_request_seconds_count"]["repositories.listed",] == 7


def test_times_wait_in_memory_while_the_store_fails_and_none_is_lost() -> None:
    from app.errors import StoreError

    kept: list[dict[tuple[str, int], Times]] = []
    broken = [True]

    def write(times: object) -> None:
        if broken:
            raise StoreError("away")
        kept.append(dict(times))  # type: ignore[call-overload]

    meter = Meter(write, gather=3600)
    meter.note("a", 0.004)
    meter.note("a", 0.0041)
    meter.note("a", 99)
    assert not meter.flush()
    meter.note("b", 0.2)
    broken.clear()
    assert meter.flush()
    (got,) = kept
    assert {key: one.requests for key, one in got.items()} == {
        ("a", 0): 2, ("a", len(BOUNDS)): 1, ("b", 5): 1,
    }  # fmt: skip
    assert got["a", 0].microseconds == 8100


@pytest.mark.parametrize("given", ["0123abcd-EF", "a" * 64])
def test_an_id_of_a_trusted_proxy_is_taken_over(given: str, sqlite_store: Store) -> None:
    settings = msgspec.structs.replace(SETTINGS, web=Web(trusted_proxies=1))
    client = app(sqlite_store, settings)
    answer = client.get("/nowhere", headers={"X-Request-ID": given})
    assert answer.headers["X-Request-ID"] == given
    assert given in answer.text
    oai = client.get("/oai?verb=Identify", headers={"X-Request-ID": given})
    assert oai.headers["X-Request-ID"] == given


@pytest.mark.parametrize("given", ["short", "a" * 65, "with space", "semi;colon", ""])
def test_any_other_id_is_not(given: str, sqlite_store: Store) -> None:
    settings = msgspec.structs.replace(SETTINGS, web=Web(trusted_proxies=1))
    headers = {"X-Request-ID": given}
    for trusting in (settings, SETTINGS):
        made = app(sqlite_store, trusting).get("/", headers=headers).headers["X-Request-ID"]
        assert made != given
        assert len(made) == 16
    untrusted = app(sqlite_store).get("/", headers={"X-Request-ID": "0123abcd-EF"})
    assert untrusted.headers["X-Request-ID"] != "0123abcd-EF"


def test_records_that_operators_hid_are_counted_while_they_are_hidden(sqlite_store: Store) -> None:
    local_id = fill(sqlite_store).ids["arabic"]
    client = app(sqlite_store)

    def hidden() -> tuple[float, float | None]:
        found = samples(client.get("/metrics", environ_base=HERE))["garnery_records"]
        return found["tideland", "live"], found.get(("tideland", "withdrawn"))

    with sqlite_store.database.read() as connection:
        which = select(records.c.id).where(records.c.local_id == local_id)
        number = connection.execute(which).scalar_one()
    live, _ = hidden()
    sqlite_store.withdrawals.withdraw([number], Why("op"))
    assert hidden() == (live - 1, 1)
    sqlite_store.withdrawals.restore([number], "op")
    assert hidden() == (live, None)
