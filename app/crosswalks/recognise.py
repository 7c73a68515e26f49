"""Says what a document is: wrappers off, then the root alone decides the format.

The prefix it was asked for with and the schema it names are never believed.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Iterator
from functools import lru_cache

from msgspec import Struct

from app.crosswalks.xml import (
    Element,
    MalformedXML,
    children,
    first_child,
    local_name,
    namespace,
    parse,
    text_of,
)
from app.record import Header

OAI = "http://www.openarchives.org/OAI/2.0/"
DC_NAMESPACES = (
    "http://purl.org/dc/elements/",
    "http://purl.org/dc/terms",
    "http://dublincore.org/documents/dcmi-terms",
)
_DC_WORDS = """
    title creator subject description publisher contributor date type format identifier source
    language relation coverage rights alternative abstract tableofcontents issued created available
    modified valid dateaccepted datesubmitted datecopyrighted extent medium bibliographiccitation
    ispartof haspart isversionof hasversion isreferencedby references isrequiredby requires
    isreplacedby replaces isformatof hasformat conformsto spatial temporal accessrights license
    rightsholder"""
DC_TERMS = frozenset(_DC_WORDS.split())
GUESS_FROM = 3
"""How many Dublin Core elements make an unknown root readable as Dublin Core."""
DEPTH = 20

_DC_ROOTS = frozenset(("dc", "qualifieddc", "qdc", "dcterms", "dcx", "olac"))
_CSW = frozenset(("record", "summaryrecord", "briefrecord"))
_BASE64 = re.compile(r"[A-Za-z0-9+/\s]{16,}={0,2}\s*")


class Payload(Struct, frozen=True):
    """A metadata root and its format: a name of FORMATS, another known name, or empty."""

    root: Element
    format: str
    repeated: int = 0
    """How many other payloads stood beside it."""


# ── what a root is ───────────────────────────────────────────────────────────────────────────


def _has(element: Element, *names: str) -> bool:
    return first_child(element, *names) is not None


def _is_resource(element: Element, space: str) -> str:
    if space.startswith("http://namespace.openaire.eu/schema/oaire"):
        return "oai_openaire"
    if "datacite.org/" in space:
        return "datacite"
    bare = space in ("", OAI) and _has(element, "titles", "creators", "identifier")
    return "datacite" if bare else ""


def _is_record(element: Element, space: str) -> str:
    if space.startswith("http://www.loc.gov/MARC21/slim") or _has(element, "leader", "datafield"):
        return "marc21"
    return "oai_dc" if space.startswith("http://www.opengis.net/cat/csw") else ""


def _is_collection(element: Element, space: str) -> str:
    marc = space.startswith("http://www.loc.gov/MARC21/slim")
    inner = first_child(element, "record")
    return "marc21" if marc or (inner is not None and _is_record(inner, "") == "marc21") else ""


def _is_metadata(element: Element, space: str) -> str:
    if space.startswith(DC_NAMESPACES):
        return "oai_dc"
    if space.startswith("http://www.lyncode.com/xoai"):
        return "xoai"
    return "fgdc" if _has(element, "idinfo") else ""


def _is_iso(_element: Element, space: str) -> str:
    """Tell the newer encoding by its namespace; profiles of the older one have many."""
    return "iso19115-3" if "/19115/-" in space else "iso19139"


def _is_rdf(element: Element, _space: str) -> str:
    for inner in element.iter():
        if isinstance(inner.tag, str):
            name = local_name(inner)
            if name == "ProvidedCHO":
                return "edm"
            if name in _DCAT and "dcat" in namespace(inner):
                return "dcat"
            if name == "type" and (told := _typed(inner)):
                return told
    return ""


_DCAT = frozenset(("Dataset", "DatasetSeries", "DataService", "Resource"))


def _typed(element: Element) -> str:
    """Return the format that an `rdf:type` shows."""
    address = str(element.get("{http://www.w3.org/1999/02/22-rdf-syntax-ns#}resource") or "")
    if address.endswith("edm/ProvidedCHO"):
        return "edm"
    space, _, name = address.rpartition("#")
    return "dcat" if name in _DCAT and space.endswith("dcat") else ""


def _is_article(element: Element, _space: str) -> str:
    return "jats" if _has(element, "front") else ""


_BY_NAME: dict[str, str | Callable[[Element, str], str]] = {
    **dict.fromkeys(_DC_ROOTS, "oai_dc"),
    "resource": _is_resource,
    "oai_datacite": "oai_datacite",
    "metadata": _is_metadata,
    "record": _is_record,
    "summaryrecord": _is_record,
    "briefrecord": _is_record,
    "collection": _is_collection,
    "uketddc": "uketd_dc",
    "thesis": "oai_etdms",
    "xmetadiss": "xmetadissplus",
    "mods": "mods",
    "modscollection": "mods",
    "dim": "dim",
    "mets": "mets",
    "didl": "didl",
    "codebook": "ddi",
    "md_metadata": _is_iso,
    "mi_metadata": _is_iso,
    "rioxx": "rioxx",
    "jpcoar": "jpcoar",
    "junii2": "junii2",
    "rdf": _is_rdf,
    "catalog": _is_rdf,
    "dataset": _is_rdf,
    "catalogrecord": _is_rdf,
    "article": _is_article,
    "lom": "lom",
    "cmd": "cmdi",
    "dif": "dif",
    "ead": "ead",
    "ddiinstance": "ddi_lifecycle",
    "fragmentinstance": "ddi_lifecycle",
}

# The richest first: which of several payloads is read.
_RANKING = """
    datacite oai_datacite oai_openaire dim xoai ddi iso19115-3 iso19139 jpcoar mods marc21 rioxx
    uketd_dc oai_etdms didl mets oai_dc"""
RICHEST = _RANKING.split()


def format_of(element: Element) -> str:
    """Return the format that an element shows as a root; empty if none is known."""
    known = _BY_NAME.get(local_name(element).lower(), "")
    return known if isinstance(known, str) else known(element, namespace(element))


def dublin_core(element: Element) -> bool:
    """Whether an element is one of Dublin Core's."""
    return namespace(element).startswith(DC_NAMESPACES)


