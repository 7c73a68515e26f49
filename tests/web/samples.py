"""Records of our own making for the tests of pages: several scripts, long texts, hostile texts."""

from __future__ import annotations

from app.datacite.resource import (
    Affiliation,
    AlternateIdentifier,
    Box,
    Contributor,
    Creator,
    Date,
    Description,
    FundingReference,
    GeoLocation,
    NameIdentifier,
    Point,
    Publisher,
    RelatedIdentifier,
    RelatedItem,
    RelatedItemIdentifier,
    Resource,
    Rights,
    Subject,
    Title,
    Types,
)


def person(family: str, given: str, orcid: str = "", *affiliations: Affiliation) -> Creator:
    identifiers = (
        (NameIdentifier(f"https://orcid.org/{orcid}", "ORCID", "https://orcid.org"),)
        if orcid
        else ()
    )
    name = f"{family}, {given}"
    return Creator(name, "Personal", None, given, family, identifiers, affiliations)


HARBOUR = Affiliation(
    "Harbour University, Institute of Coastal Research", "https://ror.org/03yrm5c26", "ROR"
)
MARSH = Affiliation("Marsh Observatory")

DATASET = Resource(
    doi="10.5072/tides-1",
    creators=(
        person("Okonkwo", "Adaeze", "0000-0001-5109-3700", HARBOUR),
        person("van der Meer", "Joris", "", HARBOUR, MARSH),
        Creator("Salt Marsh Survey Group", "Organizational"),
    ),
    titles=(
        Title(
            "Hourly water levels, salinity and suspended sediment at nineteen stations along a "
            "retreating salt marsh, with the calibration of every sensor",
            None,
            "en",
        ),
        Title("A record of eleven years", "Subtitle", "en"),
        Title(
            "Stündliche Wasserstände an neunzehn Stationen einer Salzwiese", "TranslatedTitle", "de"
        ),
    ),
    publisher=Publisher("Tideland Data Archive"),
    publication_year=2021,
    subjects=(
        Subject("tides", lang="en"),
        Subject(
            "salt marshes", "LCSH", value_uri="http://id.loc.gov/authorities/subjects/sh85078385"
        ),
        Subject("Salzwiese", lang="de"),
        Subject("suspended sediment"),
    ),
    contributors=(
        Contributor(
            "Lindqvist, Maja", "Personal", None, "Maja", "Lindqvist", (), (), "DataCurator"
        ),
    ),
    dates=(
        Date("2021-06-14", "Issued"),
        Date("2009-03/2020-11", "Collected", "two gaps in the winter of 2013"),
    ),
    language="en",
    types=Types("Dataset", "Time series"),
    alternate_identifiers=(AlternateIdentifier("tideland:0042", "Local accession number"),),
    related_identifiers=(
        RelatedIdentifier(
            "10.5072/marsh-atlas", "DOI", "IsSupplementTo", resource_type_general="Book"
        ),
        RelatedIdentifier("https://example.org/code/sensor", "URL", "IsCompiledBy"),
        RelatedIdentifier("arXiv:2101.00001", "arXiv", "IsDescribedBy"),
    ),
    related_items=(
        RelatedItem(
            "JournalArticle",
            "IsCitedBy",
            related_item_identifier=RelatedItemIdentifier("10.5072/retreat", "DOI"),
            titles=(Title("How fast does a marsh retreat?"),),
            volume="12",
            issue="3",
            first_page="201",
            last_page="219",
            publication_year=2022,
        ),
    ),
    sizes=("3.2 MB", "96,000 rows"),
    formats=("text/csv", "application/pdf"),
    version="2.1",
    rights_list=(
        Rights(
            "Creative Commons Attribution 4.0 International",
            "https://creativecommons.org/licenses/by/4.0/",
            "CC-BY-4.0",
            "SPDX",
        ),
        Rights("Open Access", "info:eu-repo/semantics/openAccess"),
    ),
    descriptions=(
        Description(
            "Water levels were read every hour.<br>Salinity was read every six hours, at slack "
            "water.<br><br>Each station carries its own calibration, made in spring and in autumn. "
            "Where a sensor failed, the gap is left as a gap; nothing was interpolated.",
            "Abstract",
            "en",
        ),
        Description("Pressure sensors on posts; levels above the local datum.", "Methods", "en"),
    ),
    geo_locations=(
        GeoLocation(Point(8.55, 53.71), None, "Outer Jade, North Sea"),
        GeoLocation(None, Box(8.2, 8.9, 53.5, 53.9)),
    ),
    funding_references=(
        FundingReference(
            "Coastal Science Fund",
            award_number="CSF-2009-17",
            award_uri="https://example.org/grants/CSF-2009-17",
            award_title="Marshes in retreat",
        ),
    ),
    url="https://tideland.example.org/datasets/42",
    content_url=(
        "https://tideland.example.org/files/levels.csv",
        "https://tideland.example.org/files/readme.pdf",
    ),
)

