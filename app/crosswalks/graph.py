"""RDF to be written: nodes with what is said of them, in one fixed order.

The two writers, Turtle and RDF/XML, take the same nodes. Names are prefixed (`dct:title`), the
prefixes are those of `PREFIXES`.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
PREFIXES = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "geo": "http://www.opengis.net/ont/geosparql#",
    "locn": "http://www.w3.org/ns/locn#",
    "org": "http://www.w3.org/ns/org#",
    "prov": "http://www.w3.org/ns/prov#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}


class Literal(Struct, frozen=True):
    """A text, with a language tag or with a datatype as a prefixed name."""

    text: str
    lang: str = ""
    datatype: str = ""


class IRI(Struct, frozen=True):
    """A thing that is only named here; the address is absolute."""

    address: str


class Node(Struct, frozen=True):
    """A thing that is described: its address, empty for a blank node, its types, its facts."""

    address: str
    types: tuple[str, ...]
    facts: tuple[tuple[str, Literal | IRI | Node], ...]


Value = Literal | IRI | Node


def full(name: str) -> str:
    """Return the IRI of a prefixed name."""
    prefix, _, local = name.partition(":")
    return PREFIXES[prefix] + local


def prefixes(node: Node) -> list[str]:
    """Return the prefixes that a node needs, in the order of `PREFIXES`."""
    used = {name.partition(":")[0] for name in _names(node)}
    return [prefix for prefix in PREFIXES if prefix in used]


def _names(node: Node) -> Iterator[str]:
    yield from node.types
    for name, value in node.facts:
        yield name
        if isinstance(value, Node):
            yield from _names(value)
        elif isinstance(value, Literal) and value.datatype:
            yield value.datatype
