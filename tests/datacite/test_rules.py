"""The register of rules: complete against the rulebook, each with a sentence and a cure."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from app.datacite.identifiers import orcid
from app.datacite.mending import EXAMPLES
from app.datacite.problem import problem
from app.datacite.rules import RULES
from tests.shared import needs_shared


@pytest.mark.parametrize("name", sorted(RULES))
def test_a_rule_is_well_formed(name: str) -> None:
    rule = RULES[name]
    assert re.fullmatch(r"[a-zA-Z]+\.[a-z-]+", name)
    assert rule.severity in ("error", "warning", "info")
    assert rule.obligation in ("M", "R", "O", "-")
    assert rule.message.endswith(".")
    assert len(rule.message) < 120


@needs_shared
def test_every_rule_of_the_rulebook_is_registered_with_its_severity(shared: Path) -> None:
    text = (shared / "datacite.md").read_text("utf-8")
    rows = re.findall(r"^\| (`[a-z].*?`) \| (error|warning|info) \|", text, re.MULTILINE)
    assert len(rows) > 40
    for names, severity in rows:
        for name in re.findall(r"`([^`]+)`", names):
            assert RULES[name].severity == severity, name


def test_a_problem_takes_severity_and_sentence_from_its_rule() -> None:
    found = problem("date.syntax", "/dates/0/date", "sometime" * 100)
    assert (found.severity, found.obligation) == ("warning", "M")
    assert found.message == RULES["date.syntax"].message
    assert len(found.value) == 200


def test_only_what_is_worked_out_for_reports_is_not_stored() -> None:
    assert [name for name, rule in RULES.items() if not rule.stored] == ["recommended.absent"]


def test_examples_are_of_rules_and_show_a_change() -> None:
    assert set(EXAMPLES) <= set(RULES)
    for name, one in EXAMPLES.items():
        assert one.before != one.after, name
        assert len(one.before + one.after) < 200, name
    assert orcid(EXAMPLES["nameIdentifier.checksum"].after) is not None
    assert orcid(EXAMPLES["nameIdentifier.checksum"].before) is None
