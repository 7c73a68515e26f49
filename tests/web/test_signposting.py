"""The links of a record, read by a library that is not ours."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from bs4 import BeautifulSoup
from msgspec.structs import replace
from signposting.htmllinks import HTML, _parse_html
from signposting.linkheader import find_signposting_http_link
from signposting.linkset import Linkset, LinksetJSON, _parse_linkset, _parse_linkset_json

from app.datacite.resource import AlternateIdentifier, Resource, Rights
from app.web import signposting
from tests.web import samples

if TYPE_CHECKING:
    from flask.testing import FlaskClient
    from signposting import Signposting

    from tests.web.filling import Filled

BASE = "https://hub.example.org"
PAGE = f"{BASE}/records/aaaaaaaaaaaaaaaa"
WRITTEN = ("datacite", "datacite_json", "schema_org", "csl_json", "bibtex")
RELATIONS = ("cite-as", "type", "author", "license", "describedby", "item", "collection")


def told(found: Signposting, page: str) -> set[tuple[str, str, str, str]]:
    """What a reader learned of a page: relation, target, type, profile."""
    return {
        (str(one.rel), str(one.target), str(one.type or ""), " ".join(one.profiles))
        for one in found.for_context(page)
        if str(one.rel) in RELATIONS
    }


def four(client: FlaskClient, path: str) -> list[set[tuple[str, str, str, str]]]:
    """The links of a record, as read from header, page, JSON and text."""
    page = BASE + path
    answer = client.get(path)
    sets = [client.get(f"{path}?format={name}") for name in ("linkset_json", "linkset")]
    kinds = [one.content_type for one in sets]
    return [
        told(find_signposting_http_link([answer.headers["Link"]], page), page),
        told(_parse_html(HTML(answer.text, "text/html", page, page)), page),
        told(_parse_linkset_json(LinksetJSON(sets[0].text, kinds[0], page, page)), page),
        told(_parse_linkset(Linkset(sets[1].text, kinds[1], page, page)), page),
    ]


@pytest.mark.parametrize("name", ["dataset", "arabic", "chinese", "article", "untitled", "hostile"])
def test_all_four_say_the_same(client: FlaskClient, filled: Filled, name: str) -> None:
    header, page, as_json, as_text = four(client, f"/records/{filled.ids[name]}")
    assert header == page == as_json == as_text
    relations = [relation for relation, *_ in header]
    assert relations.count("cite-as") == 1
    assert relations.count("type") == 2
    assert relations.count("describedby") == 5


def test_what_is_known_is_said(client: FlaskClient, filled: Filled) -> None:
    header, *_ = four(client, f"/records/{filled.ids['dataset']}")
    page = f"{BASE}/records/{filled.ids['dataset']}"
    for link in (
        ("cite-as", "https://doi.org/10.5072/tides-1", "", ""),
        ("type", "https://schema.org/AboutPage", "", ""),
        ("type", "https://schema.org/Dataset", "", ""),
        ("author", "https://orcid.org/0000-0001-5109-3700", "", ""),
        ("license", "https://creativecommons.org/licenses/by/4.0/", "", ""),
        ("item", "https://tideland.example.org/files/levels.csv", "text/csv", ""),
        (
            "describedby",
            f"{page}?format=datacite",
            "application/vnd.datacite.datacite+xml",
            "http://datacite.org/schema/kernel-4",
        ),
    ):
        assert link in header


def test_a_crowd_has_its_links_in_the_sets_alone(client: FlaskClient, filled: Filled) -> None:
    path = f"/records/{filled.ids['crowd']}"
    answer = client.get(path)
    assert len(answer.headers["Link"]) <= 4096
    found = find_signposting_http_link([answer.headers["Link"]], BASE + path)
    head = BeautifulSoup(answer.text, "html.parser").head
    assert head is not None
    relations = {link["rel"][0] for link in head.find_all("link")}
    if len(found.linksets) == 2 and not found.describedBy:
        assert "describedby" not in relations
    assert client.get(f"{path}?format=linkset").text.count('rel="describedby"') == 5


def test_a_header_that_would_be_long_is_not_cut_but_left_to_the_sets() -> None:
    creator = samples.person("A", "B", "0000-0001-5109-3700")
    files = tuple(f"https://x.org/{number}.csv" for number in range(100))
    resource = Resource(doi="10.5072/x", creators=(creator,), content_url=files)
    every = signposting.links(resource, PAGE, written=WRITTEN)
    assert [link.rel for link in signposting.shown(every)] == ["cite-as", "linkset", "linkset"]
    document = json.loads(signposting.linkset_json(every, PAGE))
    assert len(document["linkset"][0]["item"]) == 100
    assert [c["anchor"] for c in document["linkset"]].count(files[0]) == 1


@pytest.mark.parametrize(
    ("resource", "target"),
    [
        (Resource(doi="10.1002/(sici)1<1::aid>3.0.co;2-2", url="https://x.org"),
         "https://doi.org/10.1002/(sici)1%3C1::aid%3E3.0.co;2-2"),
        (Resource(alternate_identifiers=(AlternateIdentifier("20.500.12345/67", "Handle"),)),
         "https://hdl.handle.net/20.500.12345/67"),
        (Resource(url="https://x.org/päge?a=\"b\""), "https://x.org/p%C3%A4ge?a=%22b%22"),
        (Resource(url="javascript:alert(1)"), PAGE),
        (Resource(), PAGE),
    ],
)  # fmt: skip
def test_one_link_says_what_to_cite_and_can_stand_in_a_header(
    resource: Resource, target: str
) -> None:
    link = signposting.cite_as(resource, PAGE)
    assert link.href == target
    assert signposting.header((link,)).isascii()
    assert not set(link.href) & set('<> "')


def test_of_several_licences_one_is_named_only_if_it_is_clear_which() -> None:
    known = Rights("CC BY", "https://creativecommons.org/licenses/by/4.0/", "CC-BY-4.0", "SPDX")
    other = Rights("House rules", "https://x.org/rules")
    another = Rights("MIT", "https://opensource.org/licenses/MIT", "MIT", "SPDX")

    def named(*rights: Rights) -> list[str]:
        found = signposting.links(Resource(rights_list=rights), PAGE, written=())
        return [link.href for link in found if link.rel == "license"]

    assert named(known, other) == [known.rights_uri]
    assert named(other) == [other.rights_uri]
    assert named(known, another) == []
    assert named(other, replace(other, rights_uri="https://x.org/more")) == []


def test_a_format_that_cannot_be_written_describes_nothing() -> None:
    found = signposting.links(samples.DATASET, PAGE, written=("csl_json",))
    assert [link.href for link in found if link.rel == "describedby"] == [f"{PAGE}?format=csl_json"]
