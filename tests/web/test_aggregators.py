"""The page of aggregators, and the part of a member's page that tells who takes its records."""

from __future__ import annotations

from app import clock, create_app
from app.store import Store
from app.store.served.values import Counted, Taking
from app.web import aggregators_view
from tests.store.notes import NOW, page
from tests.web.conftest import SETTINGS


def test_pages_tell_totals_by_family_and_nothing_else(store: Store) -> None:
    store.repositories.add("m", title="M", base_url="http://m.test/oai", every="1d", public=True)
    long_ago = (clock.now() - NOW).total_seconds() / 60
    days = 24 * 60
    store.served.note(
        [
            *(page(cursor, minutes=long_ago - days) for cursor in (0, 10, 20)),
            page(0, who="Buy-Pills/1", minutes=long_ago - days),
            page(0, who="sickle/1", minutes=long_ago - 1),
            page(0, who="sickle/2", minutes=long_ago - 60 * days),
        ],
        at=clock.now(),
    )
    client = create_app(SETTINGS, store).test_client()
    shown = client.get("/aggregators").text
    assert shown.count("<h1") == 1
    for words in ("metha", "other software", "oai_dc", "ListRecords", "answered"):
        assert words in shown
    of_member = client.get("/repositories/m").text
    assert "3 harvesters took its records in the last 30 days; " in of_member
    assert "1 did not finish; 1 is under way." in of_member
    for text in (shown, of_member):
        assert "Buy-Pills" not in text
        assert "203.0.113" not in text
        assert "harvest@example.org" not in text


def test_a_hub_that_was_never_asked_says_so(store: Store) -> None:
    client = create_app(SETTINGS, store).test_client()
    assert "Nothing has been asked of it yet." in client.get("/aggregators").text
    store.repositories.add("m", title="M", base_url="http://m.test/oai", every="1d", public=True)
    assert "No harvester took its records" in client.get("/repositories/m").text


def test_a_harvester_is_told_by_its_newest_harvest() -> None:
    takings = [
        Taking("a", "metha", "", "oai_dc", "broken-off", 3, 2, 20),
        Taking("a", "metha", "", "oai_dc", "complete", 4, 1, 30),
        Taking("b", "Xyz", "q:abc", "oai_dc", "broken-off", 9, 1, 5),
        Taking("c", "metha", "", "oai_dc", "complete", 5, 1, 0),
    ]
    use = aggregators_view.member_use(takings)
    assert (use.harvesters, use.unfinished, use.running, use.records) == (2, 1, 0, 55)
    assert [(way.family, way.set_spec, way.harvests, way.unfinished) for way in use.ways] == [
        ("metha", "everything", 3, 0),
        ("other software", "a search", 1, 1),
    ]


def test_families_that_are_not_known_are_added_up() -> None:
    rows = [Counted(name, 1, 2, 3, 4, 5, 6, 7) for name in ("curl", "X-1", "X-2")]
    assert [(row.of, row.requests, row.broken_off) for row in aggregators_view.by_family(rows)] == [
        ("other software", 2, 14),
        ("curl", 1, 7),
    ]
