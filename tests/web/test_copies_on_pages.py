"""Records that describe one object, belong to another, or have newer versions, on their pages."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from msgspec import Struct

from app import create_app
from app.datacite.resource import AlternateIdentifier, RelatedIdentifier, Resource, Title
from tests.web.conftest import SETTINGS
from tests.web.filling import change

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from app.store import Store

BASE = "https://hub.example.org"


def resource(
    name: str, *related: RelatedIdentifier, others: tuple[AlternateIdentifier, ...] = ()
) -> Resource:
    return Resource(
        doi=f"10.5072/{name}",
        titles=(Title(f"On {name}"),),
        alternate_identifiers=others,
        related_identifiers=related,
    )


def related(name: str, relation: str) -> RelatedIdentifier:
    return RelatedIdentifier(f"10.5072/{name}", "DOI", relation)


class Hub(Struct):
    client: FlaskClient
    ids: dict[str, str]


@pytest.fixture
def hub(store: Store) -> Hub:
    """Two repositories: copies of one object, a collection, versions, a name of two objects."""
    ids: dict[str, str] = {}
    other = (AlternateIdentifier("20.500.12345/67", "Handle"),)
    holdings = {
        "first": {
            "sand": resource("sand", related("dunes", "IsPartOf"), related("none", "Cites")),
            "old": resource("old", related("new", "IsPreviousVersionOf")),
            "left": resource("left", others=other),
        },
        "second": {
            "sand": resource("sand"),
            "dunes": resource("dunes"),
            "new": resource("new"),
            "right": resource("right", others=other),
        },
    }
    for name, held in holdings.items():
        member = store.repositories.add(
            name, title=f"The {name}", base_url=f"https://{name}.org/oai", every="1d"
        )
        changes = [change(name, key, one) for key, one in held.items()]
        store.records.apply(member.id, None, "", changes)
        ids |= {f"{name}-{key}": one.local_id for key, one in zip(held, changes, strict=True)}
    return Hub(create_app(SETTINGS, store).test_client(), ids)


def test_the_preferred_copy_answers_and_the_others_point_to_it(hub: Hub) -> None:
    first, second = hub.ids["first-sand"], hub.ids["second-sand"]
    answer = hub.client.get("/doi/10.5072/sand")
    assert answer.headers["Location"] == f"/records/{first}"
    for asked in ("10.5072/sand", "https://doi.org/10.5072/SAND"):
        answer = hub.client.get("/search", query_string={"q": asked})
        assert (answer.status_code, answer.location) == (303, f"/records/{first}")
    assert hub.client.get("/search?q=20.500.12345/67").status_code == 200
    page = hub.client.get(f"/records/{second}").text
    assert f'<link rel="canonical" href="{BASE}/records/{first}">' in page
    assert f'href="/records/{first}"' in page.partition('id="copies"')[2]
    assert 'id="copies"' not in hub.client.get(f"/records/{hub.ids['second-dunes']}").text

    two_copies_are_compared(hub, first, second)
    links_show_on_both_sides(hub)
    an_older_version_says_that_there_is_a_newer_one(hub)


def two_copies_are_compared(hub: Hub, first: str, second: str) -> None:
    path = f"/records/{second}/differences/{first}"
    page = hub.client.get(f"/records/{second}").text.partition('id="copies"')[2]
    assert re.search(rf'<a href="{path}">differs in \d+ fields?</a>', page)
    assert "oai:first.example.org:sand" in page
    shown = hub.client.get(path)
    assert shown.status_code == 200
    assert "Fields that differ" in shown.text
    assert hub.client.get(f"/records/{second}/differences/{second}").status_code == 404
    dunes = hub.ids["second-dunes"]
    assert hub.client.get(f"/records/{second}/differences/{dunes}").status_code == 404


def links_show_on_both_sides(hub: Hub) -> None:
    sand, dunes = hub.ids["first-sand"], hub.ids["second-dunes"]
    found = hub.client.get(f"/records/{sand}")
    assert f'<{BASE}/records/{dunes}>; rel="collection"' in found.headers["Link"]
    assert f'href="/records/{dunes}"' in found.text.partition('id="related"')[2]
    assert "not in this hub" in found.text
    assert "stated by this repository" in found.text
    there = hub.client.get(f"/records/{dunes}")
    assert f'href="/records/{sand}"' in there.text.partition('id="related"')[2]
    assert "stated by The first" in there.text


def an_older_version_says_that_there_is_a_newer_one(hub: Hub) -> None:
    page = hub.client.get(f"/records/{hub.ids['first-old']}").text
    assert f'<a href="/records/{hub.ids["second-new"]}">older version</a>' in page
    assert "older version" not in hub.client.get(f"/records/{hub.ids['second-new']}").text


def test_another_name_of_several_objects_gives_the_choice(hub: Hub) -> None:
    answer = hub.client.get("/resolve/hdl:20.500.12345/67")
    assert answer.status_code == 300
    for name in ("first-left", "second-right"):
        assert f'href="/records/{hub.ids[name]}"' in answer.text
    what_is_only_linked_to_tells_by_what(hub)


def what_is_only_linked_to_tells_by_what(hub: Hub) -> None:
    answer = hub.client.get("/resolve/10.5072/none")
    assert answer.status_code == 404
    assert "On sand" in answer.text
    assert 'href="https://doi.org/10.5072/none"' in answer.text
