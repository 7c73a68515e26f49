"""The register: which media type leads to which format, and what is given by name only."""

from __future__ import annotations

import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from app.crosswalks import FORMATS, named, register

PLACES = re.findall(r'(?:later|_written)\("([\w.]+)"\)', Path(register.__file__).read_text())
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


def test_formats_are_imported_when_they_are_first_needed() -> None:
    script = "import sys, app.crosswalks; print(*sys.modules)"
    found = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True)
    loaded = found.stdout.decode().split()
    assert "app.crosswalks.register" in loaded
    formats = ("dublin_core", "datacite", "mods", "dcat", "bibtex")
    assert not {f"app.crosswalks.{name}" for name in formats} & set(loaded)


@pytest.mark.parametrize("place", PLACES)
def test_what_is_imported_later_is_there(place: str) -> None:
    module, _, name = place.rpartition(".")
    assert callable(getattr(import_module(f"app.crosswalks.{module}"), name))
