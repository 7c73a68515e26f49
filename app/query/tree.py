"""A query as a tree of frozen values, and its canonical text.

A tree is in order: no part of an AND is an AND, no part of an OR is an OR, no part stands twice,
nothing is negated twice. What `written` writes is read back as the same tree.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TypeAlias, Union

from msgspec import Struct

from app.query.fields import WHOLE

_BARE = re.compile(r'[^\s"()]+')


class Words(Struct, frozen=True):
    """Folded words that follow one another, in a field or, with none, anywhere.

    open: of the last word only its beginning is given.
    """

    field: str
    words: tuple[str, ...]
    open: bool = False


class Years(Struct, frozen=True):
    """Years of publication, both included; None is no bound."""

    first: int | None
    last: int | None


class Days(Struct, frozen=True):
    """Moments of a field, as days or seconds were written; an empty text is no bound."""

    field: str
    first: str
    last: str


class Doi(Struct, frozen=True):
    """A DOI, bare and lower-case. open: only its beginning."""

    name: str
    open: bool = False


class Identifier(Struct, frozen=True):
    """Any other identifier, as it was written."""

    text: str


class Exact(Struct, frozen=True):
    """A value that a field has as it stands."""

    field: str
    value: str


class Not(Struct, frozen=True):
    """All that a query does not give."""

    part: Node


class And(Struct, frozen=True):
    """What all of two or more queries give."""

    parts: tuple[Node, ...]


class Or(Struct, frozen=True):
    """What any of two or more queries gives."""

    parts: tuple[Node, ...]


Leaf: TypeAlias = Words | Years | Days | Doi | Identifier | Exact
Node: TypeAlias = Union[Leaf, Not, And, Or]  # noqa: UP007  names that come later stand in quotes


def joined(kind: type[And] | type[Or], parts: Iterable[Node]) -> Node:
    """Join one or more parts, in order."""
    flat: list[Node] = []
    for part in parts:
        flat += part.parts if isinstance(part, kind) else (part,)
    kept = tuple(dict.fromkeys(flat))
    return kept[0] if len(kept) == 1 else kind(kept)


def negated(part: Node) -> Node:
    """Return what a query does not give."""
    return part.part if isinstance(part, Not) else Not(part)


def is_named(node: Node) -> bool:
    """Tell whether a part is a whole identifier."""
    return isinstance(node, Identifier) or (isinstance(node, Doi) and not node.open)


def weight(node: Node) -> int:
    """Return how many comparisons a query asks for.

    Identifiers of one OR are one, and so are those that one AND leaves out.
    """
    if isinstance(node, Not):
        return weight(node.part)
    if not isinstance(node, And | Or):
        return 1
    if isinstance(node, Or):
        together = [is_named(part) for part in node.parts]
    else:
        together = [isinstance(part, Not) and is_named(part.part) for part in node.parts]
    others = zip(node.parts, together, strict=True)
    return any(together) + sum(weight(part) for part, one in others if not one)


def written(node: Node) -> str:
    """Return the canonical text of a query."""
    if isinstance(node, Or):
        return " OR ".join(map(written, node.parts))
    if isinstance(node, And):
        return " ".join(_closed(part, Or) for part in node.parts)
    if isinstance(node, Not):
        return f"-{_closed(node.part, Or, And)}"
    return _leaf(node)


def _closed(node: Node, *kinds: type) -> str:
    return f"({written(node)})" if isinstance(node, kinds) else written(node)


def _leaf(leaf: Leaf) -> str:
    if isinstance(leaf, Words):
        return (f"{leaf.field}:" if leaf.field else "") + _words(leaf)
    if isinstance(leaf, Years):
        return f"year:{_range(_number(leaf.first), _number(leaf.last))}"
    if isinstance(leaf, Days):
        return f"{leaf.field}:{_range(leaf.first, leaf.last)}"
    if isinstance(leaf, Doi):
        return f"doi:{_value(leaf.name)}" + "*" * leaf.open
    if isinstance(leaf, Identifier):
        return f"id:{_value(leaf.text)}"
    equal = "=" if leaf.field in WHOLE else ""
    return f"{leaf.field}:{equal}{_value(leaf.value)}"


def _words(leaf: Words) -> str:
    if leaf.open:
        return "-".join(leaf.words) + "*"
    return leaf.words[0] if len(leaf.words) == 1 else f'"{" ".join(leaf.words)}"'


def _number(year: int | None) -> str:
    return "" if year is None else f"{year:04}"


def _range(first: str, last: str) -> str:
    return first if first == last else f"{first}..{last}"


def _value(text: str) -> str:
    """Write a value bare where it ends by itself, else in quotation marks."""
    if _BARE.fullmatch(text) and not text.endswith("*"):
        return text
    return '"' + text.replace('"', '""') + '"'
