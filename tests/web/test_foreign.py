from __future__ import annotations

import pytest
from markupsafe import Markup

from app.web import foreign


@pytest.mark.parametrize(
    "address",
    ["https://example.org/a?b=c#d", "http://example.org", "ftp://example.org/f", "mailto:a@b.org"],
)
def test_safe_addresses_become_links(address: str) -> None:
    assert foreign.href(address) == address


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        " java\tscript:alert(1)",
        "data:text/html,<script>1</script>",
        "vbscript:x",
        "//example.org/a",
        "/records",
        "https://example.org/a b",
        'https://example.org/">',
        "https:example.org",
        "",
        None,
    ],
)
def test_everything_else_does_not(address: str | None) -> None:
    assert foreign.href(address) == ""


def test_marks_that_turn_the_direction_are_taken_out_of_every_text() -> None:
    assert foreign.finalize("a\u202eb\u2066c\u200fd\x00e") == "abcde"
    assert foreign.finalize("مسح 李明 – ok\n") == "مسح 李明 – ok\n"
    assert foreign.finalize(7) == 7


def test_markup_stays_markup_when_it_is_cleaned() -> None:
    cleaned = foreign.finalize(Markup("<b>a\u202eb</b>"))
    assert cleaned == "<b>ab</b>"
    assert isinstance(cleaned, Markup)


def test_breaks_make_lines_and_two_of_them_make_paragraphs() -> None:
    text = "one<br>two<br><br>three<BR/>four<br>"
    assert foreign.paragraphs(text) == (("one", "two"), ("three", "four"))


def test_other_marks_are_text() -> None:
    assert foreign.paragraphs("<b>bold</b>") == (("<b>bold</b>",),)
    assert foreign.flat("a <br> b<br/>c") == "a b c"


def test_a_long_address_may_break_after_slashes_and_dots_and_stays_text() -> None:
    assert foreign.breaking("https://doi.org/10.5072/abc-1") == "https://doi.org/10.5072/abc-1"
    long = "https://example.org/" + "x" * 30 + "/<b>.&a"
    told = foreign.breaking(long)
    assert "/<wbr>" in told
    assert "&lt;b&gt;.<wbr>&amp;a" in told
    assert "<b>" not in told
