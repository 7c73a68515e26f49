"""How a thing is related: by its element, or by words in front of it (`Is part of: …`)."""

from __future__ import annotations

from app.datacite import identifiers
from app.datacite.vocabularies import CURRENT, match

KINDS = CURRENT["relatedIdentifierType"]
ELEMENTS = {
    "ispartof": "IsPartOf",
    "haspart": "HasPart",
    "isversionof": "IsVersionOf",
    "hasversion": "HasVersion",
    "isreferencedby": "IsReferencedBy",
    "references": "References",
    "isrequiredby": "IsRequiredBy",
    "requires": "Requires",
    "isreplacedby": "IsObsoletedBy",
    "replaces": "Obsoletes",
    "isformatof": "IsVariantFormOf",
    "hasformat": "IsOriginalFormOf",
    "conformsto": "Other",
}
"""What an element that tells the relation comes to."""
WORDS = 4
"""A relation in front of a value has at most so many words."""


def with_word(text: str) -> tuple[str, str] | None:
    """Return (relation, rest) of a text with a relation word in front; None if there is none.

    Without a colon the rest must be an identifier: `Reviews of Modern Physics` is a title.
    """
    words = text.split(" ", WORDS)
    for n in range(min(WORDS, len(words) - 1), 0, -1):
        front, colon, inside = " ".join(words[:n]).partition(":")
        found = match("relationType", front.rstrip("=")) if len(front) <= 24 else None
        if found is None or found.term is None or inside:
            continue
        rest = text[len(" ".join(words[:n])) :].lstrip(" :=")
        if rest and (colon or identifiers.recognise(rest).kind in KINDS):
            return found.term, rest
    front, colon, rest = text.partition(":")
    found = match("relationType", front.strip()) if colon and len(front) <= 24 else None
    return (found.term, rest.strip()) if found and found.term and rest.strip() else None
