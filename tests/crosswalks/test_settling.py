"""Formats that cannot say all: what was lost on the first way out is all that is ever lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.crosswalks import read, write
from app.datacite.resource import Resource
from tests.crosswalks.cases import TODAY, name, paths, reading

READ_AS = {"schema_org": "schema_org", "dcat": "dcat_xml"}
"""The formats read, and what they are written as."""
CASES = [path for folder in READ_AS for path in paths(folder)]


def again(resource: Resource, form: str) -> Resource:
    """The resource after one way out and back."""
    found = read(write(form, resource), today=TODAY).resource
    assert found is not None
    return found


@pytest.mark.parametrize("path", CASES, ids=name)
def test_a_second_way_out_and_back_changes_nothing(path: Path) -> None:
    form = READ_AS[path.parent.name]
    resource = reading(path).resource
    assert resource is not None
    once = again(resource, form)
    assert again(once, form) == once
    assert (once.doi, once.creators) == (resource.doi, resource.creators)
    assert once.titles[0].title == resource.titles[0].title
