"""What may be done with a data set of DCAT, and the files it is had as."""

from __future__ import annotations

from collections.abc import Iterator

from app.crosswalks.dcat.relations import own_addresses
from app.crosswalks.draft import Draft
from app.crosswalks.rdf import Graph, Node, Value, tail
from app.datacite import identifiers

_MEDIA_TYPES = "/media-types/"


def rights(graph: Graph, node: Node, draft: Draft) -> None:
    """Add licences, statements of rights and of access, of a data set or a distribution."""
    for value in graph.values(node, "accessrights", "license", "rights"):
        label = graph.label(value)
        text = "" if label.text == value.uri else label.text
        draft.licence(text, value.uri, label.lang if text else "")


def distributions(graph: Graph, node: Node, draft: Draft) -> None:
    """Add the files, formats and sizes of a data set, and the rights its distributions tell."""
    files: dict[str, None] = {}
    own = own_addresses(node, draft)
    for value in graph.values(node, "distribution"):
        if value.node is None:
            files.setdefault(value.uri)
            continue
        rights(graph, value.node, draft)
        draft.formats.extend(_formats(graph, value.node))
        draft.sizes.extend(map(_bytes, graph.texts(value.node, "bytesize")))
        direct = [v.uri for v in graph.values(value.node, "downloadurl") if v.uri]
        files.update(dict.fromkeys(direct or _accesses(graph, value.node, own)))
    draft.content_url.extend(filter(None, files))


def _accesses(graph: Graph, node: Node, own: frozenset[str]) -> Iterator[str]:
    """Yield where a distribution without download is had, if that is no page of the record."""
    for value in graph.values(node, "accessurl"):
        if value.uri and value.uri not in own and not identifiers.doi(value.uri):
            yield value.uri


def _formats(graph: Graph, node: Node) -> list[str]:
    """Return the media types of a distribution, else its formats."""
    for name in ("mediatype", "format"):
        texts = [_format(graph, value) for value in graph.values(node, name)]
        if found := list(filter(None, texts)):
            return found
    return []


def _format(graph: Graph, value: Value) -> str:
    text = graph.label(value).text
    uri = value.uri or text
    if _MEDIA_TYPES in uri:
        return uri.partition(_MEDIA_TYPES)[2]
    return tail(text) if "://" in text else text


def _bytes(text: str) -> str:
    """Return a number of bytes with its unit."""
    number = text.strip().partition(".")[0]
    return f"{number} bytes" if number.isascii() and number.isdigit() else text
