"""The home page: what this hub is, its numbers, largest repositories, a way in for each reader."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from flask import Blueprint, Response, current_app
from msgspec import Struct

from app.query.request import Request, read
from app.store.links.listing import link_numbers
from app.web import frame, records
from app.web.help import READERS
from app.web.kept_number import KeptNumber
from app.web.public import public_repositories
from app.web.tries import Tries

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.store import Store
    from app.store.values import Repository
    from app.web.tries import Try

blueprint = Blueprint("home", __name__)

REPOSITORIES = 8
LINKS = "/statistics/links?resolved=yes"
OPERATORS = "operators"
"""Those who find nothing here for them."""


@blueprint.get("/")
def home() -> Response:
    """Show the home page."""
    repositories = public_repositories(frame.store())
    return frame.page(
        "home/home.html",
        title="",
        cards=_cards(repositories, _kept("lately", _lately), _kept("links", _links)),
        tries=_tries(),
        repositories=_largest(repositories),
        total=len(repositories),
        readers=[one for one in READERS if one.name != OPERATORS],
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
    """A number and the list that it counts; None: it took too long to count."""

    number: int | None
    word: str
    href: str


def _cards(
    repositories: tuple[Repository, ...], lately: int | None, links: int | None
) -> tuple[Card, ...]:
    live, members = sum(r.live for r in repositories), len(repositories)
    between = "link between records" if links == 1 else "links between records"
    return (
        Card(live, "record" if live == 1 else "records", records.address()),
        Card(members, "repository" if members == 1 else "repositories", "/repositories"),
        Card(links, between, LINKS),
        Card(lately, "added in the last 30 days", records.address("added")),
    )


class Large(Struct, frozen=True):
    """A repository with the number of its live records, and their list."""

    name: str
    title: str
    live: int
    href: str


def _largest(repositories: tuple[Repository, ...]) -> tuple[Large, ...]:
    largest = sorted(repositories, key=lambda r: (-r.live, r.name))[:REPOSITORIES]
    return tuple(
        Large(r.name, r.title or r.name, r.live, records.address(repository=r.name))
        for r in largest
    )
