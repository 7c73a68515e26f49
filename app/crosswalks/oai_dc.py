"""Dublin Core in every flavour: read into a Resource, written as oai_dc.

The record is read once, element by element by name; the rules for names, dates, types, rights and
so on are those of `app.datacite`, and nothing clever happens here.
"""

from __future__ import annotations

from typing import TypeVar

from app.crosswalks import dc_dates, dc_identifiers, dc_names, dc_relations, dc_texts
from app.crosswalks.completion import access_word, fallbacks, header_identifier, hints, year_of
from app.crosswalks.dc_values import Values, gather, texts
from app.crosswalks.oai_dc_write import NAMESPACE, SCHEMA, write
from app.crosswalks.reading import Circumstances, Notes, Reading
from app.crosswalks.xml import Element, namespace
from app.datacite.problem import problem
from app.datacite.resource import Resource
from app.datacite.text import clean
from app.datacite.types import TypeReading, read_types

_T = TypeVar("_T")

__all__ = ["NAMESPACE", "SCHEMA", "read", "write"]


def read(root: Element, about: Circumstances, *, guessed: bool = False) -> Reading:
    """Read a Dublin Core record. guessed: the root is unknown, its elements count wherever."""
    values = gather(root, everywhere=guessed)
    space = namespace(root)
    if not values:
        return Reading(None, (problem("format.empty"),), format="oai_dc", namespace=space)
    notes = Notes()
    resource, access = _resource(values, about, notes)
    resource = fallbacks(header_identifier(resource, notes, about), notes, about)
    return notes.reading(resource, access, "oai_dc", space)


def _resource(values: Values, about: Circumstances, notes: Notes) -> tuple[Resource, str | None]:
    types = _types(values, about, notes)
    general = types.types.resource_type_general if types.types else "Other"
    titles = dc_texts.titles(values, notes)
    main = titles[0].title if titles else ""
    own = dc_identifiers.read(values, general, types.version, main, about.header, notes)
    relations = dc_relations.read(values, own, general, notes)
    rights = dc_texts.rights(values, (*types.access, *relations.rights), notes)
    names = dc_names.read(values, general, rights.holders, notes)
    coverage = dc_dates.coverage(values, notes)
    dates = _once(dc_dates.dates(values, notes, about), coverage.dates)
    descriptions, funding = dc_texts.descriptions(values, notes)
    formats, sizes = dc_texts.formats_and_sizes(values)
    return Resource(
        doi=own.doi,
        creators=names.creators,
        titles=titles,
        publisher=names.publisher,
        publication_year=year_of("", dates, notes, about),
        subjects=_once(dc_texts.subjects(values, notes), coverage.subjects),
        contributors=names.contributors,
        dates=dates,
        language=dc_texts.language(values, notes),
        types=types.types,
        alternate_identifiers=relations.alternates,
        related_identifiers=relations.related,
        sizes=sizes,
        formats=formats,
        version=types.version,
        rights_list=rights.rights,
        descriptions=_once(descriptions, relations.descriptions),
        geo_locations=coverage.places,
        funding_references=_once(relations.funding, funding, names.funders),
        related_items=relations.items,
        url=own.url,
        content_url=relations.content_url,
    ), rights.access or _access(types)


def _once(*groups: tuple[_T, ...]) -> tuple[_T, ...]:
    """Join groups; what is there already is left out."""
    filled = [group for group in groups if group]
    if len(filled) < 2:
        return filled[0] if filled else ()
    return tuple(dict.fromkeys(part for group in filled for part in group))


def _access(types: TypeReading) -> str | None:
    return access_word(types.access[0]) if types.access else None


def _types(values: Values, about: Circumstances, notes: Notes) -> TypeReading:
    given = [clean(text) for text in texts(values, "type")]
    found = read_types(given, hints=hints(about))
    if found.rule.startswith("resourceType."):
        notes.problem(found.rule, "/types/resourceTypeGeneral", "; ".join(given))
    else:
        notes.inferred("/types", found.rule, "; ".join(given))
    return found
