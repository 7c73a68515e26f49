"""What each kind of change does to a record, its contents, its formats and the counts."""

from __future__ import annotations

import pytest
from msgspec import structs

from app.errors import LeaseLost, NotFound
from app.record import Checkpoint, Counts, Summary
from app.store import Store
from app.store.values import Failure
from tests.store.making import (
    change,
    dump,
    harvest,
    listed,
    member,
    name,
    problem,
    put,
    put_later,
    renderings,
    stamps,
)


def test_a_new_record_is_live_in_all_its_formats(store: Store) -> None:
    stamp = put(store, member(store), change(1))
    record = store.records.get(name(1))
    assert record
    assert (record.state, record.stamp, record.identifier) == ("live", stamp, "oai:reef:1")
    assert record.sets == ("member:reef:corals", "type:Dataset")
    assert record.first_harvested_at == record.last_changed_at
    assert store.records.prefixes(name(1)) == (("oai_dc", False), ("datacite", False))
    row = store.records.row(name(1), "datacite")
    assert row
    assert (row.body, row.about) == (b"<datacite>one 1</datacite>", b"<about>1</about>")


def test_contents_come_back_as_they_went_in(store: Store) -> None:
    given = change(
        1,
        source_about=b"<about/>",
        source_sets=("corals", "with blank", "with\nline"),
        problems=(problem("title.short"),),
        inferences=b'[["/types","type.word","Data"]]',
    )
    put(store, member(store), given)
    assert store.records.resource(name(1)) == given.resource
    assert store.records.original(name(1)) == given.original
    assert store.records.source_about(name(1)) == b"<about/>"
    assert store.records.problems(name(1)) == given.problems
    assert store.records.inferences(name(1)) == given.inferences
    record = store.records.get(name(1))
    assert record
    assert record.source_sets == given.source_sets
    assert record.summary == given.summary


def test_what_is_not_there_is_none_or_empty(store: Store) -> None:
    member(store)
    assert store.records.get(name(1)) is None
    assert store.records.row(name(1), "oai_dc") is None
    assert store.records.resource(name(1)) is None
    assert store.records.original(name(1)) is None
    assert store.records.problems(name(1)) == ()
    assert store.records.inferences(name(1)) == b"[]"
    assert store.records.prefixes(name(1)) == ()
    assert store.records.row(name(1), "mods") is None
    assert listed(store, "mods") == ()
    assert not store.records.has_any("oai_dc")
    assert store.records.newest() is None
    assert store.records.earliest() is None


def test_previous_says_what_the_store_holds(store: Store) -> None:
    put(store, member(store), change(1), change(2, "quarantined"))
    held = store.records.previous([name(1), name(2), name(3)])
    assert held.keys() == {name(1), name(2)}
    one = held[name(1)]
    assert (one.state, one.crosswalk, one.quarantine) == ("live", 1, "")
    assert one.fingerprint == change(1).fingerprint
    assert one.resource_fingerprint == change(1).resource_fingerprint
    assert (held[name(2)].state, held[name(2)].quarantine) == ("unread", "record-unreadable")
    assert store.records.previous([]) == {}


def test_a_changed_record_shows_its_new_version(store: Store) -> None:
    repository = member(store)
    put(store, repository, change(1, text="one"))
    before = store.records.get(name(1))
    put(store, repository, change(1, "changed", "two"))
    after = store.records.get(name(1))
    assert before
    assert after
    assert (after.id, after.first_harvested_at) == (before.id, before.first_harvested_at)
    assert after.summary.title == "two 1"
    assert store.records.original(name(1)) == b"<dc>two 1</dc>"
    row = store.records.row(name(1), "oai_dc")
    assert row
    assert row.body == b"<oai_dc>two 1</oai_dc>"


def test_a_retouched_record_keeps_what_is_shown(store: Store) -> None:
    repository = member(store)
    put(store, repository, change(1))
    before = store.records.get(name(1)), listed(store)
    new = change(1, "retouched", original=b"<dc >one 1</dc>", datestamp="2021", renderings={})
    assert put_later(store, repository, new) is None
    record = store.records.get(name(1))
    assert record
    assert before[0]
    assert record.datestamp == "2021"
    assert record.last_changed_at == before[0].last_changed_at
    assert listed(store) == before[1]
    assert store.records.original(name(1)) == b"<dc >one 1</dc>"
    assert store.records.previous([name(1)])[name(1)].fingerprint == new.fingerprint


