"""JATS, the tag set of journal articles: the front matter and the references are read."""

from __future__ import annotations

from collections.abc import Iterator

from app.crosswalks.draft import Draft
from app.crosswalks.jats import article, people
from app.crosswalks.jats.elements import attribute, below, first, plain
from app.crosswalks.reading import Circumstances, Reading
from app.crosswalks.xml import Element, children, first_child, local_name, namespace
from app.datacite import identifiers
from app.datacite.problem import problem
from app.datacite.resource import AlternateIdentifier, RelatedIdentifier, RelatedItem, Title
from app.datacite.types import human_word

__all__ = ["read"]

_TYPES = {
    "data-paper": "DataPaper",
    "book-review": "Text",
    "abstract": "Text",
    "collection": "Text",
    "dissertation": "Dissertation",
    "preprint": "Preprint",
    "meeting-abstract": "Text",
    "product-review": "Text",
    "referee-report": "PeerReview",
    "reviewer-report": "PeerReview",
}
"""Types of articles that are none in the sense of DataCite; every other word is an article."""
_RELATIONS = {
    "correction-forward": "IsSupplementedBy",
    "corrected-article": "IsSupplementTo",
    "addendum": "IsSupplementedBy",
    "addended-article": "IsSupplementTo",
    "retraction-forward": "IsObsoletedBy",
    "retracted-article": "Obsoletes",
    "commentary": "IsReferencedBy",
    "commentary-article": "References",
    "letter": "References",
    "reply": "IsReferencedBy",
    "object-of-concern": "References",
    "peer-reviewed-article": "Reviews",
    "peer-reviewed-material": "Reviews",
    "peer-review": "IsReviewedBy",
    "reviewer-report": "IsReviewedBy",
    "preprint": "HasVersion",
    "translated-article": "IsTranslationOf",
    "translation": "HasTranslation",
    "continued-by": "IsContinuedBy",
    "continues": "Continues",
}
"""What a related article is to this one; other words stay as they are, beside Other."""
_PMC = frozenset(("pmc", "pmcid", "pmc-uid"))
_UNTOLD = frozenset(("pmcaid", "pmcaiid", "pmc-aid"))
_LOCAL = frozenset(("publisher-id", "other", "manuscript", "article-id", ""))


def read(root: Element, about: Circumstances) -> Reading:
    """Read an `article` element."""
    draft = Draft(about)
    front = first_child(root, "front")
    meta, journal = first(front, "article-meta"), first(front, "journal-meta")
    if meta is not None:
        _identifiers(meta, draft)
        people.read(meta, draft)
        article.read(meta, draft)
    for name in (plain(e) for e in below(journal, "publisher", "publisher-name")):
        draft.text("publisher", name)
    _container(journal, meta, draft)
    for element in below(meta, "related-article"):
        _related(element, draft)
    _references(root, draft)
    if draft.is_empty():
        return Reading(None, (problem("format.empty"),), format="jats", namespace=namespace(root))
    word = attribute(root, "article-type")
    known = human_word(word)
    draft.word = word
    draft.general = _TYPES.get(word.lower()) or (
        known.general if known and known.general not in ("Text", "Other") else "JournalArticle"
    )
    draft.language = attribute(root, "lang")
    return draft.reading("jats", namespace(root))


# ── identifiers ──────────────────────────────────────────────────────────────────────────────


def _identifiers(meta: Element, draft: Draft) -> None:
    """Read the article's numbers and addresses; the DOI is its own, the others stand beside it."""
    found = [(plain(e), attribute(e, "pub-id-type").lower()) for e in below(meta, "article-id")]
    found = [(value, kind) for value, kind in found if value and kind not in _UNTOLD]
    has_doi = any(kind == "doi" for _, kind in found)
    for value, kind in found:
        if kind == "doi":
            draft.identifier(value, "DOI")
        elif has_doi:
            one = _named(value, kind)
            if one not in draft.alternates:
                draft.alternates.append(one)
        else:
            one = _named(value, kind)
            draft.identifier(one.alternate_identifier, one.alternate_identifier_type)
    for element in below(meta, "self-uri"):
        address = attribute(element, "href") or plain(element)
        if identifiers.is_web_url(address):
            _address(address, attribute(element, "content-type"), draft)


