"""Where in a text the words of a query stand, to mark them for a reader. Pure.

Words are compared as everywhere, folded; what is marked are the words of the text as they stand.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from app.query.folding import words
from app.query.tree import And, Node, Or, Words

_RUN = re.compile(r"[^\W_]+(?:[^\W_]|[\u0300-\u036f])*")
_EDGE = "… "
_BEFORE = 60
"""Characters that stand before the first match of an excerpt."""


class Piece(Struct, frozen=True):
    """A part of a text. marked: a word of the query."""

    text: str
    marked: bool = False


class Sought(Struct, frozen=True):
    """The words of a query: whole ones, and beginnings."""

    whole: frozenset[str]
    open: tuple[str, ...]

    def has(self, word: str) -> bool:
        """Tell whether a word of a text is one of them."""
        folded = words(word)
        return any(
            one in self.whole or (bool(self.open) and one.startswith(self.open)) for one in folded
        )


def sought(query: Node | None) -> Sought:
    """Return the words that a query asks for; what it leaves out is not among them."""
    leaves = list(_leaves(query)) if query is not None else []
    whole = {word for leaf in leaves for word in (leaf.words[:-1] if leaf.open else leaf.words)}
    return Sought(frozenset(whole), tuple(leaf.words[-1] for leaf in leaves if leaf.open))


def _leaves(node: Node) -> Iterator[Words]:
    if isinstance(node, Words):
        yield node
    elif isinstance(node, And | Or):
        for part in node.parts:
            yield from _leaves(part)


def marked(text: str, query: Sought) -> tuple[Piece, ...]:
    """Return a text in pieces, of which the words of a query are marked."""
    found, at = [], 0
    for run in _RUN.finditer(text):
        if query.has(run[0]):
            found += [Piece(text[at : run.start()]), Piece(run[0], marked=True)]
            at = run.end()
    return tuple(piece for piece in (*found, Piece(text[at:])) if piece.text)


def excerpt(text: str, query: Sought, longest: int) -> tuple[Piece, ...]:
    """Return at most `longest` characters of a text around the first match, cut at words."""
    first = next((run.start() for run in _RUN.finditer(text) if query.has(run[0])), 0)
    start = 0
    if first > longest - _BEFORE and len(text) > longest:
        start = text.rfind(" ", 0, max(first - _BEFORE, 1)) + 1
    part = text[start : start + longest]
    if start + longest < len(text):
        part = part[: part.rfind(" ")] if " " in part else part
        part = part.rstrip() + " …"
    return marked((_EDGE if start else "") + part, query)
