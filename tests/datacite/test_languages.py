"""Languages: every worked example, names, URIs, and totality."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.datacite.languages import LanguageReading, alpha3, read_language, tag

EXAMPLES = [
    ("eng", "en"), ("ger", "de"), ("DE", "de"), ("pt_BR", "pt-BR"), ("zh-Hans", "zh-Hans"),
    ("scr", "hr"), ("Deutsch", "de"), ("allemand", "de"), ("English (en)", "en"),
    ("http://id.loc.gov/vocabulary/iso639-2/eng", "en"), ("jp", "ja"), ("se", "se"),
    ("mul", "mul"), ("und", None), ("Other", None), ("xx", None),
]  # fmt: skip
CODES = [
    ("fre", "fr"), ("chi", "zh"), ("iw", "he"), ("gr", "el"), ("cn", "zh"), ("cz", "cs"),
    ("dk", "da"), ("ua", "uk"), ("vn", "vi"), ("ge", "ka"), ("si", "si"), ("ca", "ca"),
    ("zxx", "zxx"), ("mis", None), ("en-UK", "en-GB"), ("en-EN", "en"), ("EN_us", "en-US"),
    ("sr-Latn-RS", "sr-Latn-RS"), ("nan", None), ("na", None),
    ("nau", "nau"), ("zh-min-nan", "zh-nan"), ("qqq9", None), ("x-klingon", None),
]  # fmt: skip
NAMES = [
    ("English", "en"), ("ENGLISH", "en"), ("Englisch", "en"), ("anglais", "en"), ("inglés", "en"),
    ("inglese", "en"), ("inglês", "en"), ("ingles", "en"), ("français", "fr"), ("Francais", "fr"),
    ("русский", "ru"), ("日本語", "ja"), ("中文", "zh"), ("العربية", "ar"), ("Ελληνικά", "el"),
    ("Greek, Modern (1453-)", "el"), ("Greek, Ancient (to 1453)", "grc"), ("Latin", "la"),
    ("Portuguese (Brazil)", "pt-BR"), ("Deutsch (CH)", "de"), ("German language", "de"),
    ("Multiple languages", "mul"), ("No linguistic content", "zxx"), ("język polski", "pl"),
    ("Nederlands", "nl"), ("svenska", "sv"), ("Norwegian Bokmål", "nb"), ("Elvish", None),
]  # fmt: skip
URIS = [
    ("http://id.loc.gov/vocabulary/iso639-1/de", "de"),
    ("https://id.loc.gov/vocabulary/languages/ger.html", "de"),
    ("http://www.lexvo.org/page/iso639-3/deu", "de"),
    ("http://lexvo.org/id/iso639-3/eng", "en"),
    ("http://publications.europa.eu/resource/authority/language/FRA", "fr"),
    ("http://example.org/language/eng", None),
    ("ISO639-2: eng", "en"),
]


@pytest.mark.parametrize(("text", "language"), EXAMPLES + CODES + NAMES + URIS)
def test_a_value_reads_as_its_language(text, language):
    assert read_language(text) == LanguageReading(language)


@pytest.mark.parametrize(
    ("text", "languages"),
    [
        ("eng/fre", ["en", "fr"]),
        ("English and German", ["en", "de"]),
        ("eng; ger; lat", ["en", "de", "la"]),
        ("Deutsch | Englisch", ["de", "en"]),
        ("eng ger", ["en", "de"]),
        ("English, Elvish", ["en"]),
        ("Spanish; Castilian", ["es"]),
    ],
)
def test_of_several_the_first_is_the_language(text, languages):
    assert read_language(text) == LanguageReading(languages[0], tuple(languages[1:]))


@pytest.mark.parametrize("text", ["", " ", "*", "none", "x-default", "und", "en_"])
def test_an_xml_lang_that_says_nothing_is_absent(text):
    assert tag(text) in (None, "en")


def test_an_xml_lang_is_a_tag():
    assert tag("en_US") == "en-US"


def test_a_long_text_is_no_language():
    assert read_language("eng;" * 1000) == LanguageReading()


@given(
    st.text()
    | st.from_regex(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{1,9}){0,4}", fullmatch=True)
    | st.lists(st.sampled_from([*(t for t, _ in EXAMPLES), ";", "/", " and ", "(", ")"])).map(
        "".join
    )
)
def test_reading_is_total_and_gives_only_tags(text):
    reading = read_language(text)
    for language in (reading.language, *reading.others):
        assert language is None or re.fullmatch(r"[a-z]{2,3}(-[A-Za-z0-9]{1,8})*", language)
        assert language not in ("und", "mis", "xx")
    if reading.language:
        assert read_language(reading.language).language == reading.language


@pytest.mark.parametrize(
    ("text", "letters"),
    [("de", "deu"), ("pt-BR", "por"), ("zh-Hans", "zho"), ("haw", "haw"), ("xx", ""), ("", "")],
)
def test_three_letters_of_a_tag(text: str, letters: str) -> None:
    assert alpha3(text) == letters
