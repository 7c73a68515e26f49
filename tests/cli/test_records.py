from __future__ import annotations

import json

import pytest

from app import create_app
from app.record import local_id
from app.settings import load
from tests.cli.conftest import Hub
from tests.system.source import Source

LIVE = local_id("m", "oai:source.example.org:1")
GONE = local_id("m", "oai:source.example.org:3")
ASIDE = local_id("m", "oai:source.example.org:5")


@pytest.mark.parametrize(
    "identifier",
    [
        LIVE,
        "10.5072/s-1",
        "https://doi.org/10.5072/S-1",
        "oai:source.example.org:1",
        f"oai:hub.example.org:{LIVE}",
    ],
)
def test_a_record_is_found_by_all_its_identifiers(kept: Hub, identifier: str) -> None:
    ran = kept("record", "show", identifier, "--json")
    assert ran.code == 0
    assert ran.document["id"] == LIVE


def test_a_record_is_summed_up_for_people(kept: Hub) -> None:
    ran = kept("record", "show", LIVE)
    assert ran.lines[0] == "Work 1"
    assert "https://doi.org/10.5072/s-1" in ran.out
    assert "oai:source.example.org:1" in ran.out


def test_its_json_holds_its_metadata_and_origin(kept: Hub) -> None:
    found = kept("record", "show", LIVE, "--json").document
    assert found["metadata"]["titles"][0]["title"] == "Work 1"
    assert found["origin"]["identifier"] == "oai:source.example.org:1"
    assert found["oai_identifier"] == f"oai:hub.example.org:{LIVE}"
    assert found["identifier"]["url"] == "https://doi.org/10.5072/s-1"
    assert set(found["problems"]) == {"error", "warning", "info"}


def test_problems_and_trace_are_told_when_asked_for(kept: Hub) -> None:
    found = kept("record", "show", LIVE, "--json", "--problems", "--trace").document
    assert isinstance(found["problems"], list)
    assert all(len(step) == 3 for step in found["trace"])
    assert kept("record", "show", LIVE, "--problems", "--trace").code == 0


def test_a_tombstone_is_shown_and_ends_with_1(kept: Hub) -> None:
    ran = kept("record", "show", GONE, "--json")
    assert ran.code == 1
    assert ran.document["state"] in ("deleted", "unseen")
    assert "metadata" not in ran.document


def test_an_unknown_record_ends_with_3(kept: Hub) -> None:
    assert kept("record", "show", "10.5072/none").code == 3


@pytest.mark.parametrize(
    "form", ["datacite", "oai_dc", "oai_datacite", "datacite_json", "citation"]
)
def test_a_format_has_exactly_the_bytes_of_the_web(kept: Hub, form: str) -> None:
    settings = load(None, kept.environ)
    web = create_app(settings).test_client().get(f"/records/{LIVE}?format={form}")
    ran = kept("record", "show", LIVE, "--format", form)
    assert ran.code == 0
    assert ran.raw == web.data


def test_a_history_is_that_of_its_page_and_a_version_is_given_by_its_number(kept: Hub) -> None:
    client = create_app(load(None, kept.environ)).test_client()
    ran = kept("record", "show", LIVE, "--history", "--json")
    assert ran.document == client.get(f"/records/{LIVE}/history?format=json").json
    assert [one["number"] for one in ran.document["versions"]] == [1]
    first = kept("record", "show", LIVE, "--version", "1", "--format", "datacite")
    assert first.raw == client.get(f"/records/{LIVE}/versions/1?format=datacite").data
    assert kept("record", "show", LIVE, "--version", "7").code == 3


def test_the_source_is_what_was_received(kept: Hub) -> None:
    ran = kept("record", "show", ASIDE, "--source")
    assert b"urn:strange" in ran.raw


def test_an_unknown_format_is_a_usage_error_that_names_the_formats(kept: Hub) -> None:
    ran = kept("record", "show", LIVE, "--format", "docx")
    assert ran.code == 2
    assert "datacite_json" in ran.err


def test_records_are_listed_with_their_number(kept: Hub) -> None:
    ran = kept("records", "--limit", "0")
    assert ran.code == 0
    assert ran.lines[-1] == "25 of 25 records"
    assert kept("records", "--limit", "7").lines[-1] == "7 of 25 records"
    assert kept("records", "--limit", "7", "--state", "all").lines[-1] == "7 of 30 records"
    assert len(kept("records", "--limit", "7", "--format", "ids").lines) == 7


