"""Runs against repositories that have their ways: what is learned, heeded, and unlearned."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace

from app.store.quirks import Learned, note_quirks, quirks_of, switch_quirk
from tests.fakes.faulty import FaultyRepository
from tests.fakes.oai import Fake, error
from tests.fakes.scripted import Asked, Reply
from tests.harvesters.conftest import Hub, quick_settings


def known(hub: Hub) -> dict[str, Learned]:
    return {one.name: one for one in quirks_of(hub.store, hub.repository.id)}


def give(hub: Hub, name: str, value: str = "", *, days: int = 0) -> None:
    """Let a quirk have been learned so many days ago."""
    at = hub.store.now() - timedelta(days=days)
    note_quirks(hub.store, hub.repository.id, (Learned(name, value, "x", None, at, at),))


def days_only(fake: Fake) -> None:
    def spoil(asked: Asked, reply: Reply) -> Reply:
        too_fine = len(asked.arguments.get("from", "")) > 10
        return fake._reply(error("badArgument")) if too_fine else reply

    fake.spoil = spoil


def froms(fake: Fake) -> list[str]:
    return [asked["from"] for asked in fake.asked("ListRecords") if "from" in asked]


def test_tokens_that_must_go_verbatim_are_learned_once_and_sent_so_from_then_on(
    store: object,
) -> None:
    with FaultyRepository() as url_of:
        url = url_of("verbatim_token")
        hub = Hub(store, url)  # type: ignore[arg-type]
        hub.join(prefix="oai_dc")
        assert hub.run().outcome == "complete"
        quirk = known(hub)["token-verbatim"]
        assert quirk.harvest == hub.repository.last_harvest
        assert "refused" in quirk.evidence
        before = len(url_of.visits(url))
        assert hub.run(full=True).outcome == "complete"
        again = [v.query for v in url_of.visits(url)[before:] if "resumptionToken" in v.query]
        assert again
        assert not any("%" in query for query in again)


def test_what_a_person_switched_off_is_not_heeded(sqlite_hub: Hub, fake: Fake) -> None:
    sqlite_hub.run()
    days_only(fake)
    give(sqlite_hub, "day-granularity")
    switch_quirk(
        sqlite_hub.store,
        sqlite_hub.repository.id,
        replace(known(sqlite_hub)["day-granularity"], off=True),
    )
    fake.forget()
    assert sqlite_hub.run().outcome == "complete"
    assert [len(text) for text in froms(fake)][:2] == [20, 10]
    assert known(sqlite_hub)["day-granularity"].off


def test_the_granularity_that_works_is_learned_and_used(hub: Hub, fake: Fake) -> None:
    hub.run()
    days_only(fake)
    fake.clock += timedelta(days=1)
    fake.put("r10")
    assert hub.run().outcome == "complete"
    assert "badArgument" in known(hub)["day-granularity"].evidence
    fake.forget()
    assert hub.run().outcome == "complete"
    assert {len(text) for text in froms(fake)} == {10}


def test_after_a_month_the_plain_way_is_tried_and_the_quirk_goes_if_it_works(
    sqlite_hub: Hub, fake: Fake
) -> None:
    sqlite_hub.run()
    give(sqlite_hub, "day-granularity", days=31)
    fake.forget()
    sqlite_hub.run()
    assert {len(text) for text in froms(fake)} == {20}
    assert known(sqlite_hub) == {}


def test_after_a_month_the_quirk_stays_if_the_plain_way_fails(sqlite_hub: Hub, fake: Fake) -> None:
    sqlite_hub.run()
    days_only(fake)
    give(sqlite_hub, "day-granularity", days=31)
    fake.forget()
    assert sqlite_hub.run().outcome == "complete"
    assert [len(text) for text in froms(fake)][:2] == [20, 10]
    fake.forget()
    sqlite_hub.run()
    assert {len(text) for text in froms(fake)} == {10}


def test_where_dates_are_ignored_runs_ask_for_everything_and_say_so(
    sqlite_hub: Hub, fake: Fake
) -> None:
    sqlite_hub.run()
    give(sqlite_hub, "ignores-dates")
    fake.forget()
    run = sqlite_hub.run()
    assert (run.kind, run.outcome) == ("full", "complete")
    assert froms(fake) == []


def test_dates_that_are_heeded_again_are_learned_by_the_trial(sqlite_hub: Hub, fake: Fake) -> None:
    sqlite_hub.run()
    give(sqlite_hub, "ignores-dates", days=31)
    fake.clock += timedelta(days=30)
    fake.put("r1")
    run = sqlite_hub.run()
    assert (run.kind, run.counts.seen) == ("incremental", 1)
    assert known(sqlite_hub) == {}


@pytest.mark.parametrize("quirk", ["ignores-dates", "size-wrong", "surplus-token", "windows"])
def test_no_quirk_lets_a_broken_list_pass_for_a_whole_one(
    sqlite_hub: Hub, fake: Fake, quirk: str
) -> None:
    give(sqlite_hub, quirk, "3")
    fake.spoil = lambda _, reply: Reply(b"boom", 500) if b":r5<" in reply.body else reply
    run = sqlite_hub.run()
    assert run.outcome != "complete"
    assert "r5" not in sqlite_hub.titles()


def test_a_size_that_is_wrong_is_learned_at_the_third_time(sqlite_hub: Hub, fake: Fake) -> None:
    fake.sizes_told = True
    fake.spoil = lambda _, reply: replace_body(
        reply, b'completeListSize="9"', b'completeListSize="4"'
    )
    for times in ("1", "2", "3"):
        assert sqlite_hub.run(full=True).outcome == "complete"
        assert known(sqlite_hub)["size-wrong"].value == times


def replace_body(reply: Reply, old: bytes, new: bytes) -> Reply:
    return Reply(reply.body.replace(old, new), reply.status, reply.headers)


def test_records_of_this_hub_that_come_home_are_a_quirk(sqlite_hub: Hub, fake: Fake) -> None:
    space = "http://www.openarchives.org/OAI/2.0/provenance"
    base = sqlite_hub.settings.base_url
    fake.put(
        "r1",
        about=f'<provenance xmlns="{space}"><originDescription harvestDate="2026-01-01T00:00:00Z" '
        f'altered="true"><baseURL>{base}/oai</baseURL><identifier>x</identifier>'
        "<datestamp>2026-01-01</datestamp><metadataNamespace>urn:x</metadataNamespace>"
        "</originDescription></provenance>",
    )
    sqlite_hub.run()
    assert "mirrors-us" in known(sqlite_hub)


def test_tokens_that_die_young_make_windows_small(sqlite_hub: Hub, fake: Fake) -> None:
    hub = sqlite_hub
    hub.settings = quick_settings(window_records=30)
    fake.fill(31, first=10)
    hub.run()
    assert known(hub) == {}
    refused = 0

    def forgetful(asked: Asked, reply: Reply) -> Reply:
        nonlocal refused
        if refused or not asked.arguments.get("resumptionToken", "").startswith("9|"):
            return reply
        refused += 1
        return fake._reply(error("badResumptionToken"))

    for times in ("1", "2"):
        refused, fake.spoil = 0, forgetful
        assert hub.run(full=True).outcome == "complete"
        assert known(hub)["short-lived-token"].value == times
    assert "The token of page 3 was refused" in known(hub)["short-lived-token"].evidence
    fake.forget()
    assert hub.run(full=True).outcome == "complete"
    assert any("until" in asked for asked in fake.asked("ListRecords"))
    assert len(hub.titles()) == 40


def test_a_dry_run_learns_nothing(sqlite_hub: Hub, fake: Fake) -> None:
    sqlite_hub.run()
    days_only(fake)
    sqlite_hub.run(dry_run=True)
    assert known(sqlite_hub) == {}
