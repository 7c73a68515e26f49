"""`garnery db …`: the schema of the database."""

from __future__ import annotations

from app.cli.ending import end
from app.cli.manners import Call, add_to, group


@group("db", short_help="The database: upgrade, status.")
def db(_call: Call) -> None:
    """The database and its schema."""


@add_to(db, "upgrade", short_help="Bring the schema up to date.")
def upgrade(call: Call) -> None:
    """Make the database if there is none, and bring its schema up to date."""
    from app.store import schema_status
    from app.store import upgrade as upgrade_schema

    url = call.settings.database.url
    steps = upgrade_schema(url)
    status = schema_status(url)
    value = {"current": status.current, "head": status.head, "steps": steps}
    said = [f"Step {step} is done." for step in steps] or ["There was nothing to do."]
    call.show(value, lambda: (*said, f"The schema is {status.current}."))


@add_to(db, "status", short_help="Tell whether the schema is up to date.")
def status(call: Call) -> None:
    """Tell the version of the schema; exit code 1 when it is behind this program."""
    from app.store import schema_status

    found = schema_status(call.settings.database.url)
    value = {"current": found.current, "head": found.head, "behind": found.behind}
    call.show(value, lambda: _lines(found.current, found.head, found.behind))
    end(1 if found.behind or found.current != found.head else 0)


def _lines(current: str | None, head: str, behind: list[str]) -> tuple[str, ...]:
    if current == head:
        return (f"The schema is {current}, as this program needs it.",)
    steps = [f"Missing: {step}" for step in behind]
    return (
        f"The schema is {current or 'not there'}; this program needs {head}.",
        *steps,
        "Bring it up to date with: garnery db upgrade",
    )
