from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from app.store.browsing import added, browse
from tests.store.making import change, member

if TYPE_CHECKING:
    from app.store import Store
    from app.store.values import StoredRecord


@pytest.fixture
def two(store: Store) -> tuple[Store, int, int]:
    """A store with a public and a hidden member."""
    shown, hidden = member(store, "shown").id, member(store, "hidden", public=False).id
    store.records.apply(shown, None, "", [change(n, key="shown") for n in range(7)])
    store.records.apply(hidden, None, "", [change(99, key="hidden")])
    store.records.apply(shown, None, "", [change(3, "deleted", key="shown")])
    return store, shown, hidden


def names(found: tuple[StoredRecord, ...]) -> list[str]:
    return [one.identifier.rpartition(":")[2] for one in found]


def test_the_newest_comes_first_and_what_is_hidden_never(two: tuple[Store, int, int]) -> None:
    assert names(browse(two[0], limit=10)) == ["6", "5", "4", "2", "1", "0"]


def test_a_page_goes_on_after_the_last_of_the_page_before(two: tuple[Store, int, int]) -> None:
    first = browse(two[0], limit=4)
    assert names(browse(two[0], before=first[-1].id, limit=4)) == ["1", "0"]


def test_deleted_records_are_a_list_of_their_own(two: tuple[Store, int, int]) -> None:
    assert names(browse(two[0], states=("deleted",), limit=10)) == ["3"]
    assert len(browse(two[0], states=("live", "deleted"), limit=10)) == 7


def test_one_member_can_be_asked_for(two: tuple[Store, int, int]) -> None:
    store, shown, hidden = two
    assert len(browse(store, repository_id=shown, limit=10)) == 6
    assert browse(store, repository_id=hidden, limit=10) == ()


def test_lately_added_records_are_as_many_as_their_list_holds(two: tuple[Store, int, int]) -> None:
    store = two[0]
    today = store.now().replace(hour=0, minute=0, second=0, microsecond=0)
    listed = browse(store, states=("live", "deleted"), since=today, limit=100)
    assert added(store, today) == len(listed) == 7
    tomorrow = today + timedelta(days=1)
    assert added(store, tomorrow) == 0
    assert browse(store, states=("live", "deleted"), since=tomorrow, limit=100) == ()


def test_a_member_that_left_is_listed_no_more(two: tuple[Store, int, int]) -> None:
    two[0].repositories.remove("shown")
    assert browse(two[0], states=("live", "deleted"), limit=10) == ()
