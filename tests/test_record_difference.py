"""In what two descriptions differ."""

from __future__ import annotations

import json

from app.record_difference import LONGEST, MOST, Difference, differences


def _found(before: object, after: object) -> list[tuple[str, ...]]:
    found = differences(json.dumps(before).encode(), json.dumps(after).encode()).found
    return [(one.kind, one.path, one.before, one.after) for one in found]


def test_equal_descriptions_differ_in_nothing() -> None:
    assert _found({"a": [1, {"b": 2}]}, {"a": [1, {"b": 2}]}) == []


def test_fields_are_added_removed_and_changed_at_their_paths() -> None:
    old = {"titles": [{"title": "One"}], "version": "1", "a/b": "x"}
    new = {"titles": [{"title": "Two"}], "language": "en", "a/b": "y"}
    assert _found(old, new) == [
        ("changed", "/titles/0/title", "One", "Two"),
        ("removed", "/version", "1", ""),
        ("changed", "/a~1b", "x", "y"),
        ("added", "/language", "", "en"),
    ]


def test_an_entry_more_at_the_beginning_is_one_addition() -> None:
    old = {"creators": [{"name": "B"}, {"name": "C"}]}
    new = {"creators": [{"name": "A"}, {"name": "B"}, {"name": "C"}]}
    assert _found(old, new) == [("added", "/creators/0", "", "name: A")]
    assert _found(new, old) == [("removed", "/creators/0", "name: A", "")]


def test_another_order_is_said_as_such() -> None:
    assert _found({"s": ["a", "b"]}, {"s": ["b", "a"]}) == [("reordered", "/s", "", "")]


def test_what_is_given_is_bounded() -> None:
    new = {"s": [f"{n}" * 1000 for n in range(MOST + 5)]}
    found = differences(b"{}", json.dumps(new).encode())
    assert found.more
    assert len(found.found) == MOST
    assert len(found.found[1].after) == LONGEST
    assert differences(None, None).found == ()
    assert differences(None, b'{"a":"b"}').found == (Difference("added", "/a", "", "b"),)
