from __future__ import annotations

import pytest

from tests.cli.conftest import Hub
from tests.system.source import Source


def test_adding_asks_the_repository_who_it_is_and_tells(hub: Hub, member: Source) -> None:
    ran = hub.add("m", member)
    assert ran.code == 0, ran.err
    assert "A source" in ran.out
    assert "garnery harvest m" in ran.out
    shown = hub("repository", "show", "m", "--json").document
    assert (shown["title"], shown["state"], shown["deleted_record"]) == (
        "A source",
        "new",
        "persistent",
    )
    assert shown["base_url"] == member.url()
    assert shown["next"]


def test_every_option_of_adding_is_kept(sqlite_hub: Hub, member: Source) -> None:
    words = ["--prefix=oai_dc", "--set=a", "--set=b:c", "--every=6h", "--reconcile=never"]
    more = ["--title=T", "--contact=x@example.org", "--paused", "--private"]
    sqlite_hub.add("m", member, *words, *more)
    shown = sqlite_hub("repository", "show", "m", "--json").document
    assert shown["sets"] == ["a", "b:c"]
    assert (shown["prefix"], shown["every"], shown["reconcile"]) == ("oai_dc", "6h", "never")
    assert (shown["title"], shown["contact"]) == ("T", "x@example.org")
    assert (shown["paused"], shown["public"], shown["state"]) == (True, False, "paused")
    assert shown["allow_private_address"] is True


def test_a_name_that_is_taken_is_refused_with_5(sqlite_hub: Hub, member: Source) -> None:
    sqlite_hub.add("m", member)
    ran = sqlite_hub.add("m", member)
    assert ran.code == 5
    assert "garnery repository edit m" in ran.err


@pytest.mark.parametrize("name", ["M", "-m", "m_n", "m" * 64, ""])
def test_a_name_that_cannot_be_one_is_a_usage_error(
    sqlite_hub: Hub, member: Source, name: str
) -> None:
    ran = sqlite_hub("repository", "add", "--", name, member.url())
    assert ran.code == 2


@pytest.mark.parametrize(
    "words",
    [
        ("--every", "sometimes"),
        ("--every", "cron 99 * * * *"),
        ("--reconcile", "0 3 * * 0"),
        ("--reconcile", "seldom"),
    ],
)
def test_an_interval_that_is_none_is_a_usage_error(
    sqlite_hub: Hub, member: Source, words: tuple[str, ...]
) -> None:
    assert sqlite_hub.add("m", member, *words).code == 2


def test_cron_text_is_taken_with_and_without_its_word(sqlite_hub: Hub, member: Source) -> None:
    sqlite_hub.add("m", member, "--every", 'cron "0 3 * * 0"')
    sqlite_hub.add("n", member, "--every", "0 3 * * 0", path="n")
    kept = [r["every"] for r in sqlite_hub("repository", "list", "--json").document["items"]]
    assert kept == ["0 3 * * 0", "0 3 * * 0"]


def test_what_is_no_address_is_a_usage_error(sqlite_hub: Hub) -> None:
    assert sqlite_hub("repository", "add", "m", "repository.example.org").code == 2


@pytest.mark.parametrize("probe", [(), ("--no-probe",)])
def test_a_private_address_is_refused_unless_allowed(
    sqlite_hub: Hub, member: Source, probe: tuple[str, ...]
) -> None:
    ran = sqlite_hub("repository", "add", "m", member.url(), *probe)
    assert ran.code == 5
    assert "--allow-private-address" in ran.err
    assert sqlite_hub("repository", "list", "--json").document["total"] == 0


def test_a_setting_allows_private_addresses_for_all(sqlite_hub: Hub, member: Source) -> None:
    words = ("repository", "add", "m", member.url(), "--no-probe")
    assert sqlite_hub(*words, GARNERY_HARVEST_ALLOW_PRIVATE_ADDRESSES="true").code == 0


def test_one_that_does_not_answer_is_not_added_unless_it_is_not_asked(sqlite_hub: Hub) -> None:
    words = ("repository", "add", "m", "http://127.0.0.1:9/oai", "--allow-private-address")
    ran = sqlite_hub(*words, "--json")
    assert ran.code == 1
    assert ran.document["error"]["cause"] == "connection-refused"
    assert "--no-probe" in ran.document["error"]["detail"]
    assert sqlite_hub(*words, "--no-probe").code == 0