ARABIC = Resource(
    doi="10.5072/nakhil",
    creators=(
        Creator("الزهراني, ليلى", "Personal", "ar", "ليلى", "الزهراني"),
        Creator("مركز دراسات الواحات", "Organizational", "ar"),
    ),
    titles=(
        Title("مسح أشجار النخيل في ثلاث واحات: القياسات والصور والخرائط", None, "ar"),
        Title("A survey of date palms in three oases", "TranslatedTitle", "en"),
    ),
    publisher=Publisher("أرشيف الواحات", lang="ar"),
    publication_year=2019,
    subjects=(Subject("نخيل", lang="ar"), Subject("واحات", lang="ar")),
    dates=(Date("2019", "Issued"),),
    language="ar",
    types=Types("Dataset"),
    rights_list=(Rights("restricted access", "http://purl.org/coar/access_right/c_16ec"),),
    descriptions=(
        Description(
            "قيست أطوال النخيل ومحيط الجذوع في كل واحة مرتين في السنة.<br>تضم المجموعة الصور "
            "الأصلية والخرائط.",
            "Abstract",
            "ar",
        ),
    ),
    url="https://oasis.example.org/items/7",
)

CHINESE = Resource(
    doi="10.5072/dizhen",
    creators=(
        Creator("李明", "Personal", "zh", "明", "李"),
        Creator("王小红", "Personal", "zh", "小红", "王"),
    ),
    titles=(Title("长江中游地区一九五〇年至二〇一八年的雨量与河流水位观测目录", None, "zh"),),
    publisher=Publisher("江河资料库", lang="zh"),
    publication_year=2018,
    dates=(Date("2018-09-30", "Issued"),),
    language="zh",
    types=Types("Dataset"),
    descriptions=(Description("本目录收录六十八年的逐日观测。", "Abstract", "zh"),),
    url="https://rivers.example.org/catalogue",
)

ARTICLE = Resource(
    doi="10.5072/article-9",
    creators=(person("Bianchi", "Lucia"), person("Ó Súilleabháin", "Cormac")),
    titles=(Title("What a lighthouse log says about fog", None, "en"),),
    publisher=Publisher("Coast & Climate"),
    publication_year=2016,
    types=Types("JournalArticle"),
    related_items=(
        RelatedItem(
            "Journal",
            "IsPublishedIn",
            titles=(Title("Journal of Coastal Records"),),
            volume="3",
            issue="1",
            first_page="18",
            last_page="29",
        ),
    ),
    url="https://journal.example.org/9",
)

UNTITLED = Resource(
    alternate_identifiers=(AlternateIdentifier("ark:/12345/x9", "ARK"),),
    titles=(Title(":unas"),),
    creators=(Creator(":unkn"),),
    publisher=Publisher(":unav"),
    publication_year=1998,
    types=Types("Other"),
)

