"""The strategies give canonical values: JSON gives them back, cleaning leaves them alone."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.datacite.resource import Resource, decode, encode
from app.datacite.text import clean
from app.datacite.vocabularies import CURRENT
from tests.datacite import strategies

SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]
ANY = st.one_of(
    strategies.resources(), strategies.writable_resources(), strategies.full_resources()
)


def strings(value: object, key: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield key, value
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield from strings(inner, name)
    elif isinstance(value, list):
        for inner in value:
            yield from strings(inner, key)


@settings(suppress_health_check=SLOW, deadline=None)
@given(ANY)
def test_json_gives_the_resource_back(resource: Resource) -> None:
    data = encode(resource)
    assert decode(data) == resource
    assert encode(decode(data)) == data


@settings(suppress_health_check=SLOW, deadline=None)
@given(ANY)
def test_every_text_is_clean(resource: Resource) -> None:
    for key, text in strings(msgspec.to_builtins(resource)):
        assert text
        assert clean(text, breaks=key == "description") == text


def test_every_term_of_every_list_has_its_resource() -> None:
    names = {name for name, _ in strategies.every_term()}
    expected = {f"{name}-{term}" for name, terms in CURRENT.items() for term in terms}
    assert expected - names == {"descriptionType-SeriesInformation"}


def test_ten_thousand_creators_encode() -> None:
    resource = strategies.ten_thousand_creators()
    assert decode(encode(resource)) == resource


@pytest.mark.parametrize("field", Resource.__struct_fields__)
def test_every_property_is_generated(field: str) -> None:
    assert field in {**strategies.MANDATORY, **strategies.OPTIONAL, **strategies.UNWRITTEN}