def test_an_unknown_repository_ends_with_3_and_names_what_is_near(
    sqlite_hub: Hub, member: Source
) -> None:
    sqlite_hub.add("archive", member)
    for words in (
        ("repository", "show", "archiv"),
        ("repository", "pause", "archiv"),
        ("repository", "edit", "archiv", "--title", "x"),
        ("repository", "remove", "archiv", "--yes"),
        ("harvest", "archiv"),
        ("harvests", "--repository", "archiv"),
        ("records", "--repository", "archiv"),
    ):
        ran = sqlite_hub(*words)
        assert ran.code == 3, words
        assert "archive" in ran.err


def test_editing_says_what_changed_and_what_follows(hub: Hub, member: Source) -> None:
    hub.add("m", member)
    ran = hub("repository", "edit", "m", "--title", "New", "--set", "a", "--every", "7d")
    assert ran.code == 0
    assert "title: A source → New" in ran.out
    assert "reads everything" in ran.out
    shown = hub("repository", "edit", "m", "--all-sets", "--json").document
    assert shown["changed"] == ["sets"]
    assert shown["sets"] == []


def test_editing_nothing_is_a_usage_error(sqlite_hub: Hub, member: Source) -> None:
    sqlite_hub.add("m", member)
    assert sqlite_hub("repository", "edit", "m").code == 2


def test_pausing_and_resuming(sqlite_hub: Hub, member: Source) -> None:
    sqlite_hub.add("m", member)
    assert sqlite_hub("repository", "pause", "m", "--json").document["state"] == "paused"
    assert sqlite_hub("repository", "list", "--state", "paused", "--json").document["total"] == 1
    assert sqlite_hub("repository", "resume", "m", "--json").document["state"] == "new"


def test_removing_needs_a_yes(harvested: Hub) -> None:
    ran = harvested("repository", "remove", "m")
    assert ran.code == 5
    assert "--yes" in ran.err
    assert harvested("repository", "remove", "m", "--yes", "--json").document["records"] == 25
    assert harvested("repository", "list", "--json").document["total"] == 0
    gone = harvested("records", "--state", "deleted", "--limit", "0", "--json").document
    assert gone["total"] >= 25


def test_becoming_private_says_of_how_many_records_and_asks(harvested: Hub) -> None:
    words = ("repository", "edit", "m")
    ran = harvested(*words, "--private")
    assert ran.code == 5
    assert "25 records" in ran.err
    assert "garnery repository edit m --private --yes" in ran.err
    assert harvested("repository", "show", "m", "--json").document["public"]
    said = harvested(*words, "--private", "--title", "Ours", "--yes")
    assert said.code == 0
    assert "25 records left the lists." in said.out
    assert "Ours (private)" in harvested("repository", "list").out
    assert "live (private)" in harvested("records", "--limit", "3").out
    listed = harvested("records", "--limit", "0", "--json").document
    assert listed["total"] == 25
    assert {item["private"] for item in listed["items"]} == {True}
    one = listed["items"][0]["id"]
    for form in ("datacite", "oai_dc", "bibtex"):
        assert harvested("record", "show", one, "--format", form).out
    assert harvested(*words, "--private").code == 2
    assert harvested(*words, "--public", "--yes", "--json").document["moved"] == 25
    assert "private" not in harvested("records", "--limit", "3").out


def test_erasing_leaves_no_trace(harvested: Hub) -> None:
    harvested("repository", "remove", "m", "--records", "erase", "--yes")
    assert harvested("records", "--state", "all").code == 1


def test_a_table_for_people_has_a_row_for_each(harvested: Hub) -> None:
    lines = harvested("repository", "list").lines
    assert lines[0].split() == ["Name", "State", "Last", "complete", "Records", "Next", "Title"]
    assert lines[1].startswith("m ")


def test_status_is_0_when_all_is_well(harvested: Hub) -> None:
    ran = harvested("status")
    assert ran.code == 0
    assert "ok 1" in ran.out
    item = harvested("status", "--json").document["items"][0]
    assert item["last_change"] == {"new": 25, "changed": 0, "removed": 4, "quarantined": 1}
    assert item["outcomes"] == ["complete-with-quarantine"]


def test_status_is_1_and_tells_why_when_one_fails(sqlite_hub: Hub) -> None:
    sqlite_hub(
        "repository", "add", "m", "http://127.0.0.1:9/oai", "--allow-private-address", "--no-probe"
    )
    for _ in range(2):
        assert sqlite_hub("harvest", "m").code == 13
    ran = sqlite_hub("status")
    assert ran.code == 1
    assert "failing" in ran.out
    assert "127.0.0.1" in ran.lines[-1]


def test_status_of_an_empty_hub_says_how_to_begin(sqlite_hub: Hub) -> None:
    ran = sqlite_hub("status")
    assert ran.code == 0
    assert "garnery repository add" in ran.out
