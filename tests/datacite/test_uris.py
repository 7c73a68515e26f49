"""The cleaner of anyURI values: what it gives, the schema language accepts."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from lxml import etree

from app.datacite.uris import is_any_uri, is_file_url, is_preview_url, is_web_url, uri

SCHEMA = etree.XMLSchema(
    etree.XML(
        '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">'
        '<xs:element name="a"><xs:complexType><xs:attribute name="u" type="xs:anyURI"/>'
        "</xs:complexType></xs:element></xs:schema>"
    )
)


def accepted(value: str) -> bool:
    element = etree.Element("a")
    element.set("u", value)
    return bool(SCHEMA.validate(element))


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("https://spdx.org/licenses/", "https://spdx.org/licenses/"),
        (" https://example.org/a b ", "https://example.org/a%20b"),
        ('http://x.org/<>"{}|\\^`', "http://x.org/%3C%3E%22%7B%7D%7C%5C%5E%60"),
        ("http://x.org/%zz", "http://x.org/%25zz"),
        ("http://x.org/100%", "http://x.org/100%25"),
        ("http://x.org/%C3%A9", "http://x.org/%C3%A9"),
        ("http://x.org/#a#b", "http://x.org/#a%23b"),
        ("http://x.org/a[1]?b=[2]", "http://x.org/a%5B1%5D?b=%5B2%5D"),
        ("http://[::1]:8080/", "http://[::1]:8080/"),
        ("https://exämple.org/ü", "https://exämple.org/ü"),
        ("info:eu-repo/semantics/openAccess", "info:eu-repo/semantics/openAccess"),
        ("370201", "370201"),
        ("see below", "see%20below"),
        ("", None),
        ("http://[bad", None),
        (":foo", None),
        ("10:3", None),
        ("http://x.org:port/", None),
        ("http://x.org:99999/", None),
        ("http://", None),
        ("http:x", None),
        ("http://a b.org/", None),
        ("http://x.org/" + "a" * 100_000, None),
    ],
)
def test_an_address_is_mended_or_refused(raw: str, expected: str | None) -> None:
    assert uri(raw) == expected


PIECES = st.sampled_from(
    ("http://", "https://", "//", "://", "x.org", "%20", "%zz", "[::1]", ":80", ":99999", "ftp:",
     "mailto:", "user@", "..", "[v1.a]", "/[", "file://", "ü", "\u200b", "\U0001f600", "\u2028")
)  # fmt: skip
RAW = st.one_of(
    st.text(),
    st.lists(
        st.one_of(PIECES, st.sampled_from("az09:/?#[]@!$&'()*+,;=-._~%<>\"{}|\\^` \t")), max_size=10
    ).map("".join),
)


@settings(max_examples=400)
@given(RAW)
@example("http://x.org/\ud800")
def test_a_mended_address_is_an_any_uri_and_stays(raw: str) -> None:
    mended = uri(raw)
    if mended is not None:
        assert accepted(mended)
        assert uri(mended) == mended


@settings(max_examples=400)
@given(RAW.filter(lambda raw: raw.isprintable()))
def test_what_is_called_an_any_uri_passes_as_it_stands(raw: str) -> None:
    if is_any_uri(raw):
        assert accepted(raw)


@pytest.mark.parametrize(("code", "passes"), [("QH 301", True), ("370201", True), ("10:3", False)])
def test_classification_codes_pass_or_not(code: str, passes: bool) -> None:
    assert is_any_uri(code) is passes
    assert accepted(code) is passes


@pytest.mark.parametrize(
    ("url", "is_file"),
    [
        ("https://example.org/a/thesis.pdf", True),
        ("https://example.org/thesis.PDF?sequence=1", True),
        ("https://example.org/bitstream/10999/1/x", True),
        ("https://example.org/article/download/12/34", True),
        ("https://example.org/record/1/files/x", True),
        ("https://example.org/cgi/viewcontent.cgi?article=1", True),
        ("https://example.org/bitstreams/x/retrieve/y", True),
        ("https://example.org/handle/10999/4711", False),
        ("https://example.org/page.html", False),
        ("https://example.zip", False),
        ("https://example.org/?file=x.pdf", False),
    ],
)
def test_file_addresses_are_told_from_pages(url: str, is_file: bool) -> None:
    assert is_file_url(url) is is_file


@pytest.mark.parametrize(
    ("url", "is_preview"),
    [
        ("https://example.org/files/thumbnails/1.jpg", True),
        ("https://example.org/object/1/datastream/TN/view/a.jpg", True),
        ("https://example.org/utils/getthumbnail/collection/a/id/1", True),
        ("https://example.org/files/original/1.jpg", False),
    ],
)
def test_small_pictures_are_told_from_things(url: str, is_preview: bool) -> None:
    assert is_preview_url(url) is is_preview


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "//x.org", "http://", "x"]
)
def test_a_browser_is_sent_to_web_addresses_only(url: str) -> None:
    assert not is_web_url(url)
