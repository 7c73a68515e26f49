"""What the program knows by heart: problem rules, settings. No database is needed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import click

from app.cli.manners import Call, command

HIDDEN = "…"


@command("problems", short_help="Explain the rules of metadata.")
@click.argument("rule", required=False)
def problems(call: Call, rule: str | None) -> None:
    """Explain the rules that records are checked by, or one RULE: what it means, how to mend it."""
    from app.cli.objects import listed
    from app.datacite.rules import RULES

    if rule is None:
        call.show(listed(map(_rule_object, RULES)), _rule_lines)
    elif rule in RULES:
        value = _rule_object(rule)
        call.show(value, lambda: (f"{rule} ({value['severity']})", value["message"]))
    else:
        raise _unknown_rule(rule)


@command("config", short_help="Show the settings in force.")
def config(call: Call) -> None:
    """Show every setting with the value in force; `*` marks what is not the default."""
    values = dict(_settings(call))
    call.show(values, lambda: _setting_lines(values))


def _rule_object(rule: str) -> dict[str, str]:
    from app.datacite.rules import RULES

    known = RULES[rule]
    return {
        "rule": rule,
        "severity": known.severity,
        "obligation": known.obligation,
        "message": known.message,
    }


def _rule_lines() -> Iterator[str]:
    from app.cli.output import table
    from app.datacite.rules import RULES

    rows = [
        (rule, known.severity, known.obligation, known.message) for rule, known in RULES.items()
    ]
    yield from table(("Rule", "Severity", "Of", "What it means"), rows)


def _unknown_rule(rule: str) -> Exception:
    import difflib

    from app.datacite.rules import RULES
    from app.errors import NotFound

    near = difflib.get_close_matches(rule, RULES, 3)
    hint = f" Did you mean {' or '.join(near)}?" if near else " All of them: garnery problems"
    return NotFound(f"There is no rule `{rule}`.{hint}")


def _settings(call: Call) -> Iterator[tuple[str, Any]]:
    from app.settings import known

    for dotted, _, _ in known():
        value: Any = call.settings
        for part in dotted.split("."):
            value = getattr(value, part)
        yield dotted, _hidden(dotted, list(value) if isinstance(value, tuple) else value)


def _setting_lines(values: dict[str, Any]) -> Iterator[str]:
    from app.cli.output import table
    from app.settings import known

    defaults = {dotted: default for dotted, _, default in known()}
    rows = [
        ("" if value == _plain(defaults[name]) else "*", name, repr(value))
        for name, value in values.items()
    ]
    yield from table(("", "Setting", "Value"), rows)


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _hidden(name: str, value: Any) -> Any:
    """Passwords and secrets are not shown."""
    import re

    if name.endswith(("secret", "secrets")):
        return HIDDEN if value else value
    if name == "database.url":
        return re.sub(r"(//[^:/@]+:)[^@]+@", rf"\1{HIDDEN}@", value)
    return value