def is_flat(element: Element) -> bool:
    """Whether Dublin Core elements stand directly below a wrapper, without a root of their own."""
    if local_name(element).lower() not in _HOLDERS:
        return dublin_core(element) and len(element) > 0
    found = list(children(element))
    if any(dublin_core(child) for _, child in found):
        return True
    bare = sum(name in DC_TERMS and len(child) == 0 for name, child in found)
    return bare >= GUESS_FROM and bare * 2 > len(found)


_HOLDERS = frozenset(("metadata", "record", "payload"))


# ── wrappers ─────────────────────────────────────────────────────────────────────────────────


def payload(element: Element) -> Payload:
    """Take the wrappers off and say what is inside."""
    repeated = 0
    for _ in range(DEPTH):
        found = format_of(element)
        if found and found != "oai_datacite":
            return Payload(element, found, repeated)
        inner = _unwrapped(element, envelope=found == "oai_datacite")
        if inner is None:
            break
        element, beside = inner
        repeated += beside
    if not found and is_flat(element):
        return Payload(element, "oai_dc", repeated)
    return Payload(element, found, repeated)


def _unwrapped(element: Element, *, envelope: bool) -> tuple[Element, int] | None:
    """Return what a wrapper holds and how much else was beside it; None if it is no wrapper."""
    name = local_name(element).lower()
    if envelope:
        return _in_envelope(element)
    if name in ("oai-pmh", "getrecord", "listrecords"):
        return _one_of(element, "getrecord", "listrecords", "record")
    if name == "record" and _has(element, "header", "metadata"):
        return _one_of(element, "metadata") or _bare_payload(element)
    if name in ("metadata", "payload"):
        return _inside(element)
    return None


def _one_of(element: Element, *names: str) -> tuple[Element, int] | None:
    found = [child for name, child in children(element) if name in names]
    return (found[0], len(found) - 1) if found else None


def _bare_payload(record: Element) -> tuple[Element, int] | None:
    found = [child for name, child in children(record) if name not in ("header", "about")]
    return (found[0], len(found) - 1) if found else None


