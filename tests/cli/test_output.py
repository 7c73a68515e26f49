from __future__ import annotations

from datetime import UTC, datetime, timedelta

from app.cli import output

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)


def test_a_table_aligns_columns_and_sets_numbers_to_the_right() -> None:
    lines = list(output.table(("Name", "Records"), [("a", 1204), ("longer", 7)], right=(1,)))
    assert lines == ["Name    Records", "a         1,204", "longer        7"]


def test_wide_characters_take_two_columns() -> None:
    lines = list(output.table(("A", "B"), [("大学", "x"), ("abc", "y")]))
    assert lines[1] == "大学  x"
    assert lines[2] == "abc   y"


def test_a_cell_stays_on_its_line() -> None:
    assert list(output.table(("A",), [("one\ntwo\tthree",)]))[1] == "one two three"


def test_pairs_leave_out_what_is_empty() -> None:
    lines = list(output.pairs((("Name", "x"), ("Contact", ""), ("Public", False), ("N", None))))
    assert lines == ["Name              x", "Public            no"]


def test_times_are_told_from_now_in_one_unit() -> None:
    assert output.ago(NOW - timedelta(hours=2, minutes=5), NOW) == "2 h ago"
    assert output.ago(NOW + timedelta(days=3, hours=1), NOW) == "in 3 d"
    assert output.ago(None, NOW) == "–"


def test_the_next_harvest_is_due_once_its_time_has_come() -> None:
    assert output.coming(NOW, NOW) == "due"
    assert output.coming(NOW + timedelta(hours=5), NOW) == "in 5 h"
    assert output.coming(NOW, NOW, paused=True) == "–"
    assert output.coming(None, NOW) == "–"


def test_bars_show_failures_and_heights() -> None:
    drawn = output.bars([("complete", 0), ("failed", 0), ("complete", 100), ("", 3)])
    assert drawn == "▁✕█·"
