"""Elements of a JATS article: found below each other by name, their texts without apparatus."""

from __future__ import annotations

from collections.abc import Iterator

from app.crosswalks.xml import Element, attributes, children

_APPARATUS = frozenset(
    ("xref", "fn", "label", "object-id", "email", "graphic", "inline-graphic", "annotation",
     "annotation-xml", "institution-id", "contrib-group", "related-object")
)  # fmt: skip
"""What stands in a text and is not its own: marks of notes, numbers, pictures, addresses."""
BLOCKS = frozenset(("p", "title", "list-item", "disp-quote", "disp-formula", "def", "term"))


def below(element: Element | None, *path: str) -> Iterator[Element]:
    """Yield the descendants at the end of a path of names in lower case."""
    if element is None:
        return
    for name, child in children(element):
        if name == path[0]:
            if len(path) == 1:
                yield child
            else:
                yield from below(child, *path[1:])


def first(element: Element | None, *path: str) -> Element | None:
    """Return the first descendant at the end of a path."""
    return next(below(element, *path), None)


def attribute(element: Element, *names: str) -> str:
    """Return the first of some attributes that says something, by local name in lower case."""
    found = dict(attributes(element))
    return next((found[name].strip() for name in names if name in found), "")


def plain(element: Element | None) -> str:
    """Return the text of an element without its apparatus, blanks joined."""
    return " ".join("".join(_pieces(element)).split()) if element is not None else ""


def _pieces(element: Element) -> Iterator[str]:
    yield element.text or ""
    chosen = False
    for name, child in children(element):
        if name == "break":
            yield " "
        elif _is_text(name, child) and not (chosen and _is_alternative(element)):
            yield from _pieces(child)
            chosen = True
        yield child.tail or ""


def _is_text(name: str, element: Element) -> bool:
    """Whether an element inside a text belongs to what it says."""
    whole_document = name == "tex-math" and "\\documentclass" in (element.text or "")
    return name not in _APPARATUS and not whole_document


def _is_alternative(element: Element) -> bool:
    """Whether the children of an element say one thing in several ways."""
    return isinstance(element.tag, str) and element.tag.endswith("alternatives")


def paragraphs(element: Element) -> Iterator[str]:
    """Yield the blocks of a longer text, each as one line; without any, the text itself."""
    inside = list(_blocks(element))
    if inside:
        yield from filter(None, map(plain, inside))
    elif text := plain(element):
        yield text


def _blocks(element: Element) -> Iterator[Element]:
    for name, child in children(element):
        if name in BLOCKS:
            yield child
        elif name not in _APPARATUS:
            yield from _blocks(child)
