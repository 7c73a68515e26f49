"""Packed bytes: dictionaries are trained from the store's own records and kept for ever."""

from __future__ import annotations

import random

import pytest
from sqlalchemy import func, select

from app.store import Store, open_store
from app.store.codec import SAMPLES, Codec, DamagedBytes, train
from app.store.tables import contents, dictionaries
from tests.store.making import change, listed, member, name, put, renderings, walk

WORDS = ("coral", "reef", "sediment", "core", "isotope", "survey", "region", "climate", "model")


def wordy(n: int) -> str:
    dice = random.Random(n)
    return " ".join(dice.choice(WORDS) for _ in range(60))


def fill(store: Store, number: int) -> None:
    repository = member(store)
    for start in range(0, number, 250):
        numbers = range(start, start + 250)
        put(store, repository, *(wordy_change(n) for n in numbers))


def wordy_change(n: int):  # type: ignore[no-untyped-def]
    text = wordy(n)
    return change(n, original=f"<dc>{text}</dc>".encode(), renderings=renderings(text))


def kinds(store: Store) -> dict[str, int]:
    with store.database.read() as connection:
        columns = dictionaries.c
        query = select(columns.kind, func.count()).group_by(columns.kind)
        return dict(connection.execute(query).all())  # type: ignore[arg-type]


def test_what_is_packed_comes_back() -> None:
    codec = Codec(dict)
    for raw in (b"", b"x", b"<dc>" * 5000, bytes(range(256))):
        assert codec.unpack(codec.pack("any", raw)) == raw


def test_packed_with_a_dictionary_it_is_much_smaller() -> None:
    body = train([wordy(n).encode() for n in range(1000)])
    assert body
    plain, trained = Codec(dict), Codec(lambda: {1: ("text", body)})
    raw = wordy(5000).encode()
    packed = trained.pack("text", raw)
    assert packed[0] == 1
    assert len(packed) < 0.8 * len(plain.pack("text", raw))
    assert trained.unpack(packed) == raw
    assert trained.unpack(plain.pack("text", raw)) == raw


def test_an_unknown_dictionary_is_looked_for_once_it_is_needed() -> None:
    known: dict[int, tuple[str, bytes]] = {}
    reader = Codec(lambda: known)
    reader.refresh()
    body = train([wordy(n).encode() for n in range(1000)])
    assert body
    packed = Codec(lambda: {1: ("text", body)}).pack("text", b"coral reef")
    with pytest.raises(DamagedBytes, match="dictionary 1"):
        reader.unpack(packed)
    known[1] = ("text", body)
    assert reader.unpack(packed) == b"coral reef"


@pytest.mark.parametrize("bad", [b"", b"\x00", b"\x00junk", b"\x07junk", b"\x00(\xb5/\xfd\x20"])
def test_damaged_bytes_are_named(bad: bytes) -> None:
    with pytest.raises(DamagedBytes):
        Codec(dict).unpack(bad)


def test_dictionaries_are_trained_by_the_process_that_sees_enough(store: Store) -> None:
    fill(store, SAMPLES + 250)
    found = kinds(store)
    assert found.keys() >= {"oai_dc", "datacite", "original oai_dc", "reading"}
    assert set(found.values()) == {1}
    assert len(walk(store, 100)) == SAMPLES + 250
    with store.database.read() as connection:
        first, last = (
            connection.execute(select(contents.c.original).order_by(order).limit(1)).scalar_one()[0]
            for order in (contents.c.record_id, contents.c.record_id.desc())
        )
    assert first == 0
    assert last > 0


def test_few_records_train_nothing(store: Store) -> None:
    fill(store, 250)
    assert store.records.train_dictionaries() == ()
    assert kinds(store) == {}


def test_training_is_done_once_a_kind_unless_asked_again(sqlite_store: Store) -> None:
    fill(sqlite_store, SAMPLES)
    assert set(kinds(sqlite_store).values()) == {1}
    assert sqlite_store.records.train_dictionaries() == ()
    assert "oai_dc" in sqlite_store.records.train_dictionaries(again=True)
    assert kinds(sqlite_store)["oai_dc"] == 2
    assert len(listed(sqlite_store)) == SAMPLES


def test_another_process_reads_what_a_new_dictionary_packed(store: Store) -> None:
    other = open_store(store.url)
    fill(store, SAMPLES + 250)
    assert len(walk(other, 100)) == SAMPLES + 250
    assert other.records.original(name(SAMPLES + 240)) == store.records.original(
        name(SAMPLES + 240)
    )
    other.dispose()
