"""The pieces of a schema.org object: things without empty facts, one value or a list of several."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from app.crosswalks.exporting import ISSNS
from app.crosswalks.linking import address

Thing = dict[str, Any]
Facts = Iterator[tuple[str, Any]]


def is_nothing(value: object) -> bool:
    """Whether a value says nothing; False does."""
    return value is None or value in ("", [], {})


def one_or_list(values: Iterable[Any]) -> Any:
    """Return the only value as it is, several as a list, none as None."""
    found = [value for value in values if not is_nothing(value)]
    return found if len(found) > 1 else next(iter(found), None)


def thing(kind: str, **facts: Any) -> Thing:
    """Return a thing with those of its facts that say something; `id` becomes `@id`."""
    found = {"@type": kind, "@id": facts.pop("id", ""), **facts}
    return {key: value for key, value in found.items() if not is_nothing(value)}


def property_value(kind: str, value: str) -> Thing:
    """Return an identifier that has no address."""
    return thing("PropertyValue", propertyID=kind, value=value)


def identified(kind: str, scheme: str, value: str, name: str) -> Thing:
    """Return a thing under its address, its ISSN or ISBN, or its identifier as it stands."""
    if scheme in ISSNS:
        return thing("Periodical", name=name, issn=value)
    if scheme == "ISBN":
        return thing(kind, name=name, isbn=value)
    link = address(scheme, value)
    other = property_value(scheme, value) if value and not link else None
    return thing(kind, id=link, name=name, identifier=other)
