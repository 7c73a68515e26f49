"""What was told and what became of it; what is read of a list, without gaps."""

from __future__ import annotations

from typing import Any

import pytest

from app.record import Counts
from app.store.values import Harvest, Window
from app.web.coverage import coverage
from app.web.sums import added_up

SEEN = Counts(seen=100, new=80, changed=5, unchanged=5, removed=12, quarantined=4)


def ended(told: int | None = 100, counts: Counts = SEEN, **more: Any) -> Harvest:
    return Harvest(1, "reef", 1, kind="full", state="ended", told=told, counts=counts, **more)


def window(number: int = 1, **given: Any) -> Window:
    known: dict[str, Any] = {
        "set_spec": "", "prefix": "oai_dc", "from_": "", "until": "", "state": "closed",
        "token": "", "token_expires": "", "token_at": None, "response_date": "", "told": None,
        "pages": 1, "listed": 9, "reason": "", "attempts": 1,
    }  # fmt: skip
    return Window(number, 7, **(known | given))


@pytest.mark.parametrize(
    ("told", "items", "state", "twice", "left", "off"),
    [
        (100, 100, "closed", 0, 0, 0),
        (103, 103, "closed", 3, 0, 0),
        (103, 100, "closed", 0, 0, 3),
        (103, 102, "closed", 2, 0, 1),
        (150, 100, "open", 0, 50, 0),
        (90, 100, "closed", 0, 0, -10),
        (90, 120, "closed", 0, 0, -10),
    ],
)
def test_the_size_told_is_the_sum_of_its_parts(
    told: int, items: int, state: str, twice: int, left: int, off: int
) -> None:
    found = added_up(ended(told), [window(state=state)], items)
    assert found is not None
    assert [number for number, _ in found.parts] == [90, 6, 4, twice, left]
    assert found.off == off
    assert sum(number for number, _ in found.parts) + off == told
    assert ("adds up" in found.sentence) == (off == 0)


def test_lists_that_were_read_more_than_once_say_nothing_of_repetition() -> None:
    found = added_up(ended(103), [window(attempts=2)], 200)
    assert found is not None
    assert (found.parts[3][0], found.off) == (0, 3)


def test_what_is_asked_for_again_does_not_spoil_the_sum() -> None:
    more = Counts(seen=10, new=3, unchanged=9, quarantined=2)
    found = added_up(ended(10, more), [window()])
    assert found is not None
    assert [number for number, _ in found.parts[:3]] == [8, 0, 2]


def test_nothing_told_is_no_sum() -> None:
    assert added_up(ended(None), [window()]) is None


def test_windows_stand_in_the_order_of_time_without_gaps() -> None:
    rows = coverage(
        [
            window(1, state="split"),
            window(2, from_="2026-01-05", state="open"),
            window(3, until="2026-01-02"),
            window(4, from_="2026-01-02", until="2026-01-04", reason="window-lost"),
        ]
    )
    assert [(row.from_, row.until, row.mark.word) for row in rows] == [
        ("the beginning", "2026-01-02", "read"),
        ("2026-01-02", "2026-01-04", "lost"),
        ("2026-01-04", "2026-01-05", "never tried"),
        ("2026-01-05", "now", "begun, open"),
    ]


def test_each_set_has_its_own_line_of_time() -> None:
    rows = coverage([window(1, set_spec="b", until="2026-01-02"), window(2, set_spec="a")])
    assert [(row.set_spec, row.until, row.mark.word) for row in rows] == [
        ("a", "now", "read"),
        ("b", "2026-01-02", "read"),
        ("b", "now", "never tried"),
    ]
