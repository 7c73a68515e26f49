"""What is said of an article itself: titles, texts, subjects, dates, rights and money."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from app.crosswalks.draft import Draft
from app.crosswalks.jats.elements import attribute, below, first, paragraphs, plain
from app.crosswalks.xml import Element, children
from app.datacite.dates import read_date
from app.datacite.resource import Contributor, FundingReference, Title
from app.datacite.types import human_word

_NO_ABSTRACT = frozenset(("graphical", "teaser"))
_HEADINGS = frozenset(("abstract", "summary", "résumé", "resumen", "zusammenfassung", "resumo"))
_LICENCE_USES = frozenset(("tdm", "textmining", "text-mining"))
_PUBLISHED = frozenset(("epub", "ppub", "pub", "epub-ppub", "pub-print", "pub-electronic"))
_HISTORY = {"received": "Submitted", "accepted": "Accepted"}
_HOLDERS = frozenset(("the author", "the authors", "the author(s)", "author", "authors"))
_LICENSEE = re.compile(r"[;,.] (?:exclusive )?licensee .*", re.IGNORECASE)
"""Who may publish the work stands behind whom it belongs to."""
_TAG = re.compile(r"<(?=[A-Za-z/!])")
"""What a text says would be taken for markup."""
_PARTS = ("year", "month", "day")


def read(meta: Element, draft: Draft) -> None:
    """Read an `article-meta`, except its people and its place in the journal."""
    _titles(meta, draft)
    _abstracts(meta, draft)
    _subjects(meta, draft)
    _dates(meta, draft)
    _rights(meta, draft)
    _funding(meta, draft)


def lang_of(element: Element) -> str | None:
    """Return an element's own language, as it stands."""
    return attribute(element, "lang") or None


# ── titles and texts ─────────────────────────────────────────────────────────────────────────


def _titles(meta: Element, draft: Draft) -> None:
    for group in below(meta, "title-group"):
        for name, child in children(group):
            if name == "trans-title-group":
                for inner, title in children(child):
                    if inner in ("trans-title", "trans-subtitle"):
                        _title(title, "TranslatedTitle", lang_of(child), draft)
            elif name == "article-title":
                _title(child, "", None, draft)
            elif name in ("subtitle", "trans-title", "trans-subtitle"):
                _title(child, "Subtitle" if name == "subtitle" else "TranslatedTitle", None, draft)


def _title(element: Element, kind: str, lang: str | None, draft: Draft) -> None:
    draft.titles.append(Title(plain(element), kind or None, lang_of(element) or lang))


def _abstracts(meta: Element, draft: Draft) -> None:
    for name, element in children(meta):
        if name not in ("abstract", "trans-abstract"):
            continue
        if attribute(element, "abstract-type").lower() not in _NO_ABSTRACT:
            draft.describe("<br>".join(_lines(element)), "Abstract", lang_of(element))


def _lines(element: Element) -> Iterator[str]:
    """Yield the lines of an abstract without its heading and the number that some print below."""
    for place, line in enumerate(paragraphs(element)):
        heading = place == 0 and line.rstrip(":.").casefold() in _HEADINGS
        if not heading and not line.startswith(("DOI: http", "DOI:http")):
            yield _TAG.sub("&lt;", line)


def _subjects(meta: Element, draft: Draft) -> None:
    for group in below(meta, "kwd-group"):
        scheme, lang = attribute(group, "kwd-group-type"), lang_of(group)
        vocabulary = attribute(group, "vocab")
        for keyword in _keywords(group):
            draft.subject(
                plain(keyword),
                lang_of(keyword) or lang,
                scheme=attribute(keyword, "vocab") or vocabulary or scheme or None,
                scheme_uri=attribute(keyword, "vocab-identifier")
                or attribute(group, "vocab-identifier")
                or None,
                value_uri=attribute(keyword, "vocab-term-identifier") or None,
            )
    for categories in below(meta, "article-categories"):
        for group, subject in _categories(categories):
            text = plain(subject)
            known = human_word(text)
            if known is None:
                draft.subject(text, lang_of(subject) or lang_of(group))


def _keywords(group: Element) -> Iterator[Element]:
    for name, child in children(group):
        if name in ("kwd", "compound-kwd"):
            yield child
        elif name in ("kwd-group", "nested-kwd"):
            yield from _keywords(child)


def _categories(element: Element) -> Iterator[tuple[Element, Element]]:
    for name, child in children(element):
        if name == "subject":
            yield element, child
        elif name in ("subj-group", "compound-subject"):
            yield from _categories(child)


# ── dates ────────────────────────────────────────────────────────────────────────────────────


def date_of(element: Element) -> str:
    """Return a date from its parts, its ISO attribute, or its text."""
    parts = [plain(first(element, name)) for name in _PARTS]
    if not parts[0]:
        return attribute(element, "iso-8601-date") or plain(element)
    year, month, day = parts
    if month.isdigit() and len(month) <= 2:
        return "-".join((year, month.zfill(2), *((day.zfill(2),) if day.isdigit() else ())))
    found = read_date(" ".join(filter(None, (day, month, year)))).date if month else None
    return found or attribute(element, "iso-8601-date") or year


