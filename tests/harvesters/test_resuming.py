"""Runs that were killed: taken up from their ledger, with nothing lost and nothing doubled."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from app.errors import Refused
from app.store import Store
from app.store.values import Window
from harvesters.runs.ledger import MOST_LOSSES
from harvesters.runs.plan import usable_token
from harvesters.runs.progress import Progress
from tests.fakes.faulty import FaultyRepository
from tests.fakes.oai import Fake
from tests.fakes.scripted import Asked, Reply
from tests.harvesters.conftest import Hub, quick_settings

ROOT = Path(__file__).resolve().parents[2]


class Killed(BaseException):
    """Ends a run as a power cut would: nothing of it is ended in the store."""


def killed_at(hub: Hub, page: int, **options: Any) -> None:
    def kill(progress: Progress) -> None:
        if progress.pages == page:
            raise Killed

    with pytest.raises(Killed):
        hub.run(progress=kill, worker="lost", **options)


def taken_up(hub: Hub, **options: Any) -> Any:
    hub.settings = quick_settings(lease=0.0)
    return hub.run(worker="next", **options)


def test_a_killed_run_goes_on_from_its_token(hub: Hub, fake: Fake) -> None:
    killed_at(hub, 2)
    fake.forget()
    run = taken_up(hub)
    assert run.outcome == "complete"
    assert (run.counts.seen, run.counts.new) == (9, 9)
    assert fake.asked("ListRecords")[0]["resumptionToken"].startswith("6")
    assert len(hub.titles()) == 9
    assert len(hub.store.harvests.list()) == 1


def test_a_token_that_does_not_hold_the_place_is_not_gone_on_from(
    sqlite_store: Store,
) -> None:
    with FaultyRepository() as url_of:
        hub = Hub(sqlite_store, url_of("session_token"))
        hub.join()
        killed_at(hub, 2)
        run = taken_up(hub)
        assert run.outcome == "complete"
        assert len(hub.titles()) == 9


def test_a_run_killed_after_its_last_page_only_ends(hub: Hub, fake: Fake) -> None:
    killed_at(hub, 3)
    fake.forget()
    run = taken_up(hub)
    assert run.outcome == "complete"
    assert fake.asked("ListRecords") == []


def test_the_checkpoint_of_a_resumed_run_is_that_of_its_first_answer(hub: Hub, fake: Fake) -> None:
    first = fake.clock
    killed_at(hub, 1)
    fake.clock += timedelta(hours=5)
    taken_up(hub)
    assert hub.repository.checkpoint == f"{first:%Y-%m-%dT%H:%M:%SZ}"


def test_a_token_that_is_refused_begins_the_list_anew(hub: Hub, fake: Fake) -> None:
    killed_at(hub, 2)
    refused: list[str] = []

    def expired(asked: Asked, reply: Reply) -> Reply:
        if asked.arguments.get("resumptionToken", "").startswith("6") and not refused:
            refused.append("once")
            return fake._reply('<error code="badResumptionToken">expired</error>')
        return reply

    fake.spoil = expired
    run = taken_up(hub)
    assert run.outcome == "complete"
    assert len(hub.titles()) == 9
    (window,) = hub.store.harvests.windows(run.id)
    assert (window.pages, window.listed) == (3, 9)


def resumed_with(fake: Fake, number: int) -> None:
    """Answer the first request with the stored token by an earlier page, as the last of its list.

    number: of the request for a list that brought that page.
    """
    pages: list[Reply] = []
    once: list[str] = []
    stored = fake.spoil

    def spoil(asked: Asked, reply: Reply) -> Reply:
        reply = stored(asked, reply)
        if asked.arguments.get("verb") == "ListRecords":
            pages.append(reply)
            token = asked.arguments.get("resumptionToken", "")
            if token.startswith("6") and len(pages) > 3 and not once:
                once.append(token)
                body, end = pages[number].body, b"<resumptionToken"
                return Reply(body[: body.index(end)] + b"</ListRecords></OAI-PMH>")
        return reply

    fake.spoil = spoil


@pytest.mark.parametrize("number", [1, 3])
def test_a_stored_token_that_brings_the_last_page_again_begins_the_list_anew(
    hub: Hub, fake: Fake, number: int
) -> None:
    """The page ends the list: taken at its word, three records would be lost as complete."""
    resumed_with(fake, number)
    if number == 3:
        fake.spoil = _empty_at("6", fake)
    killed_at(hub, 2)
    fake.forget()
    run = taken_up(hub)
    assert run.outcome == "complete"
    assert len(hub.titles()) == 9
    first, second = fake.asked("ListRecords")[:2]
    assert first["resumptionToken"].startswith("6")
    assert "resumptionToken" not in second
    (window,) = hub.store.harvests.windows(run.id)
    assert (window.pages, window.listed, window.attempts) == (3, 9, 2)
    assert "page-repeated" in hub.causes(run)


def _empty_at(token: str, fake: Fake) -> Callable[[Asked, Reply], Reply]:
    """Answer the second request with a token by an empty list without a token."""
    asked_for: list[str] = []

    def spoil(asked: Asked, reply: Reply) -> Reply:
        if asked.arguments.get("resumptionToken", "").startswith(token):
            asked_for.append(token)
            if len(asked_for) == 2:
                return fake._reply("<ListRecords></ListRecords>")
        return reply

    return spoil


def test_a_token_that_says_it_has_expired_is_not_tried(hub: Hub, fake: Fake) -> None:
    def dated(_: Asked, reply: Reply) -> Reply:
        body = reply.body.replace(
            b"<resumptionToken>", b'<resumptionToken expirationDate="2020-01-01T00:00:00Z">'
        )
        return Reply(body, headers=reply.headers)

    fake.spoil = dated
    killed_at(hub, 2)
    fake.forget()
    assert taken_up(hub).outcome == "complete"
    assert "resumptionToken" not in fake.asked("ListRecords")[0]


def test_a_run_that_is_alive_is_not_taken(hub: Hub) -> None:
    killed_at(hub, 1)
    with pytest.raises(Refused, match="lost works on it"):
        hub.run(worker="next")


def test_another_plan_ends_the_lost_run_and_begins_anew(hub: Hub, fake: Fake) -> None:
    killed_at(hub, 1)
    hub.store.repositories.edit("fake", base_url=fake.url + "?mode=oai")
    run = taken_up(hub)
    newest, lost = hub.store.harvests.list()
    assert newest.id == run.id
    assert (lost.outcome, lost.cause) == ("incomplete", "worker-lost")
    assert run.outcome == "complete"


def test_a_plan_of_its_own_replaces_a_run_that_the_worker_holds(hub: Hub, fake: Fake) -> None:
    killed_at(hub, 1)
    hub.store.repositories.edit("fake", base_url=fake.url + "?mode=oai")
    assert hub.run(worker="lost").outcome == "complete"
    assert len(hub.store.harvests.list()) == 2


def test_a_run_that_kills_its_worker_each_time_is_given_up(hub: Hub, fake: Fake) -> None:
    def slow(_: Asked, reply: Reply) -> Reply:
        threading.Event().wait(0.8)
        return reply

    killed_at(hub, 1)
    fake.spoil = slow
    hub.settings = quick_settings(lease=0.0)
    for _ in range(MOST_LOSSES - 1):
        with pytest.raises(Killed):
            hub.run(worker="next", stop=_Bomb())
    run = hub.run(worker="last")
    assert (run.outcome, run.cause) == ("incomplete", "worker-lost")


class _Bomb(threading.Event):
    """Kills the worker as soon as it waits for an answer."""

    def is_set(self) -> bool:
        raise Killed


CHILD = """
import sys
from app.store import open_store
from harvesters.runs.pipeline import harvest
from tests.harvesters.conftest import quick_settings
store = open_store(sys.argv[1])
print("ready", flush=True)
run = harvest(store, quick_settings(), "fake", trigger="schedule", worker="child")
print(run.outcome, run.cause, flush=True)
"""


def child(store: Store) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", CHILD, store.url],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    )


class Gate:
    """Lets a fake answer up to a page; then it waits until the test has done its deed."""

    def __init__(self, token: str) -> None:
        self.token = token
        self.reached = threading.Event()
        self.open = threading.Event()

    def __call__(self, asked: Asked, reply: Reply) -> Reply:
        if asked.arguments.get("resumptionToken", "").startswith(self.token):
            self.reached.set()
            self.open.wait(20)
        return reply


def test_kill_9_loses_nothing_and_doubles_nothing(hub: Hub, fake: Fake) -> None:
    fake.spoil = gate = Gate("6")
    process = child(hub.store)
    assert gate.reached.wait(60)
    process.send_signal(signal.SIGKILL)
    process.wait(20)
    gate.open.set()
    fake.spoil = lambda _, reply: reply
    run = taken_up(hub)
    assert run.outcome == "complete"
    assert hub.titles() == {f"r{n}": f"Title of r{n}" for n in range(1, 10)}
    assert run.counts.new == 9


class PoisonGate(Gate):
    """A gate before the last window of a list whose pages with r5 are errors."""

    def __call__(self, asked: Asked, reply: Reply) -> Reply:
        hurt = asked.arguments.get("verb") in ("ListRecords", "GetRecord")
        if hurt and b"oai:fake.example:r5<" in reply.body:
            reply = Reply(b"boom", 500)
        if asked.arguments.get("until", "").startswith(self.token):
            self.reached.set()
            self.open.wait(20)
        return reply


def test_kill_9_in_the_middle_of_halving_ends_with_the_same_store(hub: Hub, fake: Fake) -> None:
    fake.spoil = gate = PoisonGate("2026-01-0")
    process = child(hub.store)
    assert gate.reached.wait(60)
    process.send_signal(signal.SIGKILL)
    process.wait(20)
    gate.open.set()
    run = taken_up(hub)
    assert len(hub.store.harvests.list()) == 1
    assert run.outcome == "complete-with-quarantine"
    assert set(hub.titles()) == {f"r{n}" for n in range(1, 10)} - {"r5"}
    assert hub.set_aside() == {"r5": "record-unreadable"}
    assert (run.counts.new, run.counts.quarantined) == (8, 1)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_finishes_the_page_and_ends_the_run_as_stopped(
    sqlite_hub: Hub, fake: Fake, number: signal.Signals
) -> None:
    hub = sqlite_hub
    fake.spoil = gate = Gate("6")
    process = child(hub.store)
    assert gate.reached.wait(60)
    process.send_signal(number)
    output, _ = process.communicate(timeout=60)
    gate.open.set()
    assert "incomplete stopped-by-operator" in output
    assert process.returncode == 0
    assert len(hub.titles()) == 6
    (run,) = hub.store.harvests.list()
    assert run.state == "ended"


@pytest.mark.parametrize(
    ("expires", "stored", "good"),
    [
        ("2026-05-01T13:00:00Z", timedelta(days=2), True),
        ("2026-05-01T11:59:59Z", timedelta(0), False),
        ("2026-05-01T13:00:00", timedelta(days=2), True),
        ("tomorrow", timedelta(minutes=59), True),
        ("", timedelta(minutes=59), True),
        ("", timedelta(minutes=61), False),
    ],
)
def test_a_stored_token_is_used_as_long_as_it_says_or_for_an_hour(
    expires: str, stored: timedelta, *, good: bool
) -> None:
    now = datetime(2026, 5, 1, 12, tzinfo=UTC)
    window = Window(
        1, 1, "", "oai_dc", "", "", "open", "token", expires, now - stored, "", None, 2, 6, ""
    )
    assert usable_token(window, now) == ("token" if good else "")
    assert usable_token(replace(window, token_at=None, token_expires=""), now) == ""
