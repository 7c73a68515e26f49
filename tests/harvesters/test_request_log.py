"""What a run asked and was answered: a row a request, written with its page; bodies for a time."""

from __future__ import annotations

import gzip
import hashlib
from datetime import timedelta

import pytest

from app.errors import ConfigurationError, NotFound
from app.schedule import kept_for
from app.store.requests import LARGEST_BODY, body_of, let_go, packed, requests_of
from harvesters.answers import portions
from tests.fakes.oai import BEGINNING, Fake
from tests.fakes.scripted import Asked, Reply
from tests.harvesters.conftest import Hub, quick_settings


def test_every_request_of_a_run_is_written_down_in_order(hub: Hub, fake: Fake) -> None:
    fake.sizes_told = True
    run = hub.run()
    found = requests_of(hub.store, run.id)
    assert [one.verb for one in found if one.verb.startswith("ListR")] == ["ListRecords"] * 3
    assert found[0].verb == "Identify"
    assert len(found) == sum("verb" in one.arguments for one in fake.script.asked)
    first, second, third = (one for one in found if one.verb == "ListRecords")
    assert first.arguments == "metadataPrefix=oai_dc"
    assert second.arguments.startswith("resumptionToken=3%7CListRecords")
    assert (first.status, first.records, first.told, first.attempt) == (200, 3, 9, 1)
    assert first.first_identifier == "oai:fake.example:r1"
    assert first.last_identifier == "oai:fake.example:r3"
    assert second.token.startswith("6|ListRecords")
    assert third.token == ""
    assert first.at is not None
    assert first.size > 1000
    assert {one.cause for one in found} <= {"", "oai-error"}


def test_an_answer_is_kept_as_it_came(hub: Hub, fake: Fake) -> None:
    bodies = []

    def heard(asked: Asked, reply: Reply) -> Reply:
        bodies.append(reply.body)
        packed_reply = gzip.compress(reply.body)
        return Reply(packed_reply, headers=(*reply.headers, ("Content-Encoding", "gzip")))

    fake.spoil = heard
    run = hub.run()
    for one in requests_of(hub.store, run.id):
        body = body_of(hub.store, one.id)
        assert body in bodies
        assert one.digest == hashlib.sha256(body).hexdigest()
        assert one.size == len(body)
        assert one.at is not None
        assert one.body_until == one.at + timedelta(days=14)


def test_what_was_damaged_is_kept_longer_as_it_came(hub: Hub, fake: Fake) -> None:
    fake.put("r2", title="A & B", stamp=BEGINNING + timedelta(days=2))
    fake.spoil = lambda _, reply: Reply(
        reply.body.replace(b"A &amp; B", b"A & B"), headers=reply.headers
    )
    run = hub.run()
    damaged = [one for one in requests_of(hub.store, run.id) if one.repairs]
    assert [one.repairs for one in damaged] == [("entities",)]
    (one,) = damaged
    assert one.at is not None
    assert one.body_until == one.at + timedelta(days=90)
    assert b"<dc:title>A & B<" in body_of(hub.store, one.id)


def test_requests_that_fail_are_told_with_their_cause_and_try(hub: Hub, fake: Fake) -> None:
    failing = iter((Reply(b"<html>busy</html>", status=500), Reply(raw=b"", hang_up=True)))

    def spoil(asked: Asked, reply: Reply) -> Reply:
        return next(failing, reply) if asked.arguments["verb"] == "ListRecords" else reply

    fake.spoil = spoil
    run = hub.run()
    lists = [one for one in requests_of(hub.store, run.id) if one.verb == "ListRecords"]
    assert [(one.cause, one.attempt, one.status) for one in lists[:3]] == [
        ("http-5xx", 1, 500),
        ("connection-reset", 2, 0),
        ("", 3, 200),
    ]
    assert body_of(hub.store, lists[0].id) == b"<html>busy</html>"
    assert lists[1].body_until is None
    with pytest.raises(NotFound, match="not kept"):
        body_of(hub.store, lists[1].id)


def test_a_page_in_portions_is_one_request(
    hub: Hub, fake: Fake, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(portions, "MOST_RECORDS", 2)
    fake.page_size = 5
    hub.settings = quick_settings(spool_bytes=1)
    run = hub.run()
    lists = [one for one in requests_of(hub.store, run.id) if one.verb == "ListRecords"]
    assert [one.records for one in lists] == [5, 4]
    assert [one.last_identifier[-2:] for one in lists] == ["r5", "r9"]
    assert lists[0].token.startswith("5|ListRecords")
    assert body_of(hub.store, lists[0].id).endswith(b"</OAI-PMH>")


def test_nothing_is_kept_where_the_settings_say_so(sqlite_hub: Hub, fake: Fake) -> None:
    sqlite_hub.settings = quick_settings(keep_raw="0")
    run = sqlite_hub.run()
    found = requests_of(sqlite_hub.store, run.id)
    assert found
    assert {one.body_until for one in found} == {None}


def test_answers_are_let_go_when_their_time_is_over(hub: Hub) -> None:
    run = hub.run()
    kept = [one for one in requests_of(hub.store, run.id) if one.body_until]
    assert let_go(hub.store, hub.store.now()) == 0
    assert let_go(hub.store, hub.store.now() + timedelta(days=15)) == len(kept)
    assert {one.body_until for one in requests_of(hub.store, run.id)} == {None}
    with pytest.raises(NotFound):
        body_of(hub.store, kept[0].id)


def test_what_a_database_cannot_hold_is_no_reason_to_lose_a_page(hub: Hub, fake: Fake) -> None:
    fake.spoil = lambda _, reply: Reply(
        reply.body.replace(b"oai:fake.example:r1<", b"oai:fake.example:r1\x00<"),
        headers=reply.headers,
    )
    run = hub.run()
    assert run.counts.seen == 9
    assert requests_of(hub.store, run.id)


def test_a_repository_that_is_erased_takes_its_requests_along(sqlite_hub: Hub) -> None:
    run = sqlite_hub.run()
    sqlite_hub.store.repositories.remove(sqlite_hub.name, erase=True)
    assert requests_of(sqlite_hub.store, run.id) == ()


def test_a_body_that_is_too_large_is_not_kept() -> None:
    noise = (hashlib.sha256(b"%d" % n).digest() for n in range(LARGEST_BODY // 32 + 2000))
    assert packed(noise) is None
    assert packed((b"abc",)) is not None


@pytest.mark.parametrize(("text", "days"), [("14d", 14), ("2w", 14), ("0", 0), (" 0 ", 0)])
def test_how_long_is_a_length_of_time(text: str, days: int) -> None:
    assert kept_for(text) == timedelta(days=days)


@pytest.mark.parametrize("text", ["", "soon", "0 0 * * *", "-1d"])
def test_what_is_no_length_of_time_is_refused(text: str) -> None:
    with pytest.raises(ConfigurationError):
        kept_for(text)
