from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from app import create_app
from tests.web.conftest import SETTINGS
from tests.web.filling import change

if TYPE_CHECKING:
    from pathlib import Path

    from flask.testing import FlaskClient

    from tests.web.filling import Filled


def test_the_newest_record_comes_first(client: FlaskClient, filled: Filled) -> None:
    names = re.findall(
        r'<a href="/records/([a-z2-7]{16})"', client.get("/records").get_data(as_text=True)
    )
    by_name = [filled.ids[name] for name in ("crowd", "hostile", "untitled")]
    assert names[:3] == by_name


def test_pages_go_on_by_key_and_show_every_record_once(tmp_path: Path) -> None:
    from app.store import open_store, upgrade
    from tests.web import samples

    url = f"sqlite:///{tmp_path}/hub.sqlite3"
    upgrade(url)
    store = open_store(url)
    repository = store.repositories.add(
        "many", title="Many", base_url="https://x.org/oai", every="1d"
    )
    changes = [change("many", str(n), samples.CHINESE) for n in range(60)]
    store.records.apply(repository.id, None, "", changes)
    client, address, seen, pages = create_app(SETTINGS, store).test_client(), "/records", [], 0
    while address:
        page = client.get(address).get_data(as_text=True)
        seen += re.findall(r'<a href="/records/([a-z2-7]{16})"', page)
        following = re.search(r'rel="next" href="([^"]*)"', page)
        address, pages = following[1] if following else "", pages + 1
    assert pages == 3
    assert len(seen) == len(set(seen)) == 60
    store.dispose()


def test_deleted_records_have_their_own_list(client: FlaskClient, filled: Filled) -> None:
    page = client.get("/records?list=deleted").get_data(as_text=True)
    assert filled.ids["gone"] in page
    assert filled.ids["dataset"] not in page


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("list=unseen", 400),
        ("before=x", 400),
        ("before=-1", 400),
        ("before=99999999999999999999", 400),
        ("repository=nobody", 404),
        ("repository=backroom", 404),
        ("before=1", 200),
    ],
)
def test_what_cannot_be_listed_is_refused(client: FlaskClient, query: str, status: int) -> None:
    assert client.get(f"/records?{query}").status_code == status
