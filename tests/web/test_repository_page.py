from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec

from app.options import RepositoryOptions
from app.store.values import Harvest, Repository
from app.web import repository_page

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
TIDELAND = Repository(
    1,
    "tideland",
    "Tideland",
    "https://example.org/oai",
    contact="someone@example.org",
    created_at=NOW - timedelta(days=90),
    last_whole_at=NOW - timedelta(hours=1),
    last_whole=3,
    last_harvest=4,
)


def page(repository: Repository) -> repository_page.RepositoryPage:
    return repository_page.repository_page(repository, sets=(), newest=(), now=NOW)


def changed(**changes: object) -> Repository:
    return msgspec.structs.replace(TIDELAND, **changes)


def test_each_state_has_its_sentence() -> None:
    last = "The last whole harvest was on 22 Nov 2026, 11:00 UTC."
    assert repository_page.sentence(TIDELAND, NOW) == f"Up to date. {last}"
    assert last in repository_page.sentence(changed(failures=3), NOW)
    assert last in repository_page.sentence(changed(paused=True), NOW)
    assert repository_page.sentence(changed(held=3, live=1200), NOW) == (
        f"The deletion of 3 records of 1,200 waits for a decision of the hub. {last}"
    )
    young = changed(last_whole_at=None, last_harvest=None, created_at=NOW, next_harvest_at=NOW)
    assert (
        repository_page.sentence(young, NOW)
        == "Its first harvest is due on 22 Nov 2026, 12:00 UTC."
    )


def test_the_last_whole_harvest_and_the_last_attempt_are_two_facts() -> None:
    failed = Harvest(4, "tideland", 1, state="ended", outcome="failed", started_at=NOW)
    row = repository_page.attempted(page(TIDELAND).row, failed, 0)
    assert row.last_whole == TIDELAND.last_whole_at
    assert row.last_mark is not None
    assert row.last_mark.word == "failed"


def test_a_paused_repository_has_no_next_harvest() -> None:
    assert page(changed(paused=True, next_harvest_at=NOW)).row.next is None


def test_the_contact_stays_private() -> None:
    assert "someone" not in str(page(TIDELAND))


def test_a_connection_that_is_less_safe_than_usual_is_marked() -> None:
    weak = changed(options=RepositoryOptions(verify_tls=False))
    assert page(weak).row.unsafe == "its certificate is not verified"
