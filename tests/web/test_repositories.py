from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from app import repairs
from app.crosswalks.provenance import OriginDescription, about
from app.store.quirks import Learned, note_quirks
from tests.web import samples
from tests.web.filling import change

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from tests.web.filling import Filled


def test_the_list_names_state_and_counts(client: FlaskClient, filled: Filled) -> None:
    page = client.get("/repositories").get_data(as_text=True)
    assert "Tideland Data Archive" in page
    assert '#ok"/></svg>ok</span>' in page
    assert '<a href="/search?copies=all&amp;repository=tideland" data-count="7">7</a>' in page


def test_a_profile_leads_to_each_section_of_the_report(client: FlaskClient) -> None:
    page = client.get("/repositories/tideland").get_data(as_text=True)
    report = client.get("/repositories/tideland/report").get_data(as_text=True)
    for name in ("problems", "set-aside", "server", "repairs", "harvests"):
        assert f'<li id="{name}"><a href="/repositories/tideland/report#{name}">' in page
        assert f'<h2 id="{name}">' in report
    for word in ("date.syntax", "oai:tideland.example.org:unread", "Last complete harvest"):
        assert word not in page


def test_a_repository_tells_how_to_harvest_only_it(client: FlaskClient) -> None:
    assert "set=member:tideland" in client.get("/repositories/tideland").get_data(as_text=True)


def test_nothing_personal_is_shown(client: FlaskClient) -> None:
    for part in ("", "/report", "/problems.json"):
        with client.get(f"/repositories/tideland{part}") as answer:
            assert answer.status_code == 200
            assert "person@example.org" not in answer.get_data(as_text=True)


def test_an_unknown_and_a_hidden_repository_are_404_alike(client: FlaskClient) -> None:
    unknown, hidden = client.get("/repositories/nobody"), client.get("/repositories/backroom")
    assert (unknown.status_code, hidden.status_code) == (404, 404)
    assert "No repository here is called “backroom”" in hidden.get_data(as_text=True)


def test_a_name_that_no_repository_can_have_is_404(client: FlaskClient) -> None:
    for path in ("/repositories/%00", "/repositories/Upper"):
        assert client.get(path).status_code == 404


def test_a_paused_repository_says_so(filled: Filled, empty: FlaskClient) -> None:
    store = empty.application.extensions["garnery.store"]
    store.repositories.add(
        "still", title="Still", base_url="https://x.org/oai", every="1d", paused=True
    )
    page = empty.get("/repositories/still").get_data(as_text=True)
    assert "paused" in page
    assert "not harvested until someone resumes it" in page


def test_a_repository_tells_of_its_quirks(empty: FlaskClient) -> None:
    store = empty.application.extensions["garnery.store"]
    number = store.repositories.add("odd", title="Odd", base_url="https://x.org", every="1d").id
    showed = Learned("slow", evidence="It took <b>31 s</b>.", learned_at=store.now())
    note_quirks(store, number, (showed,))
    page = empty.get("/repositories/odd/report").get_data(as_text=True)
    assert "One answer in ten takes over 20 seconds." in page
    assert "It took &lt;b&gt;31 s&lt;/b&gt;." in page


def test_a_repository_tells_what_was_mended_in_its_answers(empty: FlaskClient) -> None:
    store = empty.application.extensions["garnery.store"]
    number = store.repositories.add("odd", title="Odd", base_url="https://x.org", every="1d").id
    run = store.harvests.begin(
        number, kind="full", trigger="person", worker="w", prefix="oai_dc", from_=""
    )
    words = repairs.sentence("entities", 11, "R<b>&D")
    store.harvests.fail(run.id, "repaired", words, identifier="oai:x:1")
    page = empty.get("/repositories/odd/report").get_data(as_text=True)
    assert "1 record mended: 11 × entities that XML does not know, or bare ampersands." in page
    assert "R&lt;b&gt;&amp;D" in page
    assert "oai:x:1" in page
    mended = replace(change("odd", "1", samples.ARTICLE), identifier="oai:x:1")
    store.records.apply(number, run.id, "w", [mended])
    page = empty.get(f"/records/{mended.local_id}").get_data(as_text=True)
    assert "11 × entities that XML does not know" in page.partition('id="provenance"')[2]


