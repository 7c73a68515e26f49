"""What the report of a repository says of given rows."""

from __future__ import annotations

from datetime import timedelta

from app.datacite.rules import RULES
from app.findings import Finding
from app.options import RepositoryOptions
from app.record import Counts
from app.repairs import Told
from app.store.completeness_days import Broken
from app.store.probes import Check, Probed
from app.store.quirks import Learned
from app.store.values import Harvest, Problem
from app.web.report_values import Given, Look, Report, Since, report
from app.web.sums import Sum
from tests.web.test_repository_page import NOW, TIDELAND, changed


def told(given: Given | None = None, **changes: object) -> Report:
    return report(changed(**changes), given or Given(), NOW)


def test_problems_come_gravest_first_with_what_to_do() -> None:
    problems = (
        Problem("kernel.old", "info", 900),
        Problem("date.syntax", "warning", 5),
        Problem("titles.missing", "error", 1),
        Problem("relatedItem.title", "warning", 50),
    )
    found = told(Given(problems=problems), live=1000).problems
    assert [row.rule for row in found] == [
        "titles.missing", "relatedItem.title", "date.syntax", "kernel.old",
    ]  # fmt: skip
    assert found[0].message == RULES["titles.missing"].message
    assert (found[1].shown, found[3].shown, found[0].shown) == ("5 %", "90 %", "< 1 %")
    assert found[2].example is not None
    assert found[2].example.after == "<dc:date>2024-04-18</dc:date>"
    assert [row.moved for row in found] == [None] * 4


def test_problems_are_compared_with_an_earlier_day() -> None:
    given = Given(
        problems=(Problem("date.syntax", "warning", 5), Problem("kernel.old", "info", 9)),
        broken=Broken(20_000, {"kernel.old": 129}),
    )
    found = told(given)
    assert {row.rule: row.moved for row in found.problems} == {"date.syntax": 5, "kernel.old": -120}
    assert found.compared == 20_000


def test_the_contact_and_keys_stay_private() -> None:
    keyed = told(base_url="https://example.org/oai?mode=x&api_key=hidden")
    assert keyed.base_url == "https://example.org/oai?mode=x"
    assert "someone" not in str(keyed)


def test_a_connection_that_is_less_safe_than_usual_is_named() -> None:
    assert "Connection" not in dict(told().settings)
    found = told(
        options=RepositoryOptions(verify_tls=False), base_url="http://example.org/oai"
    )  # fmt: skip
    assert dict(found.settings)["Connection"] == "not encrypted; its certificate is not verified"


def test_quirks_are_told_with_what_showed_them_unless_they_are_off_or_suspected() -> None:
    heeded = Learned("ignores-dates", "", "Old records came.", 7, NOW)
    quirks = (heeded, Learned("slow", off=True), Learned("size-wrong", "2"))
    (row,) = told(Given(quirks=quirks)).quirks
    assert row.words == "It takes no notice of `from` and `until`."
    assert (row.evidence, row.since, row.harvest) == ("Old records came.", NOW, 7)
    assert row.member


def test_repairs_are_counted_by_kind_and_named_one_by_one() -> None:
    repairs = (
        Told("entities", 11, "R&D", "oai:x:1"),
        Told("control-characters", 3, "a b", "oai:x:2"),
        Told("leading-junk", 1, "notice"),
    )
    found = told(Given(repairs=repairs)).repaired
    assert found is not None
    assert found.sentence == (
        "2 records mended: 11 × entities that XML does not know, or bare ampersands, "
        "3 × characters that XML forbids, 1 × text before the XML document."
    )
    assert [(kind.name, kind.records, kind.places) for kind in found.kinds] == [
        ("entities", 1, 11), ("control-characters", 1, 3), ("leading-junk", 0, 1),
    ]  # fmt: skip
    assert found.list == repairs
    assert told().repaired is None


def test_what_came_after_the_last_whole_reading_is_added_up() -> None:
    look = Look(3, NOW, Sum(10, (), 0, ""))
    later = [
        Harvest(n, "tideland", 1, kind=kind, counts=Counts(new=n, changed=1, removed=2))
        for n, kind in ((6, "probe"), (5, "incremental"), (4, "incremental"))
    ]
    full = Harvest(3, "tideland", 1, kind="full")
    assert told(Given(harvests=(*later, full), look=look)).since == Since(2, 9, 2, 4)
    assert told(Given(harvests=later, look=look)).since is None
    assert told(Given(harvests=(full,), look=look)).since is None


def test_the_last_probe_is_told_with_its_findings() -> None:
    checks = (
        Check("identify", "done", ""),
        Check("sets", "failed", "x"),
        Check("z", "skipped", ""),
    )
    findings = (Finding("deletions", "info", "It keeps none.", "Keep them."),
                Finding("ignores-dates", "warning", "It ignores them.", ""))  # fmt: skip
    server = told(Given(probed=Probed(NOW, usable=True, checks=checks, findings=findings))).server
    assert server is not None
    assert server.sentence == (
        "It can be harvested as it answered; 1 of 2 checks were answered, 1 finding to look at."
    )
    assert [one.mark.word for one in server.checks] == ["answered", "failed", "not tried"]


def test_each_cause_of_failure_is_told_once_by_the_newest_harvest() -> None:
    runs = [Harvest(n, "tideland", 1, started_at=NOW - timedelta(days=9 - n)) for n in (9, 8)]
    said = ({"timed-out": "new", "repaired": "no"}, {"timed-out": "old", "http-5xx": "500"})
    found = told(Given(troubles=tuple(zip(runs, said, strict=True)))).troubles
    assert [(one.code, one.sentence, one.harvest) for one in found] == [
        ("timed-out", "new", 9), ("http-5xx", "500", 8),
    ]  # fmt: skip
    assert found[0].cause.member


def test_where_known_software_sets_its_metadata_is_told() -> None:
    found = told(software="DSpace 7.6").software
    assert found is not None
    assert found.name == "DSpace"
    assert told(software="Something else").software is None
    assert TIDELAND.software == ""
