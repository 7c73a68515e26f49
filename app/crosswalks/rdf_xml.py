"""Writes nodes as RDF/XML: each is described inside the property that leads to it first."""

from __future__ import annotations

from app.crosswalks.graph import IRI, PREFIXES, RDF, Literal, Node, Value, full, prefixes
from app.crosswalks.xml import attribute, element

_UNTYPED = "rdf:Description"


def write(node: Node) -> bytes:
    """Return a document about one node, without declaration."""
    spaces = attribute("xmlns:rdf", RDF)
    spaces += "".join(attribute(f"xmlns:{p}", PREFIXES[p]) for p in prefixes(node))
    return f"<rdf:RDF{spaces}>{_node(node, set())}</rdf:RDF>".encode()


def _node(node: Node, described: set[Node]) -> str:
    """Return a node; described: the named nodes that need no second description."""
    name, *others = node.types or (_UNTYPED,)
    types = "".join(
        element("rdf:type", None, attribute("rdf:resource", full(other))) for other in others
    )
    facts = "".join(_fact(fact, value, described) for fact, value in node.facts)
    about = attribute("rdf:about", node.address)
    return f"<{name}{about}>{types}{facts}</{name}>"


def _fact(name: str, value: Value, described: set[Node]) -> str:
    if isinstance(value, Literal):
        return _literal(name, value)
    if isinstance(value, IRI) or value in described:
        return element(name, None, attribute("rdf:resource", value.address))
    if value.address:
        described.add(value)
    return f"<{name}>{_node(value, described)}</{name}>"


def _literal(name: str, value: Literal) -> str:
    if value.lang:
        return element(name, value.text, attribute("xml:lang", value.lang))
    kind = attribute("rdf:datatype", full(value.datatype)) if value.datatype else ""
    return element(name, value.text, kind)
