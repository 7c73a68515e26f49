"""`garnery config`: the settings in force, where each comes from, and no secret."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from app.cli.manners import Call, command

if TYPE_CHECKING:
    from app.settings import Settings

HIDDEN = "…"
_PASSWORD = re.compile(r"(//[^:/@]*:)[^@]+@")
_PATH = re.compile(r"(https?://[^/?#]+).+")


@command("config", short_help="Show the settings in force, and where each comes from.")
def config(call: Call) -> None:
    """Show every setting with the value in force and where it comes from; `*`: not the default.

    That is a default, the file, a variable, or the flag --setting. Secrets are not shown.
    """
    rows = dict(_rows(call))
    call.show(rows, lambda: _lines(rows))


def _rows(call: Call) -> Iterator[tuple[str, dict[str, Any]]]:
    from app.settings import known, sources

    settings, origin = call.settings, sources(call.config, flags=call.flags)
    for dotted, _, _ in known():
        source = origin[dotted]
        place = {"place": source.place} if source.place else {}
        yield dotted, {"value": shown(settings, dotted), "source": source.kind} | place


def _lines(rows: dict[str, dict[str, Any]]) -> Iterator[str]:
    from app.cli.output import table

    yield from table(
        ("", "Setting", "Value", "From"),
        (
            (
                "" if row["source"] == "default" else "*",
                dotted,
                repr(row["value"]),
                row.get("place", row["source"]),
            )
            for dotted, row in rows.items()
        ),
    )


def shown(settings: Settings, dotted: str) -> Any:
    """Return the value of a setting as it may be shown: without passwords and secrets."""
    from app.settings import SECRETS, value_of

    value = value_of(settings, dotted)
    if dotted.startswith("database."):
        return _PASSWORD.sub(rf"\1{HIDDEN}@", value) if isinstance(value, str) else value
    if dotted in SECRETS and value:
        return _PATH.sub(rf"\1/{HIDDEN}", value) if dotted == "alerts.webhook" else HIDDEN
    return list(value) if isinstance(value, tuple) else value
