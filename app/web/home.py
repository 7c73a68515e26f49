"""The home page: what this hub is, its numbers, its repositories, its newest records, ways in."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from flask import Blueprint, Response, current_app
from msgspec import Struct

from app import clock
from app.query.request import Request, read
from app.store.browsing import browse
from app.store.links.listing import link_numbers
from app.web import frame, records, repository_page
from app.web.kept_number import KeptNumber
from app.web.public import public_repositories
from app.web.tries import Tries

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.store import Store
    from app.store.values import Repository
    from app.web.tries import Try

blueprint = Blueprint("home", __name__)

REPOSITORIES, NEWEST = 8, 10
LINKS = "/statistics/links?resolved=yes"
SAMPLE = "/oai?verb=ListRecords&metadataPrefix=datacite"
"""The request that shows an aggregator what comes back."""


@blueprint.get("/")
def home() -> Response:
    """Show the home page."""
    store, now = frame.store(), clock.now()
    repositories = public_repositories(store)
    return frame.page(
        "home/home.html",
        title="",
        cards=_cards(repositories, _kept("lately", _lately), _kept("links", _links)),
        tries=_tries(),
        repositories=[repository_page.row(r, None, now) for r in _largest(repositories)],
        total=len(repositories),
        newest=browse(store, limit=NEWEST),
        sample=frame.settings().base_url + SAMPLE,
    )


def _kept(name: str, count: Callable[[Store], int]) -> int | None:
    """Return a number that is counted now and then, None where that takes too long."""
    store = frame.store()
    kept: KeptNumber = current_app.extensions.setdefault(
        f"garnery.{name}", KeptNumber(lambda: count(store))
    )
    return kept.now()


def _lately(store: Store) -> int:
    """Return how many records the list of lately added ones has."""
    found = read(parse_qsl(records.address("added").partition("?")[2]))
    return store.search.count(found) if isinstance(found, Request) else 0


def _links(store: Store) -> int:
    """Return how many links join what is in the hub."""
    return sum(here for _, here in link_numbers(store, Request()).values())


def _tries() -> tuple[Try, ...]:
    tries: Tries = current_app.extensions.setdefault("garnery.tries", Tries(frame.store()))
    return tries.now()


class Card(Struct, frozen=True):
    """A number and the list that it counts."""

    number: int
    word: str
    href: str


def _cards(
    repositories: tuple[Repository, ...], lately: int | None, links: int | None
) -> tuple[Card, ...]:
    live, members = sum(r.live for r in repositories), len(repositories)
    between = "link between records" if links == 1 else "links between records"
    cards: tuple[Card, ...] = (
        Card(live, "record" if live == 1 else "records", records.address()),
        Card(members, "repository" if members == 1 else "repositories", "/repositories"),
    )
    if links is not None:
        cards = (*cards, Card(links, between, LINKS))
    if lately is not None:
        cards = (*cards, Card(lately, "added in the last 30 days", records.address("added")))
    return cards


def _largest(repositories: tuple[Repository, ...]) -> list[Repository]:
    return sorted(repositories, key=lambda r: (-r.live, r.name))[:REPOSITORIES]
