"""`garnery harvesters`: who harvests the hub."""

from __future__ import annotations

from app.store import open_store
from tests.cli.conftest import Hub
from tests.store.notes import NOW, page


def noted(hub: Hub) -> None:
    """A whole harvest and one that fell silent, long ago."""
    store = open_store(hub.environ["GARNERY_DATABASE_URL"])
    for name in ("m", "n"):
        store.repositories.add(name, title=name, base_url=f"http://{name}.test/oai", every="1d")
    silent = page(0, who="sickle/1", set_spec="member:m", minutes=1)
    store.served.note([page(0), page(10), page(20), silent], at=NOW, unnoted=2)
    store.dispose()


def test_harvests_by_aggregators_are_listed_filtered_shown_and_counted(hub: Hub) -> None:
    noted(hub)
    head, *rows = hub("harvesters").lines
    assert [row.split()[1] for row in rows] == ["sickle", "metha"]
    assert "203.0.113.0/24" in rows[0]
    assert "harvest@example.org" in rows[0]
    assert "How it ended" in head
    found = hub("harvesters", "--json").document
    assert found["total"] == 2
    assert {one["state"]: one["reached"] for one in found["items"]} == {
        "broken-off": 10, "complete": 25,
    }  # fmt: skip

    def ids(*words: str) -> list[int]:
        return [one["id"] for one in hub("harvesters", *words, "--json").document["items"]]

    assert ids("--state", "broken-off") == ids("--set", "member") == ids("--family", "Sickle")
    assert ids("--repository", "n", "--prefix", "oai_dc") == [2, 1]
    assert ids("--since", "2026-11-20T12:00:30Z") == [2]
    assert ids("--limit", "1") == [2]
    assert hub("harvesters", "--repository", "nobody").code == 3
    shown = hub("harvesters", "show", "1", "--json").document
    assert shown["repositories"] == {"m": 22, "n": 3}
    assert [one["cursor"] for one in shown["request_list"]] == [0, 10, 20]
    assert "25 of 25 records" in hub("harvesters", "show", "1").out
    assert hub("harvesters", "show", "9").code == 3
    counts = hub("harvesters", "counts", "--json").document["items"]
    assert {one["family"]: one["requests"] for one in counts} == {"": 2, "metha": 3, "sickle": 1}
    outcomes = hub("harvesters", "counts", "--by", "outcome").lines
    assert [line.split()[:2] for line in outcomes[1:]] == [["ok", "4"], ["unnoted", "2"]]
