"""The one place where text becomes Turtle.

Every text passes `string` and every address `reference`, so what is written parses and reads back
as the same text. Blank nodes stand where they are used, named ones in a block of their own.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from itertools import groupby
from urllib.parse import quote

from app.crosswalks.graph import IRI, PREFIXES, Literal, Node, Value, prefixes

_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_TO_ESCAPE = re.compile('["\\\\\x00-\x1f\x7f]')
_SURROGATE = re.compile("[\ud800-\udfff]")
_NOT_IN_ADDRESS = re.compile('[\x00-\x20<>"{}|^`\\\\]')
_TAG = re.compile("[A-Za-z]+(?:-[A-Za-z0-9]+)*")
_LINE = "\n  "


def string(text: str) -> str:
    r"""Return a quoted string; controls are `\u00XX`, half characters become U+FFFD."""
    text = _SURROGATE.sub("\ufffd", text)
    return f'"{_TO_ESCAPE.sub(_escaped, text)}"'


def _escaped(match: re.Match[str]) -> str:
    return _ESCAPES.get(match[0]) or f"\\u{ord(match[0]):04X}"


def reference(address: str) -> str:
    """Return `<address>`; what may not stand in it is percent-encoded."""
    address = _SURROGATE.sub("\ufffd", address)
    return f"<{_NOT_IN_ADDRESS.sub(lambda match: quote(match[0], safe=''), address)}>"


def write(node: Node) -> bytes:
    """Return a document about one node and what it names."""
    start = "".join(f"@prefix {p}: {reference(PREFIXES[p])} .\n" for p in prefixes(node))
    return (start + "".join(map(_block, _blocks(node)))).encode("utf-8")


def _blocks(node: Node) -> Iterator[Node]:
    """Yield the nodes that stand by themselves, each once: the first, then the named ones."""
    seen: dict[Node, None] = {node: None}
    waiting = deque((node,))
    while waiting:
        for _, value in waiting.popleft().facts:
            if isinstance(value, Node):
                waiting.append(value)
                if value.address:
                    seen.setdefault(value)
    yield from seen


def _block(node: Node) -> str:
    subject = reference(node.address) if node.address else "[]"
    body = f" ;{_LINE}".join(_predicates(node, _LINE))
    return f"\n{subject}{_LINE}{body} .\n" if body else ""


def _predicates(node: Node, line: str) -> Iterator[str]:
    """Yield each property once with all of its values, types first; `line` starts a new line."""
    if node.types:
        yield "a " + ", ".join(node.types)
    place = {name: number for number, name in enumerate(dict.fromkeys(n for n, _ in node.facts))}
    facts = sorted(node.facts, key=lambda fact: place[fact[0]])
    for name, group in groupby(facts, key=lambda fact: fact[0]):
        values = [_object(value, f"{line}  ") for _, value in group]
        start = " " if len(values) == 1 else f"{line}  "
        yield f"{name}{start}" + f",{line}  ".join(values)


def _object(value: Value, line: str) -> str:
    if isinstance(value, Literal):
        return _literal(value)
    if isinstance(value, IRI) or value.address:
        return reference(value.address)
    inner = list(_predicates(value, f"{line}  "))
    return "[ " + f" ;{line}  ".join(inner) + " ]" if inner else "[]"


def _literal(value: Literal) -> str:
    text = string(value.text)
    if value.lang and _TAG.fullmatch(value.lang):
        return f"{text}@{value.lang}"
    return f"{text}^^{value.datatype}" if value.datatype else text
