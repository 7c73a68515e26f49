"""Records under their identifiers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from tests.web.filling import Filled

HTML = {"Accept": "text/html"}


@pytest.mark.parametrize(
    "identifier",
    [
        "10.5072/tides-1",
        "10.5072/TIDES-1",
        "doi:10.5072/tides-1",
        "https://doi.org/10.5072/tides-1",
        "https%3A%2F%2Fdoi.org%2F10.5072%2Ftides-1",
        "oai:tideland.example.org:dataset",
        "oai:hub.example.org:{dataset}",
        "{dataset}",
    ],
)
def test_an_identifier_in_any_form_leads_to_its_record(
    client: FlaskClient, filled: Filled, identifier: str
) -> None:
    answer = client.get(f"/resolve/{identifier.format(**filled.ids)}")
    assert (answer.status_code, answer.headers["Location"]) == (
        303,
        f"/records/{filled.ids['dataset']}",
    )
    assert answer.headers["Vary"] == "Accept"
    assert answer.headers["Cache-Control"] == "public, max-age=60"


def test_a_style_goes_along_to_the_page(client: FlaskClient) -> None:
    answer = client.get("/doi/10.5072/tides-1?style=apa")
    assert answer.headers["Location"].endswith("?style=apa")


def test_a_program_is_given_the_format_at_once(client: FlaskClient, filled: Filled) -> None:
    answer = client.get("/resolve/doi:10.5072/tides-1", headers={"Accept": "application/x-bibtex"})
    assert answer.data.startswith(b"@misc{")
    assert answer.headers["Content-Location"] == f"/records/{filled.ids['dataset']}?format=bibtex"


def test_a_removed_record_answers_for_its_identifier(client: FlaskClient, filled: Filled) -> None:
    for headers in ({}, {"Accept": "application/json"}):
        answer = client.get("/resolve/oai:tideland.example.org:gone", headers=headers)
        assert answer.status_code == 410


@pytest.mark.parametrize(
    ("path", "link"),
    [
        ("/doi/10.5072/none", "https://doi.org/10.5072/none"),
        ("/resolve/10.5072/none", "https://doi.org/10.5072/none"),
        ("/resolve/hdl:20.500.12345/none", "https://hdl.handle.net/20.500.12345/none"),
        ("/resolve/arXiv:2101.00001", "https://arxiv.org/abs/2101.00001"),
        ("/resolve/urn:nbn:de:0001-none", "https://nbn-resolving.org/urn:nbn:de:0001-none"),
        ("/resolve/ark:12345/none", "https://n2t.net/ark:12345/none"),
    ],
)
def test_what_is_not_here_is_404_with_its_own_resolver(
    client: FlaskClient, path: str, link: str
) -> None:
    answer = client.get(path, headers={"Accept": "application/json"})
    assert answer.status_code == 404
    assert f'href="{link}"' in answer.text


def test_what_is_no_identifier_is_404_and_says_what_is(client: FlaskClient) -> None:
    assert "DOI looks like" in client.get("/resolve/hello%20world").text
    assert client.get("/resolve/%00").status_code == 404
    assert client.get("/resolve/%ED%A0%80").status_code == 404


@pytest.mark.parametrize(
    ("identifier", "query"),
    [
        ("0000-0001-5109-3700", "creator=0000-0001-5109-3700"),
        ("https://orcid.org/0000-0001-5109-3700", "creator=0000-0001-5109-3700"),
        ("https://ror.org/03yrm5c26", "affiliation=https%3A%2F%2Fror.org%2F03yrm5c26"),
    ],
)
def test_people_and_organisations_lead_to_the_search(
    client: FlaskClient, identifier: str, query: str
) -> None:
    answer = client.get(f"/resolve/{identifier}")
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/search?{query}")


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/application/x-bibtex/10.5072/tides-1", 200),
        ("/APPLICATION/X-BibTeX/10.5072/TIDES-1", 200),
        ("/application/vnd.datacite.datacite+json/doi:10.5072/tides-1", 200),
        ("/text/x-bibliography/10.5072/tides-1", 200),
        ("/text/html/10.5072/tides-1", 404),
        ("/image/png/10.5072/tides-1", 404),
        ("/application/x-bibtex/hello", 404),
        ("/application/x-bibtex/10.5072/none", 404),
        ("/application/x-bibtex/10.5072/dizhen-gone", 404),
    ],
)
def test_an_address_with_a_media_type_gives_that_format(
    client: FlaskClient, path: str, status: int
) -> None:
    assert client.get(path, headers=HTML).status_code == status


def test_a_hidden_record_has_no_identifiers(client: FlaskClient, filled: Filled) -> None:
    for identifier in (filled.ids["secret"], "oai:backroom.example.org:secret"):
        assert client.get(f"/resolve/{identifier}").status_code == 404
