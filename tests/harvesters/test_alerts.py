"""Alerts end to end: from outcomes in rows to a real mail server and a real webhook."""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from app.settings import Alerts, Hub, Settings, Smtp
from app.store import Store
from app.store import alerts as kept
from harvesters import alerts as telling
from tests.fakes.receivers import Hook, Mailbox, mailbox, webhook
from tests.store.making import harvest, member

MINUTE = timedelta(minutes=1)


@pytest.fixture
def box() -> Iterator[Mailbox]:
    with mailbox() as made:
        yield made


@pytest.fixture
def hook() -> Iterator[Hook]:
    with webhook() as made:
        yield made


def settings(box: Mailbox | None, hook: Hook | None, **alerts: object) -> Settings:
    given = {
        "mail": ("ops@hub.example", "more@hub.example") if box else (),
        "webhook": hook.url if hook else "",
        "webhook_secret": "shared",
        "allow_private_addresses": True,
    } | alerts
    smtp = Smtp(host="127.0.0.1", port=box.port if box else 1, security="none")
    return Settings(
        base_url="https://hub.example",
        hub=Hub(title="Hub\nof tests"),
        alerts=Alerts(**given),  # type: ignore[arg-type]
        smtp=smtp,
    )


def fail(store: Store, *names: str, outcome: str = "failed") -> None:
    for name in names:
        run = harvest(store, store.repositories.get(name))
        store.harvests.end(
            run.id, "w1", outcome=outcome, cause="timed-out" * (outcome == "failed"),
            sentence="No answer came in time." if outcome == "failed" else "Complete.",
        )  # fmt: skip


def tick(store: Store, given: Settings, at: datetime) -> int:
    telling.watch(store, at)
    telling.compose(store, given, at)
    return telling.send_due(store, given, at)


def test_changes_within_ten_minutes_go_out_as_one_message(
    store: Store, box: Mailbox, hook: Hook
) -> None:
    member(store, "reef")
    member(store, "dune")
    given, now = settings(box, hook), store.now()
    assert tick(store, given, now) == 0
    fail(store, "reef")
    assert tick(store, given, now + MINUTE) == 0
    fail(store, "reef", "dune", "dune")
    assert tick(store, given, now + 2 * MINUTE) == 0
    assert tick(store, given, now + 11 * MINUTE) == 0
    assert box.mails == []
    assert tick(store, given, now + 12 * MINUTE) == 2
    assert tick(store, given, now + 60 * MINUTE) == 0
    (mail,), ((headers, body),) = box.mails, hook.got
    assert mail["Subject"] == "[Hub of tests] 2 repositories are failing"
    assert mail["To"] == "ops@hub.example, more@hub.example"
    assert mail["Auto-Submitted"] == "auto-generated"
    text = mail.get_content()
    assert "No answer came in time." in text
    assert "https://hub.example/repositories/dune" in text
    told = json.loads(body)
    assert [one["name"] for one in told["alerts"]] == ["dune", "reef"]
    assert told["alerts"][0]["cause"] == "timed-out"
    signature = "sha256=" + hmac.new(b"shared", body, hashlib.sha256).hexdigest()
    assert headers["X-Garnery-Signature"] == signature
    fail(store, "reef", outcome="complete")
    tick(store, given, now + 61 * MINUTE)
    assert tick(store, given, now + 71 * MINUTE) == 2
    assert box.mails[1]["Subject"] == "[Hub of tests] Reef is ok again"
    assert [one.state for one in kept.newest(store, 9)] == ["ok", "failing", "failing"]
    assert kept.counts(store) == {"sent": 4}
    assert kept.forget(store, now + timedelta(days=1)) == 7


def test_a_message_is_tried_again_and_then_given_up(store: Store, hook: Hook) -> None:
    member(store)
    given, now = settings(None, hook, gather="0"), store.now()
    fail(store, "reef", "reef")
    hook.statuses = [500, 302, 503]
    assert tick(store, given, now) == 0
    assert tick(store, given, now) == 0
    assert tick(store, given, now + MINUTE) == 0
    assert tick(store, given, now + 11 * MINUTE) == 0
    assert tick(store, given, now + 500 * MINUTE) == 0
    assert len(hook.got) == 3
    assert len({body for _, body in hook.got}) == 1
    (lost,) = kept.messages(store, 9, "failed")
    assert lost.error.startswith("127.0.0.1:")
    assert lost.error.endswith("answered with the status 503.")
    assert "s3cret" not in lost.error


def test_a_mail_server_that_is_busy_gets_it_later_and_one_that_refuses_never(
    sqlite_store: Store, box: Mailbox
) -> None:
    member(sqlite_store)
    given, now = settings(box, None, gather="0"), sqlite_store.now()
    fail(sqlite_store, "reef", "reef")
    box.refusals = ["451 later"]
    assert tick(sqlite_store, given, now) == 0
    assert tick(sqlite_store, given, now + MINUTE) == 1
    fail(sqlite_store, "reef", outcome="complete")
    box.refusals = ["554 never"]
    assert tick(sqlite_store, given, now + 2 * MINUTE) == 0
    assert tick(sqlite_store, given, now + 600 * MINUTE) == 0
    assert kept.counts(sqlite_store) == {"failed": 1, "sent": 1}
    assert len(box.mails) == 1


def test_an_address_inside_is_refused_unless_allowed(sqlite_store: Store, hook: Hook) -> None:
    member(sqlite_store)
    given = settings(None, hook, gather="0", allow_private_addresses=False)
    fail(sqlite_store, "reef", "reef")
    assert tick(sqlite_store, given, sqlite_store.now()) == 0
    (lost,) = kept.messages(sqlite_store, 9, "failed")
    assert "alerts.allow_private_addresses" in lost.error
    assert hook.got == []


def test_many_schedulers_tell_each_change_once(store: Store, hook: Hook) -> None:
    names = [f"r{n}" for n in range(8)]
    for name in names:
        member(store, name)
    fail(store, *names, *names)
    given, now = settings(None, hook, gather="0"), store.now()
    threads = [threading.Thread(target=tick, args=(store, given, now)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    telling.send_due(store, given, now)
    told = [one["name"] for _, body in hook.got for one in json.loads(body)["alerts"]]
    assert sorted(told) == names


def test_workers_that_fall_silent_are_told_and_that_they_are_back(
    sqlite_store: Store, hook: Hook
) -> None:
    from app import clock

    given, now = settings(None, hook, gather="0"), sqlite_store.now()
    sqlite_store.hub.put("last-sign-worker", clock.text(now))
    assert tick(sqlite_store, given, now + 4 * MINUTE) == 0
    assert tick(sqlite_store, given, now + 6 * MINUTE) == 1
    sqlite_store.hub.put("last-sign-worker", clock.text(now + 7 * MINUTE))
    assert tick(sqlite_store, given, now + 8 * MINUTE) == 1
    told = [json.loads(body)["alerts"][0] for _, body in hook.got]
    assert [(one["kind"], one["state"]) for one in told] == [("hub", "not ready"), ("hub", "ready")]


def test_without_a_channel_alerts_are_kept_and_nothing_waits(sqlite_store: Store) -> None:
    member(sqlite_store)
    fail(sqlite_store, "reef", "reef")
    given, now = settings(None, None, gather="0"), sqlite_store.now()
    assert tick(sqlite_store, given, now) == 0
    assert len(kept.newest(sqlite_store, 9)) == 1
    assert kept.counts(sqlite_store) == {}
