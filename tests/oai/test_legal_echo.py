"""What passes the judgement may be echoed: the answer stays valid."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from app.oai import arguments, response
from app.oai.errors import OaiErrors
from app.store import Store
from tests.oai.filling import Client
from tests.shared import needs_shared

URIC = "abzAZ09-_.!~*'();/?:@&=+$,"
XSD = (
    '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">'
    '<xs:element name="a" type="xs:anyURI"/></xs:schema>'
)


@pytest.fixture(scope="module")
def any_uri() -> etree.XMLSchema:
    """The judgement of libxml2 on the type anyURI."""
    return etree.XMLSchema(etree.fromstring(XSD))


def valid(schema: etree.XMLSchema, text: str) -> bool:
    element = etree.Element("a")
    element.text = text
    return bool(schema.validate(element))


def random_uri(chance: random.Random) -> str:
    """A text of URI characters that likes the places where URIs go wrong."""
    parts = (
        "//",
        "%",
        "%4",
        "%zz",
        "%41",
        ":",
        "@",
        "/",
        "?",
        "a",
        "1",
        "[",
        "#",
        "é",
        " ",
        "99999",
    )
    start = chance.choice(("", "a:", "oai:", "http://", "x://h:", "x://u@", "1:", "a+b.c-d:"))
    return start + "".join(
        chance.choice(parts) if chance.random() < 0.5 else chance.choice(URIC)
        for _ in range(chance.randrange(12))
    )


def test_every_identifier_that_is_let_through_is_a_valid_anyuri(any_uri: etree.XMLSchema) -> None:
    chance = random.Random(20_02)
    passed = [uri for uri in (random_uri(chance) for _ in range(20_000)) if arguments.is_uri(uri)]
    assert len(passed) > 2_000
    assert [uri for uri in passed if not valid(any_uri, uri)] == []


def test_a_text_of_uri_characters_behind_a_scheme_passes_just_when_it_is_an_anyuri(
    any_uri: etree.XMLSchema,
) -> None:
    chance = random.Random(6)
    parts = (
        "//",
        ":",
        "@",
        "%41",
        "%",
        "/",
        "?",
        "443",
        "2147483647",
        "2147483648",
        "0000000000080",
    )
    for _ in range(20_000):
        rest = "".join(
            chance.choice(parts) if chance.random() < 0.5 else chance.choice(URIC)
            for _ in range(chance.randrange(9))
        )
        assert arguments.is_uri("x:" + rest) == valid(any_uri, "x:" + rest), rest


@given(st.text(max_size=40))
@settings(max_examples=500, deadline=None)
def test_any_text_as_identifier_prefix_or_set_gives_an_answer_that_reads_back(text: str) -> None:
    for name in ("identifier", "metadataPrefix", "set", "resumptionToken", "from", text):
        pairs = (("verb", "GetRecord"), (name, text))
        try:
            request = arguments.judge(pairs)
            echoed, pieces = arguments.echo(request), (b"<GetRecord/>",)
        except OaiErrors as error:
            echoed, pieces = (), response.errors(error.faults)
        answer = response.envelope("2026-01-01T00:00:00Z", "http://x.org/oai", echoed, pieces)
        etree.fromstring(answer)


def test_an_identifier_of_a_megabyte_is_judged(any_uri: etree.XMLSchema) -> None:
    assert arguments.is_uri("x:" + "a%41" * 250_000)
    assert not arguments.is_uri("x://" + "a@" * 500_000)


# ── whole answers against the schema ─────────────────────────────────────────────────────────

NAMES = ("identifier", "metadataPrefix", "from", "until", "set", "resumptionToken", "verb", "x")
PIECES = (
    "oai:", "hub.example.org", "member", "type:", "q:", "2020-01-01", "T00:00:00Z", "%", "%41",
    "<", "&", '"', "'", " ", "\t", "\n", "\r", "\x00", "\x0b", "\ufffe", "\udcff", "é", "😀",
    ":", "#", "[",
)  # fmt: skip


def random_value(chance: random.Random) -> str:
    """A value out of pieces that matter, and any characters."""
    return "".join(
        chance.choice(PIECES) if chance.random() < 0.7 else chr(chance.randrange(0x20, 0x2FF))
        for _ in range(chance.randrange(6))
    )


@needs_shared
def test_ten_thousand_random_values_get_valid_answers(sqlite_client: Client) -> None:
    from schemas import Schemas

    schema, chance = Schemas().responses(), random.Random(1)
    for _ in range(10_000):
        verb = chance.choice(tuple(arguments.VERBS))
        needed = {"metadataPrefix": "oai_dc"} if chance.random() < 0.7 else {}
        given = {chance.choice(NAMES): random_value(chance) for _ in range(2)}
        answer = sqlite_client.answer(**{"verb": verb, **needed, **given})
        document = etree.fromstring(answer.body)
        assert schema.validate(document), (given, schema.error_log)


@needs_shared
def test_the_answers_of_an_empty_hub_are_valid(sqlite_store: Store) -> None:
    from schemas import Schemas

    schema, client = Schemas().responses(), Client(sqlite_store)
    for verb in arguments.VERBS:
        for request in ({"verb": verb}, {"verb": verb, "metadataPrefix": "oai_dc"}):
            document = etree.fromstring(client.answer(**request).body)
            assert schema.validate(document), schema.error_log
