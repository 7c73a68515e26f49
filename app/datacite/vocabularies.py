"""The controlled lists of the DataCite schema, each term with the kernel that brought it.

Words are matched exactly, then blind to case, blanks, hyphens and underscores, then by alias.
A word that matches nothing is the caller's to judge; nothing here guesses.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Literal

from msgspec import Struct

KERNELS = (
    "2.0",
    "2.1",
    "2.2",
    "3.0",
    "3.1",
    "4.0",
    "4.1",
    "4.2",
    "4.3",
    "4.4",
    "4.5",
    "4.6",
    "4.7",
)


class Term(Struct, frozen=True):
    """A term of a list. since: the first kernel with it. until: the first kernel without it."""

    name: str
    since: str
    until: str | None = None

    def holds(self, kernel: str) -> bool:
        """Whether the term is in the list of this kernel."""
        place = KERNELS.index(kernel)
        gone = KERNELS.index(self.until) if self.until else len(KERNELS)
        return KERNELS.index(self.since) <= place < gone


class Match(Struct, frozen=True):
    """A word matched to a 4.7 term, and how. With `none` the term is None."""

    term: str | None
    how: Literal["exact", "blind", "alias", "none"]


_HISTORY = {
    "titleType": """
        2.0 AlternativeTitle Subtitle TranslatedTitle
        4.0 Other""",
    "nameType": """
        4.1 Organizational Personal""",
    "contributorType": """
        2.0 ContactPerson DataCollector DataManager Editor HostingInstitution ProjectLeader
            ProjectMember RegistrationAgency RegistrationAuthority Researcher WorkPackageLeader
        2.2 Distributor Funder>4.0 Producer RelatedPerson RightsHolder Sponsor Supervisor
        3.0 Other ProjectManager ResearchGroup
        3.1 DataCurator
        4.6 Translator""",
    "dateType": """
        2.0 Accepted Available_>2.1 Copyrighted Created EndDate>3.0 Issued StartDate>3.0 Submitted
            Updated Valid
        2.1 Available
        3.0 Collected
        4.1 Other
        4.2 Withdrawn
        4.6 Coverage""",
    "resourceTypeGeneral": """
        2.0 Collection Dataset Event Film>3.0 Image InteractiveResource PhysicalObject Service
            Software Sound Text
        2.2 Model
        3.0 Audiovisual Workflow Other
        4.1 DataPaper
        4.4 Book BookChapter ComputationalNotebook ConferencePaper ConferenceProceeding
            Dissertation Journal JournalArticle OutputManagementPlan PeerReview Preprint Report
            Standard
        4.5 Instrument StudyRegistration
        4.6 Award Project
        4.7 Poster Presentation""",
    "relationType": """
        2.0 IsCitedBy Cites IsSupplementTo IsSupplementedBy IsContinuedBy Continues IsNewVersionOf
            IsPreviousVersionOf IsPartOf HasPart IsReferencedBy References IsDocumentedBy Documents
            IsCompiledBy Compiles IsVariantFormOf IsOriginalFormOf
        3.0 IsIdenticalTo HasMetadata IsMetadataFor
        3.1 Reviews IsReviewedBy IsDerivedFrom IsSourceOf
        4.1 Describes IsDescribedBy HasVersion IsVersionOf Requires IsRequiredBy
        4.2 Obsoletes IsObsoletedBy
        4.4 IsPublishedIn
        4.5 Collects IsCollectedBy
        4.6 HasTranslation IsTranslationOf
        4.7 Other""",
    "relatedIdentifierType": """
        2.0 ARK DOI EAN13 EISSN Handle ISBN ISSN ISTC LISSN LSID PURL UPC URN
        2.2 URL
        3.0 PMID
        3.1 arXiv bibcode
        4.0 IGSN
        4.2 w3id
        4.6 CSTR RRID
        4.7 RAiD SWHID""",
    "descriptionType": """
        2.0 Abstract TableOfContents Other
        2.2 SeriesInformation
        3.0 Methods
        4.0 TechnicalInfo""",
    "funderIdentifierType": """
        4.0 ISNI GRID Crossref_Funder_ID Other
        4.3 ROR""",
    "numberType": """
        4.4 Article Chapter Report Other""",
}
"""What each kernel added; `>` names the kernel that took the term away, `_` stands for a blank."""

_ALIASES = {
    "titleType": """
        AlternativeTitle: Alternative, AltTitle
        Subtitle: Sub
        TranslatedTitle: Translated, Parallel""",
    "nameType": """
        Organizational: corporate, organization, organisation, organisational, institution, group
        Personal: person, individual, human""",
    "contributorType": """
        Other: Contributor, Author, Depositor
        Supervisor: Advisor, ThesisAdvisor
        DataManager: Maintainer
        ContactPerson: PointOfContact
        HostingInstitution: Publisher
        DataCurator: Curator
        DataCollector: Collector
        ProjectMember: ProjectMembers""",
    "dateType": """
        Issued: Published, Publication, PublicationDate, DateIssued
        Updated: Modified, LastModified, Revised
        Available: Embargo, EmbargoEnd, EmbargoedUntil
        Submitted: Deposited, DateSubmitted
        Coverage: TemporalCoverage, Temporal""",
    "resourceTypeGeneral": """
        Audiovisual: Film""",
    "relationType": """
        IsIdenticalTo: IsIdentical
        IsReferencedBy: IsReferenceBy, IsReferenced
        References: HasReference, isReferencing
        IsCitedBy: IsCited
        IsSupplementTo: isSupplement, IsSupplementOf
        IsSupplementedBy: HasSupplement
        IsVariantFormOf: IsFormatOf, IsAltForm
        IsOriginalFormOf: HasFormat
        IsObsoletedBy: IsReplacedBy
        Obsoletes: Replaces
        IsPartOf: IsChildOf, IsMemberOf
        HasPart: IsParentOf, HasMember
        IsDerivedFrom: IsBasedOn
        IsSourceOf: IsBasisFor""",
    "relatedIdentifierType": """
        Handle: HDL
        URL: URI, HTTP, HTTPS, Website, PMC, PMCID
        PMID: PubMed
        ISSN: PISSN, Print ISSN
        EISSN: Online ISSN
        EAN13: EAN
        bibcode: ADS
        PURL: PURL.org""",
    "descriptionType": """
        Abstract: Summary
        TableOfContents: TOC, Contents
        TechnicalInfo: TechnicalInformation, Technical
        Methods: Method, Methodology
        SeriesInformation: Series""",
    "funderIdentifierType": """
        Crossref Funder ID: FundRef, FundRef ID, CrossrefFunder, Crossref Funder, DOI
        Other: GND""",
}
"""Words found in the wild for a term; a value typed PMC or PMCID has to be made a URL."""


def _terms(history: str) -> Iterator[Term]:
    kernel = ""
    for word in history.split():
        if word[0].isdigit():
            kernel = word
            continue
        name, _, until = word.partition(">")
        yield Term(name.replace("_", " "), kernel, until or None)


LISTS: Mapping[str, Mapping[str, Term]] = MappingProxyType(
    {
        name: MappingProxyType({term.name: term for term in _terms(history)})
        for name, history in _HISTORY.items()
    }
)
"""Every list by its name, with all terms of all kernels; those without `until` are 4.7's."""

