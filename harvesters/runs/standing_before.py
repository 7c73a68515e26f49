"""What stands before a harvester and looks like one: most is asked of the one behind it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Generic, TypeVar

from msgspec.structs import replace

from app.store import Store
from app.store.values import Repository
from harvesters.base import Description, Selective, Traffic

MOST_SINGLES = 200
"""Records that are asked for one by one; more of them are read as a list."""
NOT_HAD = "It is listed, and the repository does not give it when it is asked for."

Inner = TypeVar("Inner", bound=Selective)


class StandingBefore(Generic[Inner]):
    """A harvester that changes the lists of another, and leaves the rest to it.

    Single records that it asks for on its own account are counted in `_singles`: they are no extra
    requests of the run.
    """

    def __init__(self, inner: Inner, store: Store, repository: Repository) -> None:
        self._inner = inner
        self._store = store
        self._name = repository.name
        self._singles = 0

    def describe(self) -> Description:
        """Ask the repository what it is."""
        return self._inner.describe()

    def choose_prefix(self, sets: tuple[str, ...]) -> str:
        """Return the richest formats that are offered, readable and there."""
        return self._inner.choose_prefix(sets)

    def set_names(self) -> Mapping[str, str]:
        """Return the names of the repository's sets."""
        return self._inner.set_names()

    def traffic(self) -> Traffic:
        """Return what went over the network; the records asked for here are no extra requests."""
        told = self._inner.traffic()
        return replace(told, extra=max(told.extra - self._singles, 0))

    def close(self) -> None:
        """Give up a request under way and close all connections."""
        self._inner.close()
