"""The former addresses of the list of records lead to the search that finds the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from tests.web.filling import Filled


@pytest.mark.parametrize(
    ("old", "wanted", "unwanted"),
    [
        ("/records", "dataset", "gone"),
        ("/records?list=deleted", "gone", "dataset"),
        ("/records?list=added&before=7", "dataset", "gone"),
        ("/records?repository=tideland", "dataset", "secret"),
        ("/records?list=nonsense", "dataset", "gone"),
    ],
)
def test_an_old_list_is_found_by_the_search(
    client: FlaskClient, filled: Filled, old: str, wanted: str, unwanted: str
) -> None:
    assert client.get(old).status_code == 301
    page = client.get(old, follow_redirects=True)
    assert page.status_code == 200
    assert f"/records/{filled.ids[wanted]}" in page.text
    assert f"/records/{filled.ids[unwanted]}" not in page.text
