"""Words and exact values of a query, as the index of each database is asked for them.

Nothing of a query is spliced in but folded words and digests, which hold letters and digits only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from app.query import And, Doi, Exact, Identifier, Node, Not, Or, Words
from app.query.indexing import APART, LONGEST_WORD, TEXTS
from app.query.normal import normal
from app.query.terms import STORED_FACETS, TERM_FIELDS, doi_term, term, whole_title
from app.store.dialects import Dialect, Sqlite
from app.store.search.writing import LETTERS

_LOCAL_ID = re.compile("[a-z2-7]{16}")
_LONGEST_DOI = 4 * LONGEST_WORD
_ANYWHERE = tuple(name for name in TEXTS if name not in APART)
_LETTER = dict(zip(TEXTS, LETTERS, strict=False))
_VALUE_FIELDS = TERM_FIELDS | {*STORED_FACETS, "title"}


def is_indexed(node: Node) -> bool:
    """Tell whether the index answers a part of a query by itself."""
    if isinstance(node, Or):
        return all(map(is_indexed, node.parts))
    if isinstance(node, And):
        positive = [part for part in node.parts if not isinstance(part, Not)]
        negative = [part.part for part in node.parts if isinstance(part, Not)]
        return bool(positive) and all(map(is_indexed, (*positive, *negative)))
    if isinstance(node, Exact):
        return node.field in _VALUE_FIELDS
    return isinstance(node, Words | Doi | Identifier)


def asked(node: Node, dialect: Dialect) -> str:
    """Return how the index is asked for a part that it answers."""
    return _fts5(node) if isinstance(dialect, Sqlite) else _tsquery(node)


def positive(node: Node) -> Iterator[Words]:
    """Yield the words that a query looks for, not those it leaves out."""
    if isinstance(node, Words):
        yield node
    elif isinstance(node, And | Or):
        for part in node.parts:
            yield from positive(part)


def exact_terms(node: Doi | Identifier | Exact) -> tuple[str, ...]:
    """Return the words of the index any of which stands for an exact value."""
    if isinstance(node, Doi):
        return (doi_term(node.name[:_LONGEST_DOI]),)
    if isinstance(node, Exact) and node.field == "title":
        return (whole_title(normal("title", node.value)),)
    if isinstance(node, Exact):
        return (term(node.field, normal(node.field, node.value)),)
    found = [term("id", node.text.lower()), term("id", normal("id", node.text))]
    last = node.text.rpartition(":")[2]
    if _LOCAL_ID.fullmatch(last):
        found.append(term("id", last))
    return tuple(dict.fromkeys(found))


# ── SQLite ───────────────────────────────────────────────────────────────────────────────────


def _fts5(node: Node) -> str:
    if isinstance(node, Or):
        return f"({' OR '.join(map(_fts5, node.parts))})"
    if isinstance(node, And):
        kept = [_fts5(part) for part in node.parts if not isinstance(part, Not)]
        out = [_fts5(part.part) for part in node.parts if isinstance(part, Not)]
        text = f"({' AND '.join(kept)})"
        return f"({text} NOT ({' OR '.join(out)}))" if out else text
    if isinstance(node, Words):
        where = node.field or f"- {{{' '.join((*APART, 'terms'))}}}"
        star = "*" if node.open else ""
        return f'{where} : "{" ".join(cut(node.words))}"{star}'
    assert isinstance(node, Doi | Identifier | Exact), node
    star = "*" if isinstance(node, Doi) and node.open else ""
    return f"({' OR '.join(f'terms : {_quoted(one)}{star}' for one in exact_terms(node))})"


def _quoted(word: str) -> str:
    return f'"{word}"'


# ── PostgreSQL ───────────────────────────────────────────────────────────────────────────────


def _tsquery(node: Node) -> str:
    if isinstance(node, Or):
        return f"({' | '.join(map(_tsquery, node.parts))})"
    if isinstance(node, And):
        return f"({' & '.join(map(_tsquery, node.parts))})"
    if isinstance(node, Not):
        return f"!{_tsquery(node.part)}"
    if isinstance(node, Words):
        fields = (node.field,) if node.field else _ANYWHERE
        return f"({' | '.join(_following(_LETTER[field], node) for field in fields)})"
    assert isinstance(node, Doi | Identifier | Exact), node
    star = ":*" if isinstance(node, Doi) and node.open else ""
    words = (f"'{one}'{star}" for one in exact_terms(node))
    return f"({' | '.join(words)})"


def _following(letter: str, node: Words) -> str:
    words = [f"'{letter}{word}'" for word in cut(node.words)]
    if node.open:
        words[-1] += ":*"
    return f"({' <-> '.join(words)})"


def cut(words: tuple[str, ...]) -> list[str]:
    """Return words as long as they are compared."""
    return [word[:LONGEST_WORD] for word in words]