def test_a_retouched_record_may_bring_only_its_original(store: Store) -> None:
    repository = member(store)
    put(store, repository, change(1))
    resource = store.records.resource(name(1))
    put(store, repository, change(1, "retouched", original=b"<new/>", resource=None, renderings={}))
    assert store.records.original(name(1)) == b"<new/>"
    assert store.records.resource(name(1)) == resource


def test_a_deleted_record_becomes_a_tombstone_with_its_sets(store: Store) -> None:
    repository = member(store)
    put(store, repository, change(1))
    stamp = put_later(store, repository, change(1, "deleted", sets=(), reason="It is gone."))
    (row,) = listed(store, set_spec="member:reef:corals")
    assert (row.deleted, row.body, row.about) == (True, None, None)
    assert row.stamp == stamp
    assert row.sets == "member:reef:corals type:Dataset"
    assert store.records.prefixes(name(1)) == (("oai_dc", True), ("datacite", True))
    record = store.records.get(name(1))
    assert record
    assert (record.state, record.reason) == ("deleted", "It is gone.")
    assert record.summary.title == "one 1"


def test_a_record_deleted_twice_keeps_its_tombstone(store: Store) -> None:
    repository = member(store)
    put(store, repository, change(1))
    put(store, repository, change(1, "deleted"))
    before = listed(store), store.repositories.get("reef")
    assert put_later(store, repository, change(1, "deleted", datestamp="2022")) is None
    assert (listed(store), store.repositories.get("reef")) == before


def test_what_was_never_seen_leaves_no_tombstone(store: Store) -> None:
    assert put(store, member(store), change(1, "deleted")) is None
    assert listed(store) == ()
    record = store.records.get(name(1))
    assert record
    assert (record.state, record.stamp) == ("unseen", 0)
    assert store.repositories.get("reef").deleted == 0


def test_a_record_that_returns_is_live_with_its_name(store: Store) -> None:
    repository = member(store)
    put(store, repository, change(1))
    before = store.records.get(name(1))
    put(store, repository, change(1, "deleted"))
    stamp = put_later(store, repository, change(1, "changed"))
    after = store.records.get(name(1))
    assert before
    assert after
    assert (after.id, after.state, after.reason) == (before.id, "live", "")
    (row,) = listed(store)
    assert (row.deleted, row.stamp) == (False, stamp)
    assert row.body == b"<oai_dc>one 1</oai_dc>"


def test_a_tombstone_forgets_fingerprints_so_that_the_same_record_can_return(store: Store) -> None:
    repository = member(store)
    put(store, repository, change(1))
    put(store, repository, change(1, "deleted"))
    held = store.records.previous([name(1)])[name(1)]
    assert held.resource_fingerprint == b""
    assert held.fingerprint != change(1).fingerprint


def test_a_quarantined_version_leaves_the_good_one_shown(store: Store) -> None:
    repository = member(store)
    put(store, repository, change(1))
    before = listed(store)
    assert put_later(store, repository, change(1, "quarantined")) is None
    record = store.records.get(name(1))
    assert record
    assert (record.state, record.quarantine) == ("live", "record-unreadable")
    assert record.reason == "It cannot be read."
    assert listed(store) == before
    assert store.records.original(name(1)) == b"<dc>broken 1</dc>"
    assert store.records.resource(name(1)) == change(1).resource
    assert store.records.quarantined(repository.id) == (record,)


def test_a_record_that_was_never_readable_is_kept_and_not_listed(store: Store) -> None:
    repository = member(store)
    unread = change(1, "quarantined", problems=(problem("xml.broken", "error"),))
    put(store, repository, unread)
    record = store.records.get(name(1))
    assert record
    assert record.state == "unread"
    assert listed(store) == ()
    assert store.records.original(name(1)) == b"<dc>broken 1</dc>"
    assert store.records.problems(name(1)) == unread.problems
    assert store.records.resource(name(1)) is None
    assert store.sets.listed(after=None, limit=10) == ()


@pytest.mark.parametrize("kind", ["changed", "retouched"])
def test_a_record_that_can_be_read_again_leaves_quarantine(store: Store, kind: str) -> None:
    repository = member(store)
    put(store, repository, change(1))
    put(store, repository, change(1, "quarantined"))
    put(store, repository, change(1, kind))
    record = store.records.get(name(1))
    assert record
    assert (record.quarantine, record.reason) == ("", "")
    assert store.repositories.get("reef").quarantined == 0


