"""ETD-MS, the format of the Networked Digital Library of Theses and Dissertations.

Dublin Core under names of its own, with the roles of contributors told, and a degree.
"""

from __future__ import annotations

import re

from app.crosswalks import degree
from app.crosswalks.draft import Draft
from app.crosswalks.dublin_core.values import DEGREE, Values, gather, texts
from app.crosswalks.reading import Circumstances, Reading
from app.crosswalks.recognise import DC_TERMS
from app.crosswalks.xml import Element, attributes, children, namespace, text_of
from app.datacite.dates import read_dates
from app.datacite.name_roles import AUTHOR, read_role
from app.datacite.resource import Contributor, Creator, NameIdentifier
from app.datacite.text import clean

NAME = "oai_etdms"
_SEPARATORS = re.compile(r"[/,;()]")
_SUPERVISES = re.compile("advis|supervis|committee|chair|direct|promot", re.IGNORECASE)
_RENAMED = {"alternativetitle": "alternative"}


def read(root: Element, about: Circumstances) -> Reading:
    """Read an ETD-MS record."""
    draft = Draft(about)
    values = gather(root)
    for name in ("creator", "contributor", "description"):
        values.pop(name, None)
    named = ((_RENAMED.get(name, name), found) for name, found in values.items())
    draft.untold = {name: found for name, found in named if name in DC_TERMS}
    for name, child in children(root):
        given = dict(attributes(child))
        if name in ("creator", "contributor"):
            if text := text_of(child).strip():
                _person(name, text, given, draft)
        elif name == "description":
            abstract = "abstract" in given.get("role", "").lower()
            lang = given.get("lang", "")
            draft.text("abstract" if abstract else name, text_of(child), lang=lang)
    if not draft.is_empty():
        draft.general = degree.GENERAL
        _degrees(values, draft)
        _dates(draft)
    return draft.reading(NAME, namespace(root))


def _person(element: str, text: str, given: dict[str, str], draft: Draft) -> None:
    """Add a creator, or a contributor by the role; one of whom nothing more is told is untold."""
    role = given.get("role", "")
    kind = _kind(role)
    known = tuple(
        NameIdentifier(value) for name, value in given.items() if name in ("resource", "orcid")
    )
    if element == "creator" or kind == AUTHOR:
        if known:
            draft.creators.append(Creator(text, name_identifiers=known))
        else:
            draft.text("creator", text)
    elif role or known:
        draft.contributors.append(
            Contributor(text, name_identifiers=known, contributor_type=kind or "Other")
        )
    else:
        draft.text("contributor", text)


def _kind(role: str) -> str:
    """Return what a role means: `directeur(trice) de recherche/advisor`, `committeeMember`."""
    found = read_role(role) or next(filter(None, map(read_role, _SEPARATORS.split(role))), None)
    return found or ("Supervisor" if _SUPERVISES.search(role) else role)


def _degrees(values: Values, draft: Draft) -> None:
    found = {part: texts(values, f"{DEGREE}.{part}") for part in degree.PARTS}
    for one in degree.of_texts(found):
        degree.put(one, draft)


def _dates(draft: Draft) -> None:
    """Type the dates; a day that occurs twice is the repository's own, since times are cut off."""
    given = [clean(value.text) for value in draft.untold.pop("date", ())]
    found, problems = read_dates(given, draft.about.today, days_only=True)
    draft.notes.problems.extend(problems)
    for date in found:
        draft.notes.inferred(f"/dates/{len(draft.dates)}", "date.type", date.date)
        draft.dates.append(date)
