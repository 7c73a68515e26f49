"""PyPI `datacite` as a second opinion on DataCite 4.5: it takes our JSON, and we read its XML.

What it is known to drop or cannot say is taken off first: the language of a publisher,
classificationCode, relationTypeInformation, the scheme of a funder or of related metadata, and all
but one polygon of a place.
"""

from __future__ import annotations

import json
from typing import Any

import pytest
from datacite import schema45
from hypothesis import HealthCheck, given, settings
from msgspec.structs import replace

from app.crosswalks import read
from app.datacite.resource import (
    FundingReference,
    GeoLocation,
    RelatedIdentifier,
    RelatedItem,
    Resource,
    encode,
)
from app.datacite.vocabularies import LISTS
from tests.crosswalks.cases import TODAY, name, paths, reading
from tests.datacite.strategies import writable_resources

KERNEL = "4.5"
NAMESPACE = "http://datacite.org/schema/kernel-4"
FREELY = settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))


def has(list_name: str, term: str | None) -> bool:
    """Whether 4.5 has a term; none is fine."""
    return not term or LISTS[list_name][term].holds(KERNEL)


def as_4_5(resource: Resource) -> Resource:
    """What 4.5 and the oracle can say of a resource."""
    types = resource.types
    if types is not None and not has("resourceTypeGeneral", types.resource_type_general):
        types = replace(types, resource_type_general="Other")
    return replace(
        resource,
        publisher=replace(resource.publisher, lang=None) if resource.publisher else None,
        subjects=tuple(
            dict.fromkeys(replace(one, classification_code=None) for one in resource.subjects)
        ),
        contributors=tuple(
            one for one in resource.contributors if has("contributorType", one.contributor_type)
        ),
        dates=tuple(one for one in resource.dates if has("dateType", one.date_type)),
        types=types,
        related_identifiers=tuple(filter(None, map(_related, resource.related_identifiers))),
        geo_locations=tuple(filter(None, map(_place, resource.geo_locations))),
        funding_references=tuple(
            dict.fromkeys(replace(one, scheme_uri=None) for one in resource.funding_references)
        ),
        related_items=tuple(filter(None, map(_item, resource.related_items))),
        url=None,
        content_url=(),
    )


def _related(one: RelatedIdentifier) -> RelatedIdentifier | None:
    known = (
        has("relationType", one.relation_type)
        and has("relatedIdentifierType", one.related_identifier_type)
        and has("resourceTypeGeneral", one.resource_type_general)
    )
    bare = {} if one.relation_type in ("HasMetadata", "IsMetadataFor") else NO_SCHEME
    return replace(one, relation_type_information=None, **bare) if known else None


NO_SCHEME = {"related_metadata_scheme": None, "scheme_uri": None, "scheme_type": None}


def _place(one: GeoLocation) -> GeoLocation | None:
    several = any(isinstance(part, tuple) for part in one.geo_location_polygon)
    bare = replace(one, geo_location_polygon=()) if several else one
    return bare if bare != GeoLocation() else None


def _item(one: RelatedItem) -> RelatedItem | None:
    identifier = one.related_item_identifier
    known = (
        one.titles
        and has("relationType", one.relation_type)
        and has("resourceTypeGeneral", one.related_item_type)
        and all(has("contributorType", c.contributor_type) for c in one.contributors)
    )
    if identifier is not None:
        kind = identifier.related_item_identifier_type
        known = known and bool(kind) and has("relatedIdentifierType", kind)
        identifier = replace(identifier, **NO_SCHEME)
    if not known:
        return None
    return replace(one, relation_type_information=None, related_item_identifier=identifier)


def as_it_takes_it(resource: Resource) -> dict[str, Any]:
    """Our canonical JSON with the years as texts, as the oracle wants them."""
    data: dict[str, Any] = json.loads(encode(resource))
    for part in (data, *data.get("relatedItems", ())):
        if "publicationYear" in part:
            part["publicationYear"] = f"{part['publicationYear']:04}"
    return data | {"schemaVersion": NAMESPACE}


def agree(resource: Resource) -> None:
    """It has nothing against our JSON, and its XML says the same to us."""
    data = as_it_takes_it(resource)
    assert [error.message for error in schema45.validator.iter_errors(data)] == []
    again = read(schema45.tostring(data).encode(), today=TODAY).resource
    assert again == resource


@FREELY
@given(writable_resources().filter(lambda one: one.doi))
def test_the_oracle_agrees_on_any_resource(resource: Resource) -> None:
    agree(as_4_5(resource))


def complete(resource: Resource | None) -> bool:
    """Whether a resource has what the oracle demands."""
    return resource is not None and all(
        (resource.doi, resource.creators, resource.titles, resource.publisher,
         resource.publication_year),
    )  # fmt: skip


@pytest.mark.parametrize("path", paths("datacite") + paths("datacite_json"), ids=name)
def test_the_oracle_agrees_on_cases(path: Any) -> None:
    resource = reading(path).resource
    assert resource is not None
    if complete(resource):
        agree(as_4_5(resource))


def test_the_oracle_says_what_it_has_against_a_record() -> None:
    funder = FundingReference(funder_name="Example Fund", scheme_uri="https://example.org/")
    data = as_it_takes_it(Resource(doi="10.5072/x", funding_references=(funder,)))
    assert any("schemeUri" in error.message for error in schema45.validator.iter_errors(data))
