"""RDF/XML in each of its spellings gives the same nodes, and its root shows what it describes."""

from __future__ import annotations

import pytest

from app.crosswalks.rdf import Graph, Node
from app.crosswalks.recognise import format_of
from app.crosswalks.xml import parse

START = (
    b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="urn:e#" '
    b'xmlns:dcat="http://www.w3.org/ns/dcat#" xmlns:skos="http://www.w3.org/2004/02/skos/core#" '
    b'xmlns:edm="http://www.europeana.eu/schemas/edm/" xml:base="https://example.org/doc">'
)


def graph(inside: str) -> Graph:
    return Graph(parse(START + inside.encode() + b"</rdf:RDF>"))


def first(made: Graph) -> Node:
    return made.nodes[0]


@pytest.mark.parametrize(
    "inside",
    [
        (
            '<e:Thing rdf:about="urn:t"><e:maker><e:Person><e:name>Roe</e:name></e:Person>'
            "</e:maker></e:Thing>"
        ),
        '<e:Thing rdf:about="urn:t"><e:maker><e:Person e:name="Roe"/></e:maker></e:Thing>',
        (
            '<e:Thing rdf:about="urn:t"><e:maker rdf:resource="urn:p"/></e:Thing>'
            '<e:Person rdf:about="urn:p"><e:name>Roe</e:name></e:Person>'
        ),
        (
            '<e:Thing rdf:about="urn:t"><e:maker rdf:nodeID="p"/></e:Thing>'
            '<rdf:Description rdf:nodeID="p" e:name="Roe"/>'
        ),
        (
            '<e:Thing rdf:about="urn:t"><e:maker rdf:resource="#p"/></e:Thing>'
            '<e:Person rdf:ID="p"><e:name>Roe</e:name></e:Person>'
        ),
        (
            '<e:Thing rdf:about="urn:t"><e:maker rdf:parseType="Resource"><e:name>Roe</e:name>'
            "</e:maker></e:Thing>"
        ),
        '<e:Thing rdf:about="urn:t"><e:maker e:name="Roe"/></e:Thing>',
        (
            '<e:Thing rdf:about="urn:t"><e:maker rdf:parseType="Collection"><e:P e:name="Roe"/>'
            "</e:maker></e:Thing>"
        ),
        (
            '<e:Thing rdf:about="urn:t"><e:maker><rdf:Bag><rdf:li><e:P e:name="Roe"/></rdf:li>'
            "</rdf:Bag></e:maker></e:Thing>"
        ),
        (
            '<e:Thing rdf:about="urn:t"/><rdf:Description rdf:about="urn:t"><e:maker>Roe</e:maker>'
            "</rdf:Description>"
        ),
        (
            '<e:Thing about="urn:t"><e:maker resource="urn:p"/></e:Thing><e:P about="urn:p" '
            'e:name="Roe"/>'
        ),
    ],
)
def test_a_name_is_found_wherever_it_stands(inside: str) -> None:
    made = graph(inside)
    assert list(made.texts(first(made), "maker")) == ["Roe"]


def test_a_type_may_be_the_element_or_a_property() -> None:
    made = graph('<e:A rdf:about="urn:t"><rdf:type rdf:resource="urn:e#B"/></e:A>')
    assert made.types(first(made)) == {"a", "b"}
    assert [node.uri for node in made.of_type("b")] == ["urn:t"]


def test_a_literal_keeps_its_language_and_its_namespace() -> None:
    made = graph(
        '<e:A xml:lang="de"><e:title>Fluss</e:title><e:title xml:lang="en">River</e:title></e:A>'
    )
    found = list(made.values(first(made), "title"))
    assert [(value.text, value.lang, value.space) for value in found] == [
        ("Fluss", "de", "urn:e#"),
        ("River", "en", "urn:e#"),
    ]


@pytest.mark.parametrize(
    ("langs", "label"),
    [((), "Fluvius"), (("de",), "Fluss"), (("fr", "en"), "River"), (("fr",), "Fluvius")],
)
def test_a_label_comes_in_the_language_that_is_wanted(langs: tuple[str, ...], label: str) -> None:
    made = graph(
        '<e:A><e:about><e:C rdf:about="urn:c"><skos:prefLabel xml:lang="en">River</skos:prefLabel>'
        '<skos:prefLabel xml:lang="de">Fluss</skos:prefLabel>'
        "<skos:prefLabel>Fluvius</skos:prefLabel></e:C></e:about></e:A>"
    )
    made.langs = langs
    assert made.text(first(made), "about") == label


def test_an_address_without_name_stands_for_itself_unless_it_means_nothing_outside() -> None:
    made = graph('<e:A><e:about rdf:resource="urn:c"/><e:about rdf:nodeID="x"/></e:A>')
    assert list(made.texts(first(made), "about")) == ["urn:c"]
    assert [value.uri for value in made.values(first(made), "about")] == ["urn:c", ""]


def test_a_node_without_rdf_around_it_is_read() -> None:
    element = parse(b'<a xmlns="urn:e#"><title>River</title></a>')
    made = Graph(element)
    assert made.text(first(made), "title") == "River"


@pytest.mark.parametrize(
    ("inside", "form"),
    [
        ('<dcat:Dataset rdf:about="urn:t"/>', "dcat"),
        (('<rdf:Description><rdf:type rdf:resource="http://www.w3.org/ns/dcat#Dataset"/>'
         "</rdf:Description>"), "dcat"),
        ("<dcat:Resource/>", "dcat"),
        ("<edm:ProvidedCHO/>", "edm"),
        (("<rdf:Description><rdf:type rdf:resource="
         '"http://www.europeana.eu/schemas/edm/ProvidedCHO"/></rdf:Description>'), "edm"),
        ("<e:Dataset/>", ""),
    ],
)  # fmt: skip
def test_a_graph_is_what_it_describes(inside: str, form: str) -> None:
    assert format_of(parse(START + inside.encode() + b"</rdf:RDF>")) == form
