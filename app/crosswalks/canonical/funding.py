"""Funding of DataCite documents, made canonical: who paid, by which identifier and award."""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec.structs import replace

from app.crosswalks.canonical.name_identifiers import ROR, uri
from app.crosswalks.reading import Notes
from app.datacite import identifiers
from app.datacite.funders import funder_name, read_grant
from app.datacite.resource import FundingReference
from app.datacite.text import clean, is_null

_FUNDER_NUMBER = re.compile("(?:100|501)[0-9]{6,9}")


def funding(
    given: Sequence[FundingReference], grants: Sequence[FundingReference], notes: Notes
) -> tuple[FundingReference, ...]:
    """Return the funding references, canonical. grants: those that stood among the relations."""
    kept: dict[FundingReference, None] = {}
    for one in given:
        made = _funding(one, f"/fundingReferences/{len(kept)}", notes)
        if made is not None:
            kept.setdefault(made)
    for grant in grants:
        _add(kept, grant, notes)
    return tuple(kept)


def _add(kept: dict[FundingReference, None], grant: FundingReference, notes: Notes) -> None:
    """Add a grant, unless its award is there; a funder without award is the one who gave it."""
    if any(one.award_number == grant.award_number for one in kept if one.award_number):
        return
    bare = next((one for one in kept if _gave(one, grant)), None)
    place = len(kept) if bare is None else list(kept).index(bare)
    notes.inferred(f"/fundingReferences/{place}", "grant.agreement", grant.award_number or "")
    if bare is None:
        kept.setdefault(grant)
        return
    found = [replace(grant, funder_name=bare.funder_name) if o is bare else o for o in kept]
    kept.clear()
    kept.update(dict.fromkeys(found))


def _gave(one: FundingReference, grant: FundingReference) -> bool:
    """Whether a funder without any award has the name or the identifier of a grant's funder."""
    if one.award_number or one.award_title:
        return False
    same_name = one.funder_name.casefold() == grant.funder_name.casefold()
    return same_name or (grant.funder_identifier or "") == (one.funder_identifier or "-")


def _funding(given: FundingReference, path: str, notes: Notes) -> FundingReference | None:
    name, award = _optional(given.funder_name), _optional(given.award_number)
    if award and award.lower().startswith("info:eu-repo/grantagreement/"):
        return _of_grant(name, award, path, notes)
    identifier, kind = _funder_identifier(given, path, notes)
    title, link = _optional(given.award_title), _award_link(given.award_uri, path, notes)
    if name is None:
        if identifier or award or title:
            notes.problem("funder.name", path, identifier or award or title)
        name = funder_name(identifier)
        if name is None:
            return None
        notes.inferred(f"{path}/funderName", "funder.name", identifier or "")
    home = uri(given.scheme_uri, f"{path}/schemeUri", notes) if identifier else None
    home = ROR if home and kind == "ROR" else home
    return FundingReference(name, identifier, kind, home, award, link, title)


def _of_grant(name: str | None, award: str, path: str, notes: Notes) -> FundingReference | None:
    found = read_grant(award)
    if found is None:
        return FundingReference(name, award_number=award) if name else None
    notes.inferred(f"{path}/awardNumber", "grant.agreement", award)
    return replace(found, funder_name=name) if name else found


def _award_link(text: str | None, path: str, notes: Notes) -> str | None:
    return uri(text, f"{path}/awardUri", notes)


def _funder_identifier(
    given: FundingReference, path: str, notes: Notes
) -> tuple[str | None, str | None]:
    value = _optional(given.funder_identifier)
    if value is None:
        return None, None
    told = notes.term(
        "funderIdentifierType", given.funder_identifier_type, f"{path}/funderIdentifierType"
    )
    kind, spelt = funder_kind(value, told)
    if told is None and not given.funder_identifier_type:
        notes.problem("funder.identifier-type", f"{path}/funderIdentifierType", value)
    return spelt, kind


def funder_kind(value: str, told: str | None) -> tuple[str, str]:
    """Return an identifier's type (the one told, else by its form) and its spelling."""
    if told in (None, "Other", "ROR") and (link := identifiers.ror(value)):
        return "ROR", link
    name = identifiers.doi(value[value.index("10.13039/") :]) if "10.13039/" in value else None
    if name and told in (None, "Other", "Crossref Funder ID"):
        return "Crossref Funder ID", f"https://doi.org/{name}"
    if told == "Crossref Funder ID" and _FUNDER_NUMBER.fullmatch(value):
        return told, f"https://doi.org/10.13039/{value}"
    if told is None and value.startswith("grid."):
        return "GRID", value
    if told is None and "isni" in value.lower() and identifiers.isni(value):
        return "ISNI", value
    return told or "Other", value


def _optional(text: str | None) -> str | None:
    if not text:
        return None
    value = clean(text)
    return None if is_null(value) else value
