"""Troubles with characters, namespaces and structure that repositories are known for."""

from __future__ import annotations

import pytest

from tests.fakes.oai import BEGINNING, Fake, Item, dublin_core
from tests.fakes.scripted import Asked, Reply
from tests.harvesters.conftest import Hub

EARLY = BEGINNING


def spoiled(fake: Fake, old: str, new: str | bytes, *, verb: str = "ListRecords") -> None:
    """Replace text in the answers to a verb."""
    replacement = new.encode() if isinstance(new, str) else new

    def spoil(asked: Asked, reply: Reply) -> Reply:
        if asked.arguments.get("verb") != verb:
            return reply
        return Reply(reply.body.replace(old.encode(), replacement), headers=reply.headers)

    fake.spoil = spoil


def tombstone(header: str) -> str:
    dead = header.replace("<header>", '<header status="deleted">')
    return f"<record>{dead}</record>"


def usual(fake: Fake, name: str) -> str:
    return dublin_core(Item(f"oai:fake.example:{name}", EARLY, f"Title of {name}"))


# ── characters ───────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "reference", ["&#11;", "&#x0B;", "&#xFFFE;", "&#65535;", "&#x0;", "&#1114112;"]
)
def test_references_to_characters_that_xml_forbids(
    sqlite_hub: Hub, fake: Fake, reference: str
) -> None:
    spoiled(fake, "Title of r2<", f"Title{reference}of r2<")
    run = sqlite_hub.run()
    assert run.outcome == "complete"
    assert sqlite_hub.titles()["r2"] == "Title\ufffdof r2"
    (told,) = (f for f in sqlite_hub.store.harvests.failures(run.id) if f.cause == "repaired")
    assert told.identifier == "oai:fake.example:r2"


def test_markup_in_titles_is_kept_as_it_came(sqlite_hub: Hub, fake: Fake) -> None:
    spoiled(fake, "Title of r2<", "H&lt;sub&gt;2&lt;/sub&gt;O &amp;amp;lt;b&amp;amp;gt;<")
    assert sqlite_hub.run().outcome == "complete"
    record = sqlite_hub.records()["r2"]
    original = sqlite_hub.store.records.original(record.local_id)
    assert original is not None
    assert b"H&lt;sub&gt;2&lt;/sub&gt;O &amp;amp;lt;b&amp;amp;gt;" in original


def test_a_nul_in_junk_before_the_page_stops_nothing(hub: Hub, fake: Fake) -> None:
    spoiled(fake, "<?xml version", b"Notice\x00 \xff: <?xml version")
    run = hub.run()
    assert (run.outcome, len(hub.titles())) == ("complete", 9)
    assert "repaired" in hub.causes(run)


def test_text_in_utf8_under_another_declaration(sqlite_hub: Hub, fake: Fake) -> None:
    fake.put("r2", title="Café — 25 µm", stamp=EARLY)
    spoiled(fake, 'encoding="UTF-8"', 'encoding="ISO-8859-1"')
    assert sqlite_hub.run().outcome == "complete"
    assert sqlite_hub.titles()["r2"] == "Café — 25 µm"


def test_a_media_type_and_a_charset_that_are_not_the_documents(sqlite_hub: Hub, fake: Fake) -> None:
    fake.put("r2", title="Café", stamp=EARLY)
    wrong = (("Content-Type", "text/html; charset=ISO-8859-1"),)
    fake.spoil = lambda _, reply: Reply(reply.body, headers=wrong)
    assert sqlite_hub.run().outcome == "complete"
    assert sqlite_hub.titles()["r2"] == "Café"


def test_side_verbs_that_are_damaged_stop_nothing(sqlite_hub: Hub, fake: Fake) -> None:
    fake.set_names = {"a": "A & B"}
    assert sqlite_hub.run().outcome == "complete"
    assert len(sqlite_hub.titles()) == 9


# ── namespaces ───────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("prefix", ["xsi:type", "dcterms:W3CDTF"])
def test_prefixes_that_are_used_and_not_declared(sqlite_hub: Hub, fake: Fake, prefix: str) -> None:
    more = (
        '<dc:subject xsi:type="x">reefs</dc:subject>'
        if prefix == "xsi:type"
        else "<dcterms:issued>2020</dcterms:issued>"
    )
    fake.put("r2", metadata=usual(fake, "r2").replace("<dc:type>", f"{more}<dc:type>"), stamp=EARLY)
    run = sqlite_hub.run()
    assert (run.outcome, len(sqlite_hub.titles())) == ("complete", 9)
    told = [f for f in sqlite_hub.store.harvests.failures(run.id) if f.cause == "repaired"]
    assert [one.sentence.partition(":")[0] for one in told] == ["undeclared-prefix"]
    assert [one.identifier for one in told] == ["oai:fake.example:r2"]


def test_an_unknown_prefix_costs_its_record_only(sqlite_hub: Hub, fake: Fake) -> None:
    bad = usual(fake, "r2").replace("<dc:type>", "<nobody:knows/><dc:type>")
    fake.put("r2", metadata=bad, stamp=EARLY)
    run = sqlite_hub.run()
    assert (run.outcome, len(sqlite_hub.titles())) == ("complete-with-quarantine", 8)
    assert sqlite_hub.set_aside() == {"r2": "record-unreadable"}


