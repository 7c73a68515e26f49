"""Titles of MARC: the main one, others, and those in another script."""

from __future__ import annotations

from app.crosswalks import isbd
from app.crosswalks.draft import Draft
from app.crosswalks.marc21.fields import Field, Record
from app.datacite.resource import Title

_OTHERS = {"246": "AlternativeTitle", "210": "AlternativeTitle", "242": "TranslatedTitle"}
_INSTEAD = ("130", "240", "222", "246", "210")
"""What names a work that has no title of its own in its record."""


def read(record: Record, draft: Draft) -> None:
    """Add the titles."""
    given = [*record.of("245"), *record.linked("245")]
    found = [(whole(field), None, field) for field in given]
    if not any(text for text, _, _ in found):
        found = [(whole(field), None, field) for field in record.of(*_INSTEAD)][:1]
    main = next(((text, field) for text, _, field in found if text), None)
    if main is None:
        return
    draft.text("title", main[0], lang=main[1].text("9") if record.is_invenio else "")
    seen = {main[0].casefold()}
    for text, kind, field in (*found, *_others(record)):
        if text and text.casefold() not in seen:
            seen.add(text.casefold())
            draft.titles.append(Title(text, kind or "AlternativeTitle", field.text("y") or None))


def _others(record: Record) -> list[tuple[str, str | None, Field]]:
    return [
        (whole(field), kind, field)
        for tag, kind in _OTHERS.items()
        for field in (*record.of(tag), *record.linked(tag))
    ]


def whole(field: Field) -> str:
    """Return a title in one text: `main : rest. number, part`; a short title keeps its stops."""
    if field.tag == "210":
        return isbd.ended(field.text("a"))
    main = field.text("a") or field.text("k")
    rest = " : ".join(field.ends("b"))
    return isbd.title(main, rest, ", ".join(field.ends("n")), ", ".join(field.ends("p")))
