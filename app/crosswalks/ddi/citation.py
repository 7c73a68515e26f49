"""The citation of a study: titles, numbers, people, money, dates and versions."""

from __future__ import annotations

import re

from app.crosswalks.ddi.elements import Section, attribute, base, date_of, lang_of, plain
from app.crosswalks.draft import Draft
from app.crosswalks.xml import Element
from app.datacite import identifiers
from app.datacite.dates import read_date
from app.datacite.name_roles import AUTHOR, read_role
from app.datacite.resource import (
    Affiliation,
    AlternateIdentifier,
    Contributor,
    Creator,
    FundingReference,
    Publisher,
    RelatedItem,
    RelatedItemIdentifier,
    Title,
)
from app.datacite.text import clean, is_null

_ARCHIVES = ("archive", "dvn")
"""How Dataverse marks the version of the study in the description of the document."""
_CITED_YEAR = re.compile(r", ([12][0-9]{3}), [\"“]|\(([12][0-9]{3})\)")
_SENTENCE = re.compile(r"\b(?:was|were|is|are|has|have|the)\b.*\.\s*$", re.IGNORECASE)
_TITLES = {
    "titl": "AlternativeTitle",
    "subtitl": "Subtitle",
    "alttitl": "AlternativeTitle",
    "partitl": "TranslatedTitle",
}
_OF_JOURNALS = ("ISSN", "EISSN", "LISSN")
"""What the number of a study may look like, and never is."""
LONGEST_NAME = 120


def read(study: Section, document: Section, draft: Draft) -> None:
    """Read a study's citation; document: what describes the codebook itself."""
    _titles(study, draft)
    _identifiers(study, document, draft)
    _creators(study, draft)
    _distributors(study, document, draft)
    _helpers(study, draft)
    _funding(study, draft)
    _dates(study, document, draft)
    _version(study, document, draft)
    for name in study.own("sername")[:1]:
        _series(name, draft)


def _titles(study: Section, draft: Draft) -> None:
    main = study.own("titl")[:1]
    for element in main:
        draft.titles.append(Title(plain(element), None, lang_of(element) or None))
    first = (lang_of(main[0]) or study.language) if main else ""
    for leaf in study.leaves:
        if leaf.name in _TITLES and leaf.element not in main:
            lang = lang_of(leaf.element)
            kind = _TITLES[leaf.name]
            if leaf.name == "titl" and first and lang and base(first) != base(lang):
                kind = "TranslatedTitle"
            draft.titles.append(Title(plain(leaf.element), kind, lang or None))


def _identifiers(study: Section, document: Section, draft: Draft) -> None:
    for element in study.every("idno"):
        number, agency = plain(element), attribute(element, "agency")
        if agency and identifiers.recognise(number).kind in _OF_JOURNALS:
            draft.alternates.append(AlternateIdentifier(number, agency))
        else:
            draft.identifier(number, agency)
    for element in study.own("holdings") or document.own("holdings"):
        draft.identifier(attribute(element, "uri") or plain(element))


# ── people ───────────────────────────────────────────────────────────────────────────────────


def _affiliation(element: Element) -> tuple[Affiliation, ...]:
    name = attribute(element, "affiliation")
    return (Affiliation(name),) if name else ()


def _creators(study: Section, draft: Draft) -> None:
    for element in study.own("authenty"):
        draft.creators.append(Creator(plain(element), affiliation=_affiliation(element)))
    for element in study.own("othid"):
        name, role = clean(plain(element)), read_role(attribute(element, "role"))
        if len(name) > LONGEST_NAME or _SENTENCE.search(name):
            draft.notes.lost("/contributors", name, "A sentence, not a name; left out.")
        elif role == AUTHOR:
            draft.creators.append(Creator(name, affiliation=_affiliation(element)))
        else:
            _help(element, role or "Other", draft, attribute(element, "role"))


def _help(element: Element, role: str, draft: Draft, word: str = "") -> None:
    """Add a contributor, unless the same name has the same role already."""
    name = plain(element)
    made = Contributor(name, affiliation=_affiliation(element), contributor_type=role)
    if name and made not in draft.contributors:
        if word or role == "Other":
            path = f"/contributors/{len(draft.contributors)}/contributorType"
            draft.notes.inferred(path, "name.role", word or role)
        draft.contributors.append(made)


