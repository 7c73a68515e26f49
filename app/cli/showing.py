"""The question before a repository becomes private or public, and what is said after it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from app.cli.ending import end
from app.errors import Refused
from app.web.words import plural

if TYPE_CHECKING:
    from app.cli.manners import Call
    from app.store.values import Repository


def concerned(call: Call, repository: Repository, changes: dict[str, Any]) -> int:
    """Return how many records leave the lists, or come into them, with these changes."""
    public = changes.get("public")
    if public is None:
        return 0
    return call.store.showing.concerned(repository.id, public=public)


def ask(name: str, records: int, *, public: bool) -> None:
    """Ask whether to go on; Refused where nobody can answer."""
    question = f"{name} {_becomes(records, public=public)}"
    if not sys.stdin.isatty():
        option = "--public" if public else "--private"
        raise Refused(f"{question} That needs a yes: garnery repository edit {name} {option} --yes")
    if not click.confirm(f"{question} Go on?", err=True):
        end(5)


def _becomes(records: int, *, public: bool) -> str:
    number = plural(records, "record")
    if public:
        return (
            f"becomes public: {number} of it come into the lists of harvesters, onto pages and "
            "into dumps. What was visible once stays there for ever, be it as a deleted one."
        )
    return (
        f"becomes private: {number} of it become deleted ones for everyone who harvests here, and "
        "go from pages and dumps. They are kept whole, and harvested on."
    )


def done(records: int, *, public: bool) -> str:
    """Say what was done."""
    number = plural(records, "record")
    return f"{number} {'came into the lists' if public else 'left the lists'}."
