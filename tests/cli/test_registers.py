from __future__ import annotations

from pathlib import Path

import pytest

from app import clock
from app.crosswalks import FORMATS
from app.crosswalks.citation import STYLES
from app.datacite.rules import RULES
from app.jobs import presence
from app.store import open_store
from harvesters.runs.ledger import STANDS_STILL
from tests.cli.commandline import garnery
from tests.cli.conftest import Hub
from tests.system.source import Source


def test_formats_are_those_of_the_register() -> None:
    found = garnery("formats", "--json").document
    assert [item["name"] for item in found["items"]] == list(FORMATS)
    assert garnery("formats").lines[0].startswith("Name")


def test_styles_are_those_that_records_are_cited_in() -> None:
    found = garnery("styles", "--json").document
    assert [item["name"] for item in found["items"]] == list(STYLES)
    assert "vancouver-nlm" in garnery("styles").out


def test_problems_are_those_of_the_register() -> None:
    found = garnery("problems", "--json").document
    assert [item["rule"] for item in found["items"]] == list(RULES)
    one = garnery("problems", "date.syntax")
    assert RULES["date.syntax"].message in one.out


def test_an_unknown_rule_ends_with_3_and_names_a_near_one() -> None:
    ran = garnery("problems", "date.sintax")
    assert ran.code == 3
    assert "date.syntax" in ran.err


def test_a_new_database_is_made_and_its_schema_told(tmp_path: Path) -> None:
    hub = Hub(f"sqlite:///{tmp_path}/new.sqlite3")
    assert hub("db", "status").code == 1
    ran = hub("status")
    assert ran.code == 4
    assert "garnery db upgrade" in ran.err
    assert hub("db", "upgrade").code == 0
    assert hub("db", "status").code == 0
    again = hub("db", "upgrade", "--json").document
    assert again["steps"] == []


def findings(hub: Hub, **environ: str) -> dict[str, str]:
    found = hub("check", "--json", **environ).document["findings"]
    assert all(f["sentence"] and f["cure"] for f in found)
    return {f["id"]: f["severity"] for f in found}


def test_check_finds_what_is_still_the_default_and_who_is_missing(hub: Hub) -> None:
    found = findings(hub)
    assert {"contact", "domain", "worker", "scheduler"} <= set(found)
    assert hub("check").code == 0


def test_check_is_content_with_a_hub_that_runs(hub: Hub) -> None:
    store = open_store(hub.environ["GARNERY_DATABASE_URL"])
    with presence.present(store, presence.WORKER), presence.present(store, presence.SCHEDULER):
        for _ in range(500):
            if all(presence.last_sign(store, r) for r in (presence.WORKER, presence.SCHEDULER)):
                break
    store.dispose()
    settings = {
        "GARNERY_HUB_CONTACT": "people@hub.example.net",
        "GARNERY_OAI_DOMAIN": "hub.example.net",
        "GARNERY_BASE_URL": "https://hub.example.net",
        "GARNERY_ALERTS_WEBHOOK": "https://chat.example.net/hook",
    }
    assert findings(hub, **settings) == {"proxies": "warning"}
    settings["GARNERY_WEB_TRUSTED_PROXIES"] = "1"
    assert findings(hub, **settings) == {}
    assert "as it should be" in hub("check", **settings).out


def test_check_finds_a_schema_that_is_behind(tmp_path: Path) -> None:
    hub = Hub(f"sqlite:///{tmp_path}/new.sqlite3")
    assert findings(hub)["schema"] == "error"
    assert hub("check").code == 1


def test_check_finds_settings_that_cannot_be_used(sqlite_hub: Hub) -> None:
    assert findings(sqlite_hub, GARNERY_HUB_CONTACT="nobody") == {"settings": "error"}


def test_check_finds_a_database_that_does_not_answer() -> None:
    hub = Hub("postgresql+psycopg://nobody@127.0.0.1:9/none")
    assert findings(hub)["database"] == "error"


def test_check_finds_a_folder_that_takes_no_file(tmp_path: Path) -> None:
    hub = Hub(f"sqlite:///{tmp_path}/none/x.sqlite3")
    assert findings(hub)["folder-writable"] == "error"


def test_check_finds_a_clock_that_went_back(
    sqlite_hub: Hub, member: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    sqlite_hub.add("m", member)
    sqlite_hub("harvest", "m", "-q")
    before = clock.moment(clock.seconds(clock.now()) - 3600)
    monkeypatch.setattr(clock, "now", lambda: before)
    assert findings(sqlite_hub)["clock"] == "error"


def test_check_finds_a_folder_for_large_answers_that_is_missing(sqlite_hub: Hub) -> None:
    found = findings(sqlite_hub, GARNERY_HARVEST_SPOOL_FOLDER="/nowhere/at/all")
    assert found["spool-writable"] == "error"


def test_check_names_a_harvest_that_stands_still_or_ended_for_an_outage(hub: Hub) -> None:
    store = open_store(hub.environ["GARNERY_DATABASE_URL"])
    for name in ("m", "n"):
        repository = store.repositories.add(
            name, title=name, base_url=f"http://{name}.example/", every="1d"
        )
        run = store.harvests.begin(
            repository.id, kind="full", trigger="person", worker="w", prefix="oai_dc", from_=""
        )
        store.harvests.heartbeat(run.id, "w", STANDS_STILL)
    words = {"outcome": "incomplete", "cause": "database-busy", "sentence": "It was away."}
    store.harvests.end(run.id, "w", **words)
    store.dispose()
    found = findings(hub)
    assert found["disk-full"] == found["database-busy"] == "warning"
    assert "m: The hub could not write" in hub("check").out
