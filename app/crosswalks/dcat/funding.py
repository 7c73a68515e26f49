"""Who paid for a data set of DCAT: funders, and the grants they gave."""

from __future__ import annotations

from app.crosswalks.dcat.parties import party
from app.crosswalks.draft import Draft
from app.crosswalks.rdf import Graph, Node, Value
from app.datacite.funders import read_grant
from app.datacite.resource import FundingReference

_AGREEMENT = "info:eu-repo/grantAgreement/"
_GRANTS = ("grant", "award", "project", "monetarygrant")
_FUNDERS = ("isawardedby", "funder", "awardedby", "sponsor", "hasfundingagency")


def funding(graph: Graph, node: Node, draft: Draft) -> None:
    """Add the funders and grants of a node to a draft."""
    told = graph.values(node, "isfundedby", "fundedby", "funding", "funder")
    found = [(value, one) for value in told if (one := _reference(graph, value)) is not None]
    with_award = {one.funder_name for _, one in found if one.award_number or one.award_title}
    for value, one in found:
        if one.award_number or one.award_title or one.funder_name not in with_award:
            if value.uri.startswith(_AGREEMENT):
                draft.notes.inferred(f"/fundingReferences/{len(draft.funding)}", "grant", value.uri)
            draft.funding.append(one)


def _reference(graph: Graph, value: Value) -> FundingReference | None:
    """Return a funder, or an award with its funder."""
    node = value.node
    if value.uri.startswith(_AGREEMENT):
        return read_grant(value.uri)
    if node is None:
        return FundingReference(value.text)
    funder = graph.value(node, *_FUNDERS)
    if funder is None and graph.types(node).isdisjoint(_GRANTS):
        return _funder(graph, value, FundingReference())
    award = FundingReference(
        award_number=graph.text(node, "identifier", "hasgrantnumber", "notation") or None,
        award_title=graph.text(node, "title", "name", "preflabel", "label") or None,
        award_uri=node.uri if "://" in node.uri[:8] else None,
    )
    return award if funder is None else _funder(graph, funder, award)


def _funder(graph: Graph, value: Value, award: FundingReference) -> FundingReference:
    found = party(graph, value)
    known = found.name_identifiers if found is not None else ()
    return FundingReference(
        found.name if found is not None else "",
        known[0].name_identifier if known else _web(value.uri),
        known[0].name_identifier_scheme if known else None,
        None,
        award.award_number,
        award.award_uri,
        award.award_title,
    )


def _web(uri: str) -> str | None:
    return uri if "://" in uri[:8] else None
