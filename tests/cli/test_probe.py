from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from app.store import open_store
from app.store.probes import last_probed
from tests.cli.conftest import Hub
from tests.fakes.oai import Fake, fake_repository
from tests.fakes.scripted import Asked, Reply
from tests.system.source import Source

PRIVATE = "--allow-private-address"


@pytest.fixture
def fake() -> Iterator[Fake]:
    with fake_repository(9) as made:
        yield made


def test_an_address_is_looked_over_and_nothing_is_stored(hub: Hub, member: Source) -> None:
    ran = hub("repository", "probe", member.url(), PRIVATE)
    assert ran.code == 0, ran.err
    assert "can be harvested" in ran.lines[0]
    assert "A source" in ran.out
    assert any(line.split()[:2] == ["→", "oai_dc"] for line in ran.lines)
    assert "Recommended" in ran.lines
    assert hub("repository", "list", "--json").document["total"] == 0


def test_a_probe_as_json_is_one_document(sqlite_hub: Hub, member: Source) -> None:
    made = sqlite_hub("repository", "probe", member.url(), PRIVATE, "--samples", "5", "--json")
    value = made.document
    assert (made.code, value["usable"], len(value["samples"])) == (0, True, 5)
    assert value["recommended"]["prefix"] == "oai_dc"
    assert {step["state"] for step in value["steps"]} == {"done"}
    assert value["requests"] <= 25
    assert all(one["sentence"] for one in value["findings"])


def test_what_cannot_be_harvested_ends_with_1(sqlite_hub: Hub) -> None:
    ran = sqlite_hub("repository", "probe", "http://127.0.0.1:9/oai", PRIVATE, "--json")
    assert ran.code == 1
    assert ran.document["usable"] is False
    assert ran.document["steps"][0]["cause"] == "connection-refused"
    assert sqlite_hub("repository", "probe", "nobody").code == 3
    assert sqlite_hub("repository", "probe", "example.org/oai").code == 2


def test_a_private_address_is_refused_in_words(sqlite_hub: Hub, member: Source) -> None:
    ran = sqlite_hub("repository", "probe", member.url())
    assert ran.code == 1
    assert "private network" in ran.out


def test_what_a_probe_finds_becomes_the_quirks_of_a_member(hub: Hub, fake: Fake) -> None:
    hub("repository", "add", "m", fake.url, PRIVATE)
    assert hub("repository", "show", "m", "--json").document["quirks"] == []

    def ignoring(asked: Asked, reply: Reply) -> Reply:
        rest = {name: text for name, text in asked.arguments.items() if name != "from"}
        return fake._reply(fake._inside(rest)) if "from" in asked.arguments else reply

    fake.spoil = ignoring
    assert hub("repository", "probe", "m").code == 0
    found = hub("repository", "show", "m", "--json").document["quirks"]
    assert [(one["name"], one["state"]) for one in found] == [("ignores-dates", "heeded")]
    assert found[0]["evidence"]
    assert "ignores-dates: heeded." in hub("repository", "show", "m").out
    fake.spoil = lambda _, reply: reply
    hub("repository", "probe", "m")
    shown = hub("repository", "show", "m", "--json").document
    assert shown["quirks"] == []
    assert shown["state"] == "new"


def test_a_probe_of_a_member_stands_in_its_history_and_moves_nothing(
    sqlite_hub: Hub, fake: Fake
) -> None:
    hub = sqlite_hub
    hub("repository", "add", "m", f"{fake.url}?api_key=geheim", PRIVATE)
    hub("harvest", "m", "-q")
    fake.clock += timedelta(days=2)
    assert hub("repository", "probe", "m").code == 0
    assert hub("repository", "probe", f"{fake.url}/", PRIVATE).code == 0
    fake.spoil = lambda _, reply: Reply(b"<html>geheim</html>", 500)
    assert hub("repository", "probe", "m").code == 1
    gone, well, harvest = hub("harvests", "--json").document["items"]
    assert (well["kind"], well["outcome"], harvest["kind"]) == ("probe", "complete", "full")
    assert "can be harvested in oai_dc" in well["sentence"]
    assert (gone["outcome"], gone["cause"]) == ("failed", "http-5xx")
    told = hub("harvests", "requests", str(well["harvest"]), "--json").document["items"]
    assert {"Identify", "ListRecords", "GetRecord"} <= {one["verb"] for one in told}
    store = open_store(hub.environ["GARNERY_DATABASE_URL"])
    kept = last_probed(store, store.repositories.get("m").id)
    store.dispose()
    assert kept is not None
    assert (kept.harvest, kept.usable) == (gone["harvest"], False)
    assert any(one.id == "http-5xx" for one in kept.findings)
    assert "geheim" not in str(kept)
    shown = hub("harvests", "show", str(gone["harvest"])).out
    assert "identify" in shown
    assert "geheim" not in shown
    status = hub("status", "--json").document["items"][0]
    assert status["state"] == "ok"
    fake.spoil = lambda _, reply: reply
    hub("harvest", "m", "-q")
    asked = [one["from"] for one in fake.asked("ListRecords") if "from" in one]
    assert asked[-1] == f"{fake.clock - timedelta(days=2, minutes=10):%Y-%m-%dT%H:%M:%SZ}"


def test_a_person_switches_quirks(hub: Hub, fake: Fake) -> None:
    hub("repository", "add", "m", fake.url, PRIVATE)

    def state(*words: str) -> list[str]:
        ran = hub("repository", "quirk", "m", *words, "--json")
        assert ran.code == 0, ran.err
        return [one["state"] for one in ran.document["quirks"]]

    assert state("size-wrong", "--on") == ["heeded"]
    assert state("size-wrong", "--off") == ["off"]
    assert state("size-wrong", "--forget") == []
    assert hub("repository", "quirk", "m", "slwo", "--on").code == 2
    assert hub("repository", "quirk", "m", "slow").code == 2
    assert hub("repository", "quirk", "n", "slow", "--on").code == 3


def test_adding_takes_what_the_probe_recommends(sqlite_hub: Hub, fake: Fake) -> None:
    fake.deleted_record = "no"
    ran = sqlite_hub("repository", "add", "m", f"{fake.url}?verb=Identify", PRIVATE)
    assert ran.code == 0, ran.err
    shown = sqlite_hub("repository", "show", "m", "--json").document
    assert (shown["base_url"], shown["reconcile"]) == (fake.url, "7d")
    assert shown["contact"] == "a@fake.example"


def test_adding_a_landing_page_is_refused_with_the_address_that_works(
    sqlite_hub: Hub, fake: Fake
) -> None:
    fake.spoil = lambda asked, reply: reply if asked.path == "/oai" else Reply(b"<html/>", 404)
    ran = sqlite_hub("repository", "add", "m", fake.url.replace("/oai", "/home"), PRIVATE)
    assert ran.code == 1
    assert fake.url in ran.err


def test_another_address_begins_without_quirks(sqlite_hub: Hub, fake: Fake) -> None:
    sqlite_hub("repository", "add", "m", fake.url, PRIVATE)
    sqlite_hub("repository", "quirk", "m", "slow", "--on")
    sqlite_hub("repository", "edit", "m", "--base-url", f"{fake.url}/new")
    assert sqlite_hub("repository", "show", "m", "--json").document["quirks"] == []
