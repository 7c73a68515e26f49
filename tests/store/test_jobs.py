"""Jobs: submitted once, claimed by one, one a lock, taken up again when their worker is gone."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import pytest

from app.errors import LeaseLost, Refused
from app.store import Store
from tests.store import processes

KINDS = ("harvest",)


def test_a_job_comes_back_as_it_was_submitted(store: Store) -> None:
    number = store.jobs.submit("harvest", {"b": 1, "a": "ü"}, lock="h", priority=3)
    job = store.jobs.claim("w1", KINDS, store.now())
    assert job
    assert (job.id, job.kind, job.arguments) == (number, "harvest", '{"a":"ü","b":1}'.encode())
    assert (job.lock, job.priority, job.attempts) == ("h", 3, 1)
    assert (job.state, job.worker) == ("running", "w1")
    assert store.jobs.claim("w1", KINDS, store.now()) is None


def test_the_same_work_is_queued_once(store: Store) -> None:
    first = store.jobs.submit("harvest", {"repository": "reef", "full": True})
    assert store.jobs.submit("harvest", {"full": True, "repository": "reef"}) == first
    assert store.jobs.submit("harvest", {"repository": "dune"}) != first
    assert store.jobs.submit("harvest", {"repository": "reef", "full": True}, unique=False) != first


def test_work_that_runs_already_can_be_queued_again(store: Store) -> None:
    first = store.jobs.submit("harvest", {}, lock="h")
    store.jobs.claim("w1", KINDS, store.now())
    assert store.jobs.submit("harvest", {}, lock="h") != first


def test_higher_priority_then_longer_waiting_goes_first(store: Store) -> None:
    now = store.now()
    late = store.jobs.submit("harvest", {"n": 1}, run_at=now - timedelta(seconds=5))
    early = store.jobs.submit("harvest", {"n": 2}, run_at=now - timedelta(seconds=9))
    urgent = store.jobs.submit("harvest", {"n": 3}, priority=1, run_at=now)
    claimed = [store.jobs.claim("w", KINDS, now) for _ in range(3)]
    assert [job.id for job in claimed if job] == [urgent, early, late]


def test_jobs_of_other_kinds_or_for_later_wait(store: Store) -> None:
    store.jobs.submit("reingest", {})
    store.jobs.submit("harvest", {}, run_at=store.now() + timedelta(minutes=1))
    assert store.jobs.claim("w", KINDS, store.now()) is None
    assert store.jobs.claim("w", KINDS, store.now() + timedelta(minutes=2))


def test_running_jobs_never_share_a_lock(store: Store) -> None:
    for n in range(2):
        store.jobs.submit("harvest", {"n": n}, lock="example.org")
    other = store.jobs.submit("harvest", {"n": 9}, lock="example.net")
    first = store.jobs.claim("w1", KINDS, store.now())
    second = store.jobs.claim("w2", KINDS, store.now())
    assert first
    assert second
    assert second.id == other
    assert store.jobs.claim("w3", KINDS, store.now()) is None
    store.jobs.finish(first.id, "w1")
    assert store.jobs.claim("w3", KINDS, store.now())


def test_jobs_without_a_lock_run_beside_one_another(store: Store) -> None:
    for n in range(3):
        store.jobs.submit("harvest", {"n": n})
    assert all(store.jobs.claim(f"w{n}", KINDS, store.now()) for n in range(3))


def test_a_job_is_held_at_once(store: Store) -> None:
    held = store.jobs.hold("harvest", {"repository": "reef"}, "example.org", "person")
    assert (held.state, held.worker, held.attempts) == ("running", "person", 1)
    with pytest.raises(Refused, match=r"example.org is held: person runs harvest .*reef"):
        store.jobs.hold("harvest", {"repository": "dune"}, "example.org", "other")
    store.jobs.finish(held.id, "person")
    assert store.jobs.hold("harvest", {"repository": "dune"}, "example.org", "other")


def test_holding_takes_the_queued_job_of_that_work(store: Store) -> None:
    queued = store.jobs.submit("harvest", {"repository": "reef"}, lock="h")
    assert store.jobs.hold("harvest", {"repository": "reef"}, "h", "w").id == queued


def test_a_job_ends_well_or_with_its_error(store: Store) -> None:
    for n, error in enumerate(("", "It broke.")):
        job = store.jobs.hold("harvest", {"n": n}, "", "w")
        store.jobs.finish(job.id, "w", error=error)
    assert store.jobs.counts() == {"done": 1, "failed": 1}


def test_a_job_can_be_tried_again_later(store: Store) -> None:
    job = store.jobs.hold("harvest", {}, "h", "w")
    at = store.now() + timedelta(minutes=5)
    store.jobs.retry(job.id, "w", at, "Timed out.")
    assert store.jobs.claim("w", KINDS, store.now()) is None
    again = store.jobs.claim("w", KINDS, at)
    assert again
    assert (again.id, again.attempts) == (job.id, 2)


def test_jobs_of_silent_workers_are_taken_up_again(store: Store) -> None:
    job = store.jobs.hold("harvest", {}, "h", "w1")
    store.jobs.heartbeat(job.id, "w1")
    assert store.jobs.reclaim(store.now() - timedelta(minutes=1)) == 0
    assert store.jobs.reclaim(store.now() + timedelta(minutes=1)) == 1
    again = store.jobs.claim("w2", KINDS, store.now())
    assert again
    assert (again.id, again.attempts) == (job.id, 2)


@pytest.mark.parametrize("act", ["heartbeat", "finish", "retry"])
def test_a_worker_that_lost_its_job_is_told(store: Store, act: str) -> None:
    job = store.jobs.hold("harvest", {}, "h", "w1")
    store.jobs.reclaim(store.now() + timedelta(minutes=1))
    store.jobs.claim("w2", KINDS, store.now())
    more = (store.now(), "x") if act == "retry" else ()
    with pytest.raises(LeaseLost, match="w1"):
        getattr(store.jobs, act)(job.id, "w1", *more)


def test_ended_jobs_are_forgotten_after_a_while(store: Store) -> None:
    job = store.jobs.hold("harvest", {}, "h", "w")
    store.jobs.finish(job.id, "w")
    store.jobs.submit("harvest", {"n": 2})
    assert store.jobs.prune(store.now() - timedelta(hours=1)) == 0
    assert store.jobs.prune(store.now() + timedelta(hours=1)) == 1
    assert store.jobs.counts() == {"queued": 1}


def test_several_workers_do_each_job_once_and_never_two_of_a_lock(store: Store) -> None:
    number = 45
    for n in range(number):
        store.jobs.submit("harvest", {"n": n}, lock=f"host{n % 4}")
    work = [(store.url, f"w{n}", number) for n in range(3)]
    done = [one for each in processes.together(processes.work, work) for one in each]
    assert sorted(one[0] for one in done) == sorted({one[0] for one in done})
    assert len(done) == number
    for lock in {one[1] for one in done}:
        spans = sorted((begun, ended) for _, held, begun, ended in done if held == lock)
        assert all(before[1] <= after[0] for before, after in pairwise(spans))
