"""Single facts of the hub."""

from __future__ import annotations

from app.store import Store
from tests.store import processes


def test_a_fact_is_what_was_written_last(store: Store) -> None:
    assert store.hub.get("created") is None
    store.hub.put("created", "2024")
    store.hub.put("created", "2025")
    assert store.hub.get("created") == "2025"


def test_a_default_is_written_once(store: Store) -> None:
    assert store.hub.setdefault("secret", "one") == "one"
    assert store.hub.setdefault("secret", "two") == "one"
    assert store.hub.get("secret") == "one"


def test_processes_agree_on_a_default(store: Store) -> None:
    work = [(store.url, f"secret {n}") for n in range(4)]
    assert len(set(processes.together(processes.choose_secret, work))) == 1
