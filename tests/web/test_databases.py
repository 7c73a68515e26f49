"""Every page over each kind of database: the same statuses, the same words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from app import create_app
from tests.web.conftest import SETTINGS
from tests.web.filling import fill
from tests.web.test_frame import PAGES

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from app.store import Store
    from tests.web.filling import Filled


ANSWERS = (
    "/doi/10.5072/tides-1",
    "/doi/10.5072/article-9",
    "/resolve/oai:tideland.example.org:dataset",
    "/resolve/oai:tideland.example.org:gone",
    "/resolve/10.5072/none",
    "/resolve/20.500.12345/none",
    "/records/{dataset}?format=csv",
    "/records/{dataset}?format=linkset",
    "/records/{unread}?format=datacite",
    "/records/{gone}?format=datacite_json",
    "/text/x-bibliography/10.5072/tides-1",
)


USED = "/statistics/use"
"""Tells what was asked of each hub, which is not the same."""


def words(client: FlaskClient, path: str) -> str:
    """What a page says, without what tells one run from another."""
    page = client.get(path).get_data(as_text=True)
    page = re.sub('(?s)<section aria-labelledby="(provider|oai|web)".*?</section>', "", page)
    moments = r"\d\d? \w{3} 20\d\d(, \d\d:\d\d UTC)?|20\d\d-\d\d-\d\dT[\d:]{8}Z"
    page = re.sub(r"<div><dt>Records a second</dt><dd>[\d,.]+</dd></div>\n", "", page)
    return re.sub(moments + "|[0-9a-f]{16}|took|\\d+ s\\b", "", page)


def test_every_page_is_the_same_on_each_database(
    client: FlaskClient, filled: Filled, store: Store
) -> None:
    other = create_app(SETTINGS, store).test_client()
    again = fill(store)
    assert again.ids == filled.ids
    for path in PAGES:
        path = path.format(**filled.ids)
        assert other.get(path).status_code == client.get(path).status_code, path
        if path != USED:
            assert words(other, path) == words(client, path), path


def test_every_address_answers_the_same_on_each_database(
    client: FlaskClient, filled: Filled, store: Store
) -> None:
    other = create_app(SETTINGS, store).test_client()
    fill(store)
    for path in ANSWERS:
        path = path.format(**filled.ids)
        ours, theirs = client.get(path), other.get(path)
        assert (ours.status_code, ours.content_type) == (theirs.status_code, theirs.content_type)
        assert ours.headers.get("Location") == theirs.headers.get("Location"), path
        assert ours.headers.get("Link") == theirs.headers.get("Link"), path


def test_impossible_names_are_404_on_each_database(store: Store) -> None:
    client = create_app(SETTINGS, store).test_client()
    for path in (
        "/records/%00",
        "/records/aaaaaaaaaaaaaa%00a",
        "/repositories/%00",
        "/harvests/99999999999999999999",
        "/doi/10.5072/%00",
        "/doi/10.5072/%ED%A0%80",
        "/resolve/%00",
        "/resolve/10.5072/%ED%A0%80",
        "/resolve/oai:x:%F0%9F%98%80",
        "/cite?id=%00",
    ):
        assert client.get(path).status_code == 404, path
    assert client.get("/search?repository=%00").status_code == 200
    assert client.get("/search?q=%00").status_code == 400