def _helpers(study: Section, draft: Draft) -> None:
    for element in study.own("producer"):
        _help(element, "Producer", draft)
    for element in _main_distributors(study)[1:]:
        _help(element, "Distributor", draft)
    for element in study.own("datacollector"):
        _help(element, "DataCollector", draft)
    for element in _contacts(study):
        _help(element, "ContactPerson", draft)
    for element in study.own("depositr"):
        _help(element, "Other", draft, "depositor")
    names = [one.name for one in draft.creators] + [one.name for one in draft.contributors]
    named = {clean(name).rstrip(".") for name in names}
    for element in study.own("verresp"):
        if clean(plain(element)).rstrip(".") not in named:
            _help(element, "Other", draft, "version")


def _contacts(study: Section) -> list[Element]:
    """Return whom to ask about the study; who gives access to the data is another question."""
    asked = {id(leaf.element) for leaf in study.leaves if leaf.parent == "usestmt"}
    return [element for element in study.own("contact") if id(element) not in asked]


def _main_distributors(study: Section) -> list[Element]:
    return [element for element in study.own("distrbtr") if plain(element)]


def _distributors(study: Section, document: Section, draft: Draft) -> None:
    found = _main_distributors(study)
    if found:
        ror = identifiers.ror(attribute(found[0], "uri"))
        draft.publisher = Publisher(plain(found[0]), ror, "ROR" if ror else None)
    draft.publishers = [*study.texts("producer"), *document.texts("distrbtr")]


# ── money ────────────────────────────────────────────────────────────────────────────────────


def _funding(study: Section, draft: Draft) -> None:
    """Pair agencies with grants: by the agency that a grant names, else by their order."""
    agencies = list(dict.fromkeys(map(clean, study.texts("fundag"))))
    given = study.own("grantno")
    grants = [(clean(attribute(e, "agency")), clean(plain(e))) for e in given]
    told = {agency.casefold() for agency, _ in grants if agency}
    free = [agency for agency in agencies if agency.casefold() not in told]
    spare = iter(free)
    for agency, number in grants:
        name = agency or next(spare, "")
        if is_null(number) and is_null(name):
            continue
        draft.funding.append(FundingReference(name, award_number=number or None))
    draft.funding.extend(map(FundingReference, spare))


# ── dates and versions ───────────────────────────────────────────────────────────────────────


def _dates(study: Section, document: Section, draft: Draft) -> None:
    issued = study.every("distdate") or document.every("distdate")
    for elements, kind in (
        (issued, "Issued"),
        (study.every("proddate"), "Created"),
        (study.every("depdate"), "Submitted"),
    ):
        for text in dict.fromkeys(map(date_of, elements)):
            draft.date(text, kind)
    if not any(read_date(date_of(element)).date for element in issued):
        draft.year = _year(study) or _year(document)
        if draft.year:
            draft.notes.problem("publicationYear.inferred", "/publicationYear", draft.year)
            draft.notes.inferred("/publicationYear", "year.citation", draft.year)


def _year(section: Section) -> str:
    """Return the year that a citation gives, where there is no doubt."""
    for text in section.texts("biblcit"):
        found = _CITED_YEAR.search(text)
        if found:
            return found[1] or found[2] or ""
    return ""


def _version(study: Section, document: Section, draft: Draft) -> None:
    found = study.own("version") or list(filter(_is_of_study, document.own("version")))
    draft.version = next(filter(None, map(plain, found)), "")
    issued = {date.date for date in draft.dates if date.date_type == "Issued"}
    for element in found:
        date = attribute(element, "date")
        if date and (date not in issued or element in study.own("version")):
            draft.date(date, "Updated")


def _is_of_study(version: Element) -> bool:
    parent = version.getparent()
    source = attribute(parent, "source") if parent is not None else ""
    return source.lower().startswith(_ARCHIVES)


def _series(name: Element, draft: Draft) -> None:
    """Add the series that a study belongs to."""
    parent = name.getparent()
    address = attribute(name, "uri") or (attribute(parent, "uri") if parent is not None else "")
    shown = identifiers.recognise(address) if address else None
    number = None
    if shown is not None and shown.kind != "local":
        number = RelatedItemIdentifier(shown.value, shown.kind)
    if text := plain(name):
        draft.related_items.append(
            RelatedItem(
                "Collection", "IsPartOf", related_item_identifier=number, titles=(Title(text),)
            )
        )