CURRENT: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        name: frozenset(term.name for term in terms.values() if term.until is None)
        for name, terms in LISTS.items()
    }
)
"""The terms of 4.7, by list."""


def _blind(word: str) -> str:
    """Return a word without case, blanks, hyphens and underscores."""
    return "".join(word.casefold().replace("-", " ").replace("_", " ").split())


_BLIND = {name: {_blind(term): term for term in terms} for name, terms in CURRENT.items()}
_BY_ALIAS = {
    name: {
        _blind(alias): line.partition(":")[0].strip()
        for line in lines.split("\n")
        if line.strip()
        for alias in line.partition(":")[2].split(",")
    }
    for name, lines in _ALIASES.items()
}
_NO_MATCH = Match(None, "none")
_LONGEST = 64

_PAIRS = """
    IsCitedBy/Cites IsSupplementTo/IsSupplementedBy IsContinuedBy/Continues IsDescribedBy/Describes
    HasMetadata/IsMetadataFor HasVersion/IsVersionOf IsNewVersionOf/IsPreviousVersionOf
    IsPartOf/HasPart IsReferencedBy/References IsDocumentedBy/Documents IsCompiledBy/Compiles
    IsVariantFormOf/IsOriginalFormOf IsReviewedBy/Reviews IsDerivedFrom/IsSourceOf
    IsRequiredBy/Requires IsObsoletedBy/Obsoletes IsCollectedBy/Collects
    IsTranslationOf/HasTranslation IsIdenticalTo/IsIdenticalTo"""

INVERSE: Mapping[str, str] = MappingProxyType(
    {
        one: other
        for pair in _PAIRS.split()
        for one, other in (pair.split("/"), reversed(pair.split("/")))
    }
)
"""A relationType and the one that says the same from the other end; some have none."""


def match(list_name: str, value: str) -> Match:
    """Match a word to a term of a 4.7 list. Raises KeyError for a list that does not exist."""
    return _match(list_name, value) if len(value) <= _LONGEST else _NO_MATCH


@lru_cache(maxsize=4096)
def _match(list_name: str, value: str) -> Match:
    if value in CURRENT[list_name]:
        return Match(value, "exact")
    word = _blind(value)
    term = _BLIND[list_name].get(word)
    if term is not None:
        return Match(term, "blind")
    alias = _BY_ALIAS.get(list_name, {}).get(word)
    return Match(alias, "alias") if alias is not None else _NO_MATCH
