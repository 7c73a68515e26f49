"""Whether two halves prove a doubtful list: a table."""

from __future__ import annotations

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.record import Checkpoint
from app.store.values import Window
from harvesters.failures import failure
from harvesters.runs.identifiers import Identifiers
from harvesters.runs.verifying import is_verified, is_worth_more
from harvesters.runs.windows import BAD, DOUBTFUL, WHOLE, Reading

WINDOW = Window(1, 1, "", "oai_dc", "", "", "open", "", "", None, "", None, 1, 9, "")


def read(names: str, end: str = WHOLE, cause: str = "page-repeated", **more: bool) -> Reading:
    found = Identifiers()
    for name in names:
        found.add(name)
    error = None if end == WHOLE else failure(cause, "Odd.")
    return Reading(WINDOW, end, Checkpoint(1), found, error, **more)


def doubtful(names: str, cause: str = "page-repeated", **more: bool) -> Reading:
    return read(names, DOUBTFUL, cause, **more)


@pytest.mark.parametrize(
    ("parts", "verified", "worth_more"),
    [
        ((read("abc"), read("cdef")), True, True),
        ((read("abcx"), read("cdef")), True, True),  # natural ends stand for themselves
        ((doubtful("abc"), doubtful("cdef")), True, True),
        ((read("abc"), doubtful("cdef")), True, True),
        ((read("abc"), doubtful("cdefx")), False, True),
        ((doubtful("abcdef"), read("")), False, True),  # the same list again
        ((doubtful("abcdef"), doubtful("abcdef")), False, True),
        ((read("abc"), read("cdef", BAD)), False, True),
        ((doubtful("abc", dates_ignored=True), read("def")), False, False),
        ((read("abc"), doubtful("cdef", "list-short")), False, True),
    ],
)
def test_halves_prove_a_list_if_they_bring_nothing_that_it_had_not(
    parts: tuple[Reading, ...], verified: bool, worth_more: bool
) -> None:
    whole = doubtful("abcdef")
    assert is_verified(whole, parts) is verified
    assert is_worth_more(whole, parts) is worth_more


def test_names_do_not_prove_a_list_whose_numbers_do_not_fit() -> None:
    whole = doubtful("abcdef", "list-short")
    short = doubtful("abc", "list-short"), read("cdef")
    assert not is_verified(whole, short)
    assert not is_worth_more(whole, short)
    more = doubtful("abcx", "list-short"), read("cdef")
    assert is_worth_more(whole, more)
    assert is_verified(whole, (read("abc"), read("cdef")))


def test_an_empty_list_is_never_verified_by_doubtful_halves() -> None:
    assert not is_verified(doubtful(""), (doubtful(""), read("")))


@given(st.lists(st.text(min_size=1, max_size=4)), st.lists(st.text(min_size=1, max_size=4)))
def test_identifiers_are_a_set(first: list[str], second: list[str]) -> None:
    one, other = Identifiers(), Identifiers()
    assert [one.add(name) for name in first] == [
        name not in first[:number] for number, name in enumerate(first)
    ]
    for name in second:
        other.add(name)
    assert len(one) == len(set(first))
    assert one.holds(other) == (set(second) <= set(first))
    assert all((name in one) == (name in first) for name in second)


def test_a_hundred_thousand_identifiers_take_three_megabytes() -> None:
    found = Identifiers()
    for number in range(100_000):
        found.add(f"oai:x:{number}")
    assert len(found) == 100_000
    assert sys.getsizeof(found._slots) < 27 * 100_000
