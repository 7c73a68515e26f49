"""History goes by its age; the last runs, the proof, and what a record came from stay."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from app.record import Checkpoint, Counts, Listed
from app.store import Store, ageing
from app.store.harvest_tables import requests, sightings
from app.store.requests import Sent, packed, requests_of
from app.store.tables import harvests, windows
from app.store.values import Failure, Harvest, Repository
from app.store.windows import LOST
from tests.store.making import change, member, name


@pytest.fixture
def soon(store: Store) -> datetime:
    """A moment after all that the tests do."""
    return store.now() + timedelta(hours=1)


def ended(
    store: Store,
    repository: Repository,
    kind: str = "incremental",
    *,
    outcome: str = "complete",
    sent: int = 0,
    new: int = 0,
    body: bytes | None = None,
    until: datetime | None = None,
    reason: str = "",
) -> Harvest:
    """A harvest that has ended, with a window, a failure, a sighting and its requests."""
    begun = store.harvests.begin(
        repository.id, kind=kind, trigger="person", worker="w", prefix="oai_dc", from_=""
    )
    one = Sent(store.now(), "ListRecords", body=body, body_until=until)
    store.records.apply(
        repository.id,
        begun.id,
        "w",
        [change(begun.id)] if new else [],
        counts=Counts(seen=new, new=new),
        checkpoint=Checkpoint(begun.id, prefix="oai_dc", closed=True, reason=reason),
        failures=[Failure(0, 0, "repaired", "Mended.")],
        requests=[one] * sent,
        listed=Listed(live=(name(begun.id),), look=True),
    )
    return store.harvests.end(begun.id, "w", outcome=outcome, sentence="It ended.")


def numbers(store: Store, table: object = requests) -> list[int]:
    column = table.c.harvest_id  # type: ignore[attr-defined]
    with store.database.read() as connection:
        return sorted(connection.execute(select(column).distinct()).scalars())


def test_requests_go_but_those_of_the_last_runs_of_each_repository(
    store: Store, soon: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ageing, "LAST_WITH_REQUESTS", 2)
    monkeypatch.setattr(ageing, "PIECE", 3)
    reef, dune = member(store), member(store, "dune")
    old = [ended(store, reef, sent=7) for _ in range(4)]
    only = ended(store, dune, sent=2)
    assert ageing.forget_requests(store, store.now() - timedelta(days=1)) == 0
    assert ageing.forget_requests(store, soon) == 14
    assert numbers(store) == [old[2].id, old[3].id, only.id]
    assert len(requests_of(store, old[2].id)) == 7
    assert ageing.forget_requests(store, soon) == 0


def test_a_request_stays_as_long_as_its_answer(
    store: Store, soon: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ageing, "LAST_WITH_REQUESTS", 1)
    reef, body = member(store), packed([b"<oai/>"])
    kept = ended(store, reef, sent=1, body=body, until=soon)
    ended(store, reef, sent=1, body=body, until=store.now() - timedelta(days=1))
    ended(store, reef)
    assert ageing.forget_requests(store, soon) == 1
    assert numbers(store) == [kept.id]


def test_windows_stay_back_to_the_last_reading_of_everything(
    store: Store, soon: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ageing, "LAST_WITH_HISTORY", 1)
    reef = member(store)
    ended(store, reef, "full", new=1)
    ended(store, reef, new=1)
    look = ended(store, reef, "sweep", new=1)
    later = ended(store, reef, new=1)
    assert ageing.forget_history(store, soon) == 4
    assert numbers(store, windows) == [look.id, later.id]


def test_a_window_that_is_lost_holds_its_proof(
    store: Store, soon: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ageing, "LAST_WITH_HISTORY", 1)
    reef = member(store)
    ended(store, reef, "full", new=1)
    first = ended(store, reef, "full", new=1, reason=LOST)
    look = ended(store, reef, "sweep", new=1)
    ageing.forget_history(store, soon)
    assert numbers(store, windows) == [first.id, look.id]


def test_harvests_that_brought_nothing_go_and_others_stay(
    store: Store, soon: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ageing, "LAST_WITH_HISTORY", 1)
    reef = member(store)
    first = ended(store, reef, "full", new=1)
    ended(store, reef)  # nothing of it is needed
    asked = ended(store, reef, sent=1)
    whole, last = ended(store, reef, "full"), ended(store, reef, outcome="failed")
    ageing.forget_history(store, soon)
    with store.database.read() as connection:
        left = list(connection.execute(select(harvests.c.id).order_by(harvests.c.id)).scalars())
    assert left == [first.id, asked.id, whole.id, last.id]


def test_what_was_seen_goes_once_a_later_run_stands_for_it(store: Store, soon: datetime) -> None:
    reef = member(store)
    ended(store, reef, "full", outcome="incomplete")
    last = ended(store, reef, "full", outcome="incomplete")
    failed = ended(store, reef, outcome="failed")
    assert ageing.forget_sightings(store, soon) == 1
    assert numbers(store, sightings) == [last.id, failed.id]
    store.repositories.remove(reef.name)
    assert ageing.forget_sightings(store, soon) == 2
    with store.database.read() as connection:
        assert connection.execute(select(func.count()).select_from(sightings)).scalar_one() == 0
