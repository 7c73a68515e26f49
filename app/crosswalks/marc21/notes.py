"""Notes of MARC: descriptions, theses, funding, rights."""

from __future__ import annotations

import re
from collections.abc import Callable

from app.crosswalks import degree
from app.crosswalks.canonical.completion import access_word
from app.crosswalks.degree import Degree
from app.crosswalks.draft import Draft
from app.crosswalks.isbd import ended
from app.crosswalks.marc21.fields import Field, Record
from app.datacite.dates import read_date
from app.datacite.funders import read_grant
from app.datacite.resource import Contributor, FundingReference
from app.datacite.rights import read_rights
from app.datacite.text import clean

PROSE = 20
"""A longer note is worth being a description."""
_THESIS = re.compile(
    r"(?:.*?(?:thesis|dissertation|diss)\.?\s*)\((?P<degree>[^()]+)\)\s*(?:--|[-–—,])\s*"
    r"(?P<grantor>.+?)(?:,\s*(?P<year>[0-9]{4}))?\.?",
    re.IGNORECASE,
)
_INVENIO: dict[str, Callable[[Draft], list[str]]] = {
    "1": lambda draft: draft.formats,
    "2": lambda draft: draft.sizes,
}
"""What Invenio puts where others have summaries, by the second indicator."""
_FUNDER = re.compile(r"[0-9]")


def read(record: Record, draft: Draft) -> None:
    """Add descriptions, the degree, funding and rights."""
    for field in record.of("520"):
        if record.is_invenio and field.second in _INVENIO:
            _INVENIO[field.second](draft).extend(field.texts("a"))
            continue
        text = " ".join(field.raw("a", "b"))
        draft.describe(text, "Abstract", field.text("9") if record.is_invenio else None)
    for field in record.of("505"):
        draft.describe(" ".join(field.raw("a", "g", "t", "r")), "TableOfContents")
    for field in record.of("502"):
        _thesis(field, draft)
    for field in record.of("500"):
        text = " ".join(field.raw("a"))
        if len(clean(text)) > PROSE:
            draft.describe(text, "Other")
    for field in record.of("536"):
        _funding(field, record, draft)
    _rights(record, draft)


def _thesis(field: Field, draft: Draft) -> None:
    """Add a thesis: the degree as the type's own word, who granted it, else the note as it is."""
    draft.general = degree.GENERAL
    name, grantor, note = ended(field.text("b")), field.end("c"), field.text("a")
    match = _THESIS.fullmatch(note) if note else None
    if match is not None:
        name, grantor = name or match["degree"].strip(), grantor or match["grantor"].strip()
        if match["year"] and not draft.dates:
            draft.date(match["year"], "Issued")
    elif note:
        draft.describe(note, "Other")
        year = read_date(note).date
        if year and not draft.dates:
            draft.date(year[:4], "Issued")
    draft.word = draft.word or name
    degree.put(Degree(grantor=grantor), draft)


# ── funding ──────────────────────────────────────────────────────────────────────────────────


def _funding(field: Field, record: Record, draft: Draft) -> None:
    """Add funding: the funder with its numbers; Invenio names the award in the funder's place."""
    text = field.end("a")
    numbers = [number for number in field.ends("c", "b", "f") if _FUNDER.search(number)]
    grant = read_grant(text) if text else None
    if grant is not None and "grantagreement" in text.lower():
        draft.grant(text)
    elif record.is_invenio and not field.texts("b"):
        number = numbers[0] if numbers else None
        draft.funding.append(FundingReference(award_number=number, award_title=text or None))
    elif numbers:
        titles = [t for t in field.ends("f") if not _FUNDER.search(t)]
        draft.funding.extend(
            FundingReference(text, award_number=number, award_title=titles[0] if titles else None)
            for number in dict.fromkeys(numbers)
        )
    elif text and not draft.grant(text):
        draft.describe(text, "Other")


# ── rights ───────────────────────────────────────────────────────────────────────────────────


def _rights(record: Record, draft: Draft) -> None:
    for field in record.of("506", "540"):
        text, address = field.text("a"), field.text("u")
        if text or address:
            draft.licence(text, address) if address else draft.text("rights", text)
    for field in record.of("542"):
        text, address = field.text("f", "n"), field.text("u")
        if address:
            draft.licence(text, address)
        else:
            draft.text("rights", text)
        status = field.text("l")
        draft.access = draft.access or access_word(read_rights(status).access if status else None)
        for holder in field.ends("d"):
            draft.contributors.append(Contributor(holder, contributor_type="RightsHolder"))
