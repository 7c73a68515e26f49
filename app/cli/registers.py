"""What the program knows by heart: rules of metadata, styles of citation. No database is needed."""

from __future__ import annotations

from collections.abc import Iterator

import click

from app.cli.manners import Call, command


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
        call.show(value, lambda: (f"{rule} ({value['severity']})", *_told(value)))
    else:
        raise _unknown_rule(rule)


@command("styles", short_help="The styles of citation.")
def styles(call: Call) -> None:
    """List the styles in which records are cited, with the other names they are found by."""
    from app.cli.objects import listed
    from app.cli.output import table
    from app.crosswalks.citation import STYLES

    values = [
        {"name": style.name, "title": style.title, "aliases": list(style.aliases)}
        for style in STYLES.values()
    ]
    rows = [(style.name, style.title, ", ".join(style.aliases)) for style in STYLES.values()]
    call.show(listed(values), lambda: table(("Name", "Title", "Also"), rows))


def _rule_object(rule: str) -> dict[str, str]:
    from app.datacite.mending import example
    from app.datacite.rules import RULES

    known, shown = RULES[rule], example(rule)
    told = {
        "rule": rule,
        "severity": known.severity,
        "obligation": known.obligation,
        "message": known.message,
    }
    return told | ({"before": shown.before, "after": shown.after} if shown else {})


def _told(value: dict[str, str]) -> tuple[str, ...]:
    """Return what a rule means, and an example of how it is kept."""
    if "before" not in value:
        return (value["message"],)
    return (
        value["message"],
        "",
        f"as it came:         {value['before']}",
        (f"as it should come:  {value['after']}"),
    )


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
