from __future__ import annotations

from datetime import UTC, datetime

from msgspec.structs import replace

from app.store import Store
from app.store.quirks import (
    Learned,
    causes_of,
    forget_address,
    forget_quirk,
    note_quirks,
    quirks_of,
    switch_quirk,
)

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
SLOW = Learned("slow", "31", "It took 31 s.", 7, NOW, NOW)
TOKENS = Learned("token-verbatim", evidence="x", learned_at=NOW, tried_at=NOW)


def member(store: Store, name: str = "m") -> int:
    url = f"https://{name}.example.org/oai"
    return store.repositories.add(name, title="M", base_url=url, every="1d").id


def test_what_was_learned_is_kept_for_its_repository_alone(store: Store) -> None:
    one, other = member(store), member(store, "n")
    note_quirks(store, one, (TOKENS, SLOW))
    assert quirks_of(store, one) == (SLOW, TOKENS)
    assert quirks_of(store, other) == ()
    note_quirks(store, one, (replace(SLOW, value="40"),), ("token-verbatim",))
    assert quirks_of(store, one) == (replace(SLOW, value="40"),)


def test_what_a_person_switched_off_is_neither_learned_nor_forgotten(store: Store) -> None:
    number = member(store)
    note_quirks(store, number, (SLOW,))
    switch_quirk(store, number, replace(SLOW, off=True))
    note_quirks(store, number, (replace(SLOW, value="99"),), ("slow",))
    assert quirks_of(store, number) == (replace(SLOW, off=True),)
    switch_quirk(store, number, replace(SLOW, off=False))
    assert quirks_of(store, number) == (SLOW,)


def test_a_person_can_say_what_no_harvest_has_seen(store: Store) -> None:
    number = member(store)
    switch_quirk(store, number, replace(SLOW, off=True, harvest=None))
    assert quirks_of(store, number)[0].off
    assert forget_quirk(store, number, "slow")
    assert not forget_quirk(store, number, "slow")


def test_another_address_has_other_ways_but_what_a_person_said_stays(store: Store) -> None:
    number = member(store)
    note_quirks(store, number, (SLOW, TOKENS))
    switch_quirk(store, number, replace(SLOW, off=True))
    forget_address(store, number)
    assert [one.name for one in quirks_of(store, number)] == ["slow"]


def test_evidence_is_cut_and_holds_nothing_that_a_database_refuses(store: Store) -> None:
    number = member(store)
    note_quirks(store, number, (replace(SLOW, evidence="a\0b" + "x" * 5000),))
    kept = quirks_of(store, number)[0].evidence
    assert kept.startswith("a\ufffdb")
    assert len(kept) == 2000


def test_erasing_a_repository_erases_its_quirks(store: Store) -> None:
    number = member(store)
    note_quirks(store, number, (SLOW,))
    store.repositories.remove("m", erase=True)
    assert quirks_of(store, number) == ()


def test_a_harvest_without_failures_has_no_causes(store: Store) -> None:
    assert causes_of(store, 1) == {}
