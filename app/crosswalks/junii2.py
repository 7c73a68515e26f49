"""junii2, the older format of Japanese repositories: Dublin Core's names and many of its own."""

from __future__ import annotations

from app.crosswalks import degree
from app.crosswalks.draft import Draft
from app.crosswalks.dublin_core.values import Value, Values, gather, texts
from app.crosswalks.reading import Circumstances, Reading
from app.crosswalks.recognise import DC_TERMS
from app.crosswalks.xml import Element, children, namespace, text_of
from app.datacite.identifiers import Identifier, recognise
from app.datacite.resource import (
    Creator,
    NameIdentifier,
    RelatedIdentifier,
    RelatedItem,
    RelatedItemIdentifier,
    Subject,
    Title,
)
from app.datacite.text import clean, is_null

NAME = "junii2"
RESOLVER = "NRID"
"""The scheme of the numbers of Japan's researcher name resolver."""
_SUBJECTS = {
    "niisubject": "NIIsubject", "ndc": "NDC", "ndlc": "NDLC", "bsh": "BSH", "ndlsh": "NDLSH",
    "mesh": "MeSH", "ddc": "DDC", "lcc": "LCC", "udc": "UDC", "lcsh": "LCSH",
}  # fmt: skip
_IDENTIFIERS = {
    "selfdoi": "DOI", "uri": "", "identifier": "", "isbn": "ISBN", "naid": "NAID",
    "ichushi": "ichushi", "pmid": "PMID", "grantid": "grantid",
}  # fmt: skip
_VERSIONS = {"author": "accepted version", "publisher": "published version"}
_PLACE = ("volume", "issue", "spage", "epage")
_RENAMED = {
    "niitype": "type", "niispatial": "spatial", "niitemporal": "temporal", "dateofissued": "issued",
}  # fmt: skip


def read(root: Element, about: Circumstances) -> Reading:
    """Read a junii2 record."""
    draft = Draft(about)
    values = gather(root)
    for text in texts(values, "dateofgranted"):
        draft.date(text, "Accepted")
    for name, scheme in _SUBJECTS.items():
        for value in values.get(name, ()):
            draft.subjects.append(Subject(value.text, scheme, lang=value.lang or None))
    for url in texts(values, "fulltexturl"):
        draft.file(clean(url))
    _resolved(root, values, draft)
    _untold(values, draft)
    _identifiers(values, draft)
    _source(values, draft)
    names, grantors = texts(values, "degreename"), texts(values, "grantor")
    for one in degree.of_texts({"name": names[:1], "grantor": grantors[:1]}):
        degree.put(one, draft)
    return draft.reading(NAME, namespace(root))


def _untold(values: Values, draft: Draft) -> None:
    """Leave what is Dublin Core to its rules; a name told again in another language is one."""
    for name, found in values.items():
        if name in ("creator", "contributor", "publisher"):
            found = _once(found)
        name = _RENAMED.get(name, name)
        if name in DC_TERMS and name not in ("identifier", "source"):
            draft.untold.setdefault(name, []).extend(found)
    words = map(str.lower, map(clean, texts(values, "textversion")))
    draft.version = next(filter(None, map(_VERSIONS.get, words)), None) or ""


def _resolved(root: Element, values: Values, draft: Draft) -> None:
    """Add the creators with their numbers, if the record tells any."""
    creators = [(text_of(c), c.get("id")) for name, c in children(root) if name == "creator"]
    if any(number for _, number in creators):
        values.pop("creator", None)
        for text, number in creators:
            scheme = RESOLVER if number and "nii.ac.jp" in number else None
            known = (NameIdentifier(str(number), scheme),) if number else ()
            draft.creators.append(Creator(text, name_identifiers=known))


def _once(values: list[Value]) -> list[Value]:
    """Return the values in the first language, if each stands in every language of the list."""
    by_language: dict[str, list[Value]] = {}
    for value in values:
        by_language.setdefault(value.lang, []).append(value)
    sizes = {len(found) for found in by_language.values()}
    return values if len(sizes) > 1 or "" in by_language else next(iter(by_language.values()))


def _identifiers(values: Values, draft: Draft) -> None:
    """Add the identifiers; the DOI of an article is not that of the author's version of it."""
    of_article = texts(values, "doi")
    for name, kind in _IDENTIFIERS.items():
        for text in texts(values, name):
            if name == "naid":
                text = clean(text).rstrip("/").rpartition("/")[2]
            draft.identifier(text, kind)
    for text in of_article:
        shown = recognise(text)
        if draft.version == _VERSIONS["author"] and shown.kind == "DOI":
            draft.related_identifiers.append(RelatedIdentifier(shown.value, "DOI", "IsVersionOf"))
        else:
            draft.identifier(text, "DOI")


def _held_by(values: Values, *, in_journal: bool) -> str:
    """Return what a work is printed in: proceedings for a conference paper without an issue."""
    paper = any("conference" in text.lower() for text in texts(values, "niitype"))
    return "ConferenceProceeding" if paper and not in_journal else "Journal"


def _source(values: Values, draft: Draft) -> None:
    """Add the journal or book, with the work's place in it."""
    issns = [found.value for text in texts(values, "issn") if (found := _issn(text))]
    for number in issns:
        draft.related_identifiers.append(RelatedIdentifier(number, "ISSN", "IsPublishedIn"))
    titles = values.get("jtitle", [])
    if titles or issns:
        volume, issue, start, end = (_first(values, n) for n in _PLACE)
        draft.related_items.append(
            RelatedItem(
                _held_by(values, in_journal=bool(issns or issue)),
                "IsPublishedIn",
                None,
                RelatedItemIdentifier(issns[0], "ISSN") if issns else None,
                titles=tuple(
                    Title(one.text, _also(titles[0], one) if n else None, one.lang or None)
                    for n, one in enumerate(titles)
                ),
                volume=volume,
                issue=issue,
                first_page=start,
                last_page=end,
            )
        )
    elif "source" in values:
        draft.untold["source"] = values["source"]


def _also(first: Value, other: Value) -> str:
    """Return the title type of a further title of the journal."""
    differs = first.lang and other.lang and first.lang != other.lang
    return "TranslatedTitle" if differs else "AlternativeTitle"


def _issn(text: str) -> Identifier | None:
    text = clean(text)
    if len(text) == 8:
        text = f"{text[:4]}-{text[4:]}"
    found = recognise(text)
    return found if found.kind in ("ISSN", "EISSN", "LISSN") else None


def _first(values: Values, name: str) -> str | None:
    found = (clean(text) for text in texts(values, name))
    return next((text for text in found if not is_null(text)), None)
