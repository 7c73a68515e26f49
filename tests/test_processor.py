"""The turn to compute: one thread at a time, in the order of asking, and not kept while waiting."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from app import processor
from app.processor import ALONE, SharedProcessor

LONG = 20.0


def started(work: Callable[[], object]) -> threading.Thread:
    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    return thread


def queue_up(shared: SharedProcessor, works: list[Callable[[], object]]) -> list[threading.Thread]:
    """Threads that have asked for the turn in this order."""
    threads = []
    for number, work in enumerate(works, 1):

        def with_turn(work: Callable[[], object] = work) -> None:
            with shared.held():
                work()

        threads.append(started(with_turn))
        while len(shared._queue) < number:
            threading.Event().wait(0.001)
    return threads


def test_the_turn_goes_round_in_the_order_of_asking_and_no_two_have_it() -> None:
    shared, order = SharedProcessor(), []
    with shared.held():
        threads = queue_up(shared, [lambda n=n: order.append(n) for n in range(8)])  # type: ignore[misc]
        assert order == []
    for thread in threads:
        thread.join(LONG)
    assert order == list(range(8))


def test_whoever_waits_lets_others_compute_and_goes_on_after_them() -> None:
    shared, order = SharedProcessor(), []
    answer = threading.Event()
    with shared.held():
        threads = queue_up(shared, [lambda: order.append("other"), answer.set])
        with shared.released():
            assert answer.wait(LONG)
        order.append("first")
        assert shared._taken
    for thread in threads:
        thread.join(LONG)
    assert order == ["other", "first"]


def test_way_is_given_only_after_a_share_of_time(monkeypatch: pytest.MonkeyPatch) -> None:
    shared, order = SharedProcessor(), []
    with shared.held():
        shared.give_way()
        (thread,) = queue_up(shared, [lambda: order.append("other")])
        monkeypatch.setattr(processor, "SHARE", LONG)
        shared.give_way()
        assert order == []
        monkeypatch.setattr(processor, "SHARE", 0.0)
        shared.give_way()
        assert order == ["other"]
    thread.join(LONG)


def test_a_pulse_that_raises_ends_the_waiting_with_the_turn_in_hand(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(processor, "BEAT", 0.01)
    shared, order = SharedProcessor(), []
    pulses = threading.Event()

    def pulse() -> None:
        pulses.set()
        raise KeyError("stop")

    def computing() -> None:
        pulses.wait(LONG)
        order.append("other")

    with shared.held():
        (thread,) = queue_up(shared, [computing])
        with pytest.raises(KeyError), shared.released(pulse):
            pass
        assert order == ["other"]
        assert shared._taken
    thread.join(LONG)
    assert not shared._taken


def test_alone_there_is_nothing_to_wait_for() -> None:
    with ALONE.held(), ALONE.released(), ALONE.held():
        ALONE.give_way()
