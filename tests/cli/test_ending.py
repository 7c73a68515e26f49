from __future__ import annotations

import json
import subprocess
import sys

import pytest

from app.cli.ending import exit_code, problem_document
from app.errors import ConfigurationError, HarvestError, NotFound, Refused, StoreError
from tests.cli.commandline import garnery


def test_unknown_commands_are_usage_errors() -> None:
    ran = garnery("harvset")
    assert ran.code == 2
    assert "No such command" in ran.err


def test_unknown_options_are_usage_errors() -> None:
    assert garnery("status", "--worst").code == 2


def test_the_version_is_told() -> None:
    ran = garnery("--version")
    assert ran.code == 0
    assert ran.out.startswith("garnery ")


def test_settings_that_cannot_be_used_end_with_4_and_the_cure() -> None:
    ran = garnery("config", GARNERY_HUB_CONTACT="nobody")
    assert ran.code == 4
    assert "hub@example.org" in ran.err
    assert ran.out == ""


def test_a_failure_with_json_is_one_problem_document() -> None:
    ran = garnery("config", "--json", GARNERY_HUB_CONTACT="nobody")
    assert ran.code == 4
    error = ran.document["error"]
    assert error["exit"] == 4
    assert "hub.contact" in error["detail"]
    assert error["type"].endswith("/problems/invalid-settings")


def test_a_usage_error_with_json_is_a_problem_document_too() -> None:
    ran = garnery("status", "--json", "--worst")
    assert ran.code == 2
    assert ran.document["error"]["status"] == 400


def test_common_options_may_stand_before_and_after_the_command(tmp_path: object) -> None:
    before, after = garnery("--json", "config"), garnery("config", "--json")
    assert before.document == after.document


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (NotFound("x"), 3),
        (ConfigurationError("x"), 4),
        (StoreError("x"), 4),
        (Refused("x"), 5),
        (HarvestError("timed-out", "x"), 13),
        (RuntimeError("x"), 70),
    ],
)
def test_every_error_has_its_exit_code(error: Exception, code: int) -> None:
    assert exit_code(error) == code
    assert problem_document(error)["exit"] == code


MOST_MODULES = 180
"""That the help of the command may load; with so many it is there in some 0.1 s."""


def test_help_loads_little_and_nothing_heavy() -> None:
    words = "import sys, app.cli; print([m for m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", words], check=True, capture_output=True, text=True)
    loaded = set(json.loads(done.stdout.replace("'", '"')))
    assert len(loaded) <= MOST_MODULES
    assert not loaded & {
        "flask",
        "sqlite3",
        "sqlalchemy",
        "lxml",
        "lxml.etree",
        "requests",
        "rich",
        "structlog",
    }


def test_a_reader_that_goes_away_is_no_error() -> None:
    words = [sys.executable, "-m", "app.cli", "problems", "--json"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout
        process.stdout.close()
        assert process.wait(60) == 0
        assert process.stderr
        assert process.stderr.read() == b""
