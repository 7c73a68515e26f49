from __future__ import annotations

import json
from typing import TYPE_CHECKING

import bibtexparser
import pytest
import rispy

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from tests.web.filling import Filled

TIDES = "10.5072/tides-1"


@pytest.fixture
def three(filled: Filled) -> str:
    """A request for three records, one of them twice and one that nobody knows."""
    named = (TIDES, filled.ids["chinese"], f"doi:{TIDES}", filled.ids["arabic"], "10.5072/none")
    return "/cite?" + "&".join(f"id={name}" for name in named)


def test_a_bibliography_is_sorted_and_tells_what_is_unknown(
    client: FlaskClient, three: str
) -> None:
    page = client.get(three).text
    listed = page.partition("data-text")[2].partition("</ul>")[0]
    assert listed.count("<li") == 3
    assert listed.index("Okonkwo") < listed.index("الزهراني")
    assert "10.5072/none" in page.partition("Not known here")[2]


def test_numbered_styles_keep_the_order(client: FlaskClient, filled: Filled) -> None:
    named = f"id={filled.ids['arabic']}&id={TIDES}&style=ieee"
    listed = client.get(f"/cite?{named}").text.partition("<ol")[2]
    assert listed.index("الزهراني") < listed.index("Okonkwo")


def test_reference_managers_read_the_files(client: FlaskClient, three: str) -> None:
    bibtex = bibtexparser.parse_string(client.get(f"{three}&format=bibtex").text)
    assert len(bibtex.entries) == 3
    assert len({entry.key for entry in bibtex.entries}) == 3
    assert len(rispy.loads(client.get(f"{three}&format=ris").text)) == 3
    found = json.loads(client.get(f"{three}&format=csl_json&download=1").data)
    assert [one["type"] for one in found][:1] == ["dataset"]
    text = client.get(f"{three}&format=citation&style=apa")
    assert text.text.count("\n") == 3
    assert text.text.startswith("Okonkwo, A., ")


def test_what_is_removed_is_cited_and_not_handed_on(client: FlaskClient, filled: Filled) -> None:
    asked = f"/cite?id={filled.ids['gone']}&id={TIDES}"
    assert "removed</span>" in client.get(asked).text
    assert len(rispy.loads(client.get(f"{asked}&format=ris").text)) == 1


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("", 400),
        ("?id=", 400),
        ("?id=10.5072/none", 404),
        ("?id=%00", 404),
        (f"?id={TIDES}&format=pdf", 400),
        (f"?id={TIDES}&style=nature", 400),
        ("?" + "&".join(f"id={n}" for n in range(101)), 400),
    ],
)
def test_what_cannot_be_cited_is_refused(client: FlaskClient, query: str, status: int) -> None:
    assert client.get(f"/cite{query}").status_code == status


def test_a_hidden_record_is_not_cited(client: FlaskClient, filled: Filled) -> None:
    assert client.get(f"/cite?id={filled.ids['secret']}").status_code == 404
