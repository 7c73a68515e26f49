"""The engines on real databases, with executors made for the test: both pass the same tests.

The embedded one runs on either database, procrastinate on PostgreSQL.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

import pytest

from app.errors import HarvestError, Refused, StoreError
from app.jobs import PERSON, Control, Register, Tally, submit, worker_name
from app.jobs.doing import TRIES, again_after
from app.jobs.embedded import EmbeddedEngine
from app.jobs.procrastinate import ProcrastinateEngine, ended, prepare
from app.store import Store, carrier, open_store
from app.store.values import Job

LEASE = 0.4
ENGINES = {"embedded": EmbeddedEngine, "procrastinate": ProcrastinateEngine}
Made = EmbeddedEngine | ProcrastinateEngine


class Hub:
    """A store, and the engine that is meant to work on it."""

    def __init__(self, store: Store, engine: str) -> None:
        self.store = store
        self.kind = engine

    def engine(self, register: Register, lease: float = LEASE, most: int = 1) -> Made:
        made = ENGINES[self.kind]
        return made(self.store, register, worker=worker_name(), poll=0.02, lease=lease, most=most)

    def once(self, register: Register, stop: threading.Event | None = None) -> Tally:
        return self.engine(register).run(stop or threading.Event(), once=True)


@pytest.fixture(params=["sqlite-embedded", "postgresql-procrastinate"])
def hub(request: pytest.FixtureRequest) -> Iterator[Hub]:
    """A fresh database with the tables of the engine that works on it."""
    database, _, engine = request.param.partition("-")
    store = open_store(request.getfixturevalue(f"{database}_url"))
    if engine == "procrastinate":
        prepare(store)
    yield Hub(store, engine)
    store.dispose()


@pytest.fixture
def store(hub: Hub) -> Store:
    return hub.store


def test_what_waits_is_done_and_then_it_ends(hub: Hub, store: Store) -> None:
    done: list[Any] = []
    submit(store, "add", {"n": 1})
    submit(store, "add", {"n": 2})
    tally = hub.once({"add": lambda arguments, _: done.append(arguments["n"])})
    assert tally == Tally(done=2)
    assert sorted(done) == [1, 2]
    assert store.jobs.counts() == {"done": 2}


def test_the_same_job_is_queued_once(hub: Hub, store: Store) -> None:
    assert submit(store, "add", {"n": 1}) == submit(store, "add", {"n": 1})


def test_kinds_that_are_not_registered_are_left_to_others(hub: Hub, store: Store) -> None:
    submit(store, "other", {})
    assert hub.once({"add": lambda *_: None}) == Tally()
    assert store.jobs.counts() == {"queued": 1}


@pytest.mark.parametrize("error", [HarvestError("http-404", "Gone."), ZeroDivisionError()])
def test_a_job_that_fails_is_written_down_and_the_next_one_is_done(
    hub: Hub, store: Store, error: Exception
) -> None:
    def fail(*_: object) -> None:
        raise error

    submit(store, "bad", {}, priority=1)
    submit(store, "good", {})
    assert hub.once({"bad": fail, "good": lambda *_: None}) == Tally(done=1, failed=1)
    assert store.jobs.counts() == {"failed": 1, "done": 1}


def test_a_refused_job_waits_a_lease_and_is_tried_again(hub: Hub, store: Store) -> None:
    tries: list[int] = []

    def refuse_once(*_: object) -> None:
        tries.append(1)
        if len(tries) == 1:
            raise Refused("Somebody else works on it.")

    submit(store, "shy", {})
    assert hub.engine({"shy": refuse_once}, 60).run(threading.Event(), once=True) == Tally(
        given_up=1
    )
    assert store.jobs.claim("other", ("shy",), store.now() + timedelta(seconds=50)) is None
    assert store.jobs.claim("other", ("shy",), store.now() + timedelta(seconds=70)) is not None


def test_asked_to_end_it_hands_the_job_on_at_the_next_safe_place(hub: Hub, store: Store) -> None:
    stop = threading.Event()

    def work(_: Mapping[str, Any], control: Control) -> None:
        control.check()
        stop.set()
        control.check()
        pytest.fail("it went on")

    submit(store, "long", {})
    assert hub.once({"long": work}, stop) == Tally(given_up=1)
    assert store.jobs.counts() == {"queued": 1}
    assert store.jobs.claim("next", ("long",), store.now()) is not None


def test_a_lease_is_renewed_as_long_as_the_work_takes(hub: Hub, store: Store) -> None:
    def work(_: Mapping[str, Any], control: Control) -> None:
        threading.Event().wait(3 * LEASE)
        assert store.jobs.reclaim(store.now() - timedelta(seconds=LEASE)) == 0
        control.check()

    submit(store, "long", {})
    assert hub.once({"long": work}) == Tally(done=1)


def test_a_lost_job_is_given_up_and_left_to_its_new_holder(hub: Hub, store: Store) -> None:
    taken: list[Job | None] = []

    def work(_: Mapping[str, Any], control: Control) -> None:
        store.jobs.reclaim(store.now() + timedelta(seconds=1))
        taken.append(store.jobs.claim("thief", ("long",), store.now()))
        for _n in range(1000):
            threading.Event().wait(0.01)
            control.check()
        pytest.fail("it did not notice")

    submit(store, "long", {})
    assert hub.once({"long": work}) == Tally(given_up=1)
    assert taken[0] is not None
    store.jobs.heartbeat(taken[0].id, "thief")


def test_what_a_silent_worker_held_is_done_by_another(hub: Hub, store: Store) -> None:
    submit(store, "long", {})
    assert store.jobs.claim("dead", ("long",), store.now()) is not None
    stop = threading.Event()
    threading.Timer(20, stop.set).start()
    tally = hub.engine({"long": lambda *_: stop.set()}).run(stop)
    assert tally == Tally(done=1)


def test_jobs_with_one_lock_never_run_together(hub: Hub, store: Store) -> None:
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
        threading.Thread(target=lambda: hub.engine({"ask": work}).run(stop)) for _ in range(3)
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


def test_several_jobs_are_under_way_at_once_but_no_two_of_one_lock(hub: Hub, store: Store) -> None:
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
    assert hub.engine(register, 60, most=4).run(threading.Event(), once=True).done == 6
    assert most == [1]


def test_the_jobs_of_a_process_share_one_processor_and_no_name(hub: Hub, store: Store) -> None:
    seen, together = set(), threading.Barrier(3, timeout=20)

    def work(_: Mapping[str, Any], control: Control) -> None:
        together.wait()
        seen.add((control.worker, control.processor))

    for n in range(3):
        submit(store, "ask", {"n": n})
    assert hub.engine({"ask": work}, 60, most=3).run(threading.Event(), once=True).done == 3
    assert len({worker for worker, _ in seen}) == 3
    assert len({processor for _, processor in seen}) == 1


def test_all_jobs_in_hand_are_handed_on_when_the_process_ends(hub: Hub, store: Store) -> None:
    stop, together = threading.Event(), threading.Barrier(3, timeout=20)

    def work(_: Mapping[str, Any], control: Control) -> None:
        if together.wait() == 0:
            stop.set()
        stop.wait(20)
        control.check()
        pytest.fail("it went on")

    for n in range(4):
        submit(store, "long", {"n": n})
    assert hub.engine({"long": work}, 60, most=3).run(stop) == Tally(given_up=3)
    assert store.jobs.counts() == {"queued": 4}


def test_a_lost_database_ends_one_job_and_not_the_others(hub: Hub, store: Store) -> None:
    failed, stop = threading.Event(), threading.Event()

    def work(arguments: Mapping[str, Any], _: Control) -> None:
        if arguments["n"] == 0 and not failed.is_set():
            failed.set()
            raise StoreError("The database is away.")
        failed.wait(20)
        if store.jobs.counts().get("done"):
            stop.set()

    for n in range(2):
        submit(store, "one", {"n": n})
    threading.Timer(30, stop.set).start()
    assert hub.engine({"one": work}, most=2).run(stop).done == 2


def test_release_from_another_thread_queues_the_job_in_hand(hub: Hub, store: Store) -> None:
    found: list[Made] = []

    def work(*_: object) -> None:
        found[0].release()
        assert store.jobs.counts() == {"queued": 1}

    submit(store, "long", {})
    stop = threading.Event()
    found.append(hub.engine({"long": lambda *_: (stop.set(), work())}))
    assert found[0].run(stop) == Tally(given_up=1)


def test_a_worker_outlives_a_database_that_does_not_answer_for_a_while(
    hub: Hub, store: Store
) -> None:
    stop, failures = threading.Event(), [2]

    def work(*_: object) -> None:
        if failures[0]:
            failures[0] -= 1
            raise StoreError("The database is away.")
        stop.set()

    submit(store, "one", {})
    threading.Timer(30, stop.set).start()
    assert hub.engine({"one": work}).run(stop).done == 1


def test_what_may_heal_is_tried_again_later_and_what_needs_a_person_is_not(
    hub: Hub, store: Store
) -> None:
    def fail(*_: object) -> None:
        raise HarvestError("timed-out", "No answer.")

    number = submit(store, "net", {})
    assert hub.once({"net": fail}) == Tally(given_up=1)
    row = store.jobs.get(number)
    assert (row.state, row.error, row.attempts) == ("queued", "No answer.", 1)
    assert row.run_at is not None
    assert timedelta(seconds=50) < row.run_at - store.now() <= timedelta(seconds=60)
    assert hub.once({"net": fail}) == Tally()


def test_the_pauses_between_tries_grow_and_the_tries_end() -> None:
    timed_out = HarvestError("timed-out", "No answer.")
    pauses = [again_after(timed_out, n) for n in range(1, TRIES + 1)]
    assert pauses == [timedelta(minutes=m) for m in (1, 4, 16, 64)] + [None]
    assert again_after(OSError("disk full"), 1) == timedelta(minutes=1)
    assert again_after(HarvestError("http-404", "Gone."), 1) is None
    assert again_after(ZeroDivisionError(), 1) is None


def test_a_job_that_is_asked_to_end_ends_at_its_next_safe_place(hub: Hub, store: Store) -> None:
    def work(_: Mapping[str, Any], control: Control) -> None:
        store.jobs.cancel(control.job.id)
        for _n in range(1000):
            threading.Event().wait(0.01)
            control.check()
        pytest.fail("it did not notice")

    number = submit(store, "long", {})
    assert hub.once({"long": work}) == Tally(given_up=1)
    assert store.jobs.get(number).state == "cancelled"


def test_what_was_taken_back_is_never_begun(hub: Hub, store: Store) -> None:
    submit(store, "one", {"n": 1})
    store.jobs.cancel(submit(store, "one", {"n": 2}))
    assert hub.once({"one": lambda *_: None}) == Tally(done=1)
    assert store.jobs.counts() == {"done": 1, "cancelled": 1}


def test_a_person_goes_before_what_was_queued_earlier(hub: Hub, store: Store) -> None:
    order: list[int] = []
    for n in range(4):
        submit(store, "one", {"n": n}, lock="one.example.org")
    submit(store, "one", {"n": 2}, lock="one.example.org", priority=PERSON)
    done = hub.once({"one": lambda arguments, _: order.append(arguments["n"])})
    assert (done, order) == (Tally(done=4), [2, 0, 1, 3])


def test_a_lock_that_a_command_holds_is_waited_for(hub: Hub, store: Store) -> None:
    held = store.jobs.hold("here", {}, "one.example.org", "a command")
    submit(store, "one", {}, lock="one.example.org")
    assert hub.once({"one": lambda *_: None}) == Tally()
    stop = threading.Event()
    threading.Timer(0.3, lambda: store.jobs.finish(held.id, "a command")).start()
    threading.Timer(30, stop.set).start()
    assert hub.engine({"one": lambda *_: stop.set()}, 60).run(stop) == Tally(done=1)


# ── what carries jobs on PostgreSQL ──────────────────────────────────────────────────────────


@pytest.fixture
def carried(postgresql_url: str) -> Iterator[Hub]:
    store = open_store(postgresql_url)
    prepare(store)
    yield Hub(store, "procrastinate")
    store.dispose()


def carriers(store: Store) -> list[tuple[Any, ...]]:
    query = "SELECT args->>'number', status, priority FROM procrastinate_jobs ORDER BY id"
    with store.database.write() as connection:
        return [tuple(row) for row in connection.exec_driver_sql(query)]


def test_what_is_queued_has_one_carrier_from_the_same_transaction(carried: Hub) -> None:
    store = carried.store
    number = submit(store, "one", {})
    submit(store, "one", {}, priority=3)
    assert carriers(store) == [(str(number), "todo", 6)]
    assert carried.once({"one": lambda *_: None}) == Tally(done=1)
    assert carriers(store) == []


def test_a_job_whose_carrier_was_lost_gets_another(carried: Hub) -> None:
    store = carried.store
    for lock in ("", "one.example.org"):
        submit(store, "one", {"lock": lock}, lock=lock)
    with store.database.write() as connection:
        connection.exec_driver_sql("DELETE FROM procrastinate_jobs")
    assert carrier.carry_missed(store.database) == 2
    assert carrier.carry_missed(store.database) == 0
    assert carried.once({"one": lambda *_: None}) == Tally(done=2)


def test_who_waits_for_a_lock_gets_a_carrier_when_it_is_free(carried: Hub) -> None:
    store = carried.store
    held = store.jobs.hold("here", {}, "h", "a command")
    first = submit(store, "one", {"n": 1}, lock="h")
    submit(store, "one", {"n": 2}, lock="h")
    assert [number for number, *_ in carriers(store) if number != str(held.id)] == []
    store.jobs.finish(held.id, "a command")
    assert (str(first), "todo", 1) in carriers(store)


def test_jobs_that_waited_before_procrastinate_came_are_carried(postgresql_url: str) -> None:
    store = open_store(postgresql_url)
    submit(store, "one", {})
    assert prepare(store)
    assert not prepare(store)
    assert Hub(store, "procrastinate").once({"one": lambda *_: None}) == Tally(done=1)
    store.dispose()


def test_a_task_that_loses_its_first_cancellation_is_ended_all_the_same() -> None:
    async def deaf_once() -> None:
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.sleep(3600)
        await asyncio.sleep(3600)

    async def begun_and_ended() -> bool:
        task = asyncio.create_task(deaf_once())
        await asyncio.sleep(0)
        await asyncio.wait_for(ended(task), timeout=30)
        return task.done()

    assert asyncio.run(begun_and_ended())
