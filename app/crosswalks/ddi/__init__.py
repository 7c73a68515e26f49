"""DDI Codebook, versions 1.2 to 2.5: the study is read, variables are not."""

from __future__ import annotations

from app.crosswalks.ddi import access, citation, files, related, scope
from app.crosswalks.ddi.elements import Section, attribute, lang_of
from app.crosswalks.draft import Draft
from app.crosswalks.reading import Circumstances, Reading
from app.crosswalks.volatile import Volatile, without
from app.crosswalks.xml import Element, first_child, namespace
from app.datacite.languages import tag
from app.datacite.problem import problem

__all__ = ["read", "stable"]

_MADE = "When the document about the study was made: repositories that make it when asked say now."
_DAY = r"[^\"'<>]*"
stable = without(
    Volatile("prodDate", _MADE, within="docDscr"),
    Volatile("prodDate", _MADE, (("date", _DAY),), within="docDscr"),
)


def read(root: Element, about: Circumstances) -> Reading:
    """Read a `codeBook` element of any version and namespace."""
    draft = Draft(about)
    documented, studied = first_child(root, "docdscr"), first_child(root, "stdydscr")
    language = _language(root, documented, studied, draft)
    study, document = Section(studied, language), Section(documented, language)
    citation.read(study, document, draft)
    scope.read(study, draft)
    access.read(study, draft)
    related.read(study, draft)
    if draft.is_empty():
        return Reading(None, (problem("format.empty"),), format="ddi", namespace=namespace(root))
    draft.general = "Dataset"
    files.read(root, draft)
    return draft.reading("ddi", namespace(root))


def _language(
    root: Element, documented: Element | None, studied: Element | None, draft: Draft
) -> str:
    """Return the codebook's language: its own, its description's, else that of the title."""
    given = [lang_of(e) for e in (root, documented, studied) if e is not None]
    found = next((lang for lang in given if tag(lang)), "")
    draft.language = found or next(filter(None, given), "")
    if found:
        return found
    titles = Section(studied).every("titl")
    title = attribute(titles[0], "lang", "xml-lang") if titles else ""
    if tag(title):
        draft.notes.inferred("/language", "language.title", title)
        draft.language = title
    return title
