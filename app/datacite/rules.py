"""The register of problem rules: id, severity, obligation, what happens and the cure.

Every rule any stage reports is here; ids are permanent, since pages and reports count by them.
A problem that is raised with a sentence of its own still takes severity and obligation here.
"""

from __future__ import annotations

from msgspec import Struct


class Rule(Struct, frozen=True):
    """severity: error, warning or info. obligation: M, R, O or `-`. message: what and the cure."""

    severity: str
    obligation: str
    message: str
    stored: bool = True
    """Whether the store keeps it; the others are worked out whenever a report needs them."""


def _error(obligation: str, message: str) -> Rule:
    return Rule("error", obligation, message)


def _warning(obligation: str, message: str) -> Rule:
    return Rule("warning", obligation, message)


def _info(obligation: str, message: str, *, stored: bool = True) -> Rule:
    return Rule("info", obligation, message, stored)


_READING = {
    "xml.malformed": _error(
        "-", "The XML is not well-formed or has a DOCTYPE; escape & and < in text and leave it out."
    ),
    "xml.recovered": _warning(
        "-", "The bytes had to be mended before they could be parsed; send well-formed XML."
    ),
    "format.unknown": _error(
        "-", "No format is known for this root element; offer one of the readable formats."
    ),
    "format.guessed": _warning(
        "-", "The root is unknown but its elements are Dublin Core; use the root of oai_dc."
    ),
    "format.mismatch": _info(
        "-", "The root shows another format than was announced and was followed; announce that one."
    ),
    "format.empty": _error("-", "The root is known but has no content; fill the record."),
    "payload.repeated": _warning(
        "-", "What may stand once stands more often and the first was kept; send it once."
    ),
    "kernel.old": _info(
        "-", "Written for an older DataCite kernel and read as 4.7; newer kernels can say more."
    ),
    "json.unknown-key": _info("-", "The key is not known and was left out; check its spelling."),
    "value.unplaced": _warning(
        "-", "The value has no place in DataCite and was left out; the record's bytes keep it."
    ),
    "rendering.invalid": _error(
        "-", "A rendering fails its schema and is withheld; this is a fault of the hub, report it."
    ),
}

_MANDATORY = {
    "identifier.missing": _error(
        "M", "There is no identifier of any kind; give a persistent one, best a DOI."
    ),
    "identifier.not-doi": _info(
        "M", "The primary identifier is not a DOI; only a DOI can be registered, all else works."
    ),
    "doi.syntax": _warning(
        "M", "Not a DOI although called one; write 10.prefix/suffix without blanks."
    ),
    "creators.missing": _error("M", "Nobody is named as creator; name a person or organisation."),
    "creators.et-al": _info("M", "“et al.” was taken off the names; list every creator."),
    "titles.missing": _error("M", "There is no title; give one."),
    "publisher.missing": _error("M", "No publisher is named; it is usually the repository."),
    "publisher.inferred": _info(
        "M", "The publisher was taken from the repository; state it in the record."
    ),
    "publicationYear.missing": _error(
        "M", "No year of publication can be found; give an issue date with four digits of year."
    ),
    "publicationYear.inferred": _info(
        "M", "The year was taken from a date; state the year of publication in the record."
    ),
    "publicationYear.implausible": _warning(
        "M", "The year lies before 1000 or more than five years ahead; check it."
    ),
    "resourceType.missing": _error(
        "M", "The type is missing and is written as Other; use one of the general types."
    ),
    "resourceType.unknown": _warning(
        "M", "The type is not known and became Other with its word; use a general type."
    ),
    "code.missing-value": _info(
        "M", "A code for a missing value stands here; put the real value in its place."
    ),
}

