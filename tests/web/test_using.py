"""The use of the hub: what is counted of each answer, and the page, the API and files that tell."""

from __future__ import annotations

import csv
import io
import re
from html import unescape
from typing import TYPE_CHECKING, Any, cast

import pytest

from app import clock, create_app
from app.errors import StoreError
from app.store.served.using import SOUGHT, Use, add_uses
from app.web import using
from app.web.statistics_view import Table
from app.web.tallying import Tally
from app.web.use_numbers import gather
from app.web.use_tables import provider_tables, web_tables
from tests.store.notes import NOW, page
from tests.web.conftest import SETTINGS

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from app.store import Store
    from tests.web.filling import Filled

CURL = {"User-Agent": "curl/8.1"}


@pytest.fixture(scope="module")
def filled_hub(filled: Filled) -> FlaskClient:
    return create_app(SETTINGS, filled.store).test_client()


@pytest.fixture
def hub(filled_hub: FlaskClient) -> FlaskClient:
    """A hub that has counted nothing yet."""
    tally(filled_hub).forget()
    return filled_hub


def tally(client: FlaskClient) -> Tally[Use]:
    return cast("Tally[Use]", client.application.extensions[using.NAME])


def counted(client: FlaskClient) -> dict[tuple[str, str, str, int], tuple[int, ...]]:
    """What waits in memory, by kind, name, family and status."""
    return {tuple(use)[1:]: numbers for use, numbers in tally(client)._sums.items()}  # type: ignore[misc]


def test_answers_are_counted_by_names_of_ours_alone(hub: FlaskClient, filled: Filled) -> None:
    local = filled.ids["arabic"]
    paths = ["/", "/nowhere/at/all?x=1", "/search?q=secret", "/search?format=atom", "/healthz",
             "/api/v1/formats", "/api/v1/nothing", "/static/x.css",
             f"/records/{local}?format=ris"]  # fmt: skip
    for path in paths:
        hub.get(path, headers=CURL)
    hub.options("/", headers=CURL)
    found = counted(hub)
    assert set(found) == {
        ("page", "home", "curl", 200),
        ("page", "nothing here", "curl", 404),
        ("search", "search", "curl", 200),
        ("feed", "atom", "curl", 200),
        ("api", "listFormats", "curl", 200),
        ("api", "unknown", "curl", 404),
        ("record", "ris", "curl", 200),
    }
    assert "secret" not in str(found)
    assert found["page", "home", "curl", 200][2] == len(hub.get("/", headers=CURL).data)


def test_exports_are_whole_or_broken_off(hub: FlaskClient) -> None:
    key = ("export", "jsonl", "curl", 200)
    with hub.get("/search?format=jsonl", headers=CURL) as answer:
        size, total = len(answer.data), int(answer.headers["X-Total-Count"])
    assert counted(hub)[key] == (1, total, size, 0)
    hub.get("/api/v1/records?format=jsonl", headers=CURL, buffered=False).close()
    assert counted(hub)[key][3] == 1
    assert counted(hub)[key][:2] == (2, total)
    with hub.head("/search?format=jsonl", headers=CURL):
        pass
    assert counted(hub)[key][0] == 3
    assert counted(hub)[key][3] == 1


@pytest.mark.parametrize(
    ("agent", "family"),
    [("a" * 60_000, "other software"), ("<script>alert(1)</script>", "unnamed"),
     ("\xff\x00\x01".encode("latin-1").decode("latin-1").replace("\x00", ""), "unnamed"),
     ("", "unnamed"), ("Buy-Pills/1", "other software"), ("Sickle 0.7", "Sickle")],
)  # fmt: skip
def test_any_user_agent_is_one_of_a_few(hub: FlaskClient, agent: str, family: str) -> None:
    hub.get("/", headers={"User-Agent": agent})
    assert {key[2] for key in counted(hub)} == {family}


