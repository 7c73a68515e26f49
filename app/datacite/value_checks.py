"""What can be said against single values: list terms, language tags, addresses, dates, rights.

Each function adds Problems to a list and decides by the value alone.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from functools import lru_cache

from app.datacite.dates import fault, is_future
from app.datacite.languages import tag
from app.datacite.problem import VALUE_LIMIT, Problem, problem
from app.datacite.resource import MISSING_VALUE_CODES, Date, Description, Rights, Subject, Title
from app.datacite.rights import is_spdx
from app.datacite.rules import RULES
from app.datacite.uris import is_any_uri, uri
from app.datacite.vocabularies import CURRENT

PAST_ONLY = frozenset(("Issued", "Created", "Collected", "Accepted", "Submitted", "Updated"))
"""Types of dates that cannot lie in the future."""


def term(list_name: str, value: str, path: str, obligation: str, found: list[Problem]) -> None:
    """Check that a word is a term of a list; the problem has the obligation of its property."""
    if value not in CURRENT[list_name]:
        rule = RULES["vocabulary.unknown"]
        cut = value[:VALUE_LIMIT]
        found.append(
            Problem(path, "vocabulary.unknown", rule.severity, obligation, rule.message, cut)
        )


def language(value: str, path: str, found: list[Problem]) -> None:
    """Check a language tag."""
    known = tag(value)
    if known != value and (known is None or known.lower() != value.lower()):
        found.append(problem("language.invalid", path, value))


def uris(values: Iterable[tuple[str | None, str]], root: str, found: list[Problem]) -> None:
    """Check addresses, each given with its key below the root."""
    for value, key in values:
        if value is not None and uri(value) is None:
            found.append(problem("uri.invalid", f"{root}/{key}", value))


def titles(values: Sequence[Title], root: str, found: list[Problem]) -> None:
    """Check the titles of the resource or of a related item."""
    for place, title in enumerate(values):
        if title.title in MISSING_VALUE_CODES:
            found.append(problem("code.missing-value", f"{root}/{place}/title", title.title))
        if title.title_type is not None:
            term("titleType", title.title_type, f"{root}/{place}/titleType", "O", found)
        if title.lang is not None:
            language(title.lang, f"{root}/{place}/lang", found)


def subjects(values: Sequence[Subject], found: list[Problem]) -> None:
    """Check codes and addresses of subjects."""
    for place, subject in enumerate(values):
        code = subject.classification_code
        if code is not None and not is_any_uri(code):
            found.append(problem("subject.code", f"/subjects/{place}/classificationCode", code))
        if subject.value_uri is not None or subject.scheme_uri is not None:
            addresses = ((subject.scheme_uri, "schemeUri"), (subject.value_uri, "valueUri"))
            uris(addresses, f"/subjects/{place}", found)
        if subject.lang is not None:
            language(subject.lang, f"/subjects/{place}/lang", found)


@lru_cache(maxsize=8)
def _behind(today: datetime.date) -> str:
    """Return the day after, with which all records of a day are compared."""
    return (today + datetime.timedelta(days=1)).isoformat()


def dates(values: Sequence[Date], today: datetime.date, found: list[Problem]) -> None:
    """Check form, type and plausibility of dates."""
    tomorrow = _behind(today) if values else ""
    for place, date in enumerate(values):
        broken = fault(date.date)
        if broken is not None:
            found.append(problem(broken, f"/dates/{place}/date", date.date))
        elif date.date_type in PAST_ONLY and is_future(date.date, tomorrow):
            found.append(problem("date.future", f"/dates/{place}/date", date.date))
        if not date.date_type:
            found.append(problem("date.type-missing", f"/dates/{place}/dateType", date.date))
        elif date.date_type not in CURRENT["dateType"]:
            term("dateType", date.date_type, f"/dates/{place}/dateType", "M", found)


def descriptions(values: Sequence[Description], found: list[Problem]) -> None:
    """Check types and languages of descriptions."""
    for place, description in enumerate(values):
        kind = description.description_type
        if kind not in CURRENT["descriptionType"]:
            term("descriptionType", kind, f"/descriptions/{place}/descriptionType", "M", found)
        if description.lang is not None:
            language(description.lang, f"/descriptions/{place}/lang", found)


def rights(values: Sequence[Rights], found: list[Problem]) -> None:
    """Check addresses and licence identifiers of rights."""
    for place, one in enumerate(values):
        if one.rights_uri is not None or one.scheme_uri is not None:
            addresses = ((one.rights_uri, "rightsUri"), (one.scheme_uri, "schemeUri"))
            uris(addresses, f"/rightsList/{place}", found)
        identifier, scheme = one.rights_identifier, one.rights_identifier_scheme
        if identifier and scheme and scheme.upper() == "SPDX" and not is_spdx(identifier):
            found.append(
                problem("rights.identifier", f"/rightsList/{place}/rightsIdentifier", identifier)
            )
        if one.lang is not None:
            language(one.lang, f"/rightsList/{place}/lang", found)
