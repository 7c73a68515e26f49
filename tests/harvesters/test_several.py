"""Several prefixes of one repository: the richest that disseminates wins, for each record."""

from __future__ import annotations

import pytest

from tests.fakes.oai import Fake, Item, error
from tests.fakes.scripted import Asked, Reply
from tests.harvesters.conftest import Hub

BOTH = ("oai_dc", "datacite")


@pytest.fixture(autouse=True)
def two_formats(fake: Fake) -> None:
    fake.formats = BOTH


def prefer(hub: Hub) -> None:
    hub.store.repositories.edit("fake", prefix="datacite oai_dc")


def formats(hub: Hub) -> dict[str, tuple[str, str]]:
    return {name: (one.format, one.prefix) for name, one in hub.records().items()}


RICH, PLAIN = ("datacite", "datacite"), ("oai_dc", "oai_dc")


def only_plain(fake: Fake, *names: str) -> None:
    for name in names:
        fake.put(name, formats=("oai_dc",))


def test_each_record_comes_in_the_first_format_that_has_it(hub: Hub, fake: Fake) -> None:
    prefer(hub)
    only_plain(fake, "r2", "r8")
    run = hub.run()
    assert (run.outcome, run.counts.new, run.counts.seen) == ("complete", 9, 9)
    expected = dict.fromkeys([f"r{n}" for n in range(1, 10)], RICH) | {"r2": PLAIN, "r8": PLAIN}
    assert formats(hub) == expected
    singles = [one["metadataPrefix"] for one in fake.asked("GetRecord")]
    assert singles == ["oai_dc", "oai_dc"]


def test_what_is_unchanged_stays_as_it_is(hub: Hub, fake: Fake) -> None:
    prefer(hub)
    only_plain(fake, "r2", "r8")
    hub.run()
    fake.forget()
    run = hub.run(full=True)
    assert (run.outcome, run.counts.unchanged, run.counts.changed) == ("complete", 9, 0)
    assert len(fake.asked("GetRecord")) == 2
    lists = fake.asked("ListIdentifiers")
    assert {one["metadataPrefix"] for one in lists if "metadataPrefix" in one} == {"oai_dc"}


def test_an_incremental_run_takes_what_changed_in_either(hub: Hub, fake: Fake) -> None:
    prefer(hub)
    only_plain(fake, "r2")
    hub.run()
    fake.put("r2", title="Plain anew")
    fake.put("r3", title="Rich anew")
    run = hub.run()
    assert (run.kind, run.outcome, run.counts.changed) == ("incremental", "complete", 2)
    assert (hub.titles()["r2"], hub.titles()["r3"]) == ("Plain anew", "Rich anew")


def test_only_the_poorer_format_changed(hub: Hub, fake: Fake) -> None:
    """The first list is empty; what the second brings counts, and the run is whole."""
    prefer(hub)
    only_plain(fake, "r2")
    hub.run()
    fake.clock = fake.clock.replace(year=2027)
    fake.put("r2", title="Plain anew")
    run = hub.run()
    assert (run.outcome, run.counts.changed) == ("complete", 1)
    fake.clock = fake.clock.replace(year=2028)
    assert hub.run().outcome == "complete"


def test_a_record_that_comes_in_the_richer_format_is_taken_from_it(hub: Hub, fake: Fake) -> None:
    prefer(hub)
    only_plain(fake, "r2")
    hub.run()
    fake.put("r2", formats=())
    hub.run()
    assert formats(hub)["r2"] == RICH
    fake.forget()
    hub.run(full=True)
    assert formats(hub)["r2"] == RICH
    assert fake.asked("GetRecord") == []


def test_a_record_goes_to_the_poorer_format_when_the_richer_has_it_no_more(
    hub: Hub, fake: Fake
) -> None:
    prefer(hub)
    hub.run()
    only_plain(fake, "r2")
    assert hub.run().outcome == "complete"
    assert formats(hub)["r2"] == PLAIN


def test_no_record_goes_to_the_poorer_format_because_the_richer_fails(hub: Hub, fake: Fake) -> None:
    prefer(hub)
    hub.run()
    only_plain(fake, "r2")

    def failing(asked: Asked, reply: Reply) -> Reply:
        single = asked.arguments.get("verb") == "GetRecord"
        rich = asked.arguments.get("metadataPrefix") == "datacite"
        return Reply(b"", 500) if single and rich else reply

    fake.spoil = failing
    for _ in range(2):
        run = hub.run(full=True)
        assert run.outcome == "complete"
        assert formats(hub)["r2"] == RICH


