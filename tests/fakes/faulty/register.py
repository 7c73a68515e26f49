"""The register of scenarios: a name, a kind, and the repository that misbehaves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tests.fakes.faulty.expectations import Expectation
from tests.fakes.faulty.repository import Repository


@dataclass(frozen=True, slots=True)
class Scenario:
    """One way to misbehave, and what a harvester must make of it."""

    name: str
    kind: str
    quirks: tuple[int, ...]
    """Numbers in the catalogue of quirks."""
    repository: type[Repository]

    @property
    def expect(self) -> Expectation:
        """What a full harvest must lead to."""
        return self.repository.expect

    @property
    def about(self) -> str:
        """What the endpoint does."""
        return " ".join((self.repository.__doc__ or "").split())

    @property
    def path(self) -> str:
        """Path and query of the base URL, with a shared state."""
        return self.path_of("")

    def path_of(self, state: str) -> str:
        """Path and query of the base URL that keeps a state of its own."""
        middle = f"/{state}" if state else ""
        return f"/{self.name}{middle}/oai{self.repository.base_query}"


SCENARIOS: dict[str, Scenario] = {}


def scenario(name: str, kind: str, *quirks: int) -> Callable[[type[Repository]], type[Repository]]:
    """Register a repository class as a scenario."""

    def register(repository: type[Repository]) -> type[Repository]:
        SCENARIOS[name] = Scenario(name, kind, quirks, repository)
        return repository

    return register
