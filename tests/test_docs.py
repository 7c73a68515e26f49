"""The documentation keeps up with the program: settings, commands, formats, problem rules."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import click
import pytest

from app import settings
from app.cli import main
from app.crosswalks import FORMATS
from app.datacite.rules import RULES

ROOT = Path(__file__).resolve().parents[1]


def doc(name: str) -> str:
    return (ROOT / "docs" / name).read_text("utf-8")


def test_every_setting_stands_in_the_file_with_its_default() -> None:
    file = ROOT / "config" / "garnery.toml"
    assert settings.load(str(file), {}) == settings.Settings()
    tree = tomllib.loads(file.read_text("utf-8"))
    for dotted, _, default in settings.known():
        value = tree
        for part in dotted.split("."):
            value = value[part]
        assert (tuple(value) if isinstance(value, list) else value) == default, dotted


def test_every_setting_is_explained_by_the_line_before_it() -> None:
    lines = (ROOT / "config" / "garnery.toml").read_text("utf-8").splitlines()
    for before, line in pairwise(lines):
        if re.match(r"[a-z_]+ = ", line):
            assert before.startswith("# "), line


def commands(
    group: click.Command, path: tuple[str, ...] = ()
) -> Iterator[tuple[str, click.Command]]:
    if isinstance(group, click.Group):
        context = click.Context(group)
        for name in group.list_commands(context):
            command = group.get_command(context, name)
            if command is not None and not command.hidden:
                yield from commands(command, (*path, name))
    if path:
        yield " ".join(path), group


@pytest.mark.parametrize(("name", "command"), list(commands(main)), ids=lambda v: str(v)[:40])
def test_every_command_and_option_is_documented(name: str, command: click.Command) -> None:
    text = doc("commands.md")
    assert f"garnery {name}" in text
    for parameter in command.params:
        for option in parameter.opts:
            if option.startswith("--"):
                assert option in text, f"{name} {option}"
    assert command.help, f"{name} has no help text"


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_is_documented(name: str) -> None:
    assert f"`{name}`" in doc("crosswalks.md")


@pytest.mark.parametrize("rule", RULES)
def test_every_problem_rule_is_documented_as_the_code_has_it(rule: str) -> None:
    known = RULES[rule]
    row = f"| `{rule}` | {known.severity} | {known.obligation} | {known.message} |"
    assert row in doc("crosswalks.md")


def test_architecture_is_short() -> None:
    assert doc("architecture.md").count("\n") <= 150


def test_links_between_the_documents_lead_somewhere() -> None:
    for path in (ROOT / "README.md", *(ROOT / "docs").glob("*.md")):
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", path.read_text("utf-8")):
            assert (path.parent / target).exists(), f"{path.name}: {target}"
