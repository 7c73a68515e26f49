"""The same search finds the same everywhere, and no answer is other than described."""

from __future__ import annotations

import json
import os
import random
from typing import TYPE_CHECKING, Any

import pytest
import schemathesis
from click.testing import CliRunner
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.specs.openapi import checks

from app import create_app
from app.cli import main
from app.store import open_store
from tests.databases import fresh
from tests.web.api.conftest import SETTINGS, fill

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask
    from flask.testing import FlaskClient

    from app.store import Store

pytestmark = pytest.mark.xdist_group("api")
CHECKS = [
    schemathesis.checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
    checks.response_headers_conformance,
]
PLAIN = {"Accept-Encoding": "identity"}
"""What is compressed cannot be read by the checks."""
CHOICES = {
    "repository": ("reef", "lake"), "type": ("Dataset", "Software"),
    "year": ("2001", "2004", "1999"),
    "copies": ("all", "preferred"), "state": ("live", "deleted"), "year_from": ("2002",),
    "linked": ("references", "citations", "none"), "quality": ("middle", "low"),
    "set": ("member:reef", "type:Dataset"), "object": ("no",),
}  # fmt: skip
QUERIES = ("", "about", "-reef", "o.12 OR o.13", "about year:2000..2003", 'title:"about 10.5072"')


def drawn(seed: int) -> list[tuple[str, str]]:
    """A random set of parameters."""
    chance = random.Random(seed)
    names = chance.sample(sorted(CHOICES), chance.randrange(4))
    text = chance.choice(QUERIES)
    return [("q", text)] * bool(text) + [(name, chance.choice(CHOICES[name])) for name in names]


def walked(client: FlaskClient, pairs: list[tuple[str, str]]) -> set[str]:
    found, query = set(), [*pairs, ("per_page", "20"), ("metadata", "0")]
    body = client.get("/api/v1/records", query_string=query).get_json()
    total = body["total"]
    while True:
        found |= {one["id"] for one in body["items"]}
        if not body.get("next"):
            assert len(found) == total
            return found
        body = client.get(body["next"].removeprefix(SETTINGS.base_url)).get_json()


def lines(client: FlaskClient, path: str, pairs: list[tuple[str, str]]) -> list[bytes]:
    with client.get(path, query_string=[*pairs, ("format", "jsonl")]) as answer:
        assert answer.status_code == 200, pairs
        return answer.data.splitlines()


def told(url: str, pairs: list[tuple[str, str]]) -> set[str]:
    """What the command line finds of what is public; it means all copies where none are named."""
    query = [value for name, value in pairs if name == "q"]
    rest = [(name, value) for name, value in pairs if name != "q"]
    if "copies" not in dict(rest):
        rest.append(("copies", "preferred"))
    options = [f"--{name.replace('_', '-')}={value}" for name, value in rest]
    arguments = ["records", *options, "--format", "jsonl", "--limit", "0", "--", *query]
    environ = {"GARNERY_DATABASE_URL": url, "GARNERY_BASE_URL": SETTINGS.base_url}
    done = CliRunner().invoke(main, arguments, env=dict(os.environ) | environ)
    assert done.exit_code in (0, 1), done.output
    found = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    return {one["id"] for one in found if not one.get("private")}


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def filled(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, Store]]:
    with fresh(request, request.param, tmp_path_factory.mktemp("agreement")) as url:
        store = open_store(url)
        fill(store)
        yield url, store
        store.dispose()


def test_pages_exports_api_and_commands_find_the_same(filled: tuple[str, Store]) -> None:
    url, store = filled
    client = create_app(SETTINGS, store).test_client()
    for seed in range(60 if url.startswith("sqlite") else 20):
        pairs = drawn(seed)
        exported = lines(client, "/search", pairs)
        there = {json.loads(line)["id"] for line in exported}
        assert walked(client, pairs) == there, pairs
        assert lines(client, "/api/v1/records", pairs) == exported
        if seed % 6 == 0:
            assert told(url, pairs) == there, pairs


@pytest.fixture(scope="module")
def app(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Flask]:
    with fresh(request, "sqlite", tmp_path_factory.mktemp("described")) as url:
        store = open_store(url)
        fill(store)
        yield create_app(SETTINGS, store)
        store.dispose()


def test_no_answer_is_other_than_described(app: Flask) -> None:
    document = app.test_client().get("/api/v1/openapi.json").get_json()
    document["servers"] = [{"url": "http://localhost/api/v1"}]
    schema: Any = schemathesis.openapi.from_dict(document)
    schema.app = app
    for operation in schema.get_all_operations():
        case_of = operation.ok().as_strategy()

        @settings(
            max_examples=3, deadline=None, database=None, derandomize=True,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        @given(case=case_of)
        def answers(case: Any) -> None:
            case.call_and_validate(app=app, checks=CHECKS, headers=PLAIN)

        answers()
