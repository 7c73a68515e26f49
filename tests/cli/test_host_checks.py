"""`garnery check` of what is around the hub, and `garnery status` of its processes."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from app import clock
from app.jobs import presence
from app.store import open_store
from tests.cli.conftest import Hub
from tests.cli.test_registers import findings
from tests.store.making import harvest, member


def test_check_finds_clocks_that_differ_and_ticks_that_do_not_come(sqlite_hub: Hub) -> None:
    store = open_store(sqlite_hub.environ["GARNERY_DATABASE_URL"])
    presence.sign(store, presence.SCHEDULER)
    store.hub.put("last-sign-tick", clock.text(clock.now() - timedelta(minutes=5)))
    store.hub.put("last-sign-worker", clock.text(clock.now() + timedelta(hours=1)))
    said = clock.text(clock.now() + timedelta(minutes=20))
    for name in ("reef", "dune", "moor"):
        harvest(store, member(store, name), response_date=said)
    store.dispose()
    found = findings(sqlite_hub)
    assert {"clock-jumped", "clock-apart", "scheduler-stuck"} <= set(found)
    assert "20 min ahead of ours" in sqlite_hub("check").out


def test_check_finds_secrets_that_everyone_can_read(sqlite_hub: Hub, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("x")
    file = tmp_path / "garnery.toml"
    file.write_text(f'[oai]\nsecret = "quite"\n[metrics]\ntoken_file = "{tmp_path}/secret"\n')
    file.chmod(0o644)
    database = Path(sqlite_hub.environ["GARNERY_DATABASE_URL"].removeprefix("sqlite:///"))
    database.chmod(0o666)
    found = findings(sqlite_hub, GARNERY_CONFIG=str(file))
    assert found["settings-readable"] == found["database-writable"] == "warning"
    told = sqlite_hub("check", GARNERY_CONFIG=str(file)).out
    assert "oai.secret stands in it" in told
    file.chmod(0o640)
    database.chmod(0o644)
    found = findings(sqlite_hub, GARNERY_CONFIG=str(file))
    assert not {"settings-readable", "database-writable"} & set(found)


def test_check_finds_a_mail_server_that_does_not_answer(sqlite_hub: Hub) -> None:
    found = findings(
        sqlite_hub, GARNERY_ALERTS_MAIL="a@b.example", GARNERY_SMTP_HOST="127.0.0.1",
        GARNERY_SMTP_PORT="9", GARNERY_METRICS_ACCESS="public",
    )  # fmt: skip
    assert (found["smtp"], found["metrics-public"]) == ("warning", "info")
    assert "alerts" not in found


def test_check_tells_versions(hub: Hub) -> None:
    found = hub("check", "--json").document["versions"]
    assert {"garnery", "python"} < set(found)
    assert found.get("sqlite") or found.get("postgresql")


def test_status_tells_whether_scheduler_and_workers_live(sqlite_hub: Hub) -> None:
    assert sqlite_hub("status").lines[2:4] == ["Scheduler never ran", "Worker    never ran"]
    store = open_store(sqlite_hub.environ["GARNERY_DATABASE_URL"])
    presence.sign(store, presence.SCHEDULER)
    store.hub.put("last-sign-worker", clock.text(clock.now() - timedelta(minutes=5)))
    store.dispose()
    found = sqlite_hub("status", "--json").document["processes"]
    assert (found["scheduler"]["state"], found["worker"]["state"]) == ("running", "silent")
    assert "Worker    silent, last sign 5 min ago" in sqlite_hub("status").out.replace("utes", "")
