"""What each field of DSpace comes to: the one table behind DIM and xoai.

Qualifiers that repositories invent are read as their element where that is safe, else noted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from app.crosswalks.draft import Draft
from app.crosswalks.dspace import paired, people
from app.crosswalks.dspace.fields import Field, by_name, texts
from app.crosswalks.dublin_core.identifiers import behind_title
from app.crosswalks.dublin_core.texts import is_status
from app.crosswalks.recognise import DC_TERMS
from app.datacite.resource import Date, RelatedItem, Title
from app.datacite.rights import read_rights
from app.datacite.subjects import scheme_name
from app.datacite.text import clean
from app.datacite.types import version_status
from app.datacite.vocabularies import match

_ROWS = """
    title: title
    alternative: title.alternative
    subject: subject subject.other subject.classification
    issued: date.issued
    available: date.available date.embargo date.embargoend date.embargountil embargo.terms
        embargo.liftdate embargo.lift description.embargo
    created: date.created
    datesubmitted: date.submitted
    dateaccepted: date.accepted
    datecopyrighted: date.copyright
    modified: date.updated date.modified
    date: date
    language: language language.iso language.rfc3066
    type: type type.qualifier type.version
    coverage: coverage
    spatial: coverage.spatial
    temporal: coverage.temporal
    format: format format.mimetype
    extent: format.extent
    medium: format.medium
    publisher: publisher
    relation: relation relation.uri
    ispartof: relation.ispartof
    haspart: relation.haspart
    isversionof: relation.isversionof
    hasversion: relation.hasversion
    isreferencedby: relation.isreferencedby
    references: relation.references
    replaces: relation.replaces
    isreplacedby: relation.isreplacedby
    requires: relation.requires
    isrequiredby: relation.isrequiredby
    isformatof: relation.isformatof
    hasformat: relation.hasformat
    conformsto: relation.conformsto
    rights: rights rights.uri
    license: rights.license
    accessrights: rights.accessrights
    source: source source.uri
    bibliographiccitation: identifier.citation bibliographiccitation"""
UNTOLD = {
    name: element
    for line in _ROWS.replace("\n        ", " ").strip().splitlines()
    for element, _, names in (line.strip().partition(": "),)
    for name in names.split()
}
"""Fields that say as much as an element of Dublin Core, by its name."""
_LIKE = {"type": "type", "language": "language", "coverage": "coverage", "format": "format",
         "title": "alternative"}  # fmt: skip
"""Elements whose invented qualifiers say no more than their element."""
_TITLES = {"title.translated": "TranslatedTitle", "title.subtitle": "Subtitle"}
_DESCRIPTIONS = {
    "description": "Other",
    "description.abstract": "Abstract",
    "description.tableofcontents": "TableOfContents",
}
_NEVER = frozenset(
    ("description.provenance", "description.statementofresponsibility", "publisher.place",
     "dcterms.provenance", "identifier.orcid", "identifier.lattes")
)  # fmt: skip
"""Known and left out: who handled the item, whose addresses stand in it, and what says nothing."""
_INSTITUTIONS = frozenset(("publisher.institution", "publisher.university"))
_SUBJECTS = frozenset(f"subject.{word}" for word in ("lcsh", "mesh", "ddc", "lcc"))
_IDENTIFIERS = frozenset(
    f"identifier.{word}" for word in
    ("doi", "uri", "isbn", "issn", "govdoc", "ismn", "pmid", "arxiv", "other")
) | {"identifier"}  # fmt: skip
_NO_KINDS = frozenset(("uri", "url"))
_SERIES = "relation.ispartofseries"
_OWN_NAMES = ("reponame:", "instname:", "instacron:", "collname:")
"""How aggregators mark the repository among the sources."""
KNOWN = (
    frozenset((*UNTOLD, *_TITLES, *_DESCRIPTIONS, _SERIES, "description.sponsorship"))
    | frozenset(("description.version", "date.accessioned", "relation.isbasedon"))
    | frozenset(("relation.project", "rights.holder"))
    | _SUBJECTS
    | _IDENTIFIERS
)
"""The fields that count in whatever schema they stand."""
_LABELS = ("vol.", "volume", "vol", "no.", "nr.", "no", "bd.", "number", "#")
NAME_WORDS = 8
PROSE = 20
"""From so many characters on an invented description may say something."""


def put(given: Iterable[Field | None], draft: Draft) -> None:
    """Add all fields of a record to a draft."""
    fields = by_name(given)
    people.put(fields, draft)
    paired.put_degrees(fields, draft)
    for one in (one for found in fields.values() for one in found if _counts(one)):
        if _is_type(one):
            draft.text("type", one.text)
    used = paired.put_host(fields, draft)
    paired.put_funding(fields, draft)
    titles = texts(fields, "title", "dcterms.title")
    for name, found in fields.items():
        if name in used or name in _NEVER or name.startswith(("contributor", "creator", "type")):
            continue
        for one in found:
            if _counts(one):
                _put(one, draft, titles)
    if "available" not in draft.untold:
        draft.text("available", min(texts(fields, "date.accessioned"), default=""))


def _counts(one: Field) -> bool:
    """Whether a field is one of `dc`, or equals one that is."""
    return one.told or one.name in KNOWN


def _is_type(one: Field) -> bool:
    return one.name == "dcterms.type" or one.element == "type"


def _put(one: Field, draft: Draft, titles: list[str]) -> None:
    """Add one field: by its row of the table, else by its element."""
    element = UNTOLD.get(one.name)
    if element == "bibliographiccitation":
        _citation(one, draft, titles)
    elif element == "source" and one.text.lower().lstrip().startswith(_OWN_NAMES):
        return
    elif element is not None:
        draft.text(element, one.text, lang=one.lang)
    elif (by_element := _BY_ELEMENT.get(one.element)) is not None:
        by_element(one, draft)
    elif one.element in _LIKE:
        draft.text(_LIKE[one.element], one.text, lang=one.lang)


def _citation(one: Field, draft: Draft, titles: list[str]) -> None:
    """Add a citation of the work or of what it stands in, unless that is told field by field."""
    text = clean(one.text)
    if any(item.volume and item.first_page for item in draft.related_items):
        draft.notes.lost("/relatedItems", text, "Only cites what is told apart.", severity="info")
        return
    own = any(behind_title(text, title) is not None for title in titles)
    draft.text("identifier" if own else "bibliographiccitation", one.text, lang=one.lang)


def _title(one: Field, draft: Draft) -> None:
    kind = _TITLES.get(one.name)
    if kind is None:
        draft.text("alternative", one.text, lang=one.lang)
    else:
        draft.titles.append(Title(one.text, kind, one.lang or None))


def _subject(one: Field, draft: Draft) -> None:
    scheme = one.qualifier if scheme_name(one.qualifier) else ""
    draft.text("subject", one.text, lang=one.lang, scheme=scheme)


def _date(one: Field, draft: Draft) -> None:
    if one.name != "date.accessioned":
        found = match("dateType", one.qualifier)
        information = None if found.term else one.qualifier
        draft.dates.append(Date(one.text, found.term or "Other", information))


def _description(one: Field, draft: Draft) -> None:
    text = clean(one.text)
    if one.qualifier == "sponsorship":
        _sponsor(one, draft)
    elif one.qualifier == "version":
        _version(text, draft)
    elif is_status(text):
        draft.notes.lost("/descriptions", text, "A status, not a description; left out.")
    elif one.name in _DESCRIPTIONS:
        draft.describe(one.text, _DESCRIPTIONS[one.name], one.lang)
    elif len(text) >= PROSE and " " in text:
        draft.describe(one.text, "Other", one.lang)
    else:
        draft.notes.lost("/descriptions", text, f"No description ({one.name}).", severity="info")


def _version(text: str, draft: Draft) -> None:
    """Take a version; whether the work was reviewed is none."""
    found = version_status(text)
    if found is not None or not is_status(text):
        draft.version = draft.version or found or text


def _sponsor(one: Field, draft: Draft) -> None:
    found = paired.grants(one.text)
    for grant in found:
        draft.notes.inferred(f"/fundingReferences/{len(draft.funding)}", "grant.text", one.text)
        draft.funding.append(grant)
    if not found:
        draft.describe(one.text, "Other", one.lang)


def _identifier(one: Field, draft: Draft) -> None:
    draft.identifier(one.text, "" if one.qualifier in _NO_KINDS else one.qualifier)


def _relation(one: Field, draft: Draft) -> None:
    if one.name == _SERIES:
        _series(one, draft)
    elif one.qualifier in ("issn", "isbn"):
        draft.text("relation", f"{one.qualifier.upper()} {one.text}")
    elif one.qualifier.startswith("project"):
        _project(one, draft)
    elif (term := match("relationType", one.qualifier).term) is not None:
        draft.relate(one.text, term)
    else:
        draft.text("relation", one.text, lang=one.lang)


def _project(one: Field, draft: Draft) -> None:
    """Add a project as a grant if it has a number, else as something related."""
    found = [grant for grant in paired.grants(one.text) if grant.award_number]
    draft.funding.extend(found)
    if not found:
        draft.text("relation", one.text, lang=one.lang)


def _series(one: Field, draft: Draft) -> None:
    """Add a series; its number stands behind the last semicolon."""
    text = clean(one.text)
    title, mark, volume = text.rpartition(";")
    title, volume = title.strip(" ;,"), _number(volume.strip())
    if not mark or not title or not volume:
        title, volume = text.strip(" ;,"), ""
    kind = "Book" if draft.term() == "BookChapter" else "Collection"
    draft.related_items.append(
        RelatedItem(kind, "IsPublishedIn", titles=(Title(title),), volume=volume or None)
    )


def _number(text: str) -> str:
    """Return a number without the word for it: `Vol. 12`."""
    for label in _LABELS:
        rest = text[len(label) :].strip()
        if text.casefold().startswith(label) and rest[:1].isdigit():
            return rest
    return text


def _rights(one: Field, draft: Draft) -> None:
    text = clean(one.text)
    found = read_rights(text)
    if one.qualifier == "holder" and found.rights_holder is None and _is_name(text):
        draft.text("rightsholder", one.text, lang=one.lang)
    elif one.qualifier == "holder" or found.access or (found.rights and found.rights.rights_uri):
        draft.text("rights", one.text, lang=one.lang)
    else:
        draft.notes.lost("/rightsList", text, f"No licence ({one.name}).", severity="info")


def _is_name(text: str) -> bool:
    """Whether a rights holder is named, not described in a sentence."""
    return text.count(" ") < NAME_WORDS and not text.startswith("©") and ". " not in text


def _publisher(one: Field, draft: Draft) -> None:
    if one.name in _INSTITUTIONS:
        draft.publishers.append(one.text)


def _dcterms(one: Field, draft: Draft) -> None:
    """Add a field of the schema `dcterms`: its elements are those of Dublin Core."""
    if one.qualifier in DC_TERMS and one.qualifier not in ("creator", "contributor", "type"):
        draft.text(one.qualifier, one.text, lang=one.lang)


def _oaire(one: Field, draft: Draft) -> None:
    if one.qualifier == "version":
        text = clean(one.text)
        draft.version = draft.version or version_status(text) or text


def _journal(one: Field, draft: Draft) -> None:
    """Add the ISSN of the journal that a publication is linked to."""
    if one.qualifier == "issn":
        draft.identifier(one.text, "issn")


_BY_ELEMENT: dict[str, Callable[[Field, Draft], None]] = {
    "title": _title,
    "subject": _subject,
    "date": _date,
    "description": _description,
    "identifier": _identifier,
    "relation": _relation,
    "rights": _rights,
    "publisher": _publisher,
    "dcterms": _dcterms,
    "oaire": _oaire,
    "creativeworkseries": _journal,
}
