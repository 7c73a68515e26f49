"""What a record is shown as: stored renderings, provenance, problems, summary. Pure."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING

from app import crosswalks
from app.crosswalks import provenance
from app.crosswalks.provenance import OriginDescription
from app.datacite.problem import Problem
from app.datacite.resource import Resource, is_missing
from app.datacite.rules import RULES
from app.errors import IncompleteResource
from app.record import Change, Origin, Summary

if TYPE_CHECKING:
    from app.query.connected import Connected
    from app.query.indexing import Searched

PREFIXES_STORED = ("oai_dc", "datacite")
"""The renderings stored with a record: oai_dc always, the other where it can be written."""
NAMES_SHOWN = 3


@cache
def checker() -> Callable[..., tuple[Problem, ...]]:
    """Return what checks a resource; imported for the first record that changes."""
    from app.datacite.validation import check

    return check


@cache
def folder() -> Callable[[Resource], list[str]]:
    """Return what folds the texts of a resource; imported for the first that changes."""
    from app.query.indexing import folded

    return folded


@cache
def indexer() -> Callable[[Resource, list[str]], Searched]:
    """Return what tells by what a resource is searched, from it and its folded texts."""
    from app.query.indexing import searched

    return searched


@cache
def connecter() -> Callable[[Resource], Connected]:
    """Return what finds the links of a resource; imported for the first record that changes."""
    from app.query.connected import connected

    return connected


def render(resource: Resource, today: datetime.date) -> dict[str, bytes]:
    """Return the stored renderings: oai_dc always, datacite when it can be written."""
    made = ((prefix, written(prefix, resource, today)) for prefix in PREFIXES_STORED)
    return {prefix: text for prefix, text in made if text is not None}


def written(prefix: str, resource: Resource, today: datetime.date) -> bytes | None:
    """Return a rendering; None if the record lacks what the format demands."""
    try:
        return crosswalks.write(prefix, resource, today=today)
    except IncompleteResource:
        return None


def about(
    change: Change,
    namespace: str,
    chains: tuple[tuple[OriginDescription, ...], ...],
    origin: Origin,
) -> bytes:
    """Return the record's provenance, and the licence of its metadata where that is known.

    The chain is where we have it from, and before that the source; there is none where no
    repository with an address is known.
    """
    rights = provenance.rights(origin.rights)
    earlier = chains[0] if chains else ()
    if not origin.base_url:
        return (provenance.about(earlier) if earlier else b"") + rights
    ours = OriginDescription(
        origin.base_url, change.identifier, change.datestamp, namespace, origin.response_date
    )
    return provenance.about((ours, *earlier)) + rights


def joined(*groups: tuple[Problem, ...]) -> tuple[Problem, ...]:
    """Return all problems; what was found twice is one, reports' own are left out."""
    found: dict[tuple[str, str], Problem] = {}
    for group in groups:
        for one in group:
            rule = RULES.get(one.rule)
            if rule is None or rule.stored:
                found.setdefault((one.rule, one.path), one)
    return tuple(found.values())


def summary(resource: Resource) -> Summary:
    """Return the few facts that lists and look-ups need."""
    title = next((t.title for t in resource.titles if not is_missing(t.title)), "")
    names = [c.name for c in resource.creators if not is_missing(c.name)]
    shown = "; ".join(names[:NAMES_SHOWN]) + (" et al." if len(names) > NAMES_SHOWN else "")
    doi = resource.doi or ""
    return Summary(
        title=title,
        creators=shown,
        year=resource.publication_year,
        type=resource.types.resource_type_general if resource.types else "",
        doi=doi,
        url=resource.url or (f"https://doi.org/{doi}" if doi else ""),
    )
