"""The parser lets nothing in, and what the writers make reads back as the same text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.crosswalks.xml import (
    MalformedXML,
    attribute,
    children,
    element,
    escape,
    local_name,
    namespace,
    parse,
    root_start,
    serialised,
    text_of,
)

XML_TEXT = st.text(
    st.characters(exclude_categories=("Cs",), exclude_characters="\ufffe\uffff").filter(
        lambda c: c >= " " or c in "\t\n\r"
    )
)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "no XML"),
        (b"not xml", "Line 1"),
        (b"<a>\n<b>\n</a>", "Line 3: the element “b” of line 2 is closed by “a”"),
        (b"<a>\n<b>", "Line 2: the element “b” of line 2 is not closed"),
        (b"<a>&nbsp;</a>", "nbsp"),
        (b"<dc:a/>", "dc"),
        (b'<a b="&#0;"/>', "Line 1"),
        (b"\x00\x01\x02", "no XML"),
        (b"<a>" * 300 + b"</a>" * 300, "depth"),
    ],
)
def test_what_is_not_sound_is_refused_with_its_line(data: bytes, words: str) -> None:
    with pytest.raises(MalformedXML, match=words):
        parse(data)


@pytest.mark.parametrize(
    "data",
    [
        b"<!DOCTYPE a><a/>",
        b'<?xml version="1.0"?>\n<!-- c --><?pi x?>\n<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
        '<?xml version="1.0" encoding="utf-16"?><!DOCTYPE a><a/>'.encode("utf-16"),
        '<?xml version="1.0" encoding="UTF-7"?>+ADwAIQ-DOCTYPE a+AD4 +ADw-a/+AD4'.encode("ascii"),
        b"\xef\xbb\xbf<!DOCTYPE a><a/>",
    ],
)
def test_a_document_type_is_refused(data: bytes) -> None:
    with pytest.raises(MalformedXML, match="DOCTYPE"):
        parse(data)


@pytest.mark.parametrize(
    "data", [b"<a><!-- <!DOCTYPE b> --></a>", b"<a><![CDATA[<!DOCTYPE b>]]></a>", b"\n <a/>"]
)
def test_a_document_type_in_a_comment_or_text_is_none(data: bytes) -> None:
    assert local_name(parse(data)) == "a"


def test_a_very_long_text_is_read_whole() -> None:
    assert len(text_of(parse(b"<a>" + b"x" * 11_000_000 + b"</a>"))) == 11_000_000


def test_comments_and_instructions_are_no_children_and_no_text() -> None:
    root = parse(b"<a>x<!-- c --><b>y</b><?pi z?>w</a>")
    assert text_of(root) == "xyw"
    assert [name for name, _ in children(root)] == ["b"]


def test_names_are_told_apart_from_their_namespace() -> None:
    root = parse(b'<x:A xmlns:x="urn:y"/>')
    assert (local_name(root), namespace(root)) == ("A", "urn:y")


@given(XML_TEXT)
def test_text_is_read_back_the_same(text: str) -> None:
    assert text_of(parse(element("a", text).encode())) == text


@given(XML_TEXT)
def test_attributes_are_read_back_the_same(text: str) -> None:
    root = parse(f"<a{attribute('b', text)}/>".encode())
    assert root.get("b", "") == text


@given(st.text(st.characters(codec=None)))
def test_anything_at_all_is_written_well_formed(text: str) -> None:
    parse(f"<a{attribute('b', text)}>{escape(text)}</a>".encode())


def test_a_root_declares_all_it_needs() -> None:
    root = parse(
        (root_start("p:a", {"p": "urn:a", "": "urn:b"}, ("urn:a", "a.xsd")) + "</p:a>").encode()
    )
    assert dict(root.nsmap) == {
        "p": "urn:a",
        None: "urn:b",
        "xsi": "http://www.w3.org/2001/XMLSchema-instance",
    }


def test_an_element_alone_keeps_its_namespaces_and_loses_its_tail() -> None:
    root = parse(b'<a xmlns:x="urn:x"><x:b>1</x:b> tail</a>')
    assert serialised(root[0]) == b'<x:b xmlns:x="urn:x">1</x:b>'
