"""Cleaning of text: what goes, what stays, and that it settles."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.datacite.text import clean, is_null, missing_code, strip_markup
from tests.datacite.value_strategies import NASTY, PIECES

CASES = [
    ("escaped once more than needed", "a &amp; b", "a & b"),
    ("escaped twice", "&amp;#201;cole", "École"),
    ("escaped four times", "a &amp;amp;amp;amp; b", "a & b"),
    ("markup escaped twice", "&amp;lt;p&amp;gt;Rivers&amp;lt;/p&amp;gt;", "Rivers"),
    ("an entity by number", "&#x41;&#66;", "AB"),
    ("an address is no entity", "https://example.org/?a=1&copy=2&reg=3", None),
    ("an unknown entity", "AT&T; and &nonsense;", None),
    ("signs of comparison", "p < 0.05 and n > 3", None),
    ("letters between signs", "a<b and c>d", None),
    ("foreign elements", "the <title-page> of <x>", None),
    ("inline markup closes up", "H<sub>2</sub>O and <i>E. coli</i>", "H2O and E. coli"),
    ("block markup parts", "<p>One</p><p>Two</p>", "One Two"),
    ("cells are parted", "<td>1</td><td>2</td>", "1 2"),
    ("attributes of markup", '<a href="https://example.org/?x=1">here</a>', "here"),
    ("attributes without quotes", "<font color=red size=2>red</font>", "red"),
    ("JATS", "<jats:p>A <jats:italic>b</jats:italic></jats:p>", "A b"),
    ("markup in markup", "<<b>p>x", "x"),
    ("blanks and line ends", " a\n\t b\u00a0\u2003c \r\n", "a b c"),
    ("zero-width blanks", "a\u200bb\ufeff", "ab"),
    ("joiners within words stay", "می\u200cخواهم", None),
    ("joiners at the end go", "a\u200d b\u200c", "a b"),
    ("joined signs stay", "\U0001f469\u200d\U0001f52c", None),
    ("controls", "a\x00b\x08c\x7fd", "abcd"),
    ("characters XML forbids", "a\ud800b\ufffec\uffff", "abc"),
    ("Windows quotes", "don\x92t", "don’t"),
    (
        "UTF-8 read as Latin-1",
        "P\xc3\xa1draic \xc3\x93 \xe2\x80\x98x\xe2\x80\x99 →",
        "Pádraic Ó ‘x’ →",
    ),
    ("composition", "Cafe\u0301", "Café"),
    ("bidirectional marks stay", "\u202bאב\u202c", None),
]


@pytest.mark.parametrize(("raw", "expected"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_a_text_is_cleaned(raw: str, expected: str | None) -> None:
    assert clean(raw) == (raw if expected is None else expected)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("one<br/>two<BR>three", "one<br>two<br>three"),
        ("one<br><br>two", "one<br><br>two"),
        ("<p>one</p>\n <p>two</p>", "one<br>two"),
        ("<div><p>one</p></div><ul><li>two</li><li>three</li></ul>", "one<br>two<br>three"),
        ("<br>one<br>", "one"),
        ("one <br> two", "one<br>two"),
        ("one\ntwo", "one two"),
        ("<p></p>", ""),
        (
            "<jats:sec><jats:title>Aim</jats:title><jats:p>Rivers</jats:p></jats:sec>",
            "Aim<br>Rivers",
        ),
    ],
)
def test_a_description_keeps_its_line_breaks(raw: str, expected: str) -> None:
    assert clean(raw, breaks=True) == expected


RAW = st.one_of(
    st.text(),
    st.text(NASTY),
    st.lists(
        st.one_of(st.sampled_from((*PIECES, "&#1;", "<p>", "</p>", "&#38;")), st.text(max_size=3))
    ).map("".join),
)


@given(RAW, st.booleans())
def test_a_clean_text_is_clean(raw: str, breaks: bool) -> None:
    text = clean(raw, breaks=breaks)
    assert clean(text, breaks=breaks) == text
    assert unicodedata.normalize("NFC", text) == text
    assert text == " ".join(text.split())
    assert not any(unicodedata.category(c) in ("Cc", "Cs") or c in "\u200b\ufeff" for c in text)


@given(st.text("abc <>&;/=\"'", max_size=80))
def test_markup_of_no_known_element_stays(text: str) -> None:
    safe = text.replace("a", "x").replace("b", "y").replace("c", "z")
    assert strip_markup(safe) == safe


@pytest.mark.parametrize("unit", ["<br>", "<p>", "&amp;", "&#38;", "<a b=c ", "<", "\x01", "a<"])
def test_long_and_hostile_text_takes_no_longer_than_its_length(unit: str) -> None:
    clean(unit * (200_000 // len(unit)), breaks=True)


@pytest.mark.parametrize(
    "text",
    ["", " ", "-", "--", ".", "n/a", "NA", "None", "null", "NaN", "Unknown", "not stated", "k.A.",
     "o.A.", "s.n.", "[S.N.]", "s.l.", "unspecified", ":unkn", "(:unav)", "(:unas) unassigned"],
)  # fmt: skip
def test_null_words_say_nothing(text: str) -> None:
    assert is_null(text)


@pytest.mark.parametrize("text", ["Anonymous", "Other", "Nan Goldin", "0", "...", "unknown rivers"])
def test_other_words_say_something(text: str) -> None:
    assert not is_null(text)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (":unkn", ":unkn"), ("(:unkn) unknown", ":unkn"), ("(:UNAS) Unassigned", ":unas"),
        (":unav", ":unav"), (":tba", ":tba"), ("(:etal)", ":etal"), (":unkn Varga", None),
        ("unknown", None), (":xxxx", None), ("", None),
    ],
)  # fmt: skip
def test_a_code_for_a_missing_value_is_recognised_as_a_whole(text: str, code: str | None) -> None:
    assert missing_code(text) == code


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("PatiÃ±o, Carlos", "Patiño, Carlos"),
        ("NÃO ENTRE", "NÃO ENTRE"),
        ("Élan, 5 Â°C", "Élan, 5 Â°C"),
        ("5 Â°C", "5 °C"),
    ],
)
def test_utf_8_taken_for_another_encoding_is_read_if_all_of_it_is(text: str, read: str) -> None:
    assert clean(text) == read
