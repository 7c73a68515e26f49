"""A probe over sound and over misbehaving repositories."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from app.store.values import Repository
from harvesters.probe import Probe, probe
from harvesters.probe.asking import MOST_REQUESTS
from harvesters.probe.places import base_of, guesses, same_place
from harvesters.transport.access import ALONE
from tests.fakes.faulty import SCENARIOS, FaultyRepository
from tests.fakes.oai import DAYS, Fake, error, fake_repository
from tests.fakes.scripted import Asked, Reply
from tests.harvesters.conftest import quick_settings

SETTINGS = quick_settings(read_timeout=1.0, page_deadline=6.0, backoff_base=0.05)

SEEN = {
    "last_repeats_token": "page-repeated",
    "loop_same": "page-repeated",
    "session_token": "session-token",
    "extra_token_norec": "surplus-token",
    "token_expires_once": "token-expired",
    "verbatim_token": "token-verbatim",
    "cls_wrong": "list-long",
    "empty_page_mid": "empty-page",
    "dup_pages": "records-twice",
    "e503_seconds": "asked-to-wait",
    "e503_date": "asked-to-wait",
    "e429": "asked-to-wait",
    "e500_once": "http-5xx",
    "conn_reset_once": "connection-reset",
    "html_once": "not-xml",
    "truncated_always": "truncated",
    "hang": "timed-out",
    "redirect": "moved",
    "base_query": "base-url-differs",
    "gzip_unlabelled": "compression-unlabelled",
    "ctrl_chars": "repaired",
    "surrogate_charref": "repaired",
    "html_entity": "repaired",
    "one_bad_byte": "repaired",
    "utf8_as_latin1_decl": "repaired",
    "ctype_html": "media-type",
    "leading_junk": "repaired",
    "inner_xml_decl": "repaired",
    "xml_bomb": "repaired",
    "ns_https": "wrong-namespace",
    "error_and_records": "error-beside-records",
    "no_metadata": "record-without-metadata",
    "no_header": "record-without-name",
    "bad_datestamp": "datestamp-wrong",
    "poison_page": "http-5xx",
    "ignores_dates": "ignores-dates",
    "earliest_empty": "earliest-wrong",
}
"""What a probe finds of each scenario that has a fault which it can see."""
SOUND = set(SCENARIOS) - set(SEEN)
EVERYWHERE = {"plain-http", "not-compressed"}
"""What is true of all fakes."""


@pytest.fixture(scope="module")
def faulty() -> Iterator[FaultyRepository]:
    with FaultyRepository() as url_of:
        yield url_of


def look(url: str, **options: object) -> Probe:
    repository = Repository(0, "probe", "", url, allow_private=True)
    return probe(repository, SETTINGS, ALONE, **options)  # type: ignore[arg-type]


def found(seen: Probe) -> set[str]:
    return {one.id for one in seen.findings} - EVERYWHERE


# ── repositories that misbehave ──────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", SEEN)
def test_a_fault_that_a_probe_can_see_is_found(faulty: FaultyRepository, name: str) -> None:
    seen = look(faulty(name))
    assert SEEN[name] in found(seen), seen.findings
    assert seen.usable == (name != "hang")
    assert seen.requests <= MOST_REQUESTS


@pytest.mark.parametrize("name", sorted(SOUND))
def test_what_is_allowed_or_out_of_sight_is_no_finding(faulty: FaultyRepository, name: str) -> None:
    seen = look(faulty(name))
    assert found(seen) == set()
    assert seen.usable


def test_requests_never_overlap() -> None:
    with FaultyRepository(latency=0.02) as url_of:
        url = url_of("no_metadata")
        look(url)
        assert {visit.in_flight for visit in url_of.visits(url)} == {1}


def test_every_finding_has_a_sentence_and_a_cure(faulty: FaultyRepository) -> None:
    for name in ("ignores_dates", "xml_bomb", "verbatim_token", "hang"):
        for one in look(faulty(name)).findings:
            assert one.sentence, name
            assert one.cure or one.severity == "error", one


def test_what_failed_is_shown_with_what_was_sent_and_what_came(faulty: FaultyRepository) -> None:
    seen = look(faulty("poison_page"))
    step = next(one for one in seen.steps if one.state == "failed")
    assert step.sent.startswith("verb=ListRecords resumptionToken=")
    assert "<error/>" in step.came


# ── sound repositories ───────────────────────────────────────────────────────────────────────


def test_the_richest_format_that_is_read_is_recommended_with_the_samples_as_proof() -> None:
    with fake_repository(30) as fake:
        fake.formats, fake.sizes_told = ("oai_dc", "strange", "oai_datacite"), True
        fake.page_size = 10
        fake.delete("r3")
        seen = look(fake.url, samples=12)
    assert seen.recommended.prefix == "oai_datacite"
    shown = {one.prefix: (one.readable, one.samples, one.known) for one in seen.formats}
    assert shown == {
        "oai_datacite": (12, 12, True),
        "oai_dc": (10, 10, True),
        "strange": (0, 0, False),
    }
    assert [one.state for one in seen.samples] == ["fine"] * 12
    assert (seen.speed.told, seen.tombstones) == (30, 1)
    assert seen.speed.forecast is not None
    assert seen.contact == "a@fake.example"


def test_a_rich_format_of_a_part_of_the_records_is_not_recommended() -> None:
    with fake_repository(9) as fake:
        fake.formats, fake.sizes_told = ("oai_dc", "oai_datacite"), True
        for n in range(1, 6):
            fake.put(f"r{n}", formats=("oai_dc",))
        assert look(fake.url).recommended.prefix == "oai_dc"


def test_a_format_that_was_asked_for_decides() -> None:
    with fake_repository(9) as fake:
        fake.formats = ("oai_dc", "oai_datacite")
        assert look(fake.url, prefix="oai_dc").recommended.prefix == "oai_dc"
        missing = look(fake.url, prefix="mods")
    assert not missing.usable
    assert "format-gone" in found(missing)


def test_a_small_hub_of_days_is_asked_by_days() -> None:
    with fake_repository(9) as fake:
        fake.granularity = DAYS
        seen = look(fake.url)
        froms = [asked["from"] for asked in fake.asked("ListIdentifiers") if "from" in asked]
    assert seen.recommended.granularity == DAYS
    assert {len(text) for text in froms} == {10}
    assert "granularity-wrong" not in found(seen)


def test_a_repository_that_takes_days_only_whatever_it_declares_is_found_out() -> None:
    def days_only(asked: Asked, reply: Reply) -> Reply:
        too_fine = len(asked.arguments.get("from", "")) > 10
        return fake._reply(error("badArgument")) if too_fine else reply

    with fake_repository(9) as fake:
        fake.spoil = days_only
        seen = look(fake.url)
    assert seen.recommended.granularity == DAYS
    assert "granularity-wrong" in found(seen)
    assert "day-granularity" in {sight.name for sight in seen.sights if sight.seen}


def test_an_empty_repository_is_usable_and_said_to_be_empty() -> None:
    with fake_repository(0) as fake:
        seen = look(fake.url)
    assert seen.usable
    assert "no-records" in found(seen)


@pytest.mark.parametrize("policy", ["no", "transient"])
def test_where_deletions_are_not_kept_looks_are_recommended_every_week(policy: str) -> None:
    with fake_repository(9) as fake:
        fake.deleted_record = policy
        seen = look(fake.url)
    assert seen.recommended.reconcile == "7d"
    assert "deletions" in found(seen)


def test_none_of_the_side_verbs_is_needed() -> None:
    def broken(asked: Asked, reply: Reply) -> Reply:
        lists = asked.arguments.get("verb") == "ListRecords"
        return reply if lists else Reply(b"boom", 500)

    with fake_repository(9) as fake:
        fake.spoil = broken
        seen = look(fake.url)
    assert seen.usable
    assert seen.recommended.prefix == "oai_dc"
    assert {"http-5xx", "no-list-identifiers", "no-get-record"} <= found(seen)


def test_records_that_come_from_this_hub_are_noticed(fake: Fake) -> None:
    space = "http://www.openarchives.org/OAI/2.0/provenance"
    fake.put(
        "r1",
        about=f'<provenance xmlns="{space}"><originDescription harvestDate="2026-01-01T00:00:00Z" '
        f'altered="true"><baseURL>{SETTINGS.base_url}/oai</baseURL><identifier>x</identifier>'
        "<datestamp>2026-01-01</datestamp><metadataNamespace>urn:x</metadataNamespace>"
        "</originDescription></provenance>",
    )
    assert "mirrors-us" in found(look(fake.url))


# ── addresses ────────────────────────────────────────────────────────────────────────────────


def test_a_request_that_was_pasted_is_cut_to_its_base_url(fake: Fake) -> None:
    seen = look(f"{fake.url}?verb=ListRecords&metadataPrefix=oai_dc")
    assert seen.usable
    assert seen.base_url == fake.url


def test_behind_a_landing_page_the_usual_paths_are_tried(fake: Fake) -> None:
    def elsewhere(asked: Asked, reply: Reply) -> Reply:
        return reply if asked.path == "/cgi/oai2" else Reply(b"<html>Welcome</html>", 404)

    fake.spoil = elsewhere
    root = fake.url.removesuffix("/oai")
    seen = look(f"{root}/home")
    assert seen.usable
    assert seen.base_url == seen.recommended.base_url == f"{root}/cgi/oai2"
    assert seen.software == "EPrints"
    assert "found-elsewhere" in found(seen)


def test_where_nothing_is_the_probe_says_so_within_its_requests(fake: Fake) -> None:
    fake.spoil = lambda *_: Reply(b"nothing here", 404)
    seen = look(fake.url)
    assert not seen.usable
    assert seen.requests <= MOST_REQUESTS
    assert seen.findings[0].severity == "error"
    assert "http-404" in found(seen)


def test_a_server_that_cannot_be_reached_is_asked_once() -> None:
    seen = look("http://127.0.0.1:9/oai")
    assert not seen.usable
    assert [step.state for step in seen.steps[:2]] == ["failed", "skipped"]


def test_a_private_address_is_refused_in_words() -> None:
    settings = quick_settings(allow_private_addresses=False)
    seen = probe(Repository(0, "probe", "", "http://127.0.0.1:9/oai"), settings, ALONE)
    assert not seen.usable
    assert seen.steps[0].cause == "private-address"


def test_a_refusal_ends_the_probe(fake: Fake) -> None:
    fake.spoil = lambda *_: Reply(b"go away", 403)
    seen = look(fake.url)
    assert not seen.usable
    assert len(fake.requests) == 1
    assert "http-403" in found(seen)


def test_an_address_is_cut_guessed_and_compared() -> None:
    assert base_of(" https://a.example/oai?mode=x&verb=Identify ") == "https://a.example/oai?mode=x"
    assert guesses("https://a.example/oai")[0] == "https://a.example/oai/request"
    assert same_place("http://A.example/oai/", "https://a.example/oai")
    assert not same_place("https://a.example/oai", "https://a.example/oai2")
