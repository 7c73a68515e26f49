"""The part of a member's page that tells who takes its records."""

from __future__ import annotations

from app import clock, create_app
from app.store import Store
from app.store.served.using import SOUGHT, Use, add_uses
from app.store.served.values import Counted, Taking
from app.web import aggregators_view
from tests.store.notes import NOW, page
from tests.web.conftest import SETTINGS


def test_a_members_page_tells_who_takes_its_records(store: Store) -> None:
    store.repositories.add(
        "m", title="M", base_url="http://m.test/oai", every="1d", public=True,
        doi_prefixes=("10.5072",),
    )  # fmt: skip
    client = create_app(SETTINGS, store).test_client()
    assert "No harvester took its records" in client.get("/repositories/m/report").text
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
    for days_ago in (1, 2):
        day = clock.text(clock.seconds(clock.now()) - days_ago * 86_400)[:10]
        for doi in ("10.5072/missed", "10.99/other", f"10.5072/once-{days_ago}"):
            add_uses(store.database, {Use(day, SOUGHT, doi): (1, 0, 0, 0)})
    of_member = client.get("/repositories/m/report").text
    assert "3 harvesters took its records in the last 30 days; " in of_member
    assert "1 did not finish; 1 is under way." in of_member
    months = of_member.partition("Harvesters by month")[2].partition("</table>")[0]
    assert months.count("<tr>") >= 3
    assert "10.5072/missed" in of_member
    for text in ("Buy-Pills", "203.0.113", "harvest@example.org", "10.99/other", "/once-"):
        assert text not in of_member


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
