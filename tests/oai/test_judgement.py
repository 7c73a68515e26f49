"""Which error answers, and what is echoed beside it."""

from __future__ import annotations

import pytest

from app.record import local_id
from tests.oai.filling import BASE, DOMAIN, OAI, Client

ALPHA_1 = f"oai:{DOMAIN}:{local_id('alpha', 'oai:a:1')}"
BETA_3 = f"oai:{DOMAIN}:{local_id('beta', 'oai:b:3')}"
UNKNOWN = "oai:nowhere.example.org:x"


@pytest.mark.parametrize(
    ("arguments", "codes"),
    [
        ({"verb": "Nope", "from": "junk"}, {"badVerb"}),
        (
            {"verb": "ListRecords", "resumptionToken": "junk", "until": "2020-01-01"},
            {"badArgument"},
        ),
        ({"verb": "ListRecords", "resumptionToken": ""}, {"badResumptionToken"}),
        ({"verb": "ListSets", "resumptionToken": "junk"}, {"badResumptionToken"}),
        ({"verb": "ListRecords", "metadataPrefix": "nosuch", "from": "junk"}, {"badArgument"}),
        (
            {"verb": "ListRecords", "metadataPrefix": "nosuch", "set": "no.such"},
            {"cannotDisseminateFormat"},
        ),
        ({"verb": "ListIdentifiers", "metadataPrefix": "nosuch"}, {"cannotDisseminateFormat"}),
        ({"verb": "ListRecords", "metadataPrefix": "oai_dc", "set": "no.such"}, {"noRecordsMatch"}),
        ({"verb": "ListRecords", "metadataPrefix": "oai_dc", "set": "q"}, {"noRecordsMatch"}),
        ({"verb": "ListRecords", "metadataPrefix": "oai_dc", "set": "q:!!!"}, {"badArgument"}),
        (
            {"verb": "ListIdentifiers", "metadataPrefix": "oai_dc", "until": "1999-01-01"},
            {"noRecordsMatch"},
        ),
        (
            {"verb": "ListRecords", "metadataPrefix": "oai_dc", "from": "2999-01-01"},
            {"noRecordsMatch"},
        ),
        (
            {"verb": "GetRecord", "identifier": UNKNOWN, "metadataPrefix": "nosuch"},
            {"idDoesNotExist", "cannotDisseminateFormat"},
        ),
        (
            {"verb": "GetRecord", "identifier": UNKNOWN, "metadataPrefix": "oai_dc"},
            {"idDoesNotExist"},
        ),
        (
            {"verb": "GetRecord", "identifier": ALPHA_1, "metadataPrefix": "nosuch"},
            {"cannotDisseminateFormat"},
        ),
        ({"verb": "ListMetadataFormats", "identifier": UNKNOWN}, {"idDoesNotExist"}),
        ({"verb": "ListMetadataFormats", "identifier": ALPHA_1}, {"noMetadataFormats"}),
    ],
)
def test_the_first_stage_that_finds_something_answers(
    sqlite_client: Client, arguments: dict[str, str], codes: set[str]
) -> None:
    assert set(sqlite_client.codes(**arguments)) == codes


def test_an_identifier_is_looked_up_by_its_exact_text(sqlite_client: Client) -> None:
    for changed in (ALPHA_1.upper(), ALPHA_1.replace("oai:", "OAI:"), ALPHA_1 + ":", ALPHA_1[:-1]):
        request = {"verb": "GetRecord", "metadataPrefix": "oai_dc", "identifier": changed}
        assert sqlite_client.codes(**request) == ["idDoesNotExist"]


def test_from_before_the_first_datestamp_is_no_error(sqlite_client: Client) -> None:
    assert sqlite_client.headers(verb="ListRecords", metadataPrefix="oai_dc", from_="1970-01-01")


def test_every_error_says_something(sqlite_client: Client) -> None:
    answer = sqlite_client.ask(verb="ListRecords", bogus="1", from_="junk")
    texts = [error.text or "" for error in answer.iter(OAI + "error")]
    assert len(texts) == 3
    assert all(len(text) > 20 for text in texts)


def test_the_request_is_echoed_whole_with_the_base_url_of_the_settings(
    sqlite_client: Client,
) -> None:
    arguments = {
        "verb": "ListRecords",
        "metadataPrefix": "oai_dc",
        "from": "2020-01-01",
        "until": "2020-01-01",
        "set": "member:alpha",
    }
    request = sqlite_client.ask(**arguments).find(OAI + "request")
    assert request is not None
    assert dict(request.attrib) == arguments
    assert request.text == BASE + "/oai"


def test_an_empty_token_is_echoed(sqlite_client: Client) -> None:
    request = sqlite_client.ask(verb="ListSets", resumptionToken="").find(OAI + "request")
    assert request is not None
    assert dict(request.attrib) == {"verb": "ListSets", "resumptionToken": ""}


@pytest.mark.parametrize(
    "arguments", [{}, {"verb": "Nope"}, {"verb": "Identify", "x": "y"}, {"verb": "ListRecords"}]
)
def test_bad_verbs_and_arguments_are_not_echoed(
    sqlite_client: Client, arguments: dict[str, str]
) -> None:
    request = sqlite_client.ask(**arguments).find(OAI + "request")
    assert request is not None
    assert dict(request.attrib) == {}