def _dates(meta: Element, draft: Draft) -> None:
    issued, other = [], []
    for element in below(meta, "pub-date"):
        kind = attribute(element, "pub-type", "date-type").lower()
        if text := date_of(element):
            if kind in _PUBLISHED or not kind:
                issued.append(text)
            elif kind == "collection":
                other.append(text)
    draft.date(earliest(issued or other), "Issued")
    for path in (("history", "date"), ("pub-history", "event", "date")):
        for element in below(meta, *path):
            told = _HISTORY.get(attribute(element, "date-type").lower())
            if told:
                draft.date(date_of(element), told)


def earliest(dates: Sequence[str]) -> str:
    """Return the earliest date; one that is the beginning of another says less."""
    exact = [d for d in dates if not any(o != d and o.startswith(f"{d}-") for o in dates)]
    return min(exact, default="")


# ── rights ───────────────────────────────────────────────────────────────────────────────────


def _rights(meta: Element, draft: Draft) -> None:
    permissions = [*below(meta, "permissions"), meta]
    found = False
    for given in permissions:
        for licence in below(given, "license"):
            found = _licence(licence, draft) or found
        if first(given, "free_to_read") is not None:
            draft.access = "open"
        for holder in below(given, "copyright-holder"):
            name = _LICENSEE.sub("", plain(holder))
            if name.casefold() not in _HOLDERS:
                draft.contributors.append(Contributor(name, contributor_type="RightsHolder"))
    if not found:
        for given in permissions:
            for statement in below(given, "copyright-statement"):
                draft.text("rights", plain(statement), lang=lang_of(statement) or "")


def _licence(licence: Element, draft: Draft) -> bool:
    """Add a licence by its address; by its words only if it has none."""
    addresses = [attribute(licence, "href")]
    addresses += [
        plain(e)
        for e in below(licence, "license_ref")
        if attribute(e, "specific-use").lower() not in _LICENCE_USES
    ]
    addresses = list(dict.fromkeys(filter(None, addresses)))
    words = [e for name in ("license-p", "p") for e in below(licence, name)]
    if not addresses:
        links = (attribute(e, "href") for p in words for e in p.iter() if isinstance(e.tag, str))
        addresses = [one for one in links if "creativecommons.org/" in one][:1]
    if "open" in attribute(licence, "license-type").lower():
        draft.access = "open"
    if addresses:
        draft.text("rights", addresses[0], lang=lang_of(licence) or "")
        return True
    text = " ".join(map(plain, words)) or plain(licence)
    draft.text("rights", text, lang=lang_of(licence) or "")
    return bool(text)


# ── money ────────────────────────────────────────────────────────────────────────────────────


def _funding(meta: Element, draft: Draft) -> None:
    for group in below(meta, "funding-group"):
        for award in below(group, "award-group"):
            draft.funding.extend(_awards(award))
        for source in below(group, "funding-source"):
            draft.funding.append(_funder(source))
    for name in ("contract-sponsor", "grant-sponsor"):
        number = first(meta, "contract-num" if name == "contract-sponsor" else "grant-num")
        for sponsor in below(meta, name):
            draft.funding.append(
                FundingReference(plain(sponsor), award_number=plain(number) or None)
            )


def _awards(award: Element) -> Iterator[FundingReference]:
    """Yield a reference for each number of an award, and for each further funder of it."""
    funders = list(map(_funder, below(award, "funding-source"))) or [FundingReference()]
    title = plain(first(award, "award-name")) or None
    numbers: Sequence[Element | None] = list(below(award, "award-id")) or [None]
    for number in numbers:
        yield FundingReference(
            funders[0].funder_name,
            funders[0].funder_identifier,
            funders[0].funder_identifier_type,
            None,
            plain(number) or None,
            attribute(number, "href") or None if number is not None else None,
            title,
        )
    yield from funders[1:]


def _funder(source: Element) -> FundingReference:
    wrap = first(source, "institution-wrap")
    inside = wrap if wrap is not None else source
    number = first(inside, "institution-id")
    identifier, kind = attribute(source, "href"), ""
    if number is not None:
        identifier, kind = plain_number(number), attribute(number, "institution-id-type")
    named = [plain(e) for e in below(inside, "institution")]
    name = ", ".join(filter(None, named)) or plain(source)
    if not identifier:
        return FundingReference(name)
    if "ror.org/" in identifier:
        kind = "ROR"
    elif "10.13039/" in identifier:
        kind = "Crossref Funder ID"
    return FundingReference(name, identifier, kind or None)


def plain_number(element: Element) -> str:
    """Return the text of an identifier."""
    return "".join((element.text or "").split())
