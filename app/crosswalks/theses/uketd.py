"""UKETD_DC, the format of the British Library's EThOS: qualified Dublin Core with a degree.

`isReferencedBy` is the thesis's own page here, and URIs among the identifiers are its files.
"""

from __future__ import annotations

from itertools import zip_longest

from app.crosswalks import degree
from app.crosswalks.degree import Degree
from app.crosswalks.draft import Draft
from app.crosswalks.dublin_core.values import Value, Values, gather, texts
from app.crosswalks.reading import Circumstances, Reading
from app.crosswalks.recognise import DC_TERMS
from app.crosswalks.xml import Element, namespace
from app.datacite.dates import is_future, read_date
from app.datacite.funders import read_grant
from app.datacite.identifiers import is_file_url, recognise
from app.datacite.resource import (
    Affiliation,
    Contributor,
    Creator,
    FundingReference,
    NameIdentifier,
)
from app.datacite.rights import read_rights
from app.datacite.text import clean, is_null

NAME = "uketd_dc"
_FILE_ACCESS = {"public": "open", "validuser": "restricted", "staffonly": "restricted"}
"""EPrints' words for who may see a file."""
_UNUSED = ("hasformat", "checksum", "commercial")


def read(root: Element, about: Circumstances) -> Reading:
    """Read a UKETD_DC record."""
    draft = Draft(about)
    values = gather(root)
    _creators(values, draft)
    for text in texts(values, "advisor"):
        draft.contributors.append(Contributor(text, contributor_type="Supervisor"))
    _funding(values, draft)
    _identifiers(values, draft)
    _access(values, draft)
    for name in _UNUSED:
        values.pop(name, None)
    draft.untold = {name: found for name, found in values.items() if name in DC_TERMS}
    if not draft.is_empty():
        draft.general = degree.GENERAL
        _degrees(values, draft)
    return draft.reading(NAME, namespace(root))


def _creators(values: Values, draft: Draft) -> None:
    """Add the creators; departments and identifiers are the author's, or one each in order."""
    creators = values.pop("creator", [])
    departments = [Affiliation(text) for text in texts(values, "department")]
    known = [
        NameIdentifier(value.text, value.type if value.type.lower() not in ("uri", "") else None)
        for value in values.get("authoridentifier", ())
    ]
    alone = len(creators) == 1
    for n, value in enumerate(creators):
        of_one = slice(None) if alone else slice(n, n + 1)
        first = slice(None) if n == 0 else slice(0)
        draft.creators.append(
            Creator(
                value.text,
                name_identifiers=tuple(known[of_one]),
                affiliation=tuple(departments[first]),
            )
        )


def _funding(values: Values, draft: Draft) -> None:
    """Pair sponsors and grant numbers by order; the last sponsor takes what is left over."""
    sponsors, numbers = texts(values, "sponsor"), texts(values, "grantnumber")
    if not sponsors:
        for number in numbers:
            draft.notes.lost("/fundingReferences", clean(number), "Names no funder; left out.")
        return
    for sponsor, number in zip_longest(sponsors, numbers):
        name = sponsor or sponsors[-1]
        if number and not is_null(clean(number)):
            draft.funding.append(FundingReference(name, award_number=number))
        else:
            grant = read_grant(name) or FundingReference(name)
            if grant.funder_name != name:
                draft.notes.inferred(f"/fundingReferences/{len(draft.funding)}", "grant.text", name)
            draft.funding.append(grant)


def _identifiers(values: Values, draft: Draft) -> None:
    pages = values.pop("isreferencedby", [])
    kept: list[Value] = [Value(page.text) for page in pages]
    for value in values.pop("identifier", ()):
        address = value.text.strip()
        is_link = value.type.lower() == "uri" and recognise(address).kind == "URL"
        if is_link and (pages or is_file_url(address)):
            if all(page.text.strip() != address for page in pages):
                draft.file(address)
        else:
            kept.append(value)
    if kept:
        values["identifier"] = kept


def _access(values: Values, draft: Draft) -> None:
    """Read licence, embargo and the access to files."""
    licences = [one for one in values.pop("license", ()) if _is_licence(one.text)]
    if licences:
        values["license"] = licences
    words = values.pop("accessrights", [])
    kept = [one for one in words if one.text.strip().lower() not in _FILE_ACCESS]
    if kept:
        values["accessrights"] = kept
    of_files = {_FILE_ACCESS.get(one.text.strip().lower(), "") for one in words}
    draft.access = "open" if "open" in of_files else max(of_files, default="") or None
    today = draft.about.today.isoformat()
    for text in texts(values, "embargodate"):
        draft.date(text, "Available")
        ends = read_date(clean(text)).date
        if ends and is_future(ends, today):
            draft.access = "embargoed"
    for text in texts(values, "embargotype"):
        draft.access = read_rights(clean(text)).access or draft.access


def _is_licence(text: str) -> bool:
    """Whether a licence is one that is known, not the repository's licence of deposit."""
    rights = read_rights(clean(text)).rights
    return rights is not None and bool(
        rights.rights_identifier or "creativecommons.org" in (rights.rights_uri or "")
    )


def _degrees(values: Values, draft: Draft) -> None:
    told = (texts(values, n) for n in ("qualificationlevel", "qualificationname", "institution"))
    for level, name, institution in zip_longest(*told, fillvalue=""):
        degree.put(Degree(level, name, grantor=institution), draft)