@pytest.mark.parametrize(
    ("path", "doi"),
    [("/doi/10.5072/Not-Here", "10.5072/not-here"),
     ("/doi/https://doi.org/10.5072/not-here", "10.5072/not-here"),
     ("/resolve/doi:10.5072/not-here", "10.5072/not-here"),
     ("/application/vnd.datacite.datacite+xml/10.5072/not-here", "10.5072/not-here"),
     ("/doi/10.5072/<b>x</b>", ""),
     ("/doi/10.5072/%F0%9F%92%A5", ""),
     ("/doi/10.5072/" + "x" * 3000, ""),
     ("/doi/10.5072/a%00b", ""),
     ("/doi/nonsense", None), ("/resolve/hdl:2381/1", None), ("/nowhere/10.5072/x", None)],
)  # fmt: skip
def test_dois_that_nobody_here_has_are_counted_and_named_if_well_formed(
    hub: FlaskClient, path: str, doi: str | None
) -> None:
    assert hub.get(path, headers=CURL).status_code == 404
    hub.get(path, headers={"User-Agent": "Googlebot/2.1"})
    found = [(key[1], numbers[0]) for key, numbers in counted(hub).items() if key[0] == SOUGHT]
    assert found == ([] if doi is None else [(doi, 1)])


def test_answers_go_on_while_counting_is_broken(filled: Filled) -> None:
    class Broken:
        def add(self, *_: object) -> None:
            raise RuntimeError("broken")

    own = create_app(SETTINGS, filled.store).test_client()
    own.application.extensions[using.NAME] = Broken()
    assert own.get("/help").status_code == 200
    assert own.get("/doi/10.5072/x").status_code == 404


def test_numbers_wait_while_the_disk_is_full_and_memory_is_bounded() -> None:
    kept: list[dict[Use, tuple[int, ...]]] = []
    full = [True]

    def write(numbers: object) -> None:
        if full:
            raise StoreError("disk full")
        kept.append(dict(numbers))  # type: ignore[call-overload]

    tally: Tally[Use] = Tally(write, gather=3600, what="uses", most=3, spare=using._spare)
    for number in range(5):
        tally.add(Use("2026-11-27", SOUGHT, f"10.5072/{number}"), 1, 0, 0, 0)
        assert not tally.flush()
    tally.add(Use("2026-11-28", "page", "home", "curl"), 1, 0, 9, 0)
    full.clear()
    assert tally.flush()
    (got,) = kept
    assert {use[1:4]: numbers for use, numbers in got.items()} == {
        (SOUGHT, "10.5072/0", ""): (1, 0, 0, 0),
        (SOUGHT, "10.5072/1", ""): (1, 0, 0, 0),
        (SOUGHT, "10.5072/2", ""): (1, 0, 0, 0),
        (SOUGHT, "", ""): (2, 0, 0, 0),
        ("page", "", "other software"): (1, 0, 9, 0),
    }


def test_a_process_that_was_forked_leaves_numbers_to_its_parent() -> None:
    tally: Tally[Use] = Tally(lambda _: None, gather=3600, what="uses")
    tally.add(Use("2026-11-27", "page"), 1, 0, 0, 0)
    tally.forget()
    assert tally._sums == {}


# ── what is told of it ───────────────────────────────────────────────────────────────────────


def test_a_doi_that_came_meanwhile_is_no_longer_named(filled: Filled) -> None:
    days = [clock.text(clock.seconds(clock.now()) - n * 86_400)[:10] for n in (0, 1)]
    for day in days:
        for doi in ("10.5072/tides-1", "10.5072/tides-none"):
            add_uses(filled.store.database, {Use(day, SOUGHT, doi): (1, 0, 0, 0)})
    assert [one.doi for one in gather(filled.store, 7, clock.now()).sought] == [
        "10.5072/tides-none"
    ]


