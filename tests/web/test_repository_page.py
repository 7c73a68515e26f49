from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec

from app.datacite.rules import RULES
from app.options import RepositoryOptions
from app.repairs import Told
from app.store.quirks import Learned
from app.store.values import Harvest, Problem, Repository
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


def page(repository: Repository, **parts: object) -> repository_page.RepositoryPage:
    given = {"harvests": (), "problems": (), "set_aside": (), "sets": (), "newest": (), **parts}
    return repository_page.repository_page(repository, now=NOW, **given)


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
    row = page(TIDELAND, harvests=(failed,)).row
    assert row.last_whole == TIDELAND.last_whole_at
    assert row.last_mark is not None
    assert row.last_mark.word == "failed"


def test_problems_come_gravest_first_with_what_to_do() -> None:
    problems = (
        Problem("kernel.old", "info", 900),
        Problem("date.syntax", "warning", 5),
        Problem("titles.missing", "error", 1),
        Problem("relatedItem.title", "warning", 50),
    )
    rows = page(TIDELAND, problems=problems).problems
    assert [row.rule for row in rows] == [
        "titles.missing",
        "relatedItem.title",
        "date.syntax",
        "kernel.old",
    ]
    assert rows[0].message == RULES["titles.missing"].message


def test_a_paused_repository_has_no_next_harvest() -> None:
    assert page(changed(paused=True, next_harvest_at=NOW)).row.next is None


def test_the_contact_stays_private() -> None:
    assert "someone" not in str(page(TIDELAND))


def test_a_connection_that_is_less_safe_than_usual_is_marked() -> None:
    assert "Connection" not in dict(page(TIDELAND).settings)
    weak = changed(options=RepositoryOptions(verify_tls=False), base_url="http://example.org/oai")
    found = dict(page(weak).settings)["Connection"]
    assert found == "not encrypted; its certificate is not verified"
    assert page(weak).row.unsafe == "its certificate is not verified"


def test_the_key_of_a_base_url_is_not_shown() -> None:
    keyed = changed(base_url="https://example.org/oai?mode=x&api_key=hidden")
    assert page(keyed).base_url == "https://example.org/oai?mode=x"


def test_quirks_are_told_with_what_showed_them_unless_they_are_off_or_suspected() -> None:
    heeded = Learned("ignores-dates", "", "Old records came.", 7, NOW)
    quirks = (heeded, Learned("slow", off=True), Learned("size-wrong", "2"))
    (row,) = page(TIDELAND, quirks=quirks).quirks
    assert row.words == "It takes no notice of `from` and `until`."
    assert (row.evidence, row.since, row.harvest) == ("Old records came.", NOW, 7)
    assert row.member


def test_repairs_are_counted_by_kind_and_named_one_by_one() -> None:
    told = (
        Told("entities", 11, "R&D", "oai:x:1"),
        Told("control-characters", 3, "a b", "oai:x:2"),
        Told("leading-junk", 1, "notice"),
    )
    found = page(TIDELAND, repairs=told).repaired
    assert found is not None
    assert found.sentence == (
        "2 records mended: 11 × entities that XML does not know, or bare ampersands, "
        "3 × characters that XML forbids, 1 × text before the XML document."
    )
    assert [(kind.name, kind.records, kind.places) for kind in found.kinds] == [
        ("entities", 1, 11),
        ("control-characters", 1, 3),
        ("leading-junk", 0, 1),
    ]
    assert found.list == told
    assert page(TIDELAND).repaired is None
