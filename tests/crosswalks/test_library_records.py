"""What MODS and MARC have in common: punctuation, places in journals, genres; and odd records."""

from __future__ import annotations

import pytest

from app.crosswalks import genres, isbd, read, works
from app.datacite.resource import RelatedItem
from tests.crosswalks.cases import TODAY


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Exampleton :", "Exampleton"),
        ("Varga, Ilona,", "Varga, Ilona"),
        ("lower valley /", "lower valley"),
        ("24 cm.", "24 cm"),
        ("214 p.", "214 p."),
        ("Smith, A.B.", "Smith, A.B."),
        ("Brown, E. F.,", "Brown, E. F."),
        ("New York, N.Y. :", "New York, N.Y."),
        ("Rivers and lakes.", "Rivers and lakes"),
        ("and so on ...", "and so on ..."),
        ("Example Pub. Co.,", "Example Pub. Co."),
        ("5.", "5"),
        ("https://example.org/", "https://example.org/"),
        ("", ""),
    ],
)
def test_punctuation_that_leads_on_is_taken_off(text: str, found: str) -> None:
    assert isbd.stripped(text) == found
    assert isbd.stripped(found) == found


@pytest.mark.parametrize(
    ("parts", "title"),
    [
        (
            ("Rivers :", "a survey.", "Part 2,", "The plain /"),
            "Rivers : a survey. Part 2, The plain",
        ),
        (("Rivers.", "", "No. 2.", ""), "Rivers. No. 2"),
        (("Flüsse =", "Rivers"), "Flüsse = Rivers"),
        (("Flüsse", "= Rivers"), "Flüsse = Rivers"),
        (("Rivers?", "", "Part 1"), "Rivers? Part 1"),
        (("", "", "Part 1"), "Part 1"),
    ],
)
def test_titles_are_put_together(parts: tuple[str, ...], title: str) -> None:
    assert isbd.title(*parts) == title


@pytest.mark.parametrize(
    ("text", "found"),
    [("<<Die>> Flüsse", "Die Flüsse"), ("\x98Die\x9c Flüsse", "Die Flüsse"),
     ("¬Die ¬Flüsse", "Die Flüsse"), ("a << b", "a << b")],
)  # fmt: skip
def test_marks_round_an_article_are_taken_off(text: str, found: str) -> None:
    assert isbd.plain(text) == found


PLACES = [
    ("Vol. 8, no. 5 (2009), p. 209-228", ("8", "5", "209", "228", 2009)),
    ("8 (2009), 5, S. 209-228", ("8", "5", "209", "228", 2009)),
    ("2010/16//33-64", ("16", None, "33", "64", 2010)),
    ("Vol. 24, pt. B no. 9 (Sept. 1993), p. 235-48", ("24", "9", "235", "248", 1993)),
    ("Jg. 45, 2010, H. 3, S. 40-44", ("45", "3", "40", "44", 2010)),
    ("1902, S. [3] - 25", (None, None, "3", "25", 1902)),
    ("p. 33-64", (None, None, "33", "64", None)),
    ("14(2), 101-133", ("14", "2", "101", "133", None)),
]


@pytest.mark.parametrize(("text", "place"), PLACES)
def test_a_place_in_a_journal_is_read(text: str, place: tuple[object, ...]) -> None:
    item = works.place(RelatedItem(), text)
    assert (
        item.volume, item.issue, item.first_page, item.last_page, item.publication_year
    ) == place  # fmt: skip


def test_a_place_that_says_nothing_is_kept_as_a_number() -> None:
    assert works.place(RelatedItem(), "75-02B(E).").number == "75-02B(E)"
    coded = works.coded_place(RelatedItem(), "34:1<14")
    assert (coded.volume, coded.issue, coded.first_page) == ("34", "1", "14")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Example soil bulletins ; no. 12", ("Example soil bulletins", "12")),
        ("Flora of Exampleton ;  pt. 5.", ("Flora of Exampleton", "5")),
        ("Fact sheets ; EX-6222", ("Fact sheets", "EX-6222")),
        ("Rivers; lakes; towns", ("Rivers; lakes; towns", "")),
    ],
)
def test_a_series_has_its_number_behind_a_semicolon(text: str, found: tuple[str, str]) -> None:
    assert works.series(text) == found


@pytest.mark.parametrize(
    ("word", "general"),
    [("Periodicals.", "Journal"), ("theses", "Dissertation"), ("photographs", "Image"),
     ("txt", "Text"), ("article", "JournalArticle"), ("Kopfbedeckung", None)],
)  # fmt: skip
def test_a_genre_means_a_type(word: str, general: str | None) -> None:
    found = genres.known(word)
    assert (found.general if found else None) == general


@pytest.mark.parametrize(
    ("leader", "said"),
    [("00000nx  a2200000zn 4500", "holdings"), ("00000nz  a2200000n  4500", "authority")],
)
def test_records_of_other_kinds_are_set_aside(leader: str, said: str) -> None:
    text = (
        f"<record><leader>{leader}</leader><controlfield tag='001'>1</controlfield>"
        "<datafield tag='100'><subfield code='a'>Varga, Ilona</subfield></datafield></record>"
    )
    found = read(text.encode(), today=TODAY)
    assert found.resource is None
    assert found.problems[0].rule == "format.empty"
    assert said in found.problems[0].message


def test_unimarc_is_set_aside_by_name() -> None:
    text = (
        "<record><leader>00000nam0 2200000   450 </leader>"
        "<datafield tag='200'><subfield code='a'>Les rivières</subfield></datafield>"
        "<datafield tag='210'><subfield code='c'>Presses</subfield></datafield></record>"
    )
    found = read(text.encode(), today=TODAY)
    assert (found.resource, found.problems[0].rule) == (None, "format.unknown")


@pytest.mark.parametrize("root", ["mods", "modsCollection"])
def test_an_empty_record_says_so(root: str) -> None:
    found = read(f'<{root} xmlns="http://www.loc.gov/mods/v3"/>'.encode(), today=TODAY)
    assert [problem.rule for problem in found.problems] == ["format.empty"]
    assert found.format == "mods"
