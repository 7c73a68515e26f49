"""What the page of a removed record says, in its order: what, when, why, what now."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from msgspec import structs

from app import create_app
from app.datacite.resource import Publisher, RelatedIdentifier, Resource, Title
from app.record import DELETED, NOT_LISTED
from tests.web.conftest import SETTINGS
from tests.web.filling import change
from tests.web.samples import person

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from app.record import Change
    from app.store import Store

LOOKS = f"{NOT_LISTED}: it was missing from the whole lists of 2026-11-01 (harvest 4) and others."


def resource(name: str, *related: tuple[str, str]) -> Resource:
    return Resource(
        doi=f"10.5072/{name}",
        creators=tuple(person(f"Family{n}", "Given") for n in range(30)),
        titles=(Title(f"On {name}"),),
        publisher=Publisher("The Press"),
        publication_year=2020,
        url=f"https://m.org/{name}",
        related_identifiers=tuple(
            RelatedIdentifier(f"10.5072/{other}", "DOI", relation) for other, relation in related
        ),
    )


def gone(name: str, reason: str) -> Change:
    return structs.replace(change("m", name, None, "deleted"), reason=reason)


@pytest.fixture
def pages(store: Store) -> dict[str, str]:
    """The pages of removed records, by their names, and the addresses of those that live."""
    member = store.repositories.add("m", title="M", base_url="https://m.org/oai", every="1d")
    held = {
        "unlisted": resource("unlisted"),
        "deleted": resource("deleted", ("here", "IsObsoletedBy"), ("away", "IsIdenticalTo")),
        "here": resource("here"),
        "newer": resource("newer", ("unlisted", "IsNewVersionOf")),
    }
    came = [change("m", name, one) for name, one in held.items()]
    store.records.apply(member.id, None, "", came)
    left = [gone("unlisted", LOOKS), gone("deleted", DELETED)]
    store.records.apply(member.id, None, "", left)
    web: FlaskClient = create_app(SETTINGS, store).test_client()
    found = {one.identifier.rpartition(":")[2]: f"/records/{one.local_id}" for one in came}
    texts = {
        name: web.get(path).text for name, path in found.items() if name not in ("here", "newer")
    }
    told = web.get(f"{found['unlisted']}?format=datacite_json").get_json(force=True)
    return found | texts | {"successor": told["successor"]}


def in_order(page: str, *sentences: str) -> bool:
    places = [page.find(sentence) for sentence in sentences]
    return -1 not in places and places == sorted(places)


def test_a_tombstone_says_in_order_what_when_why_and_what_now(pages: dict[str, str]) -> None:
    page = pages["unlisted"]
    assert in_order(
        page,
        "The repository no longer lists this record.",
        "The hub took it out on",
        "The repository gave no reason.",
        LOOKS,
        "A newer version is",
        f'<a href="{pages["newer"]}">On newer</a>',
        'id="cite"',
        "The Press",
        "https://m.org/unlisted",
    )
    assert 'href="https://m.org/unlisted"' not in page
    assert "all=creators" not in page
    assert "format=bibtex" not in page
    assert pages["successor"] == f"https://hub.example.org{pages['newer']}"
    page = pages["deleted"]
    assert in_order(
        page,
        "The repository removed this record.",
        "The repository gave no reason.",
        "It was replaced by",
        f'<a href="{pages["here"]}">On here</a>',
        "The same thing is",
        'href="https://doi.org/10.5072/away"',
    )
    assert DELETED not in page
