"""The hub's search language: text in, a tree or a fault with its place out. Pure.

What a query means to the rows of a database is not said here; what it means to texts is said by
`folding` alone, for queries and for what is searched.
"""

from __future__ import annotations

from app.query.reading import Fault, Query, parse
from app.query.tree import And, Days, Doi, Exact, Identifier, Node, Not, Or, Words, Years, written

__all__ = [
    "And", "Days", "Doi", "Exact", "Fault", "Identifier", "Node", "Not", "Or", "Query", "Words",
    "Years", "parse", "written",
]  # fmt: skip
