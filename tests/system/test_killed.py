"""A process may be killed at any moment: the next one ends with the store of an undisturbed run."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.settings import Settings
from harvesters.runs.pipeline import harvest
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
        made.join("m", member.url())
        yield made


@pytest.fixture
def undisturbed(sqlite_template: Path, tmp_path: Path, member: Source) -> dict[str, Any]:
    """What one harvest in one go leaves."""
    path = tmp_path / "undisturbed.sqlite3"
    shutil.copyfile(sqlite_template, path)
    hub = Garnery(f"sqlite:///{path}", tmp_path)
    hub.join("m", member.url())
    with hub.opened() as store:
        ended = harvest(store, Settings(), "m", trigger="person", worker="test")
        assert ended.outcome == "complete-with-quarantine"
        return contents(store)


def held(hub: Garnery) -> dict[str, Any]:
    with hub.opened() as store:
        return contents(store)


def outcome(hub: Garnery) -> str | None:
    """The outcome of the one harvest that there is; none while it runs."""
    (only,) = hub.harvests()
    return only.outcome or None


def kill(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)


def test_workers_killed_at_page_after_page_end_as_if_nothing_had_happened(
    hub: Garnery, member: Source, undisturbed: dict[str, Any]
) -> None:
    hub.here("harvest", "m", "--queue")
    for page in (0, 2, 5):
        member.hold(page)
        worker = hub.start("work")
        member.wait_for(page)
        kill(worker.pid)
        worker.wait(10)
        member.release(page)
    worker = hub.start("work")
    until(lambda: outcome(hub), "the end")
    assert held(hub) == undisturbed
    assert outcome(hub) == "complete-with-quarantine"
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
    assert len(hub.harvests()) == 1


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
    until(lambda: outcome(hub), "the end")
    assert held(hub) == undisturbed


def test_a_worker_asked_to_end_hands_its_harvest_on_at_once(
    hub: Garnery, member: Source, undisturbed: dict[str, Any]
) -> None:
    hub.here("harvest", "m", "--queue")
    member.hold(2)
    worker = hub.start("work", GARNERY_WORK_LEASE_SECONDS="600")
    member.wait_for(2)
    worker.terminate()
    member.release(2)
    assert worker.wait(10) == 0
    assert [h.state for h in hub.harvests()] == ["running"]
    code, _ = hub.run("work", "--once", GARNERY_WORK_LEASE_SECONDS="600")
    assert code == 0
    assert outcome(hub) == "complete-with-quarantine"
    assert held(hub) == undisturbed


def test_a_worker_asked_to_end_does_not_wait_for_a_page_that_does_not_come(
    hub: Garnery, member: Source, undisturbed: dict[str, Any]
) -> None:
    hub.here("harvest", "m", "--queue")
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
        hub.join(name, member.url(name))
    member.delay = 0.05
    member.most_at_once = 0
    hub.here("harvest", "--all", "--queue")
    workers = [hub.start("work") for _ in range(3)]
    until(lambda: _whole(hub) == 3, "three whole harvests")
    assert member.most_at_once == 1
    assert all(worker.poll() is None for worker in workers)


def _whole(hub: Garnery) -> int:
    return sum(h.outcome == "complete-with-quarantine" for h in hub.harvests())