def test_without_metadata_in_the_richer_format_the_next_is_asked(hub: Hub, fake: Fake) -> None:
    prefer(hub)
    whole = fake.record

    def hollow(item: Item, prefix: str) -> str:
        text = whole(item, prefix)
        if item.identifier.endswith(":r4") and prefix == "datacite":
            return f"<record>{fake.header(item)}<metadata/></record>"
        return text

    fake.record = hollow  # type: ignore[method-assign]
    for _ in range(2):
        assert hub.run(full=True).outcome == "complete"
        assert formats(hub)["r4"] == PLAIN
    assert hub.run(full=True).counts.unchanged == 9


def test_what_cannot_be_read_in_the_richer_format_is_taken_from_the_next(
    hub: Hub, fake: Fake
) -> None:
    prefer(hub)
    fake.put("r4", metadata=None)
    whole = fake.record

    def strange(item: Item, prefix: str) -> str:
        text = whole(item, prefix)
        if item.identifier.endswith(":r4") and prefix == "datacite":
            return f"<record>{fake.header(item)}<metadata><x><y>1</y></x></metadata></record>"
        return text

    fake.record = strange  # type: ignore[method-assign]
    for _ in range(2):
        run = hub.run(full=True)
        assert (run.outcome, run.counts.quarantined) == ("complete", 0)
        assert formats(hub)["r4"] == PLAIN


def test_deleted_in_one_format_alone_is_not_deleted(hub: Hub, fake: Fake) -> None:
    prefer(hub)
    fake.put("r1", gone_in=("datacite",))
    hub.run()
    assert formats(hub)["r1"] == PLAIN
    fake.put("r3", gone_in=("datacite",))
    run = hub.run()
    assert (run.outcome, run.counts.removed) == ("complete", 0)
    assert formats(hub)["r3"] == PLAIN
    fake.delete("r3")
    assert hub.run().counts.removed == 1
    assert "r3" not in hub.titles()


def test_many_records_beyond_are_read_as_a_list(
    hub: Hub, fake: Fake, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("harvesters.runs.several.MOST_SINGLES", 2)
    prefer(hub)
    only_plain(fake, "r2", "r4", "r6", "r8")
    run = hub.run()
    assert (run.outcome, run.counts.new) == ("complete", 9)
    assert fake.asked("GetRecord") == []
    assert sum(one == PLAIN for one in formats(hub).values()) == 4


def test_without_headers_the_lists_are_read(hub: Hub, fake: Fake) -> None:
    prefer(hub)
    only_plain(fake, "r2")

    def no_headers(asked: Asked, reply: Reply) -> Reply:
        is_headers = asked.arguments.get("verb") == "ListIdentifiers"
        return fake._reply(error("badVerb")) if is_headers else reply

    fake.spoil = no_headers
    run = hub.run()
    assert (run.outcome, run.counts.new) == ("complete", 9)
    assert formats(hub)["r2"] == PLAIN


def test_a_list_of_the_poorer_format_that_fails_leaves_the_run_incomplete(
    hub: Hub, fake: Fake
) -> None:
    prefer(hub)
    only_plain(fake, "r2")

    def failing(asked: Asked, reply: Reply) -> Reply:
        plain = asked.arguments.get("metadataPrefix") == "oai_dc"
        return Reply(b"", 500) if plain else reply

    fake.spoil = failing
    assert hub.run().outcome in ("incomplete", "complete-with-quarantine")
    assert hub.repository.checkpoint == "" or hub.set_aside()


def test_a_sweep_sees_both_formats(hub: Hub, fake: Fake) -> None:
    prefer(hub)
    only_plain(fake, "r2", "r8")
    hub.run()
    fake.put("r2", title="Anew", stamp=fake.clock.replace(year=2020))
    fake.drop("r8")
    for _ in range(2):
        assert hub.run(kind="sweep").outcome == "complete"
    assert hub.titles()["r2"] == "Anew"
    assert "r8" not in hub.titles()
    assert len(hub.titles()) == 8


def test_a_run_that_was_stopped_goes_on(hub: Hub, fake: Fake) -> None:
    prefer(hub)
    only_plain(fake, "r2", "r8")
    assert hub.run(limit=5).outcome == "incomplete"
    assert hub.run().outcome == "complete"
    assert len(hub.titles()) == 9
    assert formats(hub)["r2"] == PLAIN
