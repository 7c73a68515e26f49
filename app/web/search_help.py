"""How to search, in words: the fields."""

from __future__ import annotations

from app.web.search_panel import TITLES

__all__ = ["FIELDS", "TITLES"]

FIELDS = (
    ("title", "all titles"), ("creator", "names of creators"),
    ("contributor", "names of contributors"), ("publisher", "the publisher"),
    ("subject", "subjects and keywords"), ("description", "abstracts and other descriptions"),
    ("funder, award", "who paid, and the number of the award"),
    ("type", "the general type, or its text"), ("year", "year of publication, or a range"),
    ("updated, first_seen", "when the hub changed or first saw it: 2026-01-01.."),
    ("doi, id", "a DOI (or its beginning: 10.5072/*), any identifier"),
    ("orcid, ror", "identifiers of people and organisations"),
    ("language, license, access, schema, quality, object, linked", "as the filters"),
    ("relation, to", "how and to what the record is related"),
    ("has, missing", "properties that are there, or not: missing:creators.orcid"),
    ("repository, set, state", "where it is from, in which set, its state"),
    ("problem", "a rule of metadata that it breaks"),
)  # fmt: skip
