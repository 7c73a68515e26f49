"""What DSpace tells in several fields that belong together: the journal, the grants, the degree."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import zip_longest

from msgspec.structs import replace

from app.crosswalks import degree
from app.crosswalks.draft import Draft
from app.crosswalks.dspace.fields import Fields, texts
from app.datacite import identifiers
from app.datacite.citations import item_type
from app.datacite.funders import read_grant
from app.datacite.resource import FundingReference, RelatedItem, Title
from app.datacite.text import clean
from app.datacite.vocabularies import CURRENT

_HOLDERS = ("oaire.citation", "source", "citation", "bibliographiccitation")
_PARTS = {
    "title": ("title", "journal", "journaltitle", "jtitle"),
    "volume": ("volume",),
    "issue": ("issue", "number"),
    "first": ("startpage", "firstpage", "stpage", "spage", "initialpage"),
    "last": ("endpage", "lastpage", "epage", "finalpage"),
    "pages": ("pagenumber", "pages", "pagerange"),
    "edition": ("edition",),
}
PART_OF = "relation.ispartof"
_KINDS = CURRENT["relatedIdentifierType"]
_AGREEMENT = re.compile(r"[A-Z]{2,12}/[^/\s]+/[0-9][^/\s]*")
_NUMBER = re.compile(r"(?=[^\s,;]*[0-9])[A-Za-z0-9][^\s,;]{2,}(?<![.)])")
_MORE = re.compile(r"(?:\s*(?:,|;|and|&)\s*(?=[^\s,;]*[0-9])[A-Z0-9][^\s,;]{2,}(?<![.)]))+")
"""More numbers of the same funder: `4711, 4712 and 4713`."""
FUNDERS = ("oairecerif.funder", "oaire.funder", "project.funder.name")
NUMBERS, TITLES = "oaire.awardnumber", "oaire.awardtitle"
ADDRESSES = "oaire.awarduri"


# ── the journal or book ──────────────────────────────────────────────────────────────────────


def put_host(fields: Fields, draft: Draft) -> frozenset[str]:
    """Add what the work stands in, with its place there; return the fields that were needed.

    Where the place has no title, it is what the work is part of.
    """
    held = {part: _names(words) for part, words in _PARTS.items()}
    found = {part: next(iter(texts(fields, *names)), "") for part, names in held.items()}
    used = {name for names in held.values() for name in names} & fields.keys()
    if not used:
        return frozenset()
    if not found["title"] and (title := _part_of(fields)):
        found["title"] = title
        used.add(PART_OF)
    if not found["title"]:
        return frozenset()
    first, _, last = found["pages"].replace("–", "-").partition("-")
    kind = item_type(draft.term(), in_journal=bool(found["issue"]))
    draft.related_items.append(
        RelatedItem(
            kind,
            "IsPublishedIn",
            titles=(Title(found["title"]),),
            volume=found["volume"] or None,
            issue=found["issue"] or None,
            first_page=found["first"] or first.strip() or None,
            last_page=found["last"] or last.strip() or None,
            edition=found["edition"] or None,
        )
    )
    return frozenset(used)


def _names(words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f"{holder}.{word}" for holder in _HOLDERS for word in words)


def _part_of(fields: Fields) -> str:
    """Return the only title that the work is said to be part of."""
    given = texts(fields, PART_OF)
    is_title = len(given) == 1 and identifiers.recognise(clean(given[0])).kind not in _KINDS
    return given[0] if is_title else ""


# ── grants ───────────────────────────────────────────────────────────────────────────────────


def put_funding(fields: Fields, draft: Draft) -> None:
    """Add the grants; funder, number, title and address are paired by their order."""
    funders, numbers = texts(fields, *FUNDERS), texts(fields, NUMBERS)
    if len(funders) == 1 and len(numbers) > 1:
        funders *= len(numbers)
    awards = zip_longest(
        funders, numbers, texts(fields, TITLES), texts(fields, ADDRESSES), fillvalue=""
    )
    for funder, number, title, address in awards:
        if read_grant(address) is not None and not number:
            number, address = address, ""
        draft.funding.append(
            FundingReference(
                funder,
                award_number=number or None,
                award_title=title or None,
                award_uri=address or None,
            )
        )


def grants(text: str) -> tuple[FundingReference, ...]:
    """Read a sponsor or a project: a grant agreement, a funder, its numbers behind it."""
    text = clean(text)
    if _AGREEMENT.fullmatch(text):
        text = f"info:eu-repo/grantAgreement/{text}"
    found = read_grant(text)
    if found is None or found.award_number is None:
        return _numbered(text) or ((found,) if found else ())
    behind = text[text.find(found.award_number) + len(found.award_number) :]
    numbers = _MORE.match(behind) if "eu-repo/" not in text else None
    further = _NUMBER.findall(numbers[0]) if numbers else ()
    return (found, *(replace(found, award_number=number, award_uri=None) for number in further))


def _numbered(text: str) -> tuple[FundingReference, ...]:
    """Read `Funder: number`."""
    for mark in (":", ";", ","):
        name, _, number = text.rpartition(mark)
        number = number.strip()
        if name.strip() and _NUMBER.fullmatch(number):
            return (FundingReference(name.strip(), award_number=number),)
    return ()


# ── degrees ──────────────────────────────────────────────────────────────────────────────────


def put_degrees(fields: Fields, draft: Draft) -> None:
    """Add the degrees that a thesis was written for."""
    for one in degree.of_texts(dict(_degrees(fields))):
        degree.put(one, draft)


def _degrees(fields: Fields) -> Iterator[tuple[str, list[str]]]:
    for part in degree.PARTS:
        yield part, texts(fields, f"thesis.degree.{part}")
