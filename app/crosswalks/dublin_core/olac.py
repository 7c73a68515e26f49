"""The types that language archives add to Dublin Core: languages, roles, linguistic kinds."""

from __future__ import annotations

from collections.abc import Iterator

from app.datacite.languages import tag
from app.datacite.name_roles import read_role

LANGUAGE, ROLE, PREFIX = "language", "role", "olac:"
KINDS = ("linguistic-type", "discourse-type", "linguistic-field")


def told(name: str, text: str, kind: str, code: str) -> Iterator[tuple[str, str, str]]:
    """Yield (element, text, scheme) for what one element with a type of OLAC comes to.

    name: the element's. kind: the type without prefix; code: the term of its vocabulary.
    """
    text = text.strip()
    if kind == LANGUAGE and name == "language":
        yield name, code if tag(code) else text or code, ""
    elif kind == LANGUAGE or kind in KINDS:
        if text and text != code:
            yield "subject" if name == "type" else name, text, ""
        if code:
            yield "subject", code, kind
    elif text:
        known = kind == ROLE and read_role(code) is not None
        yield name, f"{text} ({code})" if known else text, ""
