"""A harvest of thirty pages, killed at each of them: the store of an undisturbed one."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.store import Store, open_store
from tests.harvesters import dying
from tests.system.contents import contents
from tests.system.source import Source, source

ROOT = Path(__file__).resolve().parents[2]
PAGES = 30
pytestmark = pytest.mark.slow
NOT_COUNTED = ("requests", "retries", "bytes")
"""What it costs to get there: requests are sent again."""


@pytest.fixture
def member() -> Iterator[Source]:
    with source(pages=PAGES, size=5) as made:
        yield made


def join(store: Store, member: Source) -> None:
    store.repositories.add("m", title="A source", base_url=member.url(), every="1d")


def everything(store: Store) -> dict[str, Any]:
    """All that is kept but times and the history of runs."""
    (run,) = store.harvests.list()
    counts = run.counts.__struct_fields__
    repository = store.repositories.get("m")
    return {
        "records": contents(store),
        "repository": (repository.live, repository.deleted, repository.quarantined),
        "checked": (repository.chosen_prefix, repository.granularity, repository.deleted_record),
        "outcome": (run.outcome, run.cause, run.told),
        "counts": {n: getattr(run.counts, n) for n in counts if n not in NOT_COUNTED},
        "windows": [(w.state, w.pages, w.listed, w.told) for w in store.harvests.windows(run.id)],
        "sets": store.sets.listed(after=None, limit=100),
    }


@pytest.fixture
def undisturbed(sqlite_url: str, member: Source, tmp_path: Path) -> dict[str, Any]:
    path = tmp_path / "undisturbed.sqlite3"
    path.write_bytes(Path(sqlite_url.removeprefix("sqlite:///")).read_bytes())
    store = open_store(f"sqlite:///{path}")
    join(store, member)
    dying.go(store)
    found = everything(store)
    store.dispose()
    return found


def test_killed_at_every_page_within_and_between_transactions(
    store: Store, member: Source, undisturbed: dict[str, Any]
) -> None:
    join(store, member)
    store.dispose()
    done = subprocess.run(
        [sys.executable, "-m", "tests.harvesters.dying", store.url],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    deaths = json.loads(done.stdout)["deaths"]
    assert set(range(2, PAGES)) <= set(deaths), "it was killed at each page"
    assert everything(store) == undisturbed