@pytest.fixture
def used(store: Store) -> FlaskClient:
    """A hub with some use, yesterday and today."""
    minutes = (clock.now() - NOW).total_seconds() / 60
    pages = (page(cursor, minutes=minutes - 60 * 24) for cursor in (0, 10, 20))
    pills = page(0, who="Buy-Pills/1", set_spec="member:secret", minutes=minutes)
    store.served.note([*pages, pills], at=clock.now())
    days = [clock.text(clock.now())[:10], clock.text(clock.seconds(clock.now()) - 86_400)[:10]]
    for day in days:
        add_uses(
            store.database,
            {
                Use(day, "export", "csv", "curl"): (3, 30, 3000, 1),
                Use(day, "record", "html", "browsers"): (5, 0, 50_000, 0),
                Use(day, SOUGHT, "10.5072/often"): (4, 0, 0, 0),
            },
        )
    add_uses(store.database, {Use(days[0], SOUGHT, "10.5072/once"): (1, 0, 0, 0)})
    return create_app(SETTINGS, store).test_client()


def test_the_page_tells_totals_and_nothing_personal(used: FlaskClient) -> None:
    shown = used.get("/statistics/use").text
    assert shown.count("<h1") == 1
    for words in ("metha", "other software", "other sets", "oai_dc", "ListRecords", "answered",
                  "CSV", "browsers", "10.5072/often", "9 times somebody asked here"):  # fmt: skip
        assert words in shown
    for text in ("Buy-Pills", "203.0.113", "harvest@example.org", "secret", "10.5072/once"):
        assert text not in shown
        assert text not in used.get("/api/v1/statistics/use").text
    assert used.get("/aggregators").headers["Location"].endswith("/statistics/use")
    assert used.get("/statistics/use?days=31").status_code == 400
    assert "By month" in used.get("/statistics/use?days=396").text


def test_page_files_and_api_tell_the_same(used: FlaskClient) -> None:
    text = used.get("/statistics/use").text
    links = [unescape(href) for href in re.findall(r'href="(/statistics/use\?[^"]*csv)"', text)]
    assert len(links) > 8
    everything: Any = used.get("/statistics/use?format=json").json
    for href in links:
        answer = used.get(href)
        rows = list(csv.DictReader(io.StringIO(answer.text)))
        name = re.findall(r"table=(\w+)", href)[0]
        assert rows == [
            {key: str(value) for key, value in row.items()} for row in everything["tables"][name]
        ]
    api: Any = used.get("/api/v1/statistics/use?days=30").json
    exports = api["web"]["by"]["export"]
    assert exports == [{"of": "csv", "requests": 6, "records": 60, "bytes": 6000, "broken_off": 2}]
    assert everything["tables"]["web_export"][0]["requests"] == 6
    assert api["oai_pmh"]["total"]["records"] == 35
    assert api["sought"] == {
        "requests": 9, "items": [{"doi": "10.5072/often", "days": 2, "requests": 8}],
    }  # fmt: skip
    one: Any = used.get("/api/v1/statistics/use?days=1").json
    assert one["web"]["total"]["requests"] == 8
    assert used.get("/api/v1/statistics/use?days=397").status_code == 400
    assert used.get("/statistics/use?format=csv").status_code == 400
    assert used.get("/statistics/use?format=xls").status_code == 400


def test_a_hub_that_nobody_has_used_says_so(empty: FlaskClient) -> None:
    text = empty.get("/statistics/use").text
    assert text.count("Nothing has been asked of it yet.") == 2
    assert "Nobody asked here for a DOI that no record had." in text


def test_every_day_in_view_has_its_column(store: Store) -> None:
    add_uses(store.database, {Use("2026-11-18", "page", "home", "curl"): (7, 0, 0, 0)})
    found = gather(store, 7, NOW)

    def chart_of(tables: tuple[Table, ...], name: str) -> Any:
        return next(one.chart for one in tables if one.name == name)

    chart = chart_of(web_tables(found), "web_day")
    assert [bar.words for bar in chart.bars][3:5] == ["17 Nov 2026: 0", "18 Nov 2026: 7"]
    assert len(chart.bars) == 7
    assert chart_of(provider_tables(found), "oai_day") is None
