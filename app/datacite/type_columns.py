"""The type of a resource in the vocabularies of the exports.

A record is never changed for an export: `effective_type` says what the export should call it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from app.datacite.resource import Types
from app.datacite.types import blind, human_word, read_types

_COLUMNS = """
Audiovisual MovingImage - MediaObject motion_picture misc MPCT
Award - - Grant document misc GRANT
Book Text book Book book book BOOK
BookChapter Text bookPart Chapter chapter incollection CHAP
Collection Collection - Collection collection misc GEN
ComputationalNotebook InteractiveResource - SoftwareSourceCode software misc COMP
ConferencePaper Text conferencePaper ScholarlyArticle paper-conference inproceedings CPAPER
ConferenceProceeding Text conferenceProceedings Book book proceedings CONF
DataPaper Text article ScholarlyArticle article-journal article JOUR
Dataset Dataset - Dataset dataset misc DATA
Dissertation Text - Thesis thesis phdthesis THES
Event Event - Event event misc GEN
Image Image - ImageObject graphic misc FIGURE
Instrument PhysicalObject - Product document misc GEN
InteractiveResource InteractiveResource - CreativeWork webpage misc ELEC
Journal Text - Periodical periodical misc JFULL
JournalArticle Text article ScholarlyArticle article-journal article JOUR
Model - - CreativeWork document misc GEN
OutputManagementPlan Text - DigitalDocument report misc RPRT
PeerReview Text review Review review misc GEN
PhysicalObject PhysicalObject - Thing document misc GEN
Poster Text conferencePoster Poster graphic misc GEN
Preprint Text preprint ScholarlyArticle article misc UNPB
Presentation Text lecture PresentationDigitalDocument speech misc SLIDE
Project - - ResearchProject document misc GEN
Report Text report Report report techreport RPRT
Service Service - Service document misc GEN
Software Software - SoftwareSourceCode software misc COMP
Sound Sound - AudioObject song misc SOUND
Standard Text - CreativeWork standard techreport STAND
StudyRegistration Text - CreativeWork document misc GEN
Text Text - ScholarlyArticle article misc RPRT
Workflow - - CreativeWork document misc GEN
Other - - CreativeWork document misc GEN
"""
_ROWS = tuple(line.split() for line in _COLUMNS.split("\n") if line)


def _column(place: int) -> Mapping[str, str]:
    return MappingProxyType({row[0]: row[place] for row in _ROWS if row[place] != "-"})


DCMI = _column(1)
"""DCMIType by resourceTypeGeneral; absent where there is none."""
EUREPO = _column(2)
"""The last part of the `info:eu-repo/semantics/` URI; of a Dissertation only `eurepo` knows."""
SCHEMA_ORG = _column(3)
CSL = _column(4)
BIBTEX = _column(5)
RIS = _column(6)

_NARROW = ("Text", "Other")
_DEGREES = {
    "Doctoral thesis": "doctoralThesis",
    "Master thesis": "masterThesis",
    "Bachelor thesis": "bachelorThesis",
}
_DEGREE_LINES = """
    doctoralThesis: phd ph.d. dphil mphil doctoral doctorate doctor
    masterThesis: master masters master's msc m.sc. diplom magister
    bachelorThesis: bachelor bachelors bachelor's bsc b.sc."""
_DEGREE_WORDS = {
    word: line.partition(":")[0].strip()
    for line in _DEGREE_LINES.strip().splitlines()
    for word in line.partition(":")[2].split()
}
_CALLED = {
    "blogpost": "Blog post", "weblog": "Blog post", "blogposting": "Blog post", "blog": "Blog post",
    "website": "Website", "webpage": "Web page", "map": "Map",
    "learningobject": "Learning object", "lesson": "Learning object", "tutorial": "Learning object",
    "coursematerial": "Learning object", "teachingmaterial": "Learning object",
    "learningmaterial": "Learning object", "teachingresource": "Learning object",
    "educationalresource": "Learning object",
}  # fmt: skip
"""Words that an export knows beyond the general type."""
_SCHEMA_ORG_WORDS = {
    "Blog post": "BlogPosting", "Web page": "WebPage", "Website": "WebSite", "Map": "Map",
    "Learning object": "LearningResource",
}  # fmt: skip
_CSL_WORDS = {"Blog post": "post-weblog", "Web page": "webpage", "Map": "map"}


def effective_type(types: Types | None, *, in_journal: bool = False) -> Types:
    """Return the type an export should use: of Text or Other the narrower one it is called.

    in_journal: whether the record stands in a container of type Journal.
    """
    if types is None or not types.resource_type_general:
        return Types("Other")
    general = types.resource_type_general
    if general not in _NARROW:
        return types
    called = _called(types)
    if called not in ("Blog post", "Web page") and types.resource_type:
        found = read_types((types.resource_type,)).types
        if found and found.resource_type_general not in ("Other", general):
            return Types(found.resource_type_general, types.resource_type)
    if in_journal and general == "Text" and not called:
        return Types("JournalArticle", types.resource_type)
    return types


def _called(types: Types) -> str:
    """Return a key of the word tables above for what a resourceType says, or nothing."""
    if not types.resource_type:
        return ""
    called = _CALLED.get(blind(types.resource_type))
    if called is None:
        found = human_word(types.resource_type)
        called = found.label if found else ""
    return called


def eurepo(types: Types) -> str | None:
    """Return the `info:eu-repo/semantics/` URI of a type, or None where the list has none.

    A Dissertation has one only if its resourceType says which degree.
    """
    general = types.resource_type_general
    name = degree(types) if general == "Dissertation" else EUREPO.get(general)
    return f"info:eu-repo/semantics/{name}" if name else None


def degree(types: Types) -> str | None:
    """Return doctoralThesis, masterThesis or bachelorThesis if the resourceType says so."""
    word = types.resource_type or ""
    if word in _DEGREES:
        return _DEGREES[word]
    found = human_word(word)
    if found and found.label in _DEGREES:
        return _DEGREES[found.label]
    tokens = word.casefold().replace("’", "'").split()
    return next((_DEGREE_WORDS[token] for token in tokens if token in _DEGREE_WORDS), None)


def schema_org(types: Types, formats: Sequence[str] = ()) -> str:
    """Return the schema.org class; a Resource's formats tell videos from other media."""
    general = types.resource_type_general
    if general == "Audiovisual" and any(f.casefold().startswith("video/") for f in formats):
        return "VideoObject"
    if general in ("Text", "Image", "InteractiveResource"):
        return _SCHEMA_ORG_WORDS.get(_called(types)) or SCHEMA_ORG[general]
    return SCHEMA_ORG.get(general, "CreativeWork")


def csl(types: Types) -> str:
    """Return the CSL type."""
    general = types.resource_type_general
    if general in ("Text", "Image"):
        return _CSL_WORDS.get(_called(types)) or CSL[general]
    return CSL.get(general, "document")


def bibtex(types: Types) -> str:
    """Return the BibTeX entry type, in lower case and without `@`."""
    general = types.resource_type_general
    if general == "Dissertation" and degree(types) in ("masterThesis", "bachelorThesis"):
        return "mastersthesis"
    return BIBTEX.get(general, "misc")


def ris(types: Types) -> str:
    """Return the RIS type of reference."""
    general = types.resource_type_general
    if general == "Image" and _called(types) == "Map":
        return "MAP"
    return RIS.get(general, "GEN")
