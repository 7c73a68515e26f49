"""Whole harvests: a fake repository over HTTP, into the real store, on both databases."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from app import clock
from app.errors import LeaseLost, NotFound, Refused
from harvesters.runs.progress import Progress
from tests.fakes.oai import DAYS, OAI_DC, Fake, error
from tests.fakes.scripted import Asked, Reply
from tests.harvesters.conftest import Hub, quick_settings

ALL = [f"r{n}" for n in range(1, 10)]


# ── the first harvest ────────────────────────────────────────────────────────────────────────


def test_a_first_harvest_brings_every_record(hub: Hub) -> None:
    run = hub.run()
    assert (run.outcome, run.cause, run.state, run.kind) == ("complete", "", "ended", "full")
    assert hub.titles() == {name: f"Title of {name}" for name in ALL}
    assert (run.counts.seen, run.counts.new, run.counts.unchanged) == (9, 9, 0)
    assert run.sentence.startswith("Complete: 9 records seen, 9 new, 0 changed, 0 removed, in ")


def test_a_first_harvest_asks_without_dates(hub: Hub, fake: Fake) -> None:
    hub.run()
    first, *others = fake.asked("ListRecords")
    assert first == {"verb": "ListRecords", "metadataPrefix": "oai_dc"}
    assert [set(one) for one in others] == [{"verb", "resumptionToken"}] * 2


def test_what_the_repository_says_of_itself_is_kept(hub: Hub, fake: Fake) -> None:
    fake.set_names = {"maps": "Maps", "maps:old": "Old maps"}
    kit = b"<description><toolkit xmlns='urn:kit'><title>DSpace 7</title></toolkit></description>"
    fake.spoil = lambda _, reply: Reply(reply.body.replace(b"</Identify>", kit + b"</Identify>"))
    hub.run()
    known = hub.repository
    assert known.software == "DSpace 7"
    assert known.chosen_prefix == "oai_dc"
    assert known.identify_name == "The fake"
    assert known.deleted_record == "persistent"
    assert known.granularity == fake.granularity
    assert known.checkpoint == clock.text(fake.clock)
    assert known.last_whole_at is not None


def test_the_ledger_shows_the_window_that_was_read(hub: Hub, fake: Fake) -> None:
    fake.sizes_told = True
    run = hub.run()
    (window,) = hub.store.harvests.windows(run.id)
    assert (window.state, window.pages, window.listed, window.told) == ("closed", 3, 9, 9)
    assert window.response_date == clock.text(fake.clock)


def test_set_names_are_kept(hub: Hub, fake: Fake) -> None:
    fake.set_names = {"maps": "Maps of the world"}
    fake.put("r1", sets=("maps",))
    hub.run()
    listed = {row.spec: row.name for row in hub.store.sets.listed(after=None, limit=100)}
    assert "Maps of the world" in listed["member:fake:maps"]


def test_the_original_bytes_are_kept(hub: Hub) -> None:
    hub.run()
    original = hub.store.records.original(hub.records()["r1"].local_id)
    assert original is not None
    assert original.startswith(b"<oai_dc:dc ")
    assert original.endswith(b"</oai_dc:dc>")


def test_provenance_names_the_source_and_the_moment_of_the_answer(hub: Hub, fake: Fake) -> None:
    hub.run()
    row = hub.store.records.row(hub.records()["r1"].local_id, "oai_dc")
    assert row is not None
    assert row.about is not None
    about = row.about.decode()
    assert f"<baseURL>{fake.url}</baseURL>" in about
    assert f'harvestDate="{clock.text(fake.clock)}"' in about


def test_one_request_at_a_time_also_with_one_page_ahead(hub: Hub, fake: Fake) -> None:
    fake.put("r5", metadata="")
    hub.run()
    assert fake.most_at_once == 1
    assert fake.script.connections == 1


def test_progress_is_told_at_each_page(hub: Hub, fake: Fake) -> None:
    fake.sizes_told = True
    told: list[Progress] = []
    hub.run(progress=told.append)
    assert [one.counts.seen for one in told] == [3, 6, 9]
    assert [one.pages for one in told] == [1, 2, 3]
    assert told[-1].told == 9
    assert told[-1].windows_done == 1
    assert "resumptionToken" in told[-1].last_request


# ── going forward in time ────────────────────────────────────────────────────────────────────


def test_the_next_harvest_asks_for_what_changed_since_with_an_overlap(hub: Hub, fake: Fake) -> None:
    hub.run()
    fake.forget()
    run = hub.run()
    assert run.kind == "incremental"
    (asked,) = fake.asked("ListRecords")
    assert asked["from"] == clock.text(fake.clock - timedelta(minutes=10))
    assert "until" not in asked


def test_days_are_asked_for_where_the_repository_knows_only_days(hub: Hub, fake: Fake) -> None:
    fake.granularity = DAYS
    hub.run()
    fake.forget()
    hub.run()
    (asked,) = fake.asked("ListRecords")
    assert asked["from"] == (fake.clock - timedelta(days=1)).strftime("%Y-%m-%d")


def test_new_changed_and_deleted_records_come_with_the_next_harvest(hub: Hub, fake: Fake) -> None:
    hub.run()
    fake.clock += timedelta(hours=1)
    fake.put("r3", title="Another title")
    fake.put("r10")
    fake.delete("r4")
    run = hub.run()
    counts = run.counts
    assert (counts.seen, counts.new, counts.changed, counts.removed) == (3, 1, 1, 1)
    assert hub.titles()["r3"] == "Another title"
    assert "r10" in hub.titles()
    assert "r4" not in hub.titles()
    assert "r4" in hub.records("deleted")
    assert hub.repository.live == 9


def test_a_record_that_comes_back_is_live_again(hub: Hub, fake: Fake) -> None:
    hub.run()
    fake.clock += timedelta(hours=1)
    fake.delete("r4")
    hub.run()
    fake.clock += timedelta(hours=1)
    fake.put("r4", deleted=False)
    hub.run()
    assert hub.titles()["r4"] == "Title of r4"


def test_tombstones_of_records_never_seen_are_counted_and_not_shown(hub: Hub, fake: Fake) -> None:
    fake.delete("r2")
    run = hub.run()
    assert run.outcome == "complete"
    assert run.counts.removed == 1
    assert "r2" in hub.records("unseen")
    assert hub.store.records.page("oai_dc", until=2**40, limit=100).__len__() == 8


def test_unchanged_records_are_not_written(hub: Hub, fake: Fake) -> None:
    hub.run()
    before = hub.records()
    fake.clock += timedelta(hours=1)
    for name in ALL:
        fake.put(name)
    run = hub.run(full=True)
    assert (run.counts.seen, run.counts.unchanged, run.counts.changed) == (9, 9, 0)
    after = hub.records()
    assert after == before


def test_what_changes_with_each_writing_is_no_change(hub: Hub, fake: Fake) -> None:
    marc = (
        '<record xmlns="http://www.loc.gov/MARC21/slim"><leader>00000nam a2200000 a 4500</leader>'
        '<controlfield tag="005">{}.0</controlfield><datafield tag="245" ind1="0" ind2="0">'
        '<subfield code="a">{}</subfield></datafield></record>'
    )
    for name in ALL:
        fake.put(name, metadata=marc.format("20260101000000", name))
    hub.run()
    before = hub.records()
    fake.clock += timedelta(hours=1)
    for name in ALL:
        fake.put(name, metadata=marc.format("20260301000000", name))
    fake.put("r9", metadata=marc.format("20260301000000", "Another title"))
    run = hub.run()
    assert (run.counts.seen, run.counts.unchanged, run.counts.changed) == (9, 8, 1)
    after = hub.records()
    assert after.pop("r9") != before.pop("r9")
    assert after == before


def test_a_change_behind_the_reader_comes_with_the_next_harvest(hub: Hub, fake: Fake) -> None:
    def change(progress: Progress) -> None:
        if progress.pages == 2:
            fake.clock += timedelta(hours=3)
            fake.put("r1", title="Changed behind", stamp=fake.clock - timedelta(hours=2))

    hub.run(progress=change)
    hub.run()
    assert hub.titles()["r1"] == "Changed behind"


def test_a_record_that_appears_five_minutes_after_its_datestamp_is_not_missed(
    hub: Hub, fake: Fake
) -> None:
    hub.run()
    fake.put("late", stamp=fake.clock - timedelta(minutes=5))
    hub.run()
    assert "late" in hub.titles()


@pytest.mark.parametrize("off", [-3, 3])
def test_the_earlier_of_the_two_clocks_is_the_checkpoint(hub: Hub, fake: Fake, off: int) -> None:
    fake.date_header = fake.clock + timedelta(days=off)
    hub.run()
    assert hub.repository.checkpoint == clock.text(min(fake.clock, fake.date_header))


def test_an_empty_response_date_leaves_the_date_header(hub: Hub, fake: Fake) -> None:
    def empty(_: Asked, reply: Reply) -> Reply:
        date = f"{fake.clock:%Y-%m-%dT%H:%M:%SZ}".encode()
        return Reply(reply.body.replace(b">" + date + b"</r", b"></r"), headers=reply.headers)

    fake.spoil = empty
    assert hub.run().outcome == "complete"
    assert hub.repository.checkpoint == clock.text(fake.clock)


def test_an_empty_answer_moves_nothing_and_a_lie_is_healed(hub: Hub, fake: Fake) -> None:
    hub.run()
    checkpoint = hub.repository.checkpoint
    fake.clock += timedelta(days=1)
    fake.put("r10")
    items, fake.items = fake.items, {}
    run = hub.run()
    assert (run.outcome, run.cause, run.counts.seen) == ("complete", "no-records", 0)
    assert "nothing had changed" in run.sentence
    assert hub.repository.checkpoint == checkpoint
    fake.items = items
    fake.clock += timedelta(days=1)
    hub.run()
    assert "r10" in hub.titles()


def test_a_from_that_is_refused_is_sent_in_days(hub: Hub, fake: Fake) -> None:
    hub.run()
    fake.forget()

    def seconds_refused(asked: Asked, reply: Reply) -> Reply:
        if len(asked.arguments.get("from", "")) > 10:
            return bad_argument(reply)
        return reply

    fake.spoil = seconds_refused
    run = hub.run()
    assert run.outcome == "complete"
    assert [len(one.get("from", "")) for one in fake.asked("ListRecords")] == [20, 10]
    assert "granularity-wrong" in hub.causes(run)


def test_a_from_that_is_refused_in_every_form_is_left_out(hub: Hub, fake: Fake) -> None:
    hub.run()
    fake.put("r3", title="Another title")

    def refused(asked: Asked, reply: Reply) -> Reply:
        return bad_argument(reply) if "from" in asked.arguments else reply

    fake.spoil = refused
    assert hub.run().outcome == "complete"
    assert hub.titles()["r3"] == "Another title"


def bad_argument(reply: Reply) -> Reply:
    head, _, _ = reply.body.partition(b"</request>")
    body = head + b'</request><error code="badArgument">date</error></OAI-PMH>'
    return Reply(body, headers=reply.headers)


def test_dates_that_are_ignored_are_noticed(hub: Hub, fake: Fake) -> None:
    hub.run()

    def ignoring(asked: Asked, reply: Reply) -> Reply:
        if "from" not in asked.arguments:
            return reply
        return fake._reply(fake._inside({"verb": "ListRecords", "metadataPrefix": "oai_dc"}))

    fake.spoil = ignoring
    run = hub.run()
    assert run.counts.unchanged == 9
    assert "ignores-dates" in hub.causes(run)


def test_another_base_url_makes_the_next_run_full(hub: Hub, fake: Fake) -> None:
    hub.run()
    hub.store.repositories.edit("fake", base_url=fake.url + "?mode=oai")
    assert hub.run().kind == "full"
    assert hub.run().kind == "incremental"


def test_another_granularity_makes_the_next_run_ask_for_everything(hub: Hub, fake: Fake) -> None:
    hub.run()
    fake.granularity = DAYS
    fake.forget()
    hub.run()
    assert fake.asked("ListRecords")[0] == {"verb": "ListRecords", "metadataPrefix": "oai_dc"}


# ── sets ─────────────────────────────────────────────────────────────────────────────────────


def test_each_set_that_is_asked_for_is_a_window(sqlite_hub: Hub, fake: Fake) -> None:
    hub = sqlite_hub
    hub.store.repositories.edit("fake", sets=("maps", "data"))
    fake.put("r1", sets=("maps",))
    fake.put("r2", sets=("data", "maps"))
    fake.put("r3", sets=("data:raw",))
    run = hub.run()
    assert run.outcome == "complete"
    assert set(hub.titles()) == {"r1", "r2", "r3"}
    windows = {w.set_spec: (w.state, w.listed) for w in hub.store.harvests.windows(run.id)}
    assert windows == {"maps": ("closed", 2), "data": ("closed", 2)}
    assert hub.records()["r2"].source_sets == ("data", "maps")


def test_a_set_that_fails_keeps_the_checkpoint_where_it_was(hub: Hub, fake: Fake) -> None:
    hub.store.repositories.edit("fake", sets=("maps", "data"))
    fake.put("r1", sets=("maps",))
    fake.put("r2", sets=("data",))

    def broken(asked: Asked, reply: Reply) -> Reply:
        return Reply(b"boom", 500) if asked.arguments.get("set") == "data" else reply

    fake.spoil = broken
    run = hub.run()
    assert (run.outcome, run.cause) == ("incomplete", "http-5xx")
    assert set(hub.titles()) == {"r1"}
    assert hub.repository.checkpoint == ""
    assert "1 of 2 lists" in run.sentence


def test_a_set_that_is_gone_fails_the_harvest_and_deletes_nothing(hub: Hub, fake: Fake) -> None:
    hub.store.repositories.edit("fake", sets=("maps",))
    fake.set_names = {"maps": "Maps", "data": "Data"}
    fake.fill(9, sets=("maps",))
    assert hub.run().counts.new == 9
    fake.fill(9, sets=("data",))
    empty = hub.run(full=True)
    assert (empty.outcome, empty.cause) == ("incomplete", "repository-empty")
    del fake.set_names["maps"]
    for _ in range(3):
        gone = hub.run(full=True)
        assert (gone.outcome, gone.cause) == ("failed", "set-gone")
        assert "no longer lists the set maps" in gone.sentence
    fake.spoil = refusing("maps")
    refused = hub.run()
    assert (refused.outcome, refused.cause, refused.kind) == ("failed", "set-gone", "incremental")
    fake.set_names["maps"] = "Maps"
    assert hub.run().cause == "oai-error"
    assert len(hub.titles()) == 9


def test_one_set_that_is_gone_leaves_the_others(hub: Hub, fake: Fake) -> None:
    hub.store.repositories.edit("fake", sets=("maps", "data"))
    fake.put("r1", sets=("maps",))
    fake.put("r2", sets=("data",))
    fake.spoil = refusing("data")
    for _ in range(2):
        run = hub.run()
        assert (run.outcome, run.cause) == ("incomplete", "set-gone")
        assert set(hub.titles()) == {"r1"}
        assert (run.counts.seen, hub.repository.checkpoint) == (1, "")


def refusing(spec: str) -> Callable[[Asked, Reply], Reply]:
    """Refuse the lists of a set, as servers do that do not know it."""

    def spoil(asked: Asked, reply: Reply) -> Reply:
        refused = reply.body.partition(b"<request>")[0] + (
            b"<request>x</request>" + error("badArgument").encode() + b"</OAI-PMH>"
        )
        return Reply(refused) if asked.arguments.get("set") == spec else reply

    return spoil


def test_sets_that_the_server_ignores_are_noticed(sqlite_hub: Hub, fake: Fake) -> None:
    hub = sqlite_hub
    hub.store.repositories.edit("fake", sets=("maps",))

    def ignoring(asked: Asked, reply: Reply) -> Reply:
        if "set" not in asked.arguments:
            return reply
        return fake._reply(fake._inside({"verb": "ListRecords", "metadataPrefix": "oai_dc"}))

    fake.spoil = ignoring
    run = hub.run()
    assert "set-ignored" in hub.causes(run)
    assert run.outcome == "complete"


def test_a_window_by_hand_moves_no_checkpoint(hub: Hub, fake: Fake) -> None:
    run = hub.run(from_="2026-01-03", until="2026-01-05")
    assert (run.kind, run.outcome, run.counts.seen) == ("window", "complete", 3)
    assert hub.repository.checkpoint == ""
    assert fake.asked("ListRecords")[0]["until"] == "2026-01-05"


# ── what cannot be read ──────────────────────────────────────────────────────────────────────


def test_a_live_record_without_metadata_is_asked_for_once_and_set_aside_by_name(
    hub: Hub, fake: Fake
) -> None:
    fake.put("r5", metadata="")
    run = hub.run()
    assert run.outcome == "complete-with-quarantine"
    assert run.counts.quarantined == 1
    assert hub.set_aside() == {"r5": "record-without-metadata"}
    assert len(fake.asked("GetRecord")) == 1
    assert "1 record that could not be read and is set aside" in run.sentence
    assert hub.repository.last_whole_at is not None


def test_metadata_that_the_list_lacks_may_come_by_get_record(hub: Hub, fake: Fake) -> None:
    whole = fake.items["oai:fake.example:r5"]

    def lacking(asked: Asked, reply: Reply) -> Reply:
        if asked.arguments.get("verb") == "ListRecords":
            return reply
        fake.items["oai:fake.example:r5"] = whole
        return fake._reply(fake._inside(asked.arguments))

    fake.put("r5", metadata="<x/>")
    fake.spoil = lacking
    assert hub.run().outcome == "complete"
    assert "r5" in hub.titles()


def test_the_last_good_version_stays_while_a_bad_one_is_set_aside(hub: Hub, fake: Fake) -> None:
    hub.run()
    fake.clock += timedelta(hours=1)
    fake.put("r5", metadata="<nonsense xmlns='urn:x'><a/></nonsense>")
    run = hub.run()
    assert run.outcome == "complete-with-quarantine"
    assert hub.titles()["r5"] == "Title of r5"
    assert hub.set_aside() == {"r5": "format-unknown"}
    fake.clock += timedelta(hours=1)
    fake.put("r5", metadata=None, title="Mended")
    assert hub.run().outcome == "complete"
    assert hub.titles()["r5"] == "Mended"
    assert hub.set_aside() == {}


def test_what_is_set_aside_keeps_a_full_run_from_being_called_complete(
    hub: Hub, fake: Fake
) -> None:
    fake.put("r5", metadata="")
    hub.run()
    assert hub.run(full=True).outcome == "complete-with-quarantine"


def test_many_records_set_aside_make_a_run_incomplete(sqlite_hub: Hub, fake: Fake) -> None:
    hub = sqlite_hub
    fake.page_size = 50
    for n in range(30):
        fake.put(f"bad{n}", metadata="<nonsense xmlns='urn:x'><a/></nonsense>")
    run = hub.run()
    assert (run.outcome, run.cause) == ("incomplete", "record-unreadable")
    assert hub.repository.checkpoint == ""
    assert len(hub.titles()) == 9


def test_a_record_without_a_name_is_kept_once_and_never_stops_a_page(hub: Hub, fake: Fake) -> None:
    def nameless(_: Asked, reply: Reply) -> Reply:
        body = reply.body.replace(b"<identifier>oai:fake.example:r5</identifier>", b"")
        return Reply(body, headers=reply.headers)

    fake.spoil = nameless
    run = hub.run()
    assert run.outcome == "complete-with-quarantine"
    assert len(hub.titles()) == 8
    hub.run(full=True)
    assert list(hub.set_aside().values()) == ["record-without-name"]


def test_a_damaged_record_is_lost_by_name_and_its_neighbours_are_taken(
    hub: Hub, fake: Fake
) -> None:
    fake.put("r5", metadata=f'<oai_dc:dc xmlns:oai_dc="{OAI_DC}"><b></oai_dc:dc>')
    run = hub.run()
    assert run.outcome == "complete-with-quarantine"
    assert len(hub.titles()) == 8
    assert hub.set_aside() == {"r5": "record-unreadable"}


def test_repairs_are_told_and_laid_to_their_record(hub: Hub, fake: Fake) -> None:
    fake.put("r5", metadata=dublin_core_with("Caf&eacute; & more"))
    run = hub.run()
    assert run.outcome == "complete"
    assert run.counts.repaired == 1
    assert hub.titles()["r5"] == "Café & more"
    told = [f for f in hub.store.harvests.failures(run.id) if f.cause == "repaired"]
    assert [f.identifier for f in told] == ["oai:fake.example:r5"]
    assert told[0].sentence.startswith("entities: 2 ×")
    problems = hub.store.records.problems(hub.records()["r5"].local_id)
    assert any(p.rule == "xml.recovered" and "entities" in p.message for p in problems)


def dublin_core_with(title: str) -> str:
    return (
        f'<oai_dc:dc xmlns:oai_dc="{OAI_DC}" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<dc:title>{title}</dc:title></oai_dc:dc>"
    )


def test_two_versions_in_one_list_give_the_later_one(hub: Hub, fake: Fake) -> None:
    def twice(asked: Asked, reply: Reply) -> Reply:
        if "resumptionToken" not in asked.arguments:
            return reply
        older = fake.record(fake.items["oai:fake.example:r1"], "oai_dc")
        older = older.replace("Title of r1", "Old").replace("2026-01-02", "2025-01-02")
        body = reply.body.replace(b"<ListRecords>", b"<ListRecords>" + older.encode())
        return Reply(body, headers=reply.headers)

    fake.spoil = twice
    assert hub.run().outcome == "complete"
    assert hub.titles()["r1"] == "Title of r1"


def test_records_of_the_hub_that_come_home_are_not_taken_in(hub: Hub, fake: Fake) -> None:
    origin = (
        '<provenance xmlns="http://www.openarchives.org/OAI/2.0/provenance">'
        '<originDescription harvestDate="2026-01-01T00:00:00Z" altered="true">'
        f"<baseURL>{hub.settings.base_url}/oai</baseURL><identifier>oai:x:1</identifier>"
        "<datestamp>2026-01-01</datestamp><metadataNamespace>x</metadataNamespace>"
        "</originDescription></provenance>"
    )
    fake.put("r5", about=origin)
    assert hub.run().outcome == "complete"
    assert "r5" not in hub.titles()


# ── what does not come ───────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("reply", "cause"),
    [
        (Reply(b"boom", 500), "http-5xx"),
        (Reply(b"<html><title>Login</title><br>", 200), "not-xml"),
        (Reply(b"", 200), "empty-body"),
        (Reply(b"<OAI-PMH><responseDate/></OAI-PMH>", 200), "hollow-page"),
        (Reply(hang_up=True), "connection-reset"),
    ],
    ids=["500", "html", "empty", "hollow", "reset"],
)
def test_a_page_that_never_comes_is_no_end_but_is_gone_round(
    sqlite_hub: Hub, fake: Fake, reply: Reply, cause: str
) -> None:
    hub = sqlite_hub

    def broken(asked: Asked, sound: Reply) -> Reply:
        return reply if asked.arguments.get("resumptionToken", "").startswith("6") else sound

    fake.spoil = broken
    run = hub.run()
    assert run.outcome == "complete"
    assert hub.titles() == {name: f"Title of {name}" for name in ALL}
    assert run.counts.seen == 9
    told = [f for f in hub.store.harvests.failures(run.id) if f.cause == cause]
    assert all(fake.url in one.sentence for one in told)
    assert told


def test_a_page_that_comes_in_no_window_leaves_the_run_incomplete(
    sqlite_hub: Hub, fake: Fake
) -> None:
    hub = sqlite_hub

    def broken(asked: Asked, sound: Reply) -> Reply:
        after_first = hub.repository.live and asked.arguments.get("verb", "").startswith("List")
        return Reply(b"boom", 500) if after_first else sound

    fake.spoil = broken
    run = hub.run()
    assert (run.outcome, run.cause) == ("incomplete", "gave-up")
    assert hub.repository.checkpoint == ""
    assert fake.url in run.sentence
    assert f"What came is safe: {len(hub.titles())} records seen" in run.sentence
    assert "next try" in run.sentence


def test_nothing_at_all_is_a_failed_run(hub: Hub, fake: Fake) -> None:
    fake.spoil = lambda *_: Reply(b"gone", 404)
    run = hub.run()
    assert (run.outcome, run.cause) == ("failed", "http-404")
    assert run.sentence.startswith("Failed: The server answered 404")
    assert len(fake.script.asked) <= 3


def test_a_shield_is_asked_only_once(hub: Hub, fake: Fake) -> None:
    fake.spoil = lambda *_: Reply(b"<html>", 403, (("Cf-Mitigated", "challenge"),))
    run = hub.run()
    assert (run.outcome, run.cause) == ("failed", "blocked")
    assert len(fake.requests) == 1


def test_an_address_inside_is_not_asked(hub: Hub, fake: Fake) -> None:
    hub.settings = quick_settings(allow_private_addresses=False)
    run = hub.run()
    assert (run.outcome, run.cause) == ("failed", "private-address")
    assert fake.script.asked == []
    hub.store.repositories.edit("fake", allow_private=True)
    assert hub.run().outcome == "complete"


def test_a_repository_that_moved_for_good_is_told_so(sqlite_hub: Hub, fake: Fake) -> None:
    hub = sqlite_hub

    def moved(asked: Asked, reply: Reply) -> Reply:
        if asked.path == "/new":
            return reply
        return Reply(b"", 301, (("Location", f"/new?{asked.query}"),))

    fake.spoil = moved
    run = hub.run()
    assert run.outcome == "complete"
    (told,) = [f for f in hub.store.harvests.failures(run.id) if f.cause == "moved"]
    assert "/new" in told.sentence
    assert hub.repository.base_url == fake.url


def test_a_clock_that_is_far_off_is_told_once(sqlite_hub: Hub, fake: Fake) -> None:
    run = sqlite_hub.run()
    assert sqlite_hub.causes(run).count("clock-doubtful") == 1
    fake.clock = sqlite_hub.store.now()
    assert "clock-doubtful" not in sqlite_hub.causes(sqlite_hub.run(full=True))


def test_side_verbs_that_fail_do_not_stop_a_harvest(hub: Hub, fake: Fake) -> None:
    def broken(asked: Asked, reply: Reply) -> Reply:
        return reply if asked.arguments.get("verb") == "ListRecords" else Reply(b"boom", 500)

    fake.spoil = broken
    run = hub.run()
    assert run.outcome == "complete"
    assert len(hub.titles()) == 9


def test_an_empty_full_list_deletes_nothing_and_is_incomplete(hub: Hub, fake: Fake) -> None:
    hub.run()
    fake.items.clear()
    run = hub.run(full=True)
    assert (run.outcome, run.cause) == ("incomplete", "repository-empty")
    assert len(hub.titles()) == 9
    assert "9 records" in run.sentence


def test_an_empty_repository_is_complete(hub: Hub, fake: Fake) -> None:
    fake.items.clear()
    run = hub.run()
    assert (run.outcome, run.cause) == ("complete", "no-records")


def test_fewer_records_than_told_are_not_complete(hub: Hub, fake: Fake) -> None:
    fake.sizes_told = True

    def lying(_: Asked, reply: Reply) -> Reply:
        body = reply.body
        for size in range(1, 10):
            told = f'completeListSize="{size}"'.encode()
            body = body.replace(told, b'completeListSize="12"')
        return Reply(body, headers=reply.headers)

    fake.spoil = lying
    run = hub.run()
    assert (run.outcome, run.cause) == ("incomplete", "list-short")
    assert len(hub.titles()) == 9


def test_a_doubtful_end_is_trusted_when_the_size_proves_it(hub: Hub, fake: Fake) -> None:
    fake.sizes_told = True

    def surplus(asked: Asked, reply: Reply) -> Reply:
        if asked.arguments.get("resumptionToken") == "end":
            return fake._reply(error("noRecordsMatch"))
        body = reply.body.replace(b'Size="9"/>', b'Size="9">end</resumptionToken>')
        return Reply(body, headers=reply.headers)

    fake.spoil = surplus
    run = hub.run()
    assert fake.asked("ListRecords")[-1]["resumptionToken"] == "end"
    assert run.outcome == "complete"
    assert "surplus-token" in hub.causes(run)


# ── when it comes next ───────────────────────────────────────────────────────────────────────


def test_a_whole_run_is_followed_by_the_schedule(hub: Hub) -> None:
    before = hub.store.now()
    hub.run()
    following = hub.repository.next_harvest_at
    assert following is not None
    assert timedelta(days=1) <= following - before <= timedelta(days=1, minutes=31)


def test_failed_runs_are_repeated_after_one_two_four_hours(sqlite_hub: Hub, fake: Fake) -> None:
    hub = sqlite_hub
    fake.spoil = lambda *_: Reply(b"gone", 404)
    waits = []
    for _ in range(4):
        hub.run()
        following = hub.repository.next_harvest_at
        assert following is not None
        waits.append(round((following - hub.store.now()).total_seconds() / 3600))
    assert waits == [1, 2, 4, 8]


def test_a_server_that_asks_for_a_day_is_left_alone_for_a_day(hub: Hub, fake: Fake) -> None:
    def busy(asked: Asked, reply: Reply) -> Reply:
        if "resumptionToken" in asked.arguments:
            return Reply(b"busy", 503, (("Retry-After", "86400"),))
        return reply

    fake.spoil = busy
    run = hub.run()
    assert (run.outcome, run.cause) == ("deferred", "asked-to-wait")
    assert len(hub.titles()) == 3
    following = hub.repository.next_harvest_at
    assert following is not None
    assert timedelta(hours=23.9) < following - hub.store.now() < timedelta(hours=26.5)
    assert hub.repository.failures == 0


# ── stopping ─────────────────────────────────────────────────────────────────────────────────


def test_a_person_can_stop_a_run_at_a_page(hub: Hub) -> None:
    repository = hub.repository

    def ask(progress: Progress) -> None:
        if progress.pages == 1:
            running = hub.store.harvests.running(repository.id)
            assert running is not None
            assert "verb=ListRecords" in running.last_request
            hub.store.harvests.request_stop(running.id)

    run = hub.run(progress=ask)
    assert (run.outcome, run.cause) == ("incomplete", "stopped-by-operator")
    assert len(hub.titles()) == 6


def test_a_limit_never_counts_as_complete(hub: Hub) -> None:
    run = hub.run(limit=4)
    assert (run.outcome, run.cause, run.counts.seen) == ("incomplete", "limit-reached", 4)
    assert len(hub.titles()) == 4
    assert hub.run(limit=100).outcome == "incomplete"
    assert hub.run().outcome == "complete"


def test_a_dry_run_reads_and_compares_and_writes_nothing(hub: Hub, fake: Fake) -> None:
    run = hub.run(dry_run=True)
    assert (run.id, run.outcome, run.counts.new) == (0, "complete", 9)
    assert hub.titles() == {}
    assert hub.store.harvests.list() == ()
    assert hub.repository.chosen_prefix == ""
    hub.run()
    fake.put("r3", title="Another title")
    assert hub.run(dry_run=True).counts.changed == 1
    assert hub.titles()["r3"] == "Title of r3"


def test_an_unknown_repository_is_not_found(hub: Hub) -> None:
    hub.name = "fak"
    with pytest.raises(NotFound, match="fake"):
        hub.run()


def test_two_runs_of_one_repository_are_refused(hub: Hub) -> None:
    def again(progress: Progress) -> None:
        if progress.pages == 1:
            with pytest.raises(Refused, match="is running"):
                hub.run(worker="another")

    assert hub.run(progress=again).outcome == "complete"


def test_a_worker_that_lost_its_run_writes_no_more(hub: Hub) -> None:
    repository = hub.repository

    def lose(progress: Progress) -> None:
        if progress.pages == 1:
            running = hub.store.harvests.running(repository.id)
            assert running is not None
            hub.store.harvests.take_over(running.id, "another", lease=0)

    with pytest.raises(LeaseLost):
        hub.run(progress=lose)
    assert len(hub.titles()) == 3