def test_states_can_be_chosen(kept: Hub) -> None:
    def count(state: str) -> int:
        return len(kept("records", "--state", state, "--limit", "0", "--format", "ids").lines)

    assert count("live") == 25
    assert count("unread") == 1
    assert count("all") == 30


def test_lines_of_json_hold_whole_records(kept: Hub) -> None:
    lines = kept("records", "--format", "jsonl", "--limit", "0").lines
    found = [json.loads(line) for line in lines]
    assert {record["metadata"]["doi"] for record in found} >= {"10.5072/s-1", "10.5072/s-29"}


def test_formats_are_written_one_after_another(kept: Hub) -> None:
    lines = kept("records", "--format", "datacite-json", "--limit", "0").lines
    assert len({json.loads(line)["doi"] for line in lines}) == 25
    xml = kept("records", "--format", "datacite", "--limit", "3").out
    assert xml.count("<resource ") == 3


def test_with_json_it_is_one_document_in_every_form(kept: Hub) -> None:
    for form in ("table", "ids", "datacite", "datacite_json"):
        found = kept("records", "--format", form, "--limit", "2", "--json").document
        assert len(found["items"]) == 2, form
        assert found["total"] == (25 if form == "table" else 2)


def test_nothing_that_matches_ends_with_1(harvested: Hub) -> None:
    assert harvested("records", "--state", "unread", "--repository", "m").code == 0
    harvested("repository", "remove", "m", "--records", "erase", "--yes")
    assert harvested("records").code == 1


def test_two_live_records_with_one_doi_are_told_apart(harvested: Hub, member: object) -> None:
    harvested.add("n", member, path="n")  # type: ignore[arg-type]
    harvested("harvest", "n", "-q")
    ran = harvested("record", "show", "10.5072/s-1")
    assert ran.code == 2
    assert LIVE in ran.err


def test_records_are_searched_in_the_language_of_sets(kept: Hub) -> None:
    assert kept("records", "title:work", "1", "--format", "ids").lines == [LIVE]
    assert kept("records", "doi:10.5072/s-1", "--format", "ids").lines == [LIVE]
    document = kept("records", "wor*", "--limit", "3", "--json").document
    assert (document["total"], len(document["items"])) == (25, 3)
    gone = kept("records", "state:unseen", "--limit", "0", "--format", "ids")
    assert len(gone.lines) == 4
    assert kept("records", "nothing").code == 1


def test_a_fault_of_a_query_is_shown_under_its_place(kept: Hub) -> None:
    ran = kept("records", "work", "OR")
    assert ran.code == 2
    assert "character 6: OR needs a word after it.\n  work OR\n       ^" in ran.err
    assert kept("records", "orcid:x").code == 2


def test_why_a_record_is_not_here_and_how_it_is_dismissed(sqlite_hub: Hub, member: Source) -> None:
    hub, aside = sqlite_hub, "oai:source.example.org:5"
    hub.add("m", member)
    hub("harvest", "m", "-q")
    ran = hub("record", "why", aside)
    assert ran.code == 1
    assert ran.lines[0].startswith("m: It came and is set aside.")
    assert hub("record", "why", "oai:source.example.org:1").code == 0
    (item,) = hub("record", "why", "oai:nothing", "--repository", "m", "--json").document["items"]
    assert (item["state"], item["harvest"]) == ("never-listed", 1)
    assert hub("record", "why", "oai:nothing", "--repository", "nobody").code == 3
    ran = hub("record", "fetch", aside, "--json")
    assert (ran.code, ran.document["kind"], ran.document["seen"]) == (10, "retry", 1)
    assert hub("record", "fetch", "oai:source.example.org:1").code == 5
    assert hub("record", "fetch", "oai:nothing").code == 3
    assert hub("record", "fetch", aside, "--queue").code == 0
    assert "is dismissed until it changes" in hub("record", "dismiss", aside).out
    assert hub("record", "dismiss", aside).code == 5
    assert hub("harvest", "m", "--full", "-q").code == 0
