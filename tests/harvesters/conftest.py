"""A fake repository, and the settings and steps that tests of whole harvests share."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from app.settings import Harvest as HarvestSettings
from app.settings import Settings, Work
from app.store import Store
from app.store.values import Harvest, Repository, StoredRecord
from harvesters.runs.pipeline import harvest
from tests.fakes.oai import Fake, fake_repository

QUICK = {
    "connect_timeout": 2.0,
    "read_timeout": 3.0,
    "page_deadline": 8.0,
    "backoff_base": 0.01,
    "longest_outage": 0.2,
    "allow_private_addresses": True,
}


def quick_settings(*, lease: float = 60.0, **changes: Any) -> Settings:
    return Settings(
        harvest=HarvestSettings(**(QUICK | changes)),
        work=Work(lease_seconds=lease),
    )


@dataclass
class Hub:
    """A store with one member, and the steps of a test."""

    store: Store
    url: str
    settings: Settings = field(default_factory=quick_settings)
    name: str = "fake"

    def join(self, **changes: Any) -> Repository:
        values: dict[str, Any] = {"title": "The fake", "base_url": self.url, "every": "1d"}
        return self.store.repositories.add(self.name, **(values | changes))

    def run(self, **options: Any) -> Harvest:
        given = {"trigger": "person", "worker": "test"} | options
        return harvest(self.store, self.settings, self.name, **given)

    @property
    def repository(self) -> Repository:
        return self.store.repositories.get(self.name)

    def records(self, *states: str) -> dict[str, StoredRecord]:
        """Records by the last part of their identifier."""
        found = self.store.records.iterate(repository=self.name, states=states or ("live",))
        return {record.identifier.rpartition(":")[2]: record for record, _ in found}

    def titles(self) -> dict[str, str]:
        return {name: record.summary.title for name, record in self.records().items()}

    def causes(self, run: Harvest) -> list[str]:
        return [failure.cause for failure in self.store.harvests.failures(run.id)]

    def set_aside(self) -> dict[str, str]:
        found = self.store.records.quarantined(self.repository.id)
        return {record.identifier.rpartition(":")[2]: record.quarantine for record in found}


@pytest.fixture
def fake() -> Iterator[Fake]:
    with fake_repository(9) as made:
        yield made


@pytest.fixture
def hub(store: Store, fake: Fake) -> Hub:
    made = Hub(store, fake.url)
    made.join()
    return made


@pytest.fixture
def sqlite_hub(sqlite_store: Store, fake: Fake) -> Hub:
    made = Hub(sqlite_store, fake.url)
    made.join()
    return made


@pytest.fixture
def later() -> Iterator[Callable[[float, Callable[[], object]], None]]:
    """Do something from another thread after so many seconds."""
    timers: list[threading.Timer] = []

    def start(seconds: float, action: Callable[[], object]) -> None:
        timer = threading.Timer(seconds, action)
        timer.daemon = True
        timers.append(timer)
        timer.start()

    yield start
    for timer in timers:
        timer.cancel()
