"""What a list has brought: in little memory, exact about versions, and no record is mistaken."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvesters import versions
from harvesters.versions import Table, Versions


@pytest.fixture(params=["dictionary", "table"])
def seen(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Versions:
    if request.param == "table":
        monkeypatch.setattr(versions, "FEW", 4)
    return Versions()


def test_new_ones_are_counted_and_older_versions_named(seen: Versions) -> None:
    assert seen.note(["a", "b", "c", "d", "e"], [5, 5, 5, 5, 5]) == (5, [])
    assert seen.note(["b", "c", "d", "f"], [4, 5, 6, 1]) == (1, [0])
    assert seen.note(["d"], [5]) == (0, [0])  # older than its second version
    assert len(seen) == 6


def test_dates_before_and_beyond_all_dates_are_equal_there(seen: Versions) -> None:
    assert seen.note(["a", "b"], [-(10**12), 10**30]) == (2, [])
    assert seen.note(["a", "b"], [-5, 10**40]) == (0, [])


def test_a_record_without_identifier_is_known_by_its_bytes(seen: Versions) -> None:
    assert seen.note([b"<record/>", b"<record/>", b"<other/>"], [1, 1, 1]) == (2, [])


class Clash(str):
    """A text whose 64-bit hash is that of every other one."""

    __slots__ = ()

    def __hash__(self) -> int:
        return 7


def test_two_identifiers_of_one_hash_are_both_taken(seen: Versions) -> None:
    first, second = Clash("oai:one:1"), Clash("oai:two:2")
    assert seen.note([first], [9]) == (1, [])
    assert seen.note([second], [1]) == (1, [])  # older, but no version of the first
    assert seen.note([first], [8]) == (0, [0])


@given(st.lists(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 5)), max_size=12)))
def test_a_table_and_a_dictionary_say_the_same(pages: list[list[tuple[int, int]]]) -> None:
    few, many = Versions(), Versions()
    many._many = Table({})
    known: dict[str, int] = {}
    for page in pages:
        names, orders = [f"oai:{n}" for n, _ in page], [order for _, order in page]
        new = len(set(names) - set(known))
        assert few.note(names, orders) == (found := many.note(names, orders))
        assert found[0] == new
        for name, order in zip(names, orders, strict=True):
            known[name] = max(order, known.get(name, 0))


def test_a_table_grows_and_forgets_nothing() -> None:
    table = Table({n: n + 1 for n in range(1, 300_001)})
    assert len(table) == 300_000
    assert all(table.setdefault(n, -1) == n + 1 for n in range(1, 300_001, 997))