_VALUES = {
    "vocabulary.repaired": _info(
        "O", "The word was not spelt as in its list and was replaced; use the list's spelling."
    ),
    "vocabulary.unknown": _warning(
        "O", "The word is not in the list of this property; choose the nearest term of the list."
    ),
    "date.syntax": _warning(
        "M", "Not a date that can be read, so it was dropped; write YYYY, YYYY-MM or YYYY-MM-DD."
    ),
    "date.repaired": _info(
        "O", "The date was rewritten; write YYYY, YYYY-MM or YYYY-MM-DD, ranges with a slash."
    ),
    "date.calendar": _warning(
        "O", "The calendar has no such day and the date was cut; correct the day or the month."
    ),
    "date.order": _info("O", "The range ran backwards and was turned round; put its start first."),
    "date.future": _warning("O", "The date lies in the future; check it or give it another type."),
    "date.type-missing": _info("M", "The date has no type and became Other; say what it dates."),
    "language.invalid": _warning(
        "O", "Not a language tag, so it was dropped; write a tag such as en, de or pt-BR."
    ),
    "uri.invalid": _warning(
        "O", "Not a usable web address even with its characters encoded; correct the address."
    ),
    "rights.identifier": _warning(
        "O", "SPDX has no licence with this identifier; give the licence's web address instead."
    ),
    "subject.code": _info(
        "O", "The classification code cannot stand in XML and was put before the subject's text."
    ),
    "description.markup": _info("R", "Markup was turned into text; send plain text."),
    "description.series": _info(
        "R", "The series was also read as a related item; send it as one instead."
    ),
    "recommended.absent": _info(
        "R", "A recommended property is absent; add it if it applies.", stored=False
    ),
}

_NAMES = {
    "name.empty": _warning("M", "An empty name was dropped; name the person or organisation."),
    "name.type-conflict": _warning(
        "O", "The identifier is of the other kind of name; ORCID is for persons, ROR is not."
    ),
    "name.inferred": _info(
        "O", "Name type or parts were worked out from the name; send them apart and typed."
    ),
    "nameIdentifier.scheme": _warning(
        "M", "The name identifier has no scheme; say whether it is an ORCID, ISNI, ROR or other."
    ),
    "nameIdentifier.checksum": _warning(
        "O", "The check digit does not fit, so this is a typing error; copy the identifier again."
    ),
    "affiliationIdentifier.scheme": _warning(
        "M", "The identifier of the affiliation has no scheme; say which, for instance ROR."
    ),
    "publisherIdentifier.scheme": _warning(
        "M", "The identifier of the publisher has no scheme; say which, for instance ROR."
    ),
    "funder.name": _warning("M", "The funder has no name; name it beside its identifier."),
    "funder.identifier-type": _info(
        "M", "The funder's identifier had no type and was typed by its form; state the type."
    ),
}

_RELATIONS = {
    "relatedIdentifier.syntax": _warning(
        "M", "The value does not look like its type; correct the value or the type."
    ),
    "relatedIdentifier.self": _warning(
        "R", "The relation points at the record itself; only IsIdenticalTo may do so."
    ),
    "relation.information": _info(
        "O", "The relation is Other and nothing says which; add relationTypeInformation."
    ),
    "relation.metadata-scheme": _info(
        "O", "Scheme attributes belong to HasMetadata and IsMetadataFor only; leave them out."
    ),
    "relatedItem.title": _warning("M", "The related item has no title; give it one."),
    "relatedItem.position": _info(
        "O", "Volume, issue, number, pages and edition belong to IsPublishedIn; use that relation."
    ),
    "relatedItem.unlinked": _info(
        "R", "The item's identifier is no related identifier; repeat it as one."
    ),
}

_PLACES = {
    "geo.range": _warning(
        "R", "The coordinates lie outside the globe; give decimal degrees, WGS 84."
    ),
    "geo.latitude-order": _info("R", "South lay above north and was swapped; exchange the two."),
    "geo.polygon-open": _info("R", "The polygon was closed; repeat its first point at the end."),
    "geo.polygon-short": _warning(
        "R", "The polygon has fewer than three different points; give at least three."
    ),
    "geo.date-line": _info("R", "West is east of east: read as crossing the date line; check it."),
}

_HUB = {
    "feed.id-twice": _warning("-", "One list has this identifier twice; list each record once."),
    "feed.id-changed": _warning(
        "-", "The object came back under a new identifier; keep identifiers when you migrate."
    ),
    "feed.header-only": _info(
        "-", "The DOI stands in the header only; put it into the metadata as well."
    ),
    "feed.repaired": _info(
        "-", "Characters, entities or encoding were mended; send UTF-8 without control characters."
    ),
    "url.missing": _warning("-", "There is no web address to open; give the landing page."),
    "url.unsafe": _warning("-", "The address is not http, https or ftp; give one that is."),
    "rights.missing": _info("O", "Nothing is said about rights; name a licence."),
    "copy.elsewhere": _info("-", "Another repository has the same object; nothing to mend."),
}

RULES: dict[str, Rule] = {
    **_READING, **_MANDATORY, **_VALUES, **_NAMES, **_RELATIONS, **_PLACES, **_HUB,
}  # fmt: skip
