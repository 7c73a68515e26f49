from __future__ import annotations

from app.store import open_store
from harvesters import alerts as telling
from tests.cli.conftest import Hub
from tests.fakes.receivers import mailbox, webhook
from tests.harvesters.test_alerts import fail
from tests.store.making import member


def test_a_trial_goes_by_every_channel_and_needs_no_database() -> None:
    hub = Hub("sqlite:////nowhere/at/all.sqlite3")
    with mailbox() as box, webhook() as hook:
        channels = {
            "GARNERY_ALERTS_MAIL": "ops@hub.example",
            "GARNERY_ALERTS_WEBHOOK": hook.url,
            "GARNERY_ALERTS_ALLOW_PRIVATE_ADDRESSES": "true",
            "GARNERY_SMTP_HOST": "127.0.0.1",
            "GARNERY_SMTP_PORT": str(box.port),
            "GARNERY_SMTP_SECURITY": "none",
        }
        ran = hub("alerts", "test", **channels)
        assert (ran.code, ran.lines) == (0, ["mail: it was taken.", "webhook: it was taken."])
        assert box.mails[0]["Subject"] == "[Garnery] a trial of the alerts"
        assert "X-Garnery-Signature" not in hook.got[0][0]
        hook.statuses = [404]
        ran = hub("alerts", "test", "--json", **channels)
        assert (ran.code, ran.document["ok"]) == (1, False)
        assert "status 404" in ran.document["channels"][1]["error"]
        assert hook.url not in ran.out
        starttls = hub("alerts", "test", **channels | {"GARNERY_SMTP_SECURITY": "starttls"})
        assert starttls.code == 1
    gone = hub("alerts", "test", **channels)
    assert gone.code == 1
    nobody = hub("alerts", "test")
    assert nobody.code == 1
    assert "No channel is set up" in nobody.out


def test_alerts_are_listed_with_what_is_on_its_way(hub: Hub) -> None:
    store = open_store(hub.environ["GARNERY_DATABASE_URL"])
    member(store)
    fail(store, "reef", "reef")
    telling.watch(store, store.now())
    store.dispose()
    ran = hub("alerts")
    assert ran.code == 0
    assert "none; nobody is told" in ran.out
    assert "No answer came in time." in ran.out
    (item,) = hub("alerts", "--repository", "reef", "--json").document["items"]
    assert (item["name"], item["state"], item["before"]) == ("reef", "failing", "")
    assert hub("alerts", "--repository", "none").code == 3
