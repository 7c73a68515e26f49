"""The embedded engine on real databases, with executors made for the test."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest

from app.errors import HarvestError, Refused, StoreError
from app.jobs import Control, Register, Tally, submit, worker_name
from app.jobs.embedded import EmbeddedEngine
from app.store import Store
from app.store.values import Job

LEASE = 0.4


def engine(store: Store, register: Register, lease: float = LEASE, most: int = 1) -> EmbeddedEngine:
    return EmbeddedEngine(store, register, worker=worker_name(), poll=0.02, lease=lease, most=most)


def once(store: Store, register: Register, stop: threading.Event | None = None) -> Tally:
    return engine(store, register).run(stop or threading.Event(), once=True)


def test_what_waits_is_done_and_then_it_ends(store: Store) -> None:
    done: list[Any] = []
    submit(store, "add", {"n": 1})
    submit(store, "add", {"n": 2})
    tally = once(store, {"add": lambda arguments, _: done.append(arguments["n"])})
    assert tally == Tally(done=2)
    assert sorted(done) == [1, 2]
    assert store.jobs.counts() == {"done": 2}


def test_the_same_job_is_queued_once(store: Store) -> None:
    assert submit(store, "add", {"n": 1}) == submit(store, "add", {"n": 1})


def test_kinds_that_are_not_registered_are_left_to_others(store: Store) -> None:
    submit(store, "other", {})
    assert once(store, {"add": lambda *_: None}) == Tally()
    assert store.jobs.counts() == {"queued": 1}


@pytest.mark.parametrize("error", [HarvestError("timed-out", "No answer."), ZeroDivisionError()])
def test_a_job_that_fails_is_written_down_and_the_next_one_is_done(
    store: Store, error: Exception
) -> None:
    def fail(*_: object) -> None:
        raise error

    submit(store, "bad", {}, priority=1)
    submit(store, "good", {})
    assert once(store, {"bad": fail, "good": lambda *_: None}) == Tally(done=1, failed=1)
    assert store.jobs.counts() == {"failed": 1, "done": 1}


def test_a_refused_job_waits_a_lease_and_is_tried_again(store: Store) -> None:
    tries: list[int] = []

    def refuse_once(*_: object) -> None:
        tries.append(1)
        if len(tries) == 1:
            raise Refused("Somebody else works on it.")

    submit(store, "shy", {})
    assert engine(store, {"shy": refuse_once}, 60).run(threading.Event(), once=True) == Tally(
        given_up=1
    )
    assert store.jobs.claim("other", ("shy",), store.now() + timedelta(seconds=50)) is None
    assert store.jobs.claim("other", ("shy",), store.now() + timedelta(seconds=70)) is not None


def test_asked_to_end_it_hands_the_job_on_at_the_next_safe_place(store: Store) -> None:
    stop = threading.Event()

    def work(_: Mapping[str, Any], control: Control) -> None:
        control.check()
        stop.set()
        control.check()
        pytest.fail("it went on")

    submit(store, "long", {})
    assert once(store, {"long": work}, stop) == Tally(given_up=1)
    assert store.jobs.counts() == {"queued": 1}
    assert store.jobs.claim("next", ("long",), store.now()) is not None


def test_a_lease_is_renewed_as_long_as_the_work_takes(store: Store) -> None:
    def work(_: Mapping[str, Any], control: Control) -> None:
        threading.Event().wait(3 * LEASE)
        assert store.jobs.reclaim(store.now() - timedelta(seconds=LEASE)) == 0
        control.check()

    submit(store, "long", {})
    assert once(store, {"long": work}) == Tally(done=1)


def test_a_lost_job_is_given_up_and_left_to_its_new_holder(store: Store) -> None:
    taken: list[Job | None] = []

    def work(_: Mapping[str, Any], control: Control) -> None:
        store.jobs.reclaim(store.now() + timedelta(seconds=1))
        taken.append(store.jobs.claim("thief", ("long",), store.now()))
        for _n in range(1000):
            threading.Event().wait(0.01)
            control.check()
        pytest.fail("it did not notice")

    submit(store, "long", {})
    assert once(store, {"long": work}) == Tally(given_up=1)
    assert taken[0] is not None
    store.jobs.heartbeat(taken[0].id, "thief")


def test_what_a_silent_worker_held_is_done_by_another(store: Store) -> None:
    submit(store, "long", {})
    assert store.jobs.claim("dead", ("long",), store.now()) is not None
    stop = threading.Event()
    threading.Timer(20, stop.set).start()
    tally = engine(store, {"long": lambda *_: stop.set()}).run(stop)
    assert tally == Tally(done=1)


def test_jobs_with_one_lock_never_run_together(store: Store) -> None:
    at_once, most, lock = [0], [0], threading.Lock()

    def work(*_: object) -> None:
        with lock:
            at_once[0] += 1
            most[0] = max(most[0], at_once[0])
        threading.Event().wait(0.02)
        with lock:
            at_once[0] -= 1

    for n in range(12):
        submit(store, "ask", {"n": n}, lock="one.example.org")
    stop = threading.Event()
    threads = [
        threading.Thread(target=lambda: engine(store, {"ask": work}).run(stop)) for _ in range(3)
    ]
    for thread in threads:
        thread.start()
    for _ in range(1500):
        if store.jobs.counts().get("done") == 12:
            break
        threading.Event().wait(0.02)
    stop.set()
    for thread in threads:
        thread.join()
    assert store.jobs.counts() == {"done": 12}
    assert most == [1]


def test_several_jobs_are_under_way_at_once_but_no_two_of_one_lock(store: Store) -> None:
    together = threading.Barrier(3, timeout=20)
    at_once, most, mutex = [0], [0], threading.Lock()

    def ask(*_: object) -> None:
        with mutex:
            at_once[0] += 1
            most[0] = max(most[0], at_once[0])
        threading.Event().wait(0.01)
        with mutex:
            at_once[0] -= 1

    def meet(*_: object) -> None:
        together.wait()

    register: Register = {"ask": ask, "meet": meet}
    for n in range(3):
        submit(store, "ask", {"n": n}, lock="one.example.org")
        submit(store, "meet", {"n": n}, lock=f"{n}.example.org")
    assert engine(store, register, 60, most=4).run(threading.Event(), once=True).done == 6
    assert most == [1]


def test_the_jobs_of_a_process_share_one_processor_and_no_name(store: Store) -> None:
    seen, together = set(), threading.Barrier(3, timeout=20)

    def work(_: Mapping[str, Any], control: Control) -> None:
        together.wait()
        seen.add((control.worker, control.processor))

    for n in range(3):
        submit(store, "ask", {"n": n})
    assert engine(store, {"ask": work}, 60, most=3).run(threading.Event(), once=True).done == 3
    assert len({worker for worker, _ in seen}) == 3
    assert len({processor for _, processor in seen}) == 1


def test_all_jobs_in_hand_are_handed_on_when_the_process_ends(store: Store) -> None:
    stop, together = threading.Event(), threading.Barrier(3, timeout=20)

    def work(_: Mapping[str, Any], control: Control) -> None:
        if together.wait() == 0:
            stop.set()
        stop.wait(20)
        control.check()
        pytest.fail("it went on")

    for n in range(4):
        submit(store, "long", {"n": n})
    assert engine(store, {"long": work}, 60, most=3).run(stop) == Tally(given_up=3)
    assert store.jobs.counts() == {"queued": 4}


def test_a_lost_database_ends_one_job_and_not_the_others(sqlite_store: Store) -> None:
    failed, stop = threading.Event(), threading.Event()

    def work(arguments: Mapping[str, Any], _: Control) -> None:
        if arguments["n"] == 0 and not failed.is_set():
            failed.set()
            raise StoreError("The database is away.")
        failed.wait(20)
        if sqlite_store.jobs.counts().get("done"):
            stop.set()

    for n in range(2):
        submit(sqlite_store, "one", {"n": n})
    threading.Timer(30, stop.set).start()
    assert engine(sqlite_store, {"one": work}, most=2).run(stop).done == 2


def test_release_from_another_thread_queues_the_job_in_hand(store: Store) -> None:
    found: list[EmbeddedEngine] = []

    def work(*_: object) -> None:
        found[0].release()
        assert store.jobs.counts() == {"queued": 1}

    submit(store, "long", {})
    stop = threading.Event()
    found.append(engine(store, {"long": lambda *_: (stop.set(), work())}))
    assert found[0].run(stop) == Tally(given_up=1)


def test_a_worker_outlives_a_database_that_does_not_answer_for_a_while(sqlite_store: Store) -> None:
    stop, failures = threading.Event(), [2]

    def work(*_: object) -> None:
        if failures[0]:
            failures[0] -= 1
            raise StoreError("The database is away.")
        stop.set()

    submit(sqlite_store, "one", {})
    threading.Timer(30, stop.set).start()
    assert engine(sqlite_store, {"one": work}).run(stop).done == 1