SCRIPT = "<script>alert(1)</script>"
HOSTILE = Resource(
    doi="10.5072/<script>",
    creators=(
        Creator(f"{SCRIPT} </script>", lang='en" onmouseover="alert(1)'),
        Creator("x" * 10_000),
        Creator(
            "Mallory, M.", None, None, None, None, (NameIdentifier("javascript:alert(1)", "ORCID"),)
        ),
    ),
    titles=(Title(f"\u202egnp.exe {SCRIPT} \u2066&lt; {{{{ 7*7 }}}} " + "w" * 10_000),),
    publisher=Publisher('" onmouseover="alert(1)', "javascript:alert(1)"),
    publication_year=2020,
    subjects=(
        Subject("' onfocus=alert(1) autofocus='", value_uri="data:text/html,<script>1</script>"),
    ),
    types=Types("Dataset", SCRIPT),
    alternate_identifiers=(AlternateIdentifier("javascript:alert(1)", "URL"),),
    related_identifiers=(
        RelatedIdentifier("JaVaScRiPt:alert(1)", "URL", "References"),
        RelatedIdentifier('https://example.org/"><script>alert(1)</script>', "URL", "References"),
    ),
    rights_list=(Rights(SCRIPT, "vbscript:alert(1)"),),
    descriptions=(Description(f"<img src=x onerror=alert(1)><br>{SCRIPT}", "Abstract"),),
    funding_references=(FundingReference("F", award_uri="javascript:alert(1)"),),
    url="javascript:alert(1)",
    content_url=("javascript:alert(1)", "https://example.org/a.csv"),
)


def crowded(creators: int, related: int, words: int) -> Resource:
    """A record with very long lists and a very long abstract."""
    return Resource(
        doi="10.5072/crowd",
        creators=tuple(person(f"Family{n}", "Given", "", HARBOUR) for n in range(creators)),
        titles=(Title("Everyone was there"),),
        publication_year=2020,
        types=Types("Dataset"),
        related_identifiers=tuple(
            RelatedIdentifier(f"10.5072/part-{n}", "DOI", "HasPart") for n in range(related)
        ),
        descriptions=(Description("measured " * words, "Abstract"),),
        url="https://example.org/crowd",
    )


def monster(items: int, length: int) -> Resource:
    """A record in which every list and every text is far too long."""
    text, many = "&" * length, range(items)
    link = "https://example.org/" + "x" * 970
    place = Affiliation(text, link, "ROR")
    return Resource(
        doi="10.5072/monster",
        creators=tuple(Creator(f"{n}{text}", affiliation=(place,)) for n in many),
        titles=tuple(Title(f"{n}{text}", None if n == 0 else "Subtitle") for n in many),
        publisher=Publisher(text, link),
        publication_year=2020,
        subjects=tuple(Subject(f"{n}{text}", text, value_uri=link) for n in many),
        contributors=tuple(Contributor(f"{n}{text}", contributor_type="Other") for n in many),
        dates=tuple(Date("2020", "Other", text) for _ in many),
        types=Types("Dataset", text),
        alternate_identifiers=tuple(AlternateIdentifier(f"{n}{text}", "URL") for n in many),
        related_identifiers=tuple(RelatedIdentifier(f"{link}{n}", "URL", "Cites") for n in many),
        related_items=tuple(RelatedItem("Book", "Cites", titles=(Title(text),)) for _ in many),
        sizes=(text,) * items,
        formats=(text,) * items,
        rights_list=tuple(Rights(f"{n}{text}", link) for n in many),
        descriptions=(Description(text * 10, "Abstract"),) * items,
        geo_locations=(GeoLocation(None, None, text),) * items,
        funding_references=(FundingReference(text, award_title=text, award_uri=link),) * items,
        url=link,
        content_url=tuple(f"https://[bad/{n}" if n % 2 else f"{link}{n}" for n in many),
    )
