"""A search on the command line: read, or refused with a caret under the place of its fault."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from app.cli.manners import Call
    from app.query import Node

WIDTH = 60
"""Characters of a query that are shown around a fault."""


def understood(call: Call, text: str) -> Node | None:
    """Return the tree of a query, None for an empty one; raises UsageError with the place."""
    from app.query import Fault, parse
    from app.store.searching import FIELDS

    if not text.strip():
        return None
    found = parse(text, FIELDS)
    if isinstance(found, Fault):
        raise click.UsageError(pointed(text, found.position, found.message))
    for notice in found.notices:
        call.say(notice)
    return found.tree


def pointed(text: str, position: int, message: str) -> str:
    """Return a message with the place of a fault: the character, and a caret under it."""
    start = max(0, position - 1 - WIDTH // 2)
    shown = "".join(c if c.isprintable() else " " for c in text[start : start + WIDTH])
    caret = " " * (position - 1 - start) + "^"
    return f"QUERY, character {position}: {message}\n  {shown}\n  {caret}"


def names_state(tree: Node | None) -> bool:
    """Tell whether a query says itself in which states its records are."""
    from app.query import And, Exact, Not, Or

    if isinstance(tree, And | Or):
        return any(map(names_state, tree.parts))
    if isinstance(tree, Not):
        return names_state(tree.part)
    return isinstance(tree, Exact) and tree.field == "state"
