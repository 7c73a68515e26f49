"""People and organisations as a graph of RDF describes them: FOAF, vCard, schema.org, ORG."""

from __future__ import annotations

from app.crosswalks.canonical.name_identifiers import scheme_of
from app.crosswalks.rdf import Graph, Node, Value, tail
from app.datacite.name_roles import AUTHOR, read_role
from app.datacite.resource import Affiliation, Creator, NameIdentifier, Publisher

_PERSONS = ("person", "individual")
_BODIES = (
    "organization", "organisation", "formalorganization", "organizationalunit", "group",
    "publicorganisation", "publicorganization", "corporatebody", "organizationalcollaboration",
    "governmentorganization", "researchorganization", "collegeoruniversity",
)  # fmt: skip
_EXPERT_ROLES = {
    "author": AUTHOR,
    "coauthor": AUTHOR,
    "originator": AUTHOR,
    "principalinvestigator": AUTHOR,
    "publisher": "Publisher",
    "owner": "RightsHolder",
    "rightsholder": "RightsHolder",
    "custodian": "DataManager",
    "distributor": "Distributor",
    "processor": "DataCurator",
    "resourceprovider": "HostingInstitution",
    "pointofcontact": "ContactPerson",
    "editor": "Editor",
    "funder": "Funder",
    "sponsor": "Sponsor",
    "collaborator": "ProjectMember",
    "contributor": "ProjectMember",
    "mediator": "Other",
    "user": "Other",
    "stakeholder": "Other",
}
"""The roles of ISO 19115, which GeoDCAT-AP and INSPIRE use too."""


def role_of(text: str) -> str:
    """Return the contributorType (or `Author`, `Publisher`) of a role's name or address."""
    word = tail(text) if "://" in text else text
    return _EXPERT_ROLES.get(word.replace(" ", "").lower()) or read_role(word) or "Other"


def party(graph: Graph, value: Value) -> Creator | None:
    """Return a person or organisation, None where nothing names it."""
    node = value.node
    if node is None:
        return Creator(value.text, lang=None) if value.text.strip() else None
    named = graph.label(value)
    family = graph.text(node, "familyname", "family_name", "family-name", "surname", "lastname")
    given = graph.text(node, "givenname", "given-name", "given_name", "firstname")
    name = "" if named.text == node.uri else named.text
    if not (name or family or given):
        return None
    kind = _kind(graph, node)
    return Creator(
        name or ", ".join(filter(None, (family, given))),
        kind,
        None,
        given or None,
        family or None,
        identifiers(graph, node),
        () if kind == "Organizational" else tuple(_affiliations(graph, node)),
    )


def _kind(graph: Graph, node: Node) -> str | None:
    types = graph.types(node)
    if not types.isdisjoint(_PERSONS):
        return "Personal"
    return None if types.isdisjoint(_BODIES) else "Organizational"


_SAME = ("identifier", "sameas", "exactmatch", "hasuid", "orcid", "account", "notation")


def identifiers(graph: Graph, node: Node) -> tuple[NameIdentifier, ...]:
    """Return the identifiers of a name whose scheme their form shows."""
    found: dict[NameIdentifier, None] = {}
    for text in (node.uri, *(t for name in _SAME for t in _told(graph, node, name))):
        scheme = scheme_of("", text)
        if scheme:
            found.setdefault(NameIdentifier(text, scheme))
    return tuple(found)


def _told(graph: Graph, node: Node, name: str) -> list[str]:
    """Return the texts of a property of identifiers: as they stand, or inside a node."""
    found = []
    for value in graph.values(node, name):
        inner = value.node
        if inner is None:
            found.append(value.text.strip())
        else:
            found += [inner.uri, graph.text(inner, "notation", "value", "accountname")]
    return [text for text in found if text]


def _affiliations(graph: Graph, node: Node) -> list[Affiliation]:
    names = ("memberof", "affiliation", "worksfor", "organization-name", "hasorganizationname")
    found = []
    for value in graph.values(node, *names):
        named = graph.label(value).text
        known = identifiers(graph, value.node) if value.node is not None else ()
        identifier = known[0] if known else None
        if named:
            found.append(
                Affiliation(
                    named,
                    identifier.name_identifier if identifier else None,
                    identifier.name_identifier_scheme if identifier else None,
                )
            )
    return found


def publisher(graph: Graph, value: Value) -> Publisher | None:
    """Return a publisher; one that is only an address goes by its last part, or by all of it."""
    found = party(graph, value)
    if found is None:
        uri = value.uri
        code = tail(uri) if "/resource/authority/" in uri else uri
        return Publisher(code) if code and not uri.startswith(("_:", "#")) else None
    known = found.name_identifiers[0] if found.name_identifiers else NameIdentifier()
    return Publisher(
        found.name, known.name_identifier or None, known.name_identifier_scheme, known.scheme_uri
    )