# ── structure ────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("status", ["Deleted", "DELETED", " deleted "])
def test_deleted_is_told_in_any_case(hub: Hub, fake: Fake, status: str) -> None:
    hub.run()
    fake.delete("r2")
    spoiled(fake, 'status="deleted"', f'status="{status}"')
    run = hub.run()
    assert (run.outcome, run.counts.removed) == ("complete", 1)
    assert "r2" not in hub.titles()


@pytest.mark.parametrize("first", ["live", "deleted"])
def test_live_and_deleted_in_one_list_is_live(hub: Hub, fake: Fake, first: str) -> None:
    item = fake.items["oai:fake.example:r2"]
    live = fake.record(item, "oai_dc")
    gone = tombstone(fake.header(item))
    both = live + gone if first == "live" else gone + live
    spoiled(fake, live, both)
    run = hub.run()
    assert run.outcome == "complete"
    assert "r2" in hub.titles()


def test_the_later_version_wins_over_a_live_one(sqlite_hub: Hub, fake: Fake) -> None:
    item = fake.items["oai:fake.example:r2"]
    live = fake.record(item, "oai_dc")
    later = fake.header(item).replace("2026-01-03T", "2026-01-04T")
    gone = tombstone(later)
    spoiled(fake, live, gone + live)
    sqlite_hub.run()
    assert "r2" not in sqlite_hub.titles()


def test_an_empty_record_is_no_deletion(sqlite_hub: Hub, fake: Fake) -> None:
    sqlite_hub.run()
    fake.put("r2", metadata="")
    run = sqlite_hub.run()
    assert run.counts.removed == 0
    assert "r2" in sqlite_hub.titles()
    assert sqlite_hub.set_aside() == {"r2": "record-without-metadata"}


def test_a_format_is_told_by_its_root_not_by_its_prefix(sqlite_hub: Hub, fake: Fake) -> None:
    fake.put("r2", metadata=DATACITE, stamp=EARLY)
    assert sqlite_hub.run().outcome == "complete"
    record = sqlite_hub.records()["r2"]
    assert (record.format, record.prefix) == ("datacite", "oai_dc")


def test_of_several_roots_in_one_metadata_the_known_one_is_taken(
    sqlite_hub: Hub, fake: Fake
) -> None:
    fake.put("r2", metadata=f"<x xmlns='urn:x'/>{usual(fake, 'r2')}", stamp=EARLY)
    assert sqlite_hub.run().outcome == "complete"
    assert sqlite_hub.titles()["r2"] == "Title of r2"


@pytest.mark.parametrize("how", ["escaped", "cdata"])
def test_a_record_that_came_as_text_is_unpacked_once(sqlite_hub: Hub, fake: Fake, how: str) -> None:
    text = usual(fake, "r2")
    escaped = text.replace("&", "&amp;").replace("<", "&lt;")
    fake.put("r2", metadata=escaped if how == "escaped" else f"<![CDATA[{text}]]>", stamp=EARLY)
    assert sqlite_hub.run().outcome == "complete"
    assert sqlite_hub.titles()["r2"] == "Title of r2"


def test_about_containers_are_kept(sqlite_hub: Hub, fake: Fake) -> None:
    fake.put("r2", about='<rights xmlns="urn:rights">CC0</rights>', stamp=EARLY)
    assert sqlite_hub.run().outcome == "complete"
    about = sqlite_hub.store.records.source_about(sqlite_hub.records()["r2"].local_id)
    assert about is not None
    assert b'<rights xmlns="urn:rights"' in about


def test_an_error_beside_records_is_told_and_ends_nothing(hub: Hub, fake: Fake) -> None:
    beside = '<error code="badArgument">odd</error><ListRecords>'
    spoiled(fake, "<ListRecords>", beside)
    run = hub.run()
    assert (run.outcome, len(hub.titles())) == ("complete", 9)
    assert "oai-error" in hub.causes(run)


@pytest.mark.parametrize("code", ["", "somethingElse", " NoRecordsMatch\n"])
def test_codes_of_errors_are_read_without_case_and_never_crash(
    sqlite_hub: Hub, fake: Fake, code: str
) -> None:
    fake.spoil = lambda asked, reply: (
        Reply(
            b'<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><error code="%b"/></OAI-PMH>'
            % code.encode()
        )
        if asked.arguments.get("verb") == "ListRecords"
        else reply
    )
    run = sqlite_hub.run()
    known = code.strip().lower() == "norecordsmatch"
    assert run.outcome == ("complete" if known else "failed")
    assert run.cause == ("no-records" if known else "oai-error")


def test_identifiers_that_look_like_paths_or_commands_are_only_text(hub: Hub, fake: Fake) -> None:
    names = ["../../etc/passwd", "'; DROP TABLE records; --", "<b>bold</b>", "a%2fb?c=d&e", "x y"]
    for name in names:
        fake.put(name, stamp=EARLY)
    assert hub.run().outcome == "complete"
    found = {r.identifier for r, _ in hub.store.records.iterate()}
    assert {f"oai:fake.example:{name}" for name in names} <= found


DATACITE = (
    '<resource xmlns="http://datacite.org/schema/kernel-4"><identifier identifierType="DOI">'
    "10.5072/r2</identifier><creators><creator><creatorName>Lovelace, Ada</creatorName></creator>"
    "</creators><titles><title>Title of r2</title></titles><publisher>The fake</publisher>"
    '<publicationYear>2020</publicationYear><resourceType resourceTypeGeneral="Dataset">Dataset'
    "</resourceType></resource>"
)
