"""What every writer owes: cases come out as they say, any record is written alike or refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from app.crosswalks import FORMATS
from app.datacite.resource import Resource
from app.errors import IncompleteResource
from tests.crosswalks.cases import CASES
from tests.crosswalks.exports import (
    WRITABLE,
    cases,
    form_of,
    name,
    out,
    resource_of,
    shape,
    written,
)
from tests.datacite.strategies import resources

FEWEST = 4
FREELY = settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.mark.parametrize("path", cases(), ids=name)
def test_case_is_written_as_it_says(path: Path) -> None:
    form = form_of(path)
    got = shape(form, written(form, resource_of(path)))
    assert got.decode() == shape(form, out(path).read_bytes()).decode()


def test_each_case_has_what_must_be_written() -> None:
    assert {out(path) for path in cases()} == set(CASES.glob("to_*/*.out.*"))


@pytest.mark.parametrize("form", WRITABLE)
def test_each_format_has_its_cases(form: str) -> None:
    assert len(cases(form)) >= FEWEST


@FREELY
@given(resources())
def test_any_resource_is_written_or_refused_and_twice_the_same(resource: Resource) -> None:
    """In every form: making a resource up costs more than writing it in all of them."""
    for form in WRITABLE:
        try:
            data = written(form, resource)
        except IncompleteResource:
            continue
        assert data == written(form, resource), form
        assert data.decode("utf-8"), form
        shape(form, data)
        if FORMATS[form].json:
            assert data.endswith(b"\n"), form
            json.loads(data, parse_constant=_no_number)


def _no_number(constant: str) -> None:
    raise AssertionError(f"{constant} is no JSON number")
