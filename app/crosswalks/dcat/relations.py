"""What a data set of DCAT is related to, by properties of its own or by qualified relations."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from app.crosswalks.draft import Draft
from app.crosswalks.rdf import Graph, Node, Value, tail
from app.datacite import identifiers
from app.datacite.text import clean
from app.datacite.vocabularies import match

RELATIONS = {
    "ispartof": "IsPartOf",
    "inseries": "IsPartOf",
    "haspart": "HasPart",
    "isversionof": "IsVersionOf",
    "hasversion": "HasVersion",
    "isreferencedby": "IsReferencedBy",
    "references": "References",
    "source": "IsDerivedFrom",
    "wasderivedfrom": "IsDerivedFrom",
    "wasrevisionof": "IsNewVersionOf",
    "previousversion": "IsNewVersionOf",
    "prev": "Continues",
    "next": "IsContinuedBy",
    "isreplacedby": "IsObsoletedBy",
    "replaces": "Obsoletes",
    "requires": "Requires",
    "isrequiredby": "IsRequiredBy",
    "isformatof": "IsVariantFormOf",
    "hasformat": "IsOriginalFormOf",
    "documentation": "IsDocumentedBy",
    "isdocumentedby": "IsDocumentedBy",
    "page": "IsDocumentedBy",
    "sameas": "IsIdenticalTo",
    "cites": "Cites",
    "iscitedby": "IsCitedBy",
    "issupplementto": "IsSupplementTo",
    "issupplementedby": "IsSupplementedBy",
}
_LINK_ROLES = {
    "original": "IsDerivedFrom",
    "related": "Other",
    "latest-version": "IsPreviousVersionOf",
    "predecessor-version": "IsNewVersionOf",
    "successor-version": "IsPreviousVersionOf",
    "describedby": "IsDocumentedBy",
    "collection": "IsPartOf",
    "item": "HasPart",
}


def relations(graph: Graph, node: Node, draft: Draft) -> None:
    """Add the relations of a node to a draft; what points at the node itself is none."""
    own = own_addresses(node, draft)
    names = {identifiers.recognise(text) for text in own if text}
    for name, relation in RELATIONS.items():
        for target in _targets(graph, graph.values(node, name)):
            if target not in own and identifiers.recognise(target) not in names:
                draft.relate(target, relation)
    for target in _targets(graph, graph.values(node, "relation")):
        draft.text("relation", target)
    for target in _targets(graph, graph.values(node, "conformsto")):
        draft.relate(target, "Other", "conformsTo")
    for value in graph.values(node, "qualifiedrelation"):
        if value.node is not None:
            _qualified(graph, value.node, draft)


def own_addresses(node: Node, draft: Draft) -> frozenset[str]:
    """Return everything that names the node itself."""
    told = draft.untold.get("identifier", ())
    return frozenset((draft.url, node.uri, *(value.text.strip() for value in told)))


def _targets(graph: Graph, values: Iterable[Value]) -> Iterator[str]:
    """Yield what relations point at: an address, else the identifier or title told there."""
    for value in values:
        node = value.node
        if node is None:
            yield value.text.strip()
        elif ":" in node.uri and not node.uri.startswith("_:"):
            yield node.uri
        else:
            yield graph.text(node, "identifier", "landingpage", "title", "label")


def _qualified(graph: Graph, node: Node, draft: Draft) -> None:
    roles = [clean(tail(value.uri or value.text)) for value in graph.values(node, "hadrole")]
    role = roles[0] if roles else ""
    relation = _LINK_ROLES.get(role.lower()) or match("relationType", role).term or "Other"
    for target in _targets(graph, graph.values(node, "relation", "entity")):
        draft.relate(target, relation, role or None if relation == "Other" else None)
