"""Which format is asked for: the richest that is offered, that we can read, and that is there."""

from __future__ import annotations

import pytest

from app.crosswalks import FORMATS
from app.store import Store
from harvesters.prefixes import granularity, ranked
from tests.fakes.oai import Fake, error
from tests.fakes.scripted import Asked, Reply
from tests.harvesters.conftest import Hub


@pytest.fixture
def hub(sqlite_store: Store, fake: Fake) -> Hub:
    made = Hub(sqlite_store, fake.url)
    made.join()
    return made


@pytest.mark.parametrize(
    ("offered", "expected"),
    [
        (["oai_dc", "oai_datacite"], ["oai_datacite", "oai_dc"]),
        (["oai_dc", "datacite3", "datacite4"], ["datacite4", "datacite3", "oai_dc"]),
        (["oai_datacite3", "oai_datacite", "oai_dc"], ["oai_datacite", "oai_datacite3", "oai_dc"]),
        (["oai_dc", "qdc"], ["qdc", "oai_dc"]),
        (["dcterms", "oai_dc"], ["dcterms", "oai_dc"]),
        (["oai-dc"], ["oai-dc"]),
        (["unheard_of"], []),
        (["oai_dc", "oai_dc"], ["oai_dc"]),
        ([""], []),
    ],
)
def test_prefixes_are_ranked_by_what_they_bring(offered: list[str], expected: list[str]) -> None:
    assert ranked([(prefix, "") for prefix in offered], FORMATS) == expected


def test_a_namespace_tells_what_a_prefix_does_not() -> None:
    offered = [("oai_dc", ""), ("md", "http://datacite.org/schema/kernel-4")]
    assert ranked(offered, FORMATS) == ["md", "oai_dc"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("YYYY-MM-DD", "YYYY-MM-DD"),
        (" yyyy-mm-dd ", "YYYY-MM-DD"),
        ("YYYY-MM-DDThh:mm:ssZ", "YYYY-MM-DDThh:mm:ssZ"),
        ("YYYY-MM-DDTHH:MM:SSZ", "YYYY-MM-DDThh:mm:ssZ"),
        ("", ""),
        ("seconds", ""),
    ],
)
def test_granularity_is_read_however_it_is_spelt(text: str, expected: str) -> None:
    assert granularity(text) == expected


def test_the_richest_format_is_taken_once_a_record_proves_it(hub: Hub, fake: Fake) -> None:
    fake.formats = ("oai_dc", "datacite")
    hub.run()
    assert hub.repository.chosen_prefix == "datacite"
    assert {record.format for record in hub.records().values()} == {"datacite"}
    fake.forget()
    hub.run()
    assert fake.asked("ListMetadataFormats") == []
    assert fake.asked("ListRecords")[0]["metadataPrefix"] == "datacite"


def test_a_format_that_is_only_announced_is_not_taken(hub: Hub, fake: Fake) -> None:
    fake.formats = ("oai_dc", "datacite")

    def announced(asked: Asked, reply: Reply) -> Reply:
        if asked.arguments.get("metadataPrefix") == "datacite":
            return fake._reply(error("cannotDisseminateFormat"))
        return reply

    fake.spoil = announced
    assert hub.run().outcome == "complete"
    assert hub.repository.chosen_prefix == "oai_dc"


def test_a_format_whose_records_cannot_be_read_is_not_taken(hub: Hub, fake: Fake) -> None:
    fake.formats = ("oai_dc", "datacite")

    def wrong(asked: Asked, reply: Reply) -> Reply:
        body = reply.body.replace(b"<resource ", b"<other ").replace(b"</resource>", b"</other>")
        return Reply(body.replace(b"datacite.org/schema", b"x.example"), headers=reply.headers)

    fake.spoil = wrong
    assert hub.run().outcome == "complete"
    assert hub.repository.chosen_prefix == "oai_dc"


def test_a_format_that_lacks_records_is_taken_for_those_it_has(hub: Hub, fake: Fake) -> None:
    fake.formats = ("oai_dc", "datacite")
    fake.sizes_told = True
    for name in ("r2", "r5", "r7"):
        fake.put(name, formats=("oai_dc",))
    run = hub.run()
    assert (run.outcome, run.counts.seen) == ("complete", 9)
    assert hub.repository.chosen_prefix == "datacite oai_dc"
    found = {name: one.format for name, one in hub.records().items()}
    assert {name for name, form in found.items() if form == "oai_dc"} == {"r2", "r5", "r7"}


def test_a_format_that_was_given_is_asked_for_as_it_is(hub: Hub, fake: Fake) -> None:
    fake.formats = ("oai_dc", "datacite")
    hub.store.repositories.edit("fake", prefix="oai_dc")
    hub.run()
    assert fake.asked("ListMetadataFormats") == []
    assert fake.asked("ListRecords")[0]["metadataPrefix"] == "oai_dc"


def test_a_format_that_is_gone_is_chosen_anew_by_the_next_run(hub: Hub, fake: Fake) -> None:
    fake.formats = ("oai_dc", "datacite")
    hub.run()
    fake.formats = ("oai_dc",)
    run = hub.run()
    assert (run.outcome, run.cause) == ("failed", "format-gone")
    assert len(hub.titles()) == 9
    assert hub.run().outcome == "complete"
    assert hub.repository.chosen_prefix == "oai_dc"


def test_no_readable_format_is_a_failed_run(hub: Hub, fake: Fake) -> None:
    fake.formats = ("unheard_of",)
    run = hub.run()
    assert (run.outcome, run.cause) == ("failed", "format-gone")
    assert "unheard_of" in run.sentence


def test_metadata_that_the_rich_format_lacks_comes_in_oai_dc(hub: Hub, fake: Fake) -> None:
    fake.formats = ("oai_dc", "datacite")
    fake.put("r5", metadata="")
    whole = fake.record

    def plain(item: object, prefix: str) -> str:
        return whole(fake.items["oai:fake.example:r4"], prefix).replace(":r4", ":r5")

    def spoil(asked: Asked, reply: Reply) -> Reply:
        is_single = asked.arguments.get("verb") == "GetRecord"
        if is_single and asked.arguments["metadataPrefix"] == "oai_dc":
            return fake._reply(f"<GetRecord>{plain(None, 'oai_dc')}</GetRecord>")
        return reply

    fake.spoil = spoil
    assert hub.run().outcome == "complete"
    assert hub.records()["r5"].format == "oai_dc"
