"""The register: which media type leads to which format, and what is given by name only."""

from __future__ import annotations

import pytest

from app.crosswalks import FORMATS, named

BY_NAME = {"oai_datacite", "oai_dc", "qdc", "dcat", "dcat_xml", "scholix"}


def test_no_media_type_leads_to_two_formats() -> None:
    told = [
        media_type
        for form in FORMATS.values()
        if form.writable and form.negotiated
        for media_type in form.media_types
    ]
    assert len(told) == len(set(told))
    assert {"application/ld+json", "application/json", "application/xml"} <= set(told)
    assert not {"text/turtle", "application/rdf+xml", "text/plain"} & set(told)


def test_some_formats_are_given_by_name_only() -> None:
    written = {name for name, form in FORMATS.items() if form.writable}
    assert {name for name in written if not FORMATS[name].negotiated} == BY_NAME


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("schemaorg", "schema_org"), ("schema.org", "schema_org"), ("json-ld", "schema_org"),
        ("turtle", "dcat"), ("DCAT-AP", "dcat"), ("rdf-xml", "dcat_xml"), ("scholix", "scholix"),
    ],
)  # fmt: skip
def test_other_names_that_people_use(name: str, form: str) -> None:
    found = named(name)
    assert found is not None
    assert found.name == form