def test_an_unread_record_that_can_be_read_is_new(store: Store) -> None:
    repository = member(store)
    put(store, repository, change(1, "quarantined"))
    put(store, repository, change(1, "new"))
    assert [row.local_id for row in listed(store)] == [name(1)]
    assert store.repositories.get("reef").live == 1
    assert store.records.numbers(store.now()).added_30_days == 1


def test_an_unread_record_that_is_deleted_leaves_no_tombstone(store: Store) -> None:
    repository = member(store)
    put(store, repository, change(1, "quarantined"))
    put(store, repository, change(1, "deleted"))
    record = store.records.get(name(1))
    assert record
    assert (record.state, record.quarantine) == ("unseen", "")
    assert listed(store) == ()


def test_a_format_that_is_missing_ends(store: Store) -> None:
    repository = member(store)
    put(store, repository, change(1))
    before = stamps(store)
    stamp = put_later(
        store, repository, change(1, "changed", renderings=renderings("one 1", ["oai_dc"]))
    )
    assert stamps(store) == before
    assert store.records.prefixes(name(1)) == (("oai_dc", False), ("datacite", True))
    (row,) = listed(store, "datacite")
    assert (row.deleted, row.stamp) == (True, stamp)


def test_a_format_that_begins_is_listed_from_then_on(store: Store) -> None:
    repository = member(store)
    put(store, repository, change(1))
    before = stamps(store)
    more = renderings("one 1", ["oai_dc", "datacite", "mods"])
    stamp = put_later(store, repository, change(1, "changed", renderings=more))
    assert stamps(store) == before
    assert stamps(store, "mods") == {name(1): stamp}
    assert store.records.has_any("mods")


def test_of_two_changes_of_a_record_the_later_counts(store: Store) -> None:
    put(store, member(store), change(1, text="one"), change(1, text="two"))
    (row,) = listed(store)
    assert row.body == b"<oai_dc>two 1</oai_dc>"
    assert store.repositories.get("reef").live == 1


def test_counts_of_a_repository_follow_its_records(store: Store) -> None:
    repository = member(store)
    put(store, repository, *(change(n) for n in range(10)))
    put(store, repository, change(1, "deleted"), change(2, "deleted"), change(3, "quarantined"))
    put(store, repository, change(11, "quarantined"), change(12, "deleted"), change(2, "changed"))
    found = store.repositories.get("reef")
    assert (found.live, found.deleted, found.quarantined) == (9, 1, 2)
    numbers = store.records.numbers(store.now())
    assert (numbers.records, numbers.deleted, numbers.quarantined) == (9, 1, 2)
    assert (numbers.repositories, numbers.added_30_days) == (1, 10)


def test_broken_rules_are_counted_over_live_records(store: Store) -> None:
    repository = member(store)
    two = (problem("title.short"), problem("title.short"), problem("date.odd", "error"))
    put(store, repository, change(1, problems=two), change(2, problems=two[:1]))
    found = {(p.rule, p.severity): p.records for p in store.records.problem_counts(repository.id)}
    assert found == {("title.short", "warning"): 2, ("date.odd", "error"): 1}
    put(store, repository, change(1, "deleted"), change(2, "changed", "two"))
    assert store.records.problem_counts(repository.id) == ()


def test_a_page_without_changes_moves_the_window_only(store: Store) -> None:
    repository = member(store)
    begun = harvest(store, repository)
    point = Checkpoint(begun.id, token="t1", told=70, pages=1, listed=5, response_date="2024-01-01")
    done = store.records.apply(
        repository.id, begun.id, "w1", (), counts=Counts(seen=5, unchanged=5), checkpoint=point
    )
    assert done.stamp is None
    (window,) = store.harvests.windows(begun.id)
    assert (window.token, window.told, window.pages, window.state) == ("t1", 70, 1, "open")
    assert window.token_at
    found = store.harvests.get(begun.id)
    assert (found.told, found.response_date) == (70, "2024-01-01")
    assert found.counts == Counts(seen=5, unchanged=5)


