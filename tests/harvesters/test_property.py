"""Whatever pages, failures, kills and changes come: a whole run has exactly the live records."""

from __future__ import annotations

import shutil
import tempfile
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.store import open_store
from harvesters.runs.progress import Progress
from tests.fakes.oai import Fake, error, fake_repository
from tests.fakes.scripted import Asked, Reply
from tests.harvesters.conftest import Hub, quick_settings
from tests.harvesters.test_resuming import Killed

FAULTS = {
    "500": Reply(b"boom", 500),
    "web page": Reply(b"<html><title>Login</title><br>"),
    "empty": Reply(b""),
    "reset": Reply(hang_up=True),
}
NAMES = st.sampled_from([f"r{n}" for n in range(1, 12)])
STEPS = st.one_of(
    st.tuples(st.just("put"), NAMES),
    st.tuples(st.just("delete"), NAMES),
    st.tuples(st.just("run"), st.sampled_from([*FAULTS, "cut", "token", ""])),
    st.tuples(st.just("lasting"), st.sampled_from([*FAULTS, "cut"])),
    st.tuples(st.just("kill"), st.sampled_from(["1", "2", "3"])),
)


class Failing:
    """Spoils one later page, once or always."""

    def __init__(self, fake: Fake, fault: str, *, always: bool) -> None:
        self.fake = fake
        self.fault = fault
        self.always = always
        self.struck = False

    def __call__(self, asked: Asked, reply: Reply) -> Reply:
        if "resumptionToken" not in asked.arguments or (self.struck and not self.always):
            return reply
        self.struck = True
        if self.fault == "cut":
            return Reply(reply.body[: len(reply.body) * 2 // 3], headers=reply.headers)
        if self.fault == "token":
            return self.fake._reply(error("badResumptionToken"))
        return FAULTS.get(self.fault, reply)


def live(fake: Fake) -> dict[str, str]:
    return {
        item.identifier.rpartition(":")[2]: item.title
        for item in fake.items.values()
        if not item.deleted
    }


def take(hub: Hub, fake: Fake, step: tuple[str, str], number: int) -> None:
    action, value = step
    fake.clock += timedelta(hours=3)
    fake.spoil = lambda _, reply: reply
    if action == "put":
        fake.put(value, deleted=False, title=f"Title {number}")
    elif action == "delete" and f"oai:fake.example:{value}" in fake.items:
        fake.delete(value)
    elif action in ("run", "lasting"):
        fake.spoil = Failing(fake, value, always=action == "lasting")
        check(hub, fake)
    elif action == "kill":

        def kill(progress: Progress) -> None:
            if progress.pages == int(value):
                raise Killed

        try:
            hub.run(progress=kill, worker=f"w{number}")
        except Killed:
            return


def resumed(hub: Hub) -> bool:
    """Whether the next run goes on with one that was left."""
    return any(hub.store.harvests.running(one.id) for one in hub.store.repositories.list())


def check(hub: Hub, fake: Fake) -> None:
    left = resumed(hub)
    run = hub.run()
    if run.outcome == "complete":
        # What changed behind the reader of a run that was killed comes with the next run.
        assert left or hub.titles() == live(fake)
    else:
        assert run.outcome == "incomplete"


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=st.lists(STEPS, min_size=2, max_size=7))
def test_a_complete_run_has_exactly_the_live_records(
    sqlite_template: Path, steps: list[tuple[str, str]]
) -> None:
    folder = Path(tempfile.mkdtemp())
    shutil.copyfile(sqlite_template, folder / "db.sqlite3")
    store = open_store(f"sqlite:///{folder}/db.sqlite3")
    try:
        with fake_repository(7) as fake:
            hub = Hub(store, fake.url, quick_settings(lease=0.0, attempts=3))
            hub.join()
            for number, step in enumerate(steps):
                take(hub, fake, step, number)
            fake.clock += timedelta(hours=3)
            fake.spoil = lambda _, reply: reply
            assert hub.run().outcome == "complete"
            fake.clock += timedelta(hours=3)
            assert hub.run().outcome == "complete"
            assert hub.titles() == live(fake)
    finally:
        store.dispose()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.mark.parametrize("page", [1, 2, 3])
def test_a_kill_at_any_page_ends_with_the_same_records(hub: Hub, fake: Fake, page: int) -> None:
    take(hub, fake, ("kill", str(page)), 1)
    hub.settings = quick_settings(lease=0.0)
    check(hub, fake)
    assert hub.titles() == live(fake)
