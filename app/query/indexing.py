"""What of a resource is searched by words, as texts that are folded once and for all."""

from __future__ import annotations

from msgspec import Struct

from app.datacite.resource import Resource
from app.query.folding import searchable


class Searched(Struct, frozen=True, array_like=True):
    """The texts of a record in which words are looked for, as `folding.searchable` makes them."""

    title: str = ""
    """All titles."""
    creator: str = ""
    """The names of all creators."""
    publisher: str = ""
    subject: str = ""
    """All subjects."""
    type: str = ""
    """The free text of its type."""


def searched(resource: Resource) -> Searched:
    """Return the texts of a resource."""
    types, publisher = resource.types, resource.publisher
    return Searched(
        *searchable(
            [title.title for title in resource.titles],
            [creator.name for creator in resource.creators],
            [publisher.name] if publisher else (),
            [subject.subject for subject in resource.subjects],
            [types.resource_type] if types and types.resource_type else (),
        )
    )


def searched_of_summary(title: str, creators: str) -> Searched:
    """Return the texts of a record of which no more is known than lists show."""
    return Searched(*searchable((title,), creators.split("; ")))
