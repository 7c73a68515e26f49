"""One worker with many harvests under way: what the hosts see of it, and what is kept."""

from __future__ import annotations

import contextlib
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
from tests.system.processes import Garnery, garnery, until
from tests.system.source import Source, source

SLOW = [f"slow-{n}" for n in range(5)]
WHOLE = "complete-with-quarantine"
pytestmark = pytest.mark.slow


@pytest.fixture
def members() -> Iterator[dict[str, Source]]:
    """Repositories on hosts of their own; all but one can be held back."""
    with contextlib.ExitStack() as running:
        yield {name: running.enter_context(source(pages=3, size=8)) for name in (*SLOW, "quick")}


@pytest.fixture
def hub(database_url: str, tmp_path: Path, members: dict[str, Source]) -> Iterator[Garnery]:
    with garnery(database_url, tmp_path) as made:
        for name, member in members.items():
            made.join(name, member.url())
        yield made


@pytest.fixture
def one_at_a_time(
    sqlite_template: Path, tmp_path: Path, members: dict[str, Source]
) -> dict[str, Any]:
    """What harvests leave that follow one another."""
    path = tmp_path / "one-at-a-time.sqlite3"
    shutil.copyfile(sqlite_template, path)
    hub = Garnery(f"sqlite:///{path}", tmp_path)
    for name, member in members.items():
        hub.join(name, member.url())
    with hub.opened() as store:
        for name in members:
            ended = harvest(store, Settings(), name, trigger="person", worker="test")
            assert ended.outcome == WHOLE
        return contents(store)


def whole(hub: Garnery) -> set[str]:
    return {one.repository for one in hub.harvests() if one.outcome == WHOLE}


def jobs(hub: Garnery) -> dict[str, int]:
    return hub.watched.jobs.counts()


def test_one_worker_asks_many_hosts_at_once_and_whatever_ends_it_nothing_is_lost_or_doubled(
    hub: Garnery, members: dict[str, Source], one_at_a_time: dict[str, Any]
) -> None:
    slow = [members[name] for name in SLOW]
    for member in members.values():
        member.most_at_once = 0
    hub.here("harvest", "--all", "--queue")

    for member in slow:
        member.hold(1)
    killed = hub.start("work")
    for member in slow:
        member.wait_for(1)
    assert sum(member.at_once for member in slow) == len(slow)  # all of them under way now
    until(lambda: jobs(hub).get("done") == 1, "the end of the harvest that nothing holds back")
    os.kill(killed.pid, signal.SIGKILL)
    killed.wait(10)
    for member in slow:
        member.release(1)

    for member in slow:
        member.hold(2)
    ended = hub.start("work")
    for member in slow:
        member.wait_for(2)
    ended.terminate()
    for member in slow:
        member.release(2)
    assert ended.wait(10) == 0, hub.output(ended, "err")
    assert jobs(hub) == {"done": 1, "queued": len(SLOW)}
    assert whole(hub) == {"quick"}

    assert hub.run("work", "--once", GARNERY_WORK_LEASE_SECONDS="600")[0] == 0
    assert whole(hub) == set(members)
    assert len(hub.harvests()) == len(members)
    with hub.opened() as store:
        assert contents(store) == one_at_a_time
    assert {member.most_at_once for member in members.values()} == {1}
