"""How much of what makes a description found and used is there, in words and as a bar."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from app.datacite import completeness

if TYPE_CHECKING:
    from collections.abc import Iterable

    from app.datacite.resource import Resource
    from app.web.provenance import Inferred

LISTED = (*completeness.MUST, *completeness.HIGH_IMPACT)
YEAR = "/publicationYear"
WORDS = {
    "titles": "title",
    "publication_year": "stated publication year",
    "resource_type": "type",
    "creators.orcid": "ORCID of a creator",
    "affiliations.ror": "ROR of an affiliation",
    "descriptions.abstract": "abstract",
    "rights.known": "licence that is known",
    "related": "related work",
    "dates.issued": "exact date of issue",
    "object_link": "direct link to the object",
}
"""Words for the keys of properties that are not words themselves."""


class Richness(Struct, frozen=True):
    """Of so many properties so many are there; and what is missing, in words."""

    there: int
    of: int
    missing: tuple[str, ...]


def richness(resource: Resource, inferred: Iterable[Inferred], *, writable: bool) -> Richness:
    """Return how rich a description is; writable: it can be written as DataCite XML."""
    stated = all(one.path != YEAR for one in inferred)
    mask = completeness.present(resource, year_stated=stated, writable=writable)
    missing = completeness.missing(mask)
    named = tuple(WORDS.get(name, name) for name in missing)
    return Richness(len(LISTED) - len(missing), len(LISTED), named)
