"""Citations in seven styles; the lines here decide disputes."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from msgspec.structs import replace

from app.crosswalks import write
from app.crosswalks.citation import STYLES, cite, cite_html, style_of
from app.datacite.resource import (
    AlternateIdentifier,
    Creator,
    Publisher,
    RelatedItem,
    Resource,
    Title,
    Types,
    decode,
)
from tests.datacite.strategies import full_resources
from tests.shared import SHARED, needs_shared

FREELY = settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
PERSON = "Personal"
TWO = Resource(
    doi="10.5072/two",
    creators=(
        Creator("Varga, Ilona", PERSON, None, "Ilona", "Varga"),
        Creator("Rossi, Marco", PERSON, None, "Marco", "Rossi"),
    ),
    titles=(Title("Sediments of the river"), Title("Subtitle", "Subtitle")),
    publisher=Publisher("Example Institute, Exampleton"),
    publication_year=2009,
    types=Types("Dataset"),
    version="version 2.1",
)
MANY = tuple(
    Creator(f"Author{n}, Given M.", PERSON, None, "Given M.", f"Author{n}") for n in range(1, 26)
)


@pytest.mark.parametrize(
    ("resource", "line"),
    [
        (
            TWO,
            (
                "Varga, Ilona; Rossi, Marco (2009): Sediments of the river. V. 2.1."
                " Example Institute, Exampleton. (dataset). https://doi.org/10.5072/two"
            ),
        ),
        (
            replace(TWO, creators=(Creator("Example operator"),), version=None),
            (
                "Example operator (2009): Sediments of the river. Example Institute, Exampleton."
                " (dataset). https://doi.org/10.5072/two"
            ),
        ),
        (
            replace(TWO, titles=(Title("Any more stones?"),), types=Types("JournalArticle")),
            (
                "Varga, Ilona; Rossi, Marco (2009): Any more stones? V. 2.1. Example Institute,"
                " Exampleton. (journal article). https://doi.org/10.5072/two"
            ),
        ),
        (
            replace(TWO, creators=(Creator(":unkn"),), version=None, publisher=Publisher("P.")),
            "Sediments of the river (2009). P. (dataset). https://doi.org/10.5072/two",
        ),
        (
            replace(
                TWO,
                creators=(Creator("李, 明", PERSON, None, "明", "李"),),
                titles=(Title("地震目录"),),
                version=None,
                doi=None,
                publication_year=None,
                alternate_identifiers=(AlternateIdentifier("20.500.1/77", "Handle"),),
            ),
            (
                "李明 (n.d.): 地震目录. Example Institute, Exampleton. (dataset)."
                " https://hdl.handle.net/20.500.1/77"
            ),
        ),
        (
            replace(TWO, publisher=Publisher(":unav"), types=Types("Other"), version=None),
            (
                "Varga, Ilona; Rossi, Marco (2009): Sediments of the river."
                " https://doi.org/10.5072/two"
            ),
        ),
    ],
)
def test_a_citation_is_written_to_the_letter(resource: Resource, line: str) -> None:
    assert write("citation", resource).decode() == f"{line}\n"


def test_twenty_creators_are_named() -> None:
    line = write("citation", replace(TWO, creators=MANY)).decode()
    assert "Author20, Given M.; et al. (2009)" in line
    assert "Author21" not in line


PAGE = "https://hub.example.org/records/x"
ARTICLE = Resource(
    doi="10.5072/art",
    creators=(
        Creator("Varga, Ilona", PERSON, None, "Ilona", "Varga"),
        Creator("de la Cruz, Jean-Luc", PERSON, None, "Jean-Luc", "de la Cruz"),
        Creator("Survey Group", "Organizational"),
    ),
    titles=(Title("Do stones fall?"),),
    publisher=Publisher("Example Press Inc."),
    publication_year=2016,
    types=Types("JournalArticle"),
    related_items=(
        RelatedItem(
            "Journal",
            "IsPublishedIn",
            titles=(Title("Journal of Slopes"),),
            volume="3",
            issue="1",
            first_page="18",
            last_page="29",
        ),
    ),
)
BARE = Resource(titles=(Title("Stones"),), types=Types("Software"), version="ver. 2")
NUMBERED = replace(
    ARTICLE,
    doi=None,
    creators=(),
    publication_year=None,
    related_items=(
        RelatedItem("Journal", "IsPublishedIn", titles=(Title("Slopes"),), number="e77"),
    ),
)
ARABIC = replace(
    TWO,
    creators=(Creator("سعيد, أحمد", PERSON, None, "أحمد", "سعيد"),),
    version="v1",
    doi="10.5072/a",
)
LINES = """
article
apa | Varga, I., de la Cruz, J.-L., & Survey Group. (2016). Do stones fall? Journal of Slopes, 3(1), 18–29. https://doi.org/10.5072/art
harvard | Varga, I., de la Cruz, J.-L. and Survey Group (2016) ‘Do stones fall?’, Journal of Slopes, 3(1), pp. 18–29. Available at: https://doi.org/10.5072/art.
mla | Varga, Ilona, et al. “Do stones fall?” Journal of Slopes, vol. 3, no. 1, 2016, pp. 18–29, https://doi.org/10.5072/art.
vancouver | Varga I, de la Cruz JL, Survey Group. Do stones fall? Journal of Slopes. 2016;3(1):18–29. Available from: https://doi.org/10.5072/art
chicago | Varga, Ilona, Jean-Luc de la Cruz, and Survey Group. “Do stones fall?” Journal of Slopes 3, no. 1 (2016): 18–29. https://doi.org/10.5072/art.
ieee | I. Varga, J.-L. de la Cruz, and Survey Group, “Do stones fall?” Journal of Slopes, vol. 3, no. 1, pp. 18–29, 2016, doi: 10.5072/art.
numbered
apa | Do stones fall? (n.d.). Slopes, Article e77. https://hub.example.org/records/x
harvard | ‘Do stones fall?’ (n.d.) Slopes, article e77. Available at: https://hub.example.org/records/x.
mla | “Do stones fall?” Slopes, n.d., article e77, https://hub.example.org/records/x.
chicago | “Do stones fall?” Slopes (n.d.): e77. https://hub.example.org/records/x.
ieee | “Do stones fall?” Slopes, article e77, n.d. [Online]. Available: https://hub.example.org/records/x
bare
datacite | Stones (n.d.). V. 2. (software). https://hub.example.org/records/x
apa | Stones (Version 2) [Computer software]. (n.d.). https://hub.example.org/records/x
harvard | Stones (n.d.). Version 2. Available at: https://hub.example.org/records/x.
mla | “Stones.” Version 2, n.d., https://hub.example.org/records/x.
vancouver | Stones [software]. Version 2. n.d. Available from: https://hub.example.org/records/x
chicago | “Stones.” Version 2. n.d. https://hub.example.org/records/x.
ieee | “Stones,” Version 2, n.d. [Online]. Available: https://hub.example.org/records/x
arabic
apa | سعيد, أحمد. (2009). Sediments of the river (Version 1) [Dataset]. Example Institute, Exampleton. https://doi.org/10.5072/a
vancouver | سعيد أحمد. Sediments of the river [dataset]. Version 1. Example Institute, Exampleton; 2009. Available from: https://doi.org/10.5072/a
"""  # noqa: E501
RECORDS = {"article": ARTICLE, "numbered": NUMBERED, "bare": BARE, "arabic": ARABIC}


def _lines() -> Iterator[tuple[str, str, str]]:
    record = ""
    for line in LINES.strip().splitlines():
        style, bar, text = line.partition(" | ")
        record = record if bar else line
        if bar:
            yield record, style, text


@pytest.mark.parametrize(("record", "style", "text"), list(_lines()))
def test_each_style_cites_to_the_letter(record: str, style: str, text: str) -> None:
    assert cite(RECORDS[record], style, page=PAGE) == text


@needs_shared  # type: ignore[untyped-decorator]
def test_the_golden_lines_hold() -> None:
    cases = (SHARED / "services" / "citations.jsonl").read_text("utf-8").splitlines()
    assert len(cases) > 5
    for case in map(json.loads, cases):
        resource = decode(json.dumps(case["input"]))
        assert {style: cite(resource, style) for style in case["expected"]} == case["expected"]


def test_a_publisher_who_made_it_is_not_named_twice_in_apa() -> None:
    own = replace(TWO, creators=(Creator("Example Institute, Exampleton", "Organizational"),))
    assert cite(own, "apa").count("Example Institute") == 1
    assert cite(own, "mla").count("Example Institute") == 2


@pytest.mark.parametrize(
    ("style", "named", "left_out"),
    [
        ("apa", "Author19, G. M., … Author25, G. M. (2009)", "Author20"),
        ("harvard", "Author1, G.M. et al. (2009)", "Author2,"),
        ("mla", "Author1, Given M., et al. “", "Author2,"),
        ("vancouver", "Author6 GM, et al. ", "Author7"),
        ("chicago", "Author1, Given M., Given M. Author2, Given M. Author3, et al. “", "Author4"),
        ("ieee", "G. M. Author1 et al., “", "Author2,"),
    ],
)
def test_many_creators_are_cut_as_the_style_says(style: str, named: str, left_out: str) -> None:
    line = cite(replace(TWO, creators=MANY), style)
    assert named in line
    assert left_out not in line


def test_html_has_italics_and_one_link_and_escapes_the_rest() -> None:
    hostile = replace(TWO, titles=(Title('A <b> & "\ue000\ue002x\ue003'),))
    html = cite_html(hostile, "harvard")
    assert "<i>A &lt;b&gt; &amp; &quot;x</i>." in html
    assert html.count("<a ") == html.count("</a>") == 1
    assert '<a href="https://doi.org/10.5072/two" rel="noopener">' in html
    assert "<i>Journal of Slopes</i>" in cite_html(ARTICLE, "mla")


def test_an_address_that_no_browser_should_follow_is_text() -> None:
    assert "<a " not in cite_html(replace(BARE, url="javascript:alert(1)"), "apa")


@pytest.mark.parametrize(
    ("name", "style"),
    [("APA", "apa"), ("vancouver-nlm", "vancouver"), ("chicago-fullnote-bibliography", "chicago"),
     ("modern-language-association", "mla"), ("harvard_cite_them_right", "harvard")],
)  # fmt: skip
def test_a_style_is_found_by_other_names(name: str, style: str) -> None:
    assert style_of(name) is STYLES[style]
    assert style_of("nature") is None


MADE_WRONG = re.compile(r"None|\(\)|\[\]|\.\.|,,|\. ,|  |, \.|;\.|:\.|“”|‘’|\n")


def _cases() -> list[Resource]:
    found = []
    for path in sorted((Path(__file__).parents[1] / "cases").glob("*/*.json")):
        case = json.loads(path.read_bytes())
        if isinstance(case, dict) and isinstance(case.get("expect"), dict):
            found.append(decode(json.dumps(case["expect"])))
    return found


def test_every_case_is_cited_in_every_style_without_a_scar() -> None:
    cases = _cases()
    assert len(cases) > 300
    for resource in cases:
        own = str(resource)
        for style in STYLES:
            line = cite(resource, style, page=PAGE)
            scars = [scar for scar in MADE_WRONG.findall(line) if scar not in own]
            assert not scars, line


@FREELY
@given(full_resources())
def test_any_record_is_cited_on_one_line(resource: Resource) -> None:
    for style in STYLES:
        assert len(cite(resource, style).splitlines()) == 1
        assert cite_html(resource, style).count("<a ") <= 1