def _named(value: str, kind: str) -> AlternateIdentifier:
    if kind in _PMC or value.upper().startswith("PMC"):
        shown = identifiers.recognise(f"PMC{value.upper().removeprefix('PMC')}")
        return AlternateIdentifier(shown.value, shown.kind)
    if kind in _LOCAL:
        return AlternateIdentifier(value, "local")
    shown = identifiers.of_scheme(kind, value)
    return AlternateIdentifier(shown.value, shown.kind)


def _address(address: str, kind: str, draft: Draft) -> None:
    if identifiers.is_file_url(address) or "pdf" in kind.lower() or "xml" in kind.lower():
        draft.file(address)
    elif not draft.url:
        draft.url = address


# ── the journal ──────────────────────────────────────────────────────────────────────────────


def _container(journal: Element | None, meta: Element | None, draft: Draft) -> None:
    """Add the journal with the place of the article in it, and the journal's numbers."""
    for element in below(journal, "issn"):
        kind = attribute(element, "pub-type", "publication-format").lower()
        scheme = "EISSN" if kind in ("epub", "electronic", "online") else "ISSN"
        shown = identifiers.recognise(f"{scheme}: {plain(element)}")
        if shown.kind in ("ISSN", "EISSN"):
            related = RelatedIdentifier(shown.value, shown.kind, "IsPublishedIn")
            draft.related_identifiers.append(related)
        elif text := plain(element):
            draft.notes.lost("/relatedIdentifiers", text, "Not an ISSN; left out.")
    title = next(filter(None, map(plain, _journal_titles(journal))), "")
    first_page, last_page = _pages(meta)
    number = plain(first(meta, "elocation-id"))
    if title:
        draft.related_items.append(
            RelatedItem(
                related_item_type="Journal",
                relation_type="IsPublishedIn",
                titles=(Title(title),),
                volume=plain(first(meta, "volume")) or None,
                issue=plain(first(meta, "issue")) or None,
                number=number or None,
                number_type="Article" if number else None,
                first_page=first_page or None,
                last_page=last_page or None,
            )
        )


def _journal_titles(journal: Element | None) -> Iterator[Element]:
    yield from below(journal, "journal-title-group", "journal-title")
    yield from below(journal, "journal-title")
    yield from below(journal, "journal-title-group", "abbrev-journal-title")
    for element in below(journal, "journal-id"):
        if attribute(element, "journal-id-type") in ("nlm-ta", "iso-abbrev"):
            yield element


def _pages(meta: Element | None) -> tuple[str, str]:
    """Return the first and the last page."""
    start, end = plain(first(meta, "fpage")), plain(first(meta, "lpage"))
    if start:
        return start, end
    start, _, end = plain(first(meta, "page-range")).replace("–", "-").partition("-")
    return start.strip(), end.strip() if "," not in end else ""


# ── other works ──────────────────────────────────────────────────────────────────────────────


def _related(element: Element, draft: Draft) -> None:
    word, address = attribute(element, "related-article-type"), attribute(element, "href")
    kind = attribute(element, "ext-link-type").lower()
    if not address:
        return
    told = kind in ("doi", "pmid")
    shown = identifiers.of_scheme(kind, address) if told else identifiers.recognise(address)
    relation = _RELATIONS.get(word.lower(), "Other")
    draft.relate(_labelled(shown), relation, word if relation == "Other" else None)


def _labelled(shown: identifiers.Identifier) -> str:
    return f"pmid:{shown.value}" if shown.kind == "PMID" else shown.value


def _references(root: Element, draft: Draft) -> None:
    """Add the works of the reference lists that have a DOI."""
    for back in below(root, "back"):
        seen: dict[str, None] = {}
        for element in _cited(back):
            doi = identifiers.doi(plain(element))
            if doi:
                seen.setdefault(doi)
        for doi in seen:
            draft.related_identifiers.append(RelatedIdentifier(doi, "DOI", "References"))


def _cited(back: Element) -> Iterator[Element]:
    for name, child in children(back):
        if name == "ref-list":
            numbers = (e for e in child.iter() if local_name(e).lower() == "pub-id")
            yield from (e for e in numbers if attribute(e, "pub-id-type").lower() == "doi")
        elif name == "sec":
            yield from _cited(child)
