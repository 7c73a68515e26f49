"""The home page: what this hub is, its numbers, its repositories, its newest records, ways in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response
from msgspec import Struct

from app import clock
from app.store.browsing import added, browse
from app.web import frame, repository_page
from app.web.public import public_repositories
from app.web.records import recent

if TYPE_CHECKING:
    from app.store.values import Repository

blueprint = Blueprint("home", __name__)

REPOSITORIES, NEWEST = 8, 10
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
        cards=_cards(repositories, added(store, recent(now))),
        repositories=[repository_page.row(r, None, now) for r in _largest(repositories)],
        total=len(repositories),
        newest=browse(store, limit=NEWEST),
        sample=frame.settings().base_url + SAMPLE,
    )


class Card(Struct, frozen=True):
    """A number and the list that it counts."""

    number: int
    word: str
    href: str


def _cards(repositories: tuple[Repository, ...], lately: int) -> tuple[Card, ...]:
    live, members = sum(r.live for r in repositories), len(repositories)
    deleted = sum(r.deleted for r in repositories)
    return (
        Card(live, "record" if live == 1 else "records", "/records"),
        Card(lately, "added in the last 30 days", "/records?list=added"),
        Card(members, "repository" if members == 1 else "repositories", "/repositories"),
        Card(deleted, "deleted and kept as tombstones", "/records?list=deleted"),
    )


def _largest(repositories: tuple[Repository, ...]) -> list[Repository]:
    return sorted(repositories, key=lambda r: (-r.live, r.name))[:REPOSITORIES]
