"""`garnery use`: the numbers of the page and the API, on the command line."""

from __future__ import annotations

from app import clock, create_app
from app.settings import Settings
from app.store import open_store
from app.store.served.using import SOUGHT, Use, add_uses
from tests.cli.conftest import Hub


def test_use_is_told_as_the_api_tells_it(hub: Hub) -> None:
    store = open_store(hub.environ["GARNERY_DATABASE_URL"])
    today = clock.text(clock.now())[:10]
    add_uses(
        store.database,
        {
            Use(today, "export", "csv", "curl"): (3, 30, 3000, 1),
            Use(today, SOUGHT, "10.5072/a"): (4, 0, 0, 0),
            Use(today, SOUGHT, "10.99/a"): (1, 0, 0, 0),
        },
    )
    shown = hub("use").out
    for words in ("3 requests, 3.0 KB", "CSV", "(web_export)", "5 requests for DOIs"):
        assert words in shown
    client = create_app(Settings(), store).test_client()
    found = client.get("/api/v1/statistics/use?days=7").json
    assert hub("use", "--days", "7", "--json").document == found
    table = hub("use", "--table", "web_day", "--json").document
    assert table["items"] == [
        {"day": today, "requests": 3, "records": 30, "bytes": 3000, "broken_off": 1}
    ]
    assert hub("use", "--table", "nothing").code == 2
    assert hub("use", "--days", "397").code == 2
    dois = hub("use", "dois", "--json").document
    assert [(one["doi"], one["requests"]) for one in dois["items"]] == [
        ("10.5072/a", 4), ("10.99/a", 1),
    ]  # fmt: skip
    assert hub("use", "dois", "--prefix", "10.99").lines[1].split() == ["10.99/a", "1", "1"]
    store.dispose()
