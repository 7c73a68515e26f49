"""Plain Dublin Core is read from its bytes as it is read from its tree."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from app.crosswalks import Header, read_element
from app.crosswalks.dublin_core.flat import values_of
from app.crosswalks.dublin_core.values import gather
from app.crosswalks.xml import parse, serialised
from tests.crosswalks.cases import TODAY

OAI_DC, DC = "http://www.openarchives.org/OAI/2.0/oai_dc/", "http://purl.org/dc/elements/1.1/"
START = f'<oai_dc:dc xmlns:oai_dc="{OAI_DC}" xmlns:dc="{DC}">'
END = "</oai_dc:dc>"
NAMES = ("title", "creator", "subject", "date", "type", "rights", "relation", "source", "language")
TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=30)


@given(st.lists(st.tuples(st.sampled_from(NAMES), TEXTS, st.sampled_from(("", "en", "pt-BR")))))
@settings(max_examples=60, deadline=None)
def test_bytes_say_what_the_tree_says(elements: list[tuple[str, str, str]]) -> None:
    root = etree.Element(f"{{{OAI_DC}}}dc", nsmap={"oai_dc": OAI_DC, "dc": DC})
    for name, text, lang in elements:
        child = etree.SubElement(root, f"{{{DC}}}{name}")
        child.text = "".join(c for c in text if c not in "\ufffe\uffff")
        if lang:
            child.set("{http://www.w3.org/XML/1998/namespace}lang", lang)
    found = values_of(serialised(root))
    assert found in (None, (gather(root), OAI_DC))
    if elements and all(text for _, text, _ in elements):
        assert found is not None


@pytest.mark.parametrize(
    "inside",
    [
        "<dc:title>A<!-- b -->c</dc:title>",
        "<dc:title><![CDATA[A]]></dc:title>",
        "<dc:title>A <b>c</b></dc:title>",
        "<dc:title>A&#13;B</dc:title>",
        "<dc:title>A\r\nB</dc:title>",
        "<dc:Title>A</dc:Title>",
        "<dc:provenance>A</dc:provenance>",
        f'<dc:title xmlns:dc="{OAI_DC}">A</dc:title>',
        '<dc:date type="issued">2001</dc:date>',
        '<other xmlns="urn:x">A</other><dc:title>A</dc:title>',
        "<dc:title/>",
        "",
    ],
)
def test_what_is_not_plain_is_left_to_the_tree(inside: str) -> None:
    assert values_of(f"{START}{inside}{END}".encode()) is None


@pytest.mark.parametrize(
    "document",
    [
        '<dc:dc xmlns:dc="urn:other"><dc:title>A</dc:title></dc:dc>',
        f'<record xmlns:dc="{DC}"><dc:title>A</dc:title></record>',
        f'<?xml version="1.0"?>{START}<dc:title>A</dc:title>{END}',
        f"{START}<dc:title>A</dc:title>{END}".encode("utf-16").decode("latin-1"),
    ],
)
def test_a_root_of_another_kind_is_left_to_the_tree(document: str) -> None:
    assert values_of(document.encode("latin-1")) is None


def test_a_record_is_read_alike_a_second_time_with_all_that_was_noted() -> None:
    inside = "".join(
        f"<dc:{name}>{text}</dc:{name}>"
        for name, text in (
            ("title", "A &lt;i&gt;lake&lt;/i&gt; &amp; its ice"), ("creator", "Varga, Ilona"),
            ("publisher", "Berlin : Springer"), ("date", "2011"), ("date", "31.12.2012"),
            ("type", "Aufsatz"), ("format", "12 p."), ("language", "ger"), ("language", "xx yy"),
            ("rights", "CC BY 4.0"), ("rights", "open access"), ("coverage", "Lake Balaton"),
            ("identifier", "https://doi.org/10.5072/ice"),
        )
    )  # fmt: skip
    data = f"{START}{inside}{END}".encode()
    root, header = parse(data), Header("oai:lakes.example.org:1", "2013-01-01")
    by_tree = read_element(root, header=header, today=TODAY)
    assert by_tree.inferences
    assert by_tree.problems
    for _ in range(2):
        assert read_element(root, header=header, today=TODAY, data=data) == by_tree