def test_a_record_tells_the_way_it_came_to_its_repository(empty: FlaskClient) -> None:
    store = empty.application.extensions["garnery.store"]
    number = store.repositories.add("odd", title="Odd", base_url="https://x.org", every="1d").id
    steps = [
        OriginDescription(f"https://{n}.example/oai", f"oai:{n}:7", day, "urn:x", day, altered)
        for n, day, altered in (("<b>", "2024-05-06T07:08:09Z", True), ("first", "", False))
    ]
    came = replace(change("odd", "1", samples.ARTICLE), source_about=about(steps))
    store.records.apply(number, None, "", [came, change("odd", "2", samples.ARTICLE)])
    page = empty.get(f"/records/{came.local_id}").text.partition('id="provenance"')[2]
    way = page.partition("It came there from")[2].partition("</div>")[0]
    assert "%3Cb%3E.example/oai" in way
    assert "harvested 2024-05-06, altered" in way
    assert way.index("harvested 2024") < way.index("https://first.example/oai")
    assert way.count("harvested") == way.count("altered") == 1
    assert '<time datetime="' in page.partition("Last changed")[2].partition("</div>")[0]
    other = empty.get(f"/records/{change('odd', '2', samples.ARTICLE).local_id}").text
    assert "It came there from" not in other


def test_the_list_is_narrowed_put_in_order_and_taken_away(client: FlaskClient) -> None:
    text = client.get("/repositories?q=tide+ARCHIVE&state=ok&kind=oai&sort=-records").text
    assert "Tideland Data Archive" in text
    assert text.count("aria-sort") == 1
    assert "No repository is like that." in client.get("/repositories?q=nowhere").text
    assert "Tideland" not in client.get("/repositories?state=paused").text
    assert "The Back Room" not in client.get("/repositories?q=back").text
    body = client.get("/repositories?q=tide&format=json").get_json()
    (row,) = body["items"]
    assert (row["name"], row["records"], row["kind"]) == ("tideland", 7, "oai")
    assert row["newest_change"].startswith("20")
    assert f'<time datetime="{row["newest_change"]}">' in text
    assert body["totals"] == {"repositories": 1, "records": 7, "deleted": 1, "set_aside": 1}
    given = client.get("/repositories?format=csv")
    assert given.mimetype == "text/csv"
    assert given.text.count("\r\n") == 2
    assert client.get("/repositories?format=xls").status_code == 400


def test_the_list_is_narrowed_by_what_repositories_run(empty: FlaskClient) -> None:
    store = empty.application.extensions["garnery.store"]
    for name, software in (("one", "DSpace"), ("two", "EPrints 3"), ("three", "")):
        number = store.repositories.add(
            name, title=name.title(), base_url=f"https://{name}.org/oai", every="1d"
        ).id
        store.repositories.learn(number, software=software)
    assert '<option value="EPrints 3">' in empty.get("/repositories").text
    found = empty.get("/repositories?software=dspace&format=json").get_json()["items"]
    assert [(one["name"], one["software"]) for one in found] == [("one", "DSpace")]
    assert "1 of 3 repositories" in empty.get("/repositories?software=DSpace").text
    assert "In EPrints" not in empty.get("/repositories/two/report").text


def test_a_long_list_is_shown_a_page_at_a_time(empty: FlaskClient) -> None:
    store = empty.application.extensions["garnery.store"]
    for n in range(53):
        store.repositories.add(
            f"m-{n:02}", title=f"Member {n:02}", base_url=f"https://m{n}.org/oai", every="1d"
        )
    first, second = (empty.get(f"/repositories?sort=title&page={n}").text for n in (1, 2))
    assert "1–50 of 53 repositories" in first
    assert "51–53 of 53 repositories" in second
    assert 'rel="next" href="/repositories?sort=title&amp;page=2"' in first
    assert "Member 52" in second
    assert "Member 49" not in second
    assert empty.get("/repositories?sort=title&page=99").text == second
    rows = empty.get("/repositories?format=csv").text.splitlines()
    assert len(rows) == 54
    assert len(empty.get("/repositories").data) < 100_000


def test_pages_name_the_feed_of_their_repository(client: FlaskClient, filled: Filled) -> None:
    feed = 'href="/search?repository=tideland&amp;format=atom"'
    for path in ("/repositories/tideland", f"/records/{filled.ids['dataset']}"):
        assert feed in client.get(path, headers={"Accept": "text/html"}).text
    assert client.get("/search?repository=tideland&format=atom").status_code == 200
