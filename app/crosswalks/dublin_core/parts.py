"""What the elements of Dublin Core come to: the parts of a Resource, each by its own rules.

Also used for the texts of other formats whose meaning is no clearer than an element of Dublin Core.
"""

from __future__ import annotations

from typing import TypeVar

from app.crosswalks.canonical.completion import access_word, hints
from app.crosswalks.dublin_core import dates, identifiers, names, relations, sizes
from app.crosswalks.dublin_core import texts as prose
from app.crosswalks.dublin_core.recalled import recalled
from app.crosswalks.dublin_core.values import Values, texts
from app.crosswalks.reading import Circumstances, Notes
from app.datacite.resource import Resource
from app.datacite.text import clean
from app.datacite.types import TypeReading, read_types

_T = TypeVar("_T")


def parts(
    values: Values, types: TypeReading, about: Circumstances, notes: Notes
) -> tuple[Resource, str | None]:
    """Return the parts and the access word; the publication year is left to `complete`."""
    general = types.types.resource_type_general if types.types else "Other"
    titles = prose.titles(values, notes)
    main = titles[0].title if titles else ""
    own = identifiers.read(values, general, types.version, main, about.header, notes)
    related = relations.read(values, own, general, main, notes)
    rights = _rights(values, (*types.access, *related.rights), notes)
    named = names.read(values, general, (rights.holders, related.hosts), notes)
    coverage = _coverage(values, None, notes)
    when = once(dates.dates(values, about.today, notes), coverage.dates)
    descriptions, funding = prose.descriptions(values, notes)
    subjects = once(prose.subjects(values, notes), coverage.subjects)
    formats, measures, language = _form(values, None, notes)
    return Resource(
        doi=own.doi,
        creators=named.creators,
        titles=titles,
        publisher=named.publisher,
        subjects=subjects,
        contributors=named.contributors,
        dates=when,
        language=language,
        types=types.types,
        alternate_identifiers=related.alternates,
        related_identifiers=related.related,
        sizes=measures,
        formats=formats,
        version=types.version,
        rights_list=rights.rights,
        descriptions=once(descriptions, related.descriptions),
        geo_locations=coverage.places,
        funding_references=once(related.funding, funding, named.funders),
        related_items=related.items,
        url=own.url,
        content_url=related.content_url,
    ), rights.access or _access(types)


_rights = recalled(("rights", "accessrights", "license", "rightsholder"), prose.rights)
_coverage = recalled(dates.OF_COVERAGE, lambda values, _, notes: dates.coverage(values, notes))
_form = recalled(
    sizes.ELEMENTS,
    lambda values, _, notes: (*sizes.formats_and_sizes(values), prose.language(values, notes)),
)


def once(*groups: tuple[_T, ...]) -> tuple[_T, ...]:
    """Join groups; what is there already is left out."""
    filled = tuple(filter(None, groups))
    if len(filled) < 2:
        return filled[0] if filled else ()
    return tuple(dict.fromkeys(part for group in filled for part in group))


def _access(types: TypeReading) -> str | None:
    return access_word(types.access[0]) if types.access else None


def read_type(values: Values, about: Circumstances, notes: Notes) -> TypeReading:
    """Return what the type elements come to, with the sets and the repository's default."""
    return _type(values, hints(about), notes)


def _read_type(values: Values, given: tuple[str, ...], notes: Notes) -> TypeReading:
    """Read the type elements. given: what the sets and the repository say of the type."""
    words = [clean(text) for text in texts(values, "type")]
    found = read_types(words, hints=given)
    if found.rule.startswith("resourceType."):
        notes.problem(found.rule, "/types/resourceTypeGeneral", "; ".join(words))
    else:
        notes.inferred("/types", found.rule, "; ".join(words))
    return found


_type = recalled(("type",), _read_type)
