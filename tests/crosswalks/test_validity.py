"""What is written is valid by construction: the official schemas never say anything against it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from app.crosswalks import write
from app.datacite.resource import Resource
from app.errors import IncompleteResource
from tests.crosswalks.cases import TODAY, name, paths, reading
from tests.crosswalks.schemas import complaints
from tests.datacite.strategies import (
    every_term,
    resources,
    ten_thousand_creators,
    writable_resources,
)
from tests.shared import needs_shared

pytestmark = needs_shared.mark
FREELY = settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))


def written(resource: Resource) -> list[bytes]:
    """Every XML form of a resource that can be had."""
    forms = [write("oai_dc", resource, today=TODAY)]
    try:
        forms.append(write("datacite", resource))
        forms.append(write("oai_datacite", resource, datacentre="example.repo"))
    except IncompleteResource:
        pass
    return forms


@pytest.mark.parametrize("path", paths(), ids=name)
def test_cases_are_written_valid(path: Path) -> None:
    resource = reading(path).resource
    assert resource is not None
    assert [complaints(form) for form in written(resource) if complaints(form)] == []


@FREELY
@given(writable_resources())
def test_writable_resources_are_written_valid_in_three_forms(resource: Resource) -> None:
    forms = written(resource)
    assert len(forms) == 3
    assert [complaints(form) for form in forms if complaints(form)] == []


@FREELY
@given(resources())
def test_any_resource_is_written_valid_or_refused(resource: Resource) -> None:
    assert [complaints(form) for form in written(resource) if complaints(form)] == []


@pytest.mark.parametrize(("label", "resource"), list(every_term()), ids=lambda v: str(v)[:40])
def test_every_term_of_every_list_is_valid(label: str, resource: Resource) -> None:
    assert complaints(write("datacite", resource)) == []


def test_ten_thousand_creators_are_valid() -> None:
    assert complaints(write("datacite", ten_thousand_creators())) == []