def _inside(element: Element) -> tuple[Element, int] | None:
    found = [child for _, child in children(element)]
    if not found:
        decoded = decoded_text(element)
        return None if decoded is None else (decoded, 0)
    if len(found) == 1:
        return None if dublin_core(found[0]) and not len(found[0]) else (found[0], 0)
    roots = [(format_of(child), child) for child in found]
    ranked = [(RICHEST.index(f), n) for n, (f, _) in enumerate(roots) if f in RICHEST]
    return (roots[min(ranked)[1]][1], len(ranked) - 1) if ranked else None


def _in_envelope(element: Element) -> tuple[Element, int] | None:
    found = [e for e in element.iter() if local_name(e).lower() == "resource"]
    if found:
        return found[0], len(found) - 1
    inner = first_child(element, "payload")
    decoded = decoded_text(inner) if inner is not None else None
    return None if decoded is None else (decoded, 0)


def decoded_text(element: Element) -> Element | None:
    """Parse a payload that was sent as escaped or base64 text; None if it is neither."""
    text = text_of(element).strip()
    if not text.startswith("<"):
        if not _BASE64.fullmatch(text):
            return None
        data = _from_base64(text)
    else:
        data = _without_declaration(text).encode("utf-8", "surrogatepass")
    try:
        return parse(data) if data.lstrip().startswith(b"<") else None
    except MalformedXML:
        return None


def _from_base64(text: str) -> bytes:
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        return b""


def _without_declaration(text: str) -> str:
    """Drop an XML declaration: its encoding no longer holds for text."""
    return text[text.find("?>") + 2 :].lstrip() if text.startswith("<?xml") else text


# ── records of an answer ─────────────────────────────────────────────────────────────────────


def header_of(record: Element) -> Header | None:
    """Return the header of an OAI record, None if it has none."""
    element = first_child(record, "header")
    if element is None:
        return None
    texts = [(name, text_of(child).strip()) for name, child in children(element)]
    first = dict(reversed(texts))
    status = str(element.get("status") or record.get("status") or "")
    return Header(
        identifier=first.get("identifier", ""),
        datestamp=first.get("datestamp", ""),
        sets=tuple(text for name, text in texts if name == "setspec" and text),
        deleted=status.lower() == "deleted",
    )


def records(root: Element) -> Iterator[tuple[Header | None, Element]]:
    """Yield each record of an OAI-PMH answer as (header, its metadata); else the root itself.

    A record without metadata is given as the `record` element.
    """
    found = list(_records(root))
    if not found:
        yield None, root
    for record in found:
        metadata = first_child(record, "metadata")
        yield header_of(record), record if metadata is None else metadata


def _records(root: Element, depth: int = 3) -> Iterator[Element]:
    name = local_name(root).lower()
    if name == "record" and _has(root, "header"):
        yield root
    elif depth and name in ("oai-pmh", "getrecord", "listrecords"):
        for _, child in children(root):
            yield from _records(child, depth - 1)


# ── names ────────────────────────────────────────────────────────────────────────────────────

_WRAPPERS = frozenset(
    ("oai-pmh", "getrecord", "listrecords", "listidentifiers", "record", "metadata", "payload")
)


def is_empty(element: Element) -> bool:
    """Whether a wrapper holds no payload: a record without metadata, an answer without records."""
    if local_name(element).lower() not in _WRAPPERS:
        return False
    return all(name in ("header", "about", "responsedate", "request", "error")
               for name, _ in children(element))  # fmt: skip


@lru_cache(256)
def family(prefix: str) -> str | None:
    """Return the format that a metadataPrefix speaks of; None if it could be anything."""
    name = prefix.lower().replace("-", "_")
    if "openaire" in name:
        return "oai_openaire"
    if "datacite" in name:
        return "datacite"
    if name in ("oai_dc", "dc", "qdc", "oai_qdc", "dcterms", "qualifieddc", "oai_dcterms"):
        return "oai_dc"
    return next((known for known in _FAMILIES if known in name), None)


_FAMILIES = (
    "mods", "marc21", "marcxml", "dim", "xoai", "mets", "didl", "ddi", "iso19139", "iso19115",
    "rioxx", "jpcoar", "edm", "uketd_dc", "etdms", "schema_org", "dcat", "cmdi",
)  # fmt: skip
