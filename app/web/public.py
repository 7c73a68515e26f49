"""What strangers may see: public repositories and what belongs to them.

What is hidden does not exist for pages: it is left out of lists and answered with 404.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Protocol, TypeVar

from flask import abort

from app.errors import NotFound

if TYPE_CHECKING:
    from collections.abc import Iterable

    from app.store import Store
    from app.store.values import Repository


NAME = re.compile("[a-z0-9][a-z0-9-]{0,62}")


class OfRepository(Protocol):
    """A record or harvest: it belongs to the repository of that name."""

    @property
    def repository(self) -> str:
        """The member key."""
        ...


T = TypeVar("T", bound=OfRepository)


def public_repositories(store: Store) -> tuple[Repository, ...]:
    """Return the repositories that everyone may see, by name."""
    return tuple(repository for repository in store.repositories.list() if repository.public)


def public_repository(store: Store, name: str) -> Repository:
    """Return a repository that everyone may see, else answer 404."""
    try:
        repository = store.repositories.get(name) if NAME.fullmatch(name) else None
    except NotFound:
        repository = None
    if repository is None or not repository.public:
        abort(404, f"No repository here is called “{name}”.")
    return repository


def only_public(things: Iterable[T], repositories: Iterable[Repository]) -> tuple[T, ...]:
    """Leave out what belongs to repositories that are not among those given."""
    names = {repository.name for repository in repositories}
    return tuple(thing for thing in things if thing.repository in names)