def test_pages_add_up_in_the_harvest_and_replace_the_window(store: Store) -> None:
    repository = member(store)
    begun = harvest(store, repository)
    for page in (1, 2, 3):
        point = Checkpoint(
            begun.id,
            token=f"t{page}" if page < 3 else "",
            response_date=f"2024-01-0{page}",
            pages=page,
            listed=2 * page,
            closed=page == 3,
            reason="natural" if page == 3 else "",
        )
        changes = (change(2 * page), change(2 * page + 1))
        counts = Counts(seen=2, new=2, requests=1, bytes=100)
        store.records.apply(repository.id, begun.id, "w1", changes, counts=counts, checkpoint=point)
    (window,) = store.harvests.windows(begun.id)
    assert (window.state, window.pages, window.listed, window.token) == ("closed", 3, 6, "")
    assert window.reason == "natural"
    found = store.harvests.get(begun.id)
    assert found.counts == Counts(seen=6, new=6, requests=3, bytes=300)
    assert found.response_date == "2024-01-01"
    assert {record.harvest for record in store.records.latest(10)} == {begun.id}


def test_failures_of_a_page_are_kept_with_it(store: Store) -> None:
    repository = member(store)
    begun = harvest(store, repository)
    failure = Failure(0, 0, "record-without-name", "The third record has no name.", "", "http://x")
    store.records.apply(repository.id, begun.id, "w1", (), failures=(failure,))
    (found,) = store.harvests.failures(begun.id)
    assert (found.harvest, found.cause, found.url) == (begun.id, failure.cause, "http://x")
    assert found.at


def test_a_worker_that_lost_the_harvest_writes_nothing(store: Store) -> None:
    repository = member(store)
    begun = harvest(store, repository, "w1")
    store.harvests.take_over(begun.id, "w2", lease=0)
    before = dump(store)
    with pytest.raises(LeaseLost, match="w1"):
        store.records.apply(repository.id, begun.id, "w1", (change(1),), counts=Counts(seen=1))
    assert dump(store) == before
    assert store.records.apply(repository.id, begun.id, "w2", (change(1),)).stamp


def test_a_page_says_what_was_asked_last_and_hears_of_a_stop(store: Store) -> None:
    begun = harvest(store, repository := member(store))

    def page(last_request: str) -> tuple[bool, str]:
        done = store.records.apply(repository.id, begun.id, "w1", (), last_request=last_request)
        return done.asked_to_stop, store.harvests.get(begun.id).last_request

    assert page("ListRecords 1") == (False, "ListRecords 1")
    assert page("") == (False, "ListRecords 1")
    store.harvests.request_stop(begun.id)
    assert page("ListRecords 2") == (True, "ListRecords 2")


def test_an_ended_harvest_takes_no_page(store: Store) -> None:
    repository = member(store)
    begun = harvest(store, repository)
    store.harvests.end(begun.id, "w1", outcome="complete", sentence="Done.")
    with pytest.raises(LeaseLost):
        store.records.apply(repository.id, begun.id, "w1", (change(1),))


def test_a_page_of_no_repository_is_refused(store: Store) -> None:
    with pytest.raises(NotFound):
        store.records.apply(7, None, "", (change(1),))


def test_an_empty_summary_is_kept_empty(store: Store) -> None:
    put(store, member(store), change(1, summary=Summary()))
    record = store.records.get(name(1))
    assert record
    assert record.summary == Summary()


def test_no_odd_text_fails_a_page(store: Store) -> None:
    """What no database takes is mended; the record and its page are kept."""
    odd = change(
        1,
        datestamp="20\x0020",
        source_sets=("a\ud800", "b\x00"),
        sets=("member:reef:corals", "member:reef:" + "x" * 5000),
        problems=(structs.replace(problem("title.short"), value="half \ud800 pair"),),
        summary=Summary(title="a\x00b\udfff", doi="10.5072/" + "x" * 9000, year=10**12),
    )
    put(store, member(store), odd, change(2))
    record = store.records.get(name(1))
    assert record
    assert (record.datestamp, record.source_sets) == ("2020", ("a?", "b"))
    assert record.summary == Summary(title="ab?")
    assert record.sets == ("member:reef:corals",)
    assert store.records.problems(name(1))[0].value == "half ? pair"
    assert len(listed(store)) == 2


def test_a_thousand_records_go_in_one_page(store: Store) -> None:
    put(store, member(store), *(change(n) for n in range(1000)))
    assert store.records.count("oai_dc", until=1 << 40) == 1000
    assert len(store.records.previous([name(n) for n in range(1000)])) == 1000
