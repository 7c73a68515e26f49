"""`garnery jobs`: the work that waits, runs and has ended; a harvest whose worker was killed."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.cli.executors import is_done
from app.jobs import HARVEST, PERSON, submit
from app.store import Store
from tests.cli.conftest import Hub


def test_jobs_are_listed_in_the_order_in_which_they_begin(
    sqlite_hub: Hub, sqlite_store: Store
) -> None:
    for name, priority in (("dune", 0), ("reef", PERSON)):
        submit(sqlite_store, HARVEST, {"repository": name}, lock=name, priority=priority)
    sqlite_store.jobs.hold("dump", {}, "dump", "w1")
    items = sqlite_hub("jobs", "list", "--json").document["items"]
    found = [(one["kind"], one["state"], one["arguments"].get("repository")) for one in items]
    assert found == [
        ("dump", "running", None), (HARVEST, "queued", "reef"), (HARVEST, "queued", "dune"),
    ]  # fmt: skip
    assert "reef" in sqlite_hub("jobs", "list").out
    running = sqlite_hub("jobs", "list", "--state", "running", "--json").document
    assert running["total"] == 1


def test_a_job_is_taken_back_and_a_running_one_is_asked_to_end(
    sqlite_hub: Hub, sqlite_store: Store
) -> None:
    waiting = submit(sqlite_store, "dump", {})
    running = sqlite_store.jobs.hold("reingest", {"repository": "m"}, "h", "w1").id
    assert "taken back" in sqlite_hub("jobs", "cancel", str(waiting)).out
    assert sqlite_store.jobs.get(waiting).state == "cancelled"
    assert sqlite_hub("jobs", "cancel", str(running), "--json").document["asked_to_end"] is True
    assert sqlite_store.jobs.heartbeat(running, "w1")
    assert sqlite_hub("jobs", "cancel", str(waiting)).code == 5
    assert sqlite_hub("jobs", "cancel", "99").code == 3


def test_a_cancelled_job_that_runs_lets_its_harvest_stop(
    sqlite_hub: Hub, sqlite_store: Store
) -> None:
    store = sqlite_store
    one = store.repositories.add("m", title="M", base_url="https://m.example/", every="1d")
    job = store.jobs.hold(HARVEST, {"repository": "m"}, "m.example", "w1")
    harvest = begun(store, one.id)
    assert "after the page in hand" in sqlite_hub("jobs", "cancel", str(job.id)).out
    assert store.harvests.get(harvest).state == "stopping"
    assert not store.jobs.get(job.id).asked_to_end


def begun(store: Store, repository: int) -> int:
    return store.harvests.begin(
        repository, kind="full", trigger="schedule", worker="w1", prefix="oai_dc", from_=""
    ).id


def test_a_harvest_that_ended_before_its_worker_was_killed_is_not_done_again(
    sqlite_store: Store,
) -> None:
    store, what = sqlite_store, {"repository": "m"}
    one = store.repositories.add("m", title="M", base_url="https://m.example/", every="1d")
    first = store.jobs.hold(HARVEST, what, "m.example", "w1")
    harvest = begun(store, one.id)
    assert not is_done(store, what, first)
    store.jobs.reclaim(store.now() + timedelta(minutes=1))
    again = store.jobs.claim("w2", (HARVEST,), store.now())
    assert again is not None
    assert not is_done(store, what, again)  # it goes on
    store.harvests.end(harvest, "w1", outcome="complete", sentence="Well.")
    assert is_done(store, what, again)
    assert not is_done(store, what, first)
    assert not is_done(store, what | {"kind": "retry"}, again)


@pytest.mark.parametrize("quiet", ["", "22:00-06:00"])
def test_the_next_five_times_are_shown(sqlite_hub: Hub, sqlite_store: Store, quiet: str) -> None:
    store = sqlite_store
    store.repositories.add(
        "m", title="M", base_url="https://m.example/", every="0 23 * * * Europe/Berlin",
        next_harvest_at=store.now() + timedelta(hours=1),
    )  # fmt: skip
    if quiet:
        assert sqlite_hub("repository", "edit", "m", "--option", f"quiet_hours={quiet}").code == 0
    times = sqlite_hub("repository", "show", "m", "--json").document["next_times"]
    assert len(times) == 5
    assert times == sorted(times)
    assert times[-1][:10] in sqlite_hub("repository", "show", "m").out
    if quiet:
        assert all("06:" <= at[11:14] <= "22:" for at in times)
