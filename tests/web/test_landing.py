from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from msgspec import structs

from app import create_app
from app.state import repository_state
from app.store import open_store, upgrade
from app.web import provenance
from tests.web import samples
from tests.web.conftest import SETTINGS
from tests.web.filling import ORIGINAL, change

if TYPE_CHECKING:
    from pathlib import Path

    from flask.testing import FlaskClient

    from tests.web.filling import Filled


def text(client: FlaskClient, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status
    return answer.get_data(as_text=True)


def record(client: FlaskClient, filled: Filled, name: str, status: int = 200) -> str:
    return text(client, f"/records/{filled.ids[name]}", status)


def test_a_record_says_what_it_is_and_where_it_is(client: FlaskClient, filled: Filled) -> None:
    page = record(client, filled, "dataset")
    assert 'lang="en">Hourly water levels' in page
    assert 'href="https://doi.org/10.5072/tides-1"' in page
    assert 'href="https://orcid.org/0000-0001-5109-3700"' in page
    assert "Open at Tideland Data Archive" in page
    assert 'href="https://tideland.example.org/files/levels.csv"' in page
    assert 'href="https://creativecommons.org/licenses/by/4.0/"' in page


def test_a_record_says_where_its_description_comes_from(
    client: FlaskClient, filled: Filled
) -> None:
    page = record(client, filled, "dataset")
    assert "oai:tideland.example.org:dataset" in page
    assert f"oai:hub.example.org:{filled.ids['dataset']}" in page
    assert f"/harvests/{filled.harvest.id}" in page
    assert "/repositories/tideland" in page


def test_a_record_is_cited_with_its_identifier(client: FlaskClient, filled: Filled) -> None:
    page = record(client, filled, "dataset")
    cited = re.search(r'id="cite".*?</section>', page, re.DOTALL)
    assert cited
    assert "Okonkwo, Adaeze; van der Meer, Joris; Salt Marsh Survey Group (2021):" in cited[0]
    assert "https://doi.org/10.5072/tides-1" in cited[0]


def test_breaks_of_a_description_are_lines(client: FlaskClient, filled: Filled) -> None:
    page = record(client, filled, "dataset")
    assert "<p>Water levels were read every hour.<br>Salinity" in page


def test_a_hostile_record_is_only_text(client: FlaskClient, filled: Filled) -> None:
    page = record(client, filled, "hostile")
    assert "<script>alert" not in page
    assert "<img" not in page
    assert not re.search(r'href="\s*(javascript|data|vbscript)', page, re.IGNORECASE)
    assert not re.search("[\u202a-\u202e\u2066-\u2069]", page)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "{{ 7*7 }}" in page


def test_a_crowded_record_is_cut_and_goes_on_elsewhere(client: FlaskClient, filled: Filled) -> None:
    page = record(client, filled, "crowd")
    assert "and 9,975 more" in page
    whole = text(client, f"/records/{filled.ids['crowd']}?all=creators&page=200")
    assert "Given Family9999" in whole
    assert "9,951 to 10,000 of 10,000" in whole


@pytest.mark.parametrize("query", ["all=nothing", "all=creators&page=201", "all=creators&page=0"])
def test_there_is_no_list_beyond_the_record(
    client: FlaskClient, filled: Filled, query: str
) -> None:
    assert client.get(f"/records/{filled.ids['crowd']}?{query}").status_code == 404


PARTS = (
    "", "?all=creators", "?all=related", "?all=subjects", "?all=rights", "?all=identifiers",
    "?all=files", "/versions/1", "/history", "/links",
)  # fmt: skip


def test_no_record_makes_a_heavy_page(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/hub.sqlite3"
    upgrade(url)
    store = open_store(url)
    monsters = {"m": samples.monster(200, 3000), "n": samples.monster(150, 2500)}
    ids = {}
    for name, one in monsters.items():
        member = store.repositories.add(name, title=name, base_url="https://x.org/oai", every="1d")
        came = change(name, "monster", one)
        store.records.apply(member.id, None, "", [came])
        ids[name] = came.local_id
        gone = change(name, "gone", structs.replace(one, doi=f"10.5072/{name}"))
    store.records.apply(member.id, None, "", [gone])
    store.records.apply(member.id, None, "", [change("n", "gone", None, "deleted")])
    web = create_app(SETTINGS, store).test_client()
    paths = [f"/records/{ids['m']}{part}" for part in PARTS]
    paths.append(f"/records/{ids['m']}/differences/{ids['n']}")
    paths.append("/cite?" + "&".join(f"id={one}" for one in ids.values()))
    for path in paths:
        answer = web.get(path)
        assert (answer.status_code, len(answer.data) <= 100_000) == (200, True), path
    tombstone = web.get(f"/records/{gone.local_id}")
    assert (tombstone.status_code, len(tombstone.data) <= 100_000) == (410, True)
    store.dispose()


def test_codes_of_missing_values_are_not_shown(client: FlaskClient, filled: Filled) -> None:
    page = record(client, filled, "untitled")
    assert "Untitled" in page
    assert not re.search(r":un(as|kn|av)\b", page)


def test_problems_and_inferred_values_are_told(client: FlaskClient, filled: Filled) -> None:
    page = record(client, filled, "dataset")
    assert "date.syntax" in page
    assert "&lt;b&gt;sometime&lt;/b&gt;" in page
    assert "&lt;i&gt;article&lt;/i&gt;" in page


def test_a_tombstone_says_what_when_and_why(client: FlaskClient, filled: Filled) -> None:
    page = record(client, filled, "gone", 410)
    assert "The repository removed this record." in page
    assert "<time datetime=" in page
    assert "The repository gave no reason." in page
    assert "What a lighthouse log says about fog" in page
    assert 'content="noindex"' in page
    assert "citation_title" not in page
    assert "Open at" not in page


def test_a_tombstone_answers_programs_too(client: FlaskClient, filled: Filled) -> None:
    path = f"/records/{filled.ids['gone']}"
    problem = client.get(f"{path}?format=datacite_json")
    assert problem.status_code == 410
    assert problem.headers["Content-Type"] == "application/problem+json"
    assert problem.json["state"] == "deleted"
    line = client.get(f"{path}?format=datacite")
    assert (line.status_code, line.mimetype) == (410, "text/plain")
    assert line.data.count(b"\n") == 1


def test_a_record_that_was_set_aside_says_why_and_shows_what_came(
    client: FlaskClient, filled: Filled
) -> None:
    page = record(client, filled, "unread")
    assert "could not be read" in page
    assert "is not closed" in page
    assert "/source" in page
    assert 'content="noindex"' in page


@pytest.mark.parametrize(
    "path", ["/records/aaaaaaaaaaaaaaaa", "/records/x", "/records/%00", "/records/%F0%9F%98%80"]
)
def test_an_unknown_name_is_404(client: FlaskClient, path: str) -> None:
    assert "There is nothing here" in text(client, path, 404)


def test_a_record_of_a_hidden_repository_does_not_exist(
    client: FlaskClient, filled: Filled
) -> None:
    for rest in ("", "/source", "?format=datacite", "?format=source"):
        assert client.get(f"/records/{filled.ids['secret']}{rest}").status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "/doi/10.5072/tides-1",
        "/doi/10.5072/TIDES-1",
        "/doi/doi:10.5072/tides-1",
        "/doi/https://doi.org/10.5072/tides-1",
        "/doi/10.5072%2Ftides-1",
    ],
)
def test_a_doi_leads_to_its_record(client: FlaskClient, filled: Filled, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 303
    assert answer.headers["Location"].endswith(f"/records/{filled.ids['dataset']}")


def test_a_doi_of_a_live_and_a_removed_record_leads_to_the_live_one(
    client: FlaskClient, filled: Filled
) -> None:
    answer = client.get("/doi/10.5072/article-9")
    assert answer.headers["Location"].endswith(filled.ids["article"])


@pytest.mark.parametrize(
    "path",
    [
        "/doi/10.1000/a//b",
        "/doi/10.1002/(SICI)1097-0258(19980815/30)17:15/16%3C1661::AID-SIM968%3E3.0.CO;2-2",
    ],
)
def test_a_strange_doi_arrives_whole_and_is_looked_for(client: FlaskClient, path: str) -> None:
    assert "No record here has the DOI" in text(client, path, 404)


def test_an_unknown_doi_is_404_and_names_the_resolver(client: FlaskClient) -> None:
    page = text(client, "/doi/10.5072/none", 404)
    assert 'href="https://doi.org/10.5072/none"' in page


def test_what_is_no_doi_is_404_and_says_what_one_looks_like(client: FlaskClient) -> None:
    assert "A DOI looks like" in text(client, "/doi/hello", 404)
    assert "A DOI looks like" in text(client, "/doi/10.5072/%00", 404)


def test_the_doi_of_a_hidden_record_is_unknown(client: FlaskClient, filled: Filled) -> None:
    answer = client.get("/doi/10.5072/dizhen")
    assert answer.headers["Location"].endswith(filled.ids["chinese"])


def test_formats_are_given_as_oai_pmh_gives_them(client: FlaskClient, filled: Filled) -> None:
    path = f"/records/{filled.ids['dataset']}?format="
    assert client.get(path + "oai_dc").data == b"<x>dataset</x>"
    assert client.get(path + "datacite").data.endswith(b"?>\n<x>dataset</x>")
    assert b"<x>dataset</x>" in client.get(path + "oai-datacite").data
    assert client.get(path + "datacite_json").json["doi"] == samples.DATASET.doi


def test_xml_is_given_without_any_right_to_act(client: FlaskClient, filled: Filled) -> None:
    for name in ("oai_dc", "datacite", "source"):
        answer = client.get(f"/records/{filled.ids['dataset']}?format={name}")
        assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert answer.headers["Cache-Control"] == "public, max-age=300"
        assert answer.headers["Content-Disposition"].startswith("inline; filename=")


def test_a_format_can_be_downloaded_under_the_name_of_its_doi(
    client: FlaskClient, filled: Filled
) -> None:
    answer = client.get(f"/records/{filled.ids['dataset']}?format=datacite&download=1")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="10.5072_tides-1.xml"'


@pytest.mark.parametrize(
    ("asked", "kind", "ending", "start"),
    [
        ("bibtex", "application/x-bibtex", "bib", b"@misc{"),
        ("bib", "application/x-bibtex", "bib", b"@misc{"),
        ("ris", "application/x-research-info-systems", "ris", b"TY  - DATA\r\n"),
        ("csl-json", "application/vnd.citationstyles.csl+json", "json", b'{"type":"dataset"'),
        ("qdc", "application/xml", "xml", b"<qdc:qualifieddc "),
        ("json-ld", "application/ld+json", "jsonld", b'{"@context":"https://schema.org"'),
        ("turtle", "text/turtle; charset=utf-8", "ttl", b"@prefix dcat: "),
        ("dcat-xml", "application/rdf+xml", "xml", b"<rdf:RDF "),
        ("scholix", "application/json", "json", b'{"currentPage":0,'),
    ],
)
def test_a_format_has_its_type_and_its_ending(
    client: FlaskClient, filled: Filled, asked: str, kind: str, ending: str, start: bytes
) -> None:
    answer = client.get(f"/records/{filled.ids['dataset']}?format={asked}")
    assert answer.headers["Content-Type"] == kind
    assert answer.headers["Content-Disposition"] == f'inline; filename="10.5072_tides-1.{ending}"'
    assert answer.data.startswith(start)


def test_an_unknown_format_is_refused_with_the_names_of_the_known(
    client: FlaskClient, filled: Filled
) -> None:
    page = text(client, f"/records/{filled.ids['dataset']}?format=pdf", 400)
    assert "datacite_json" in page


def test_an_unread_record_has_no_format_but_its_source(client: FlaskClient, filled: Filled) -> None:
    path = f"/records/{filled.ids['unread']}?format="
    assert client.get(path + "datacite").status_code == 406
    assert client.get(path + "source").data == ORIGINAL


def test_the_original_is_shown_and_never_rendered(client: FlaskClient, filled: Filled) -> None:
    page = text(client, f"/records/{filled.ids['dataset']}/source")
    assert "&lt;dc:title" in page
    assert "<script>alert" not in page
    assert client.get(f"/records/{filled.ids['dataset']}?format=source").data == ORIGINAL


def test_an_unchanged_record_is_not_sent_again(client: FlaskClient, filled: Filled) -> None:
    path = f"/records/{filled.ids['dataset']}"
    first = client.get(path)
    assert first.headers["ETag"].startswith('W/"')
    again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    assert again.headers["Cache-Control"] == first.headers["Cache-Control"] == "public, max-age=60"
    since = client.get(path, headers={"If-Modified-Since": first.headers["Last-Modified"]})
    assert since.status_code == 304
    other = client.get(path, headers={"If-None-Match": 'W/"other"'})
    assert other.status_code == 200


def test_an_unchanged_format_is_not_sent_again(client: FlaskClient, filled: Filled) -> None:
    path = f"/records/{filled.ids['dataset']}?format=oai_dc"
    first = client.get(path)
    again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_what_nobody_confirmed_for_more_than_thirty_days_says_so(filled: Filled) -> None:
    stored = filled.store.records.get(filled.ids["dataset"])
    assert stored
    now = datetime(2026, 11, 27, tzinfo=UTC)

    def since(days: int, failures: int) -> datetime | None:
        whole = now - timedelta(days=days)
        repository = structs.replace(filled.repository, last_whole_at=whole, failures=failures)
        state = repository_state(repository, now)
        return provenance.unconfirmed(stored, repository, state, now)

    assert since(40, 2) == now - timedelta(days=40)
    assert since(40, 0) == now - timedelta(days=40)
    assert since(20, 2) is None
    paused = structs.replace(filled.repository, last_whole_at=now - timedelta(days=40), paused=True)
    assert provenance.unconfirmed(stored, paused, repository_state(paused, now), now) is None


def test_a_record_names_its_contributors_below_its_creators(
    client: FlaskClient, filled: Filled
) -> None:
    page = record(client, filled, "dataset")
    people = page.partition('class="actions"')[0]
    assert "<dt>Data curator</dt>" in people
    assert "Maja Lindqvist" in people
    assert "<dt>Access</dt>" in page


def test_the_head_names_the_record_for_programs(client: FlaskClient, filled: Filled) -> None:
    page = record(client, filled, "dataset")
    assert (
        f'<link rel="canonical" href="https://hub.example.org/records/{filled.ids["dataset"]}">'
        in page
    )
    assert '<meta name="citation_doi" content="10.5072/tides-1">' in page
    assert '<meta property="og:type" content="website">' in page
