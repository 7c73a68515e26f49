"""A process may be killed at any moment: the next one ends with the store of an undisturbed run."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.system.contents import contents
from tests.system.processes import Garnery, alive, family, free_port, garnery, until
from tests.system.source import Source, source

PAGES = 6
pytestmark = pytest.mark.slow


@pytest.fixture
def member() -> Iterator[Source]:
    with source(pages=PAGES) as made:
        yield made


@pytest.fixture
def hub(database_url: str, tmp_path: Path, member: Source) -> Iterator[Garnery]:
    with garnery(database_url, tmp_path) as made:
        add(made, member)
        yield made


def add(hub: Garnery, member: Source, name: str = "m", path: str = "oai") -> None:
    code, _ = hub.run("repository", "add", name, member.url(path), "--allow-private-address")
    assert code == 0, hub.output(hub.started[-1], "err")


@pytest.fixture
def undisturbed(sqlite_template: Path, tmp_path: Path, member: Source) -> dict[str, Any]:
    folder = tmp_path / "undisturbed"
    folder.mkdir()
    with garnery(f"sqlite:///{folder}/hub.sqlite3", folder) as hub:
        add(hub, member)
        code, _ = hub.run("harvest", "m")
        assert code == 10, hub.output(hub.started[-1], "err")
        return held(hub)


def held(hub: Garnery) -> dict[str, Any]:
    store = hub.store()
    try:
        return contents(store)
    finally:
        store.dispose()


def kill(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)


def test_workers_killed_at_page_after_page_end_as_if_nothing_had_happened(
    hub: Garnery, member: Source, undisturbed: dict[str, Any]
) -> None:
    hub.run("harvest", "m", "--queue")
    for page in (0, 2, 5):
        member.hold(page)
        worker = hub.start("work")
        member.wait_for(page)
        kill(worker.pid)
        worker.wait(10)
        member.release(page)
    worker = hub.start("work")
    until(lambda: hub.document("harvests", "show", "1").get("outcome"), "the end")
    assert held(hub) == undisturbed
    harvests = hub.document("harvests")["items"]
    assert [h["outcome"] for h in harvests] == ["complete-with-quarantine"]
    assert worker.poll() is None


def test_a_harvest_killed_here_is_gone_on_with_by_the_next(
    hub: Garnery, member: Source, undisturbed: dict[str, Any]
) -> None:
    member.hold(3)
    first = hub.start("harvest", "m")
    member.wait_for(3)
    kill(first.pid)
    first.wait(10)
    member.release(3)
    again = until(lambda: (done := hub.run("harvest", "m"))[0] != 5 and done, "a harvest", 30)
    assert again[0] == 10
    assert held(hub) == undisturbed
    assert len(hub.document("harvests")["items"]) == 1


def test_up_killed_in_the_middle_leaves_no_orphan_and_up_again_ends_the_harvest(
    hub: Garnery, member: Source, undisturbed: dict[str, Any]
) -> None:
    member.hold(2)
    up = hub.start("up", "--port", str(free_port()))
    member.wait_for(2)
    children = family(up.pid)
    assert len(children) >= 3
    kill(up.pid)
    up.wait(10)
    until(lambda: not any(map(alive, children)), "the end of the children", 12)
    member.release(2)
    hub.start("up", "--port", str(free_port()))
    until(lambda: hub.document("harvests", "show", "1").get("outcome"), "the end")
    assert held(hub) == undisturbed


def test_a_worker_asked_to_end_hands_its_harvest_on_at_once(
    hub: Garnery, member: Source, undisturbed: dict[str, Any]
) -> None:
    hub.run("harvest", "m", "--queue")
    member.hold(2)
    worker = hub.start("work", GARNERY_WORK_LEASE_SECONDS="600")
    member.wait_for(2)
    worker.terminate()
    member.release(2)
    assert worker.wait(10) == 0
    assert hub.document("harvests", "show", "1")["state"] == "running"
    code, _ = hub.run("work", "--once", GARNERY_WORK_LEASE_SECONDS="600")
    assert code == 0
    assert hub.document("harvests", "show", "1")["outcome"] == "complete-with-quarantine"
    assert held(hub) == undisturbed


def test_a_worker_asked_to_end_does_not_wait_for_a_page_that_does_not_come(
    hub: Garnery, member: Source, undisturbed: dict[str, Any]
) -> None:
    hub.run("harvest", "m", "--queue")
    member.hold(2)
    worker = hub.start("work", GARNERY_WORK_LEASE_SECONDS="600")
    member.wait_for(2)
    worker.terminate()
    assert worker.wait(10) == 0
    member.release(2)
    assert hub.run("work", "--once", GARNERY_WORK_LEASE_SECONDS="600")[0] == 0
    assert held(hub) == undisturbed


def test_one_host_is_never_asked_by_two_workers_at_once(hub: Garnery, member: Source) -> None:
    for name in ("n", "o"):
        add(hub, member, name, name)
    member.delay = 0.05
    member.most_at_once = 0
    hub.run("harvest", "--all", "--queue")
    workers = [hub.start("work") for _ in range(3)]
    until(lambda: _whole(hub) == 3, "three whole harvests")
    assert member.most_at_once == 1
    assert all(worker.poll() is None for worker in workers)


def _whole(hub: Garnery) -> int:
    found = hub.document("harvests", "--outcome", "complete-with-quarantine")
    return int(found["total"])
