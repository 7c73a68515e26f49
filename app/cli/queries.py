"""A search on the command line: read, or refused with a caret under the place of its fault."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from app.cli.manners import Call
    from app.query import Node
    from app.query.request import Request

FACET_OPTIONS = (
    "type", "year", "license", "access", "language", "subject", "creator", "funder", "affiliation",
    "linked", "object", "schema", "quality",
)  # fmt: skip
FILTER_OPTIONS = (
    "set", "year-from", "year-to", "updated-from", "updated-until", "first-seen", "copies",
)  # fmt: skip
Given = Mapping[str, "tuple[str, ...] | str | None"]
WIDTH = 60
"""Characters of a query that are shown around a fault."""


def parameter_options(function: Callable[..., None]) -> Callable[..., None]:
    """Add the parameters of a search as options: of facets any number of times."""
    for name in reversed(FILTER_OPTIONS):
        function = click.option(f"--{name}", metavar="VALUE", help=_HELP)(function)
    for name in reversed(FACET_OPTIONS):
        option = click.option(f"--{name}", metavar="VALUE", multiple=True, help=_HELP)
        function = option(function)
    return function


_HELP = "As on the search page."


def _request(pairs: list[tuple[str, str]], given: Given) -> Request:
    from app.query.request import Wrong, read

    for name, values in given.items():
        several = values if isinstance(values, tuple) else (values,)
        pairs = pairs + [(name, value) for value in several if value]
    found = read(pairs, strict=True)
    if isinstance(found, Wrong):
        near = f" Did you mean {found.nearest}?" if found.nearest else ""
        raise click.UsageError(f"--{found.parameter.replace('_', '-')}: {found.message}{near}")
    return found


def narrowed(tree: Node | None, given: Given) -> Node | None:
    """Return what is in a query and has what the options of a search ask for."""
    from app.query import And
    from app.query.tree import joined

    if not any(given.values()):
        return tree
    copies = {"copies": given.get("copies") or "all"}
    more = _request([], {**given, **copies}).tree
    return more if tree is None else joined(And, [tree, more])


def sorted_request(
    text: str, sort: str, repository: str | None, state: str | None, given: Given
) -> Request:
    """Return a search as the search page would make it, with an order."""
    from msgspec.structs import replace

    pairs = [("q", text), ("sort", sort), ("repository", repository or ""), ("state", state or "")]
    return replace(_request([pair for pair in pairs if pair[1]], given), per_page=1000)


def understood(call: Call, text: str) -> Node | None:
    """Return the tree of a query, None for an empty one; raises UsageError with the place."""
    from app.query import Fault, parse
    from app.store.search.conditions import FIELDS

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
