"""Several processes at one database: no update is lost, no half page stays."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from app.store import Store
from tests.store import processes
from tests.store.making import change, dump, harvest, listed, member, put, walk

ROOT = Path(__file__).resolve().parents[2]
WRITERS, TIMES = 4, 40


@pytest.mark.parametrize(("engine", "whole"), [("ours", True), ("plain", False)])
def test_only_immediate_transactions_lose_no_update(
    sqlite_store: Store, engine: str, whole: bool
) -> None:
    """SQLAlchemy's own way to begin on SQLite shows what the rule is for."""
    sqlite_store.hub.put("n", "0")
    work = [(sqlite_store.url, engine, TIMES)] * WRITERS
    failed = sum(processes.together(processes.count_up, work))
    counted = int(sqlite_store.hub.get("n") or 0)
    assert (counted + failed == WRITERS * TIMES) is whole
    assert (failed == 0) or not whole


def test_pages_of_several_processes_all_arrive(store: Store) -> None:
    repository = member(store)
    pages, size = 8, 20
    work = [(store.url, repository.id, "reef", 1000 * n, pages, size) for n in range(3)]
    processes.together(processes.bring, work)
    wanted = 3 * pages * size
    assert len(walk(store, 50)) == wanted
    assert len(listed(store, "datacite", set_spec="type:Dataset")) == wanted
    assert store.repositories.get("reef").live == wanted
    assert store.records.numbers(store.now()).added_30_days == wanted


def test_members_are_harvested_beside_one_another(store: Store) -> None:
    """New sets that two processes make at once are one set."""
    members = [member(store, key) for key in ("reef", "dune", "fell")]
    work = [(store.url, one.id, one.name, 0, 6, 10) for one in members]
    processes.together(processes.bring, work)
    assert [one.live for one in store.repositories.list()] == [60, 60, 60]
    assert len(listed(store, set_spec="type:Dataset")) == 180
    assert [row.spec for row in store.sets.listed(after="type", limit=9)] == ["type:Dataset"]


def test_a_process_killed_at_any_statement_leaves_all_as_it_was(store: Store) -> None:
    repository = member(store)
    put(store, repository, *(change(n) for n in range(1, 5)))
    harvest(store, repository)
    before = dump(store)
    store.dispose()
    done = subprocess.run(
        [sys.executable, "-m", "tests.store.dying", store.url],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=processes.PATIENCE,
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["kept"]
    assert found["statements"] > 15
    assert dump(store) != before
