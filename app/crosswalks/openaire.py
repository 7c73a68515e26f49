"""OpenAIRE guidelines for literature repositories 4: DataCite and Dublin Core below one root.

What is DataCite is told and read as such, what is Dublin Core by its own rules; here is only what
the guidelines add.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from app.crosswalks.datacite import reading
from app.crosswalks.datacite.elements import attributes_of, marked_text
from app.crosswalks.draft import Draft
from app.crosswalks.reading import Circumstances, Reading
from app.crosswalks.xml import Element, children, namespace, text_of
from app.datacite import identifiers
from app.datacite.dates import is_future, read_date
from app.datacite.problem import problem
from app.datacite.resource import (
    AlternateIdentifier,
    RelatedItem,
    RelatedItemIdentifier,
    Resource,
    Rights,
    Title,
)
from app.datacite.text import clean, is_null
from app.datacite.types import read_types, version_status

__all__ = ["read"]

_KINDS = {"handle": "Handle", "hdl": "Handle", "ark": "ARK", "purl": "PURL", "other": ""}
"""Types of identifiers in the spelling of DataCite; the rest stays as it comes."""
_ELSEWHERE = frozenset(("wos", "scopus"))
"""Types of related identifiers that name the work itself in an index."""
_GENERALS = frozenset(("dataset", "software"))
"""What resourceTypeGeneral says here, as far as it is a type."""
_PLAIN = ("language", "publisher", "description", "format", "source", "coverage", "relation")
"""Elements of Dublin Core, read by its rules."""
_ISSNS = ("ISSN", "EISSN", "LISSN", "PISSN")
_CONTAINERS = {
    "Book": "Book",
    "BookChapter": "Book",
    "ConferencePaper": "ConferenceProceeding",
    "Presentation": "ConferenceProceeding",
    "Poster": "ConferenceProceeding",
}
_CITED = ("citationtitle", "citationvolume", "citationissue", "citationstartpage",
          "citationendpage", "citationedition")  # fmt: skip
_MEETING = ("citationconferenceplace", "citationconferencedate")


def read(root: Element, about: Circumstances) -> Reading:
    """Read a `resource` element of the OpenAIRE guidelines."""
    draft = Draft(about)
    cited: dict[str, str] = {}
    types: list[str] = []
    for name, child in children(root):
        if name in _OWN:
            _OWN[name](child, draft)
        elif name in ("resourcetype", "type"):
            types.extend(_type(child))
        elif name in _CITED or name in _MEETING:
            cited.setdefault(name, clean(text_of(child)))
        elif name in _PLAIN:
            draft.text(name, marked_text(child), lang=attributes_of(child).get("lang", ""))
    for word in types:
        draft.text("type", word)
    raw, draft.year = reading.read(root, draft.notes, without=_TAKEN)
    _fill(draft, raw)
    _container(cited, types, draft)
    if draft.is_empty():
        space = namespace(root)
        return Reading(None, (problem("format.empty"),), format="oai_openaire", namespace=space)
    return draft.reading("oai_openaire", namespace(root))


# ── DataCite's parts ─────────────────────────────────────────────────────────────────────────


def _fill(draft: Draft, raw: Resource) -> None:
    draft.titles.extend(raw.titles)
    draft.creators.extend(raw.creators)
    draft.contributors.extend(raw.contributors)
    hosts = [one for one in raw.contributors if one.contributor_type == "HostingInstitution"]
    draft.publishers.extend(one.name for one in hosts)
    draft.sizes.extend(raw.sizes)
    draft.descriptions.extend(raw.descriptions)
    draft.geo_locations.extend(raw.geo_locations)
    draft.related_items.extend(raw.related_items)
    draft.rights.extend(raw.rights_list)
    draft.funding.extend(raw.funding_references)
    draft.dates[:0] = [date for date in raw.dates if date.date_type]
    for date in raw.dates:
        if not date.date_type:
            draft.text("date", date.date)
    for subject in raw.subjects:
        draft.subject(
            subject.subject,
            subject.lang,
            scheme=subject.subject_scheme,
            scheme_uri=subject.scheme_uri,
            value_uri=subject.value_uri,
        )
    _alternates(draft, raw)
    _related(draft, raw)


def _related(draft: Draft, raw: Resource) -> None:
    for related in raw.related_identifiers:
        kind = related.related_identifier_type
        if kind.strip().lower() in _ELSEWHERE:
            draft.alternates.append(AlternateIdentifier(related.related_identifier, kind))
        else:
            draft.related_identifiers.append(related)


def _alternates(draft: Draft, raw: Resource) -> None:
    """Keep the other identifiers as they are called; a page among them is the landing page."""
    for one in raw.alternate_identifiers:
        value = clean(one.alternate_identifier)
        kind = clean(one.alternate_identifier_type)
        draft.alternates.append(AlternateIdentifier(value, _KINDS.get(kind.lower(), kind)))
        is_page = identifiers.is_web_url(value) and not identifiers.is_file_url(value)
        if is_page and kind.upper() == "URL" and not draft.url:
            draft.url = value


# ── what the guidelines add ──────────────────────────────────────────────────────────────────


def _identifier(element: Element, draft: Draft) -> None:
    """Read the record's identifier; one that is no DOI stands before the alternates."""
    value = clean(text_of(element))
    kind = clean(attributes_of(element).get("identifiertype", ""))
    kind = _KINDS.get(kind.lower(), kind)
    draft.identifier(value, kind)
    shown = identifiers.recognise(value)
    if shown.kind == "local" and kind:
        shown = identifiers.of_scheme(kind, value)
    if shown.kind != "DOI" and not is_null(value):
        draft.alternates.insert(0, AlternateIdentifier(shown.value, shown.kind))


