"""Hosts: what they want is kept, and one asks them at a time, in whatever process."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from app.errors import StoreError
from app.store import Store, open_store
from app.store.values import Host

HOLDER = """
import sys
from app.store import open_store
store = open_store(sys.argv[1])
with store.hosts.turn("a.example"):
    print("has it", flush=True)
    sys.stdin.read()
"""


@contextmanager
def held_elsewhere(url: str) -> Iterator[subprocess.Popen[str]]:
    """The turn of a.example, held by another process."""
    command = [sys.executable, "-c", HOLDER, url]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        assert process.stdout.readline() == "has it\n"
        try:
            yield process
        finally:
            process.kill()


def is_free(store: Store, key: str = "a.example", most: int = 1) -> bool:
    try:
        with store.hosts.turn(key, most=most, pause=lambda _: True):
            return True
    except StoreError:
        return False


def test_a_new_host_wants_nothing(store: Store) -> None:
    assert store.hosts.get("a.example") == Host("a.example")


def test_what_a_host_wants_outlives_the_process(store: Store) -> None:
    later = store.now().replace(microsecond=0) + timedelta(hours=1)
    wishes: dict[str, Any] = {
        "not_before": later,
        "interval": 2.0,
        "quiet": 7,
        "refusals": 3,
        "crawl_delay": 1.5,
    }
    changed = store.hosts.change("a.example", lambda host: replace(host, robots="x", **wishes))
    again = open_store(store.url)
    assert again.hosts.get("a.example") == changed == Host("a.example", robots="x", **wishes)
    assert again.hosts.barred(store.now()) == {"a.example": later}
    assert again.hosts.barred(later) == {}
    again.dispose()


def test_changes_by_many_at_once_are_all_kept(store: Store) -> None:
    def refuse() -> None:
        for _ in range(10):
            store.hosts.change("a.example", lambda host: replace(host, refusals=host.refusals + 1))

    threads = [threading.Thread(target=refuse) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert store.hosts.get("a.example").refusals == 40


def test_a_turn_is_had_by_one_only(store: Store) -> None:
    other = open_store(store.url)
    with store.hosts.turn("a.example"):
        assert not is_free(store)
        assert not is_free(other)
        assert is_free(other, "b.example")
    assert is_free(other)
    other.dispose()


def test_a_host_that_agreed_is_asked_by_more(store: Store) -> None:
    with store.hosts.turn("a.example", most=2), store.hosts.turn("a.example", most=2):
        assert not is_free(store, most=2)
        assert is_free(store, most=3)


def test_a_turn_is_waited_for(store: Store) -> None:
    waited: list[float] = []
    holder = store.hosts.turn("a.example")
    holder.__enter__()

    def pause(seconds: float) -> None:
        waited.append(seconds)
        if len(waited) == 5:
            holder.__exit__(None, None, None)

    with store.hosts.turn("a.example", pause=pause):
        assert len(waited) == 5
        assert max(waited) <= 0.25


def test_other_processes_wait_too_and_a_killed_one_holds_nothing(store: Store) -> None:
    with held_elsewhere(store.url) as process:
        assert not is_free(store)
        process.kill()
        process.wait()
        with store.hosts.turn("a.example"):
            pass


@pytest.mark.parametrize("key", ["a.example", "host:8080", "[::1]:80", "ü.example"])
def test_any_host_can_have_its_turn(sqlite_store: Store, key: str) -> None:
    assert is_free(sqlite_store, key)
    assert is_free(sqlite_store, key)