def _type(element: Element) -> list[str]:
    """Return the words for the type: the address, what DataCite would take, the text."""
    given = attributes_of(element)
    general = given.get("resourcetypegeneral", "").strip()
    found = [given.get("uri", ""), given.get("resource", ""), text_of(element)]
    if general.lower() in _GENERALS:
        found.insert(1, general.capitalize())
    return [word for word in map(clean, found) if not is_null(word)]


def _version(element: Element, draft: Draft) -> None:
    text = clean(text_of(element))
    status = version_status(attributes_of(element).get("uri", "").strip())
    draft.version = draft.version or ("" if is_null(text) else text) or status or ""


def _right(element: Element, draft: Draft) -> None:
    given = attributes_of(element)
    address = given.get("rightsuri") or given.get("uri") or given.get("resource")
    draft.rights.append(Rights(text_of(element), address, lang=given.get("lang")))


def _licence(element: Element, draft: Draft) -> None:
    """Read a licence; one that begins later is an embargo."""
    given = attributes_of(element)
    start = read_date(given.get("startdate", "")).date
    draft.licence(clean(text_of(element)) or None, given.get("uri"), given.get("lang", ""))
    if start and is_future(start, draft.about.today.isoformat()):
        draft.date(start, "Available")


def _file(element: Element, draft: Draft) -> None:
    address = clean(text_of(element))
    if identifiers.is_web_url(address):
        draft.file(address)
    draft.text("format", attributes_of(element).get("mimetype"))


def _funding(wrapper: Element, draft: Draft) -> None:
    """Keep the streams of funding among the inferences; the model has no place for them."""
    found = [child for name, child in children(wrapper) if name == "fundingreference"]
    for place, element in enumerate(found):
        for name, child in children(element):
            if name == "fundingstream" and (stream := clean(text_of(child))):
                path = f"/fundingReferences/{place}"
                draft.notes.inferred(path, "funding.stream", stream)


_OWN: Mapping[str, Callable[[Element, Draft], None]] = {
    "identifier": _identifier,
    "version": _version,
    "rights": _right,
    "accessrights": _right,
    "licensecondition": _licence,
    "file": _file,
    "fundingreferences": _funding,
}
_TAKEN = frozenset(
    (*(name for name in _OWN if name != "fundingreferences"), "resourcetype", "type", "audience",
     *_PLAIN, *_CITED, *_MEETING)
)  # fmt: skip


def _container(cited: Mapping[str, str], types: Sequence[str], draft: Draft) -> None:
    """Add what the work was published in, and note where a conference was held."""
    place = f"/relatedItems/{len(draft.related_items)}"
    for name in _MEETING:
        if name in cited:
            draft.notes.inferred(place, "citation.conference", cited[name])
    title, volume, issue, first, last, edition = (cited.get(name, "") for name in _CITED)
    number = None if title else _issn(draft)
    if not any((title, volume, issue, first)) or not (title or number):
        return
    read = read_types(types).types
    general = read.resource_type_general if read else "Other"
    draft.related_items.append(
        RelatedItem(
            related_item_type=_CONTAINERS.get(general, "Journal"),
            relation_type="IsPublishedIn",
            related_item_identifier=number,
            titles=(Title(title),) if title else (),
            volume=volume or None,
            issue=issue or None,
            first_page=first or None,
            last_page=last or None,
            edition=edition or None,
        )
    )


def _issn(draft: Draft) -> RelatedItemIdentifier | None:
    for related in draft.related_identifiers:
        if related.related_identifier_type.upper() in _ISSNS:
            return RelatedItemIdentifier(
                related.related_identifier, related.related_identifier_type
            )
    return None
