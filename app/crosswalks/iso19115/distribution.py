"""How to get at the data: formats, sizes, files, services and pages."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from app.crosswalks.draft import Draft
from app.crosswalks.iso19115.elements import codes, every, first, value
from app.crosswalks.xml import Element, local_name
from app.datacite import identifiers
from app.datacite.resource import RelatedIdentifier
from app.datacite.types import blind

_SERVICE = re.compile(r"OGC:|ESRI|ARCGIS|OPENDAP|THREDDS|ERDDAP|.*-opendap$", re.IGNORECASE)
_ASKED = re.compile(
    r"[?&](?:request=getcapabilities|service=(?:wms|wfs|wcs|wmts|csw|sos|wps)\b)"
    r"|(?:wms|wfs|wcs|wmts)(?:server|capabilities\.xml)|/(?:map|feature|image)server\b",
    re.IGNORECASE,
)
_STORE = re.compile(r"(?:s3|gs|sftp|gsiftp)://[^\s/]+/\S")
"""Addresses that only programs of their own can open."""
_FILES = ("ogc:kml", "ogc:gml", "ogc:gpkg", "ogc:gtfs")
_DOWNLOADS = ("download", "fileaccess", "enclosure")
_PAGES = ("information", "completemetadata")
_PICTURES = re.compile(r"thumbnail|getlegendgraphic", re.IGNORECASE)
_BYTES = re.compile(r"[kmgtp]i?b|(?:kilo|mega|giga|tera|peta)?bytes?", re.IGNORECASE)
_NUMBER = re.compile(r"[0-9]{1,15}(?:\.[0-9]{0,15})?(?:[eE][+-]?[0-9]{1,2})?")
_OWN_DOI = re.compile(r"\bdoi\b|landing|data ?set|data access|snapshot", re.IGNORECASE)
_LITERATURE = re.compile(
    r"paper|article|publication|journal|preprint|reference|report|cited|et al|\([12][0-9]{3}\)",
    re.IGNORECASE,
)
MIME = re.compile(r"(?:application|text|image|audio|video|model|multipart)/[\w.+-]+", re.IGNORECASE)

LONGEST_NAME = 200


class Link(Struct, frozen=True):
    """An online resource. function and protocol as they stand, said: name and description."""

    url: str
    protocol: str = ""
    function: str = ""
    name: str = ""
    said: str = ""


def read(draft: Draft, root: Element, identifications: list[Element]) -> list[Link]:
    """Read formats, sizes, files and services; returns the links to pages, in their order."""
    _formats(draft, root, identifications)
    held: list[Element] = []
    for part in every(root, "distributioninfo"):
        for one in part.iter():
            name = local_name(one).lower()
            if name == "online":
                held.append(one)
            elif name == "md_digitaltransferoptions":
                draft.sizes += _size(one)
    for part in identifications:
        held += every(part, "containsoperations/*/connectpoint")
    pages = []
    for link in _links(draft, held):
        if is_service(link):
            draft.related_identifiers.append(service(link.url))
        elif is_file(link):
            draft.file(link.url)
        elif not _PICTURES.search(f"{link.protocol} {link.url}"):
            pages.append(link)
    return pages


def service(url: str) -> RelatedIdentifier:
    """Return the relation to a service that gives the data."""
    return RelatedIdentifier(
        url,
        "URL",
        "Other",
        resource_type_general="Service",
        relation_type_information="service",
    )


# ── formats and sizes ────────────────────────────────────────────────────────────────────────


def _formats(draft: Draft, root: Element, identifications: list[Element]) -> None:
    held = [one for part in every(root, "distributioninfo/*") for one in _named_formats(part)]
    held += [one for part in identifications for one in every(part, "resourceformat/*")]
    for one in held:
        cited = first(one, "formatspecificationcitation/*")
        name = value(first(one, "name"))
        version = value(first(one, "version"))
        if cited is not None:
            name = name or value(first(cited, "title"))
            version = version or value(first(cited, "edition"))
        if first(one, "name/md_mediumnamecode") is None and name:
            draft.formats.append(_format(name, version))


def _named_formats(distribution: Element) -> Iterator[Element]:
    yield from every(distribution, "distributionformat/*")
    yield from every(distribution, "distributor/*/distributorformat/*")


def _format(name: str, version: str) -> str:
    if not version or MIME.fullmatch(name) or blind(version) in ("notknown", "unbekannt"):
        return name
    if version.casefold().startswith(name.casefold()):
        return version
    return f"{name} {version}"


def _size(options: Element) -> Iterator[str]:
    """Yield the size: megabytes, unless the unit is named."""
    text = value(first(options, "transfersize"))
    unit = value(first(options, "unitsofdistribution"))
    if _NUMBER.fullmatch(text) and float(text) > 0:
        yield f"{text} {unit if _BYTES.fullmatch(unit) else 'MB'}"


# ── links ────────────────────────────────────────────────────────────────────────────────────


def _links(draft: Draft, held: list[Element]) -> Iterator[Link]:
    seen = set()
    for element in held:
        link = _link(draft, element)
        if link is not None and link.url not in seen:
            seen.add(link.url)
            yield link


def _link(draft: Draft, element: Element) -> Link | None:
    online = first(element, "*")
    if online is None:
        return None
    address = value(first(online, "linkage"))
    shown = identifiers.recognise(address)
    if shown.kind == "DOI":
        address = f"https://doi.org/{shown.value}"
    elif not identifiers.is_web_url(address) and not _STORE.match(address):
        if address:
            draft.notes.lost("/contentUrl", address, "No address of the web; left out.")
        return None
    name = value(first(online, "name"))
    return Link(
        address,
        value(first(online, "protocol")),
        " ".join(codes(first(online, "function"))).lower(),
        name,
        f"{name} {value(first(online, 'description'))}",
    )


def is_service(link: Link) -> bool:
    """Whether a link leads to a service for programs."""
    protocol = link.protocol.lower()
    if protocol.startswith(_FILES):
        return False
    return bool(_SERVICE.match(protocol) or (not _is_told(link) and _ASKED.search(link.url)))


def _is_told(link: Link) -> bool:
    return "download" in link.protocol.lower() or link.function.startswith(_DOWNLOADS)


def is_file(link: Link) -> bool:
    """Whether a link leads to data."""
    if identifiers.recognise(link.url).kind == "DOI":
        return False
    if _is_told(link) or link.protocol.lower().startswith(_FILES):
        return True
    if link.function.startswith(_PAGES) or _PICTURES.search(f"{link.protocol} {link.url}"):
        return False
    return identifiers.is_file_url(link.url) or not link.url.lower().startswith("http")


# ── pages ────────────────────────────────────────────────────────────────────────────────────


def settle(draft: Draft, pages: list[Link], behind: list[str]) -> None:
    """Choose the landing page; the other pages are related. behind: pages of the identifiers."""
    kinds = [identifiers.recognise(one.text).kind for one in draft.untold.get("identifier", ())]
    for link in pages:
        if _is_own_doi(link) and "DOI" not in kinds:
            draft.notes.inferred("/doi", "identifier.online", link.url)
            draft.identifier(link.url)
            kinds.append("DOI")
    chosen = _landing(pages, resolvable=bool({"DOI", "Handle", "ARK", "URL"} & set(kinds)))
    draft.url = chosen or (behind[0] if behind and not _web_kinds(kinds) else "")
    own = {one.text for one in draft.untold.get("identifier", ())} | {draft.url}
    for link in pages:
        shown = identifiers.recognise(link.url)
        if link.url not in own and shown.value not in own and not _is_own(shown.value, draft):
            draft.related_identifiers.append(RelatedIdentifier(
                shown.value, shown.kind, "Other",
                relation_type_information=_called(link),
            ))  # fmt: skip


def _called(link: Link) -> str | None:
    said = link.name or link.said.strip() or link.function
    return said if said and len(said) <= LONGEST_NAME else None


def _web_kinds(kinds: list[str]) -> bool:
    return bool({"DOI", "URL"} & set(kinds))


def _is_own(doi: str, draft: Draft) -> bool:
    given = (one.text for one in draft.untold.get("identifier", ()))
    return any(identifiers.recognise(text).value == doi for text in given)


def _is_own_doi(link: Link) -> bool:
    """Whether a page is what a DOI of the resource itself leads to."""
    if identifiers.recognise(link.url).kind != "DOI" or _LITERATURE.search(link.said):
        return False
    return not link.said.strip() or bool(_OWN_DOI.search(link.said))


def _landing(pages: list[Link], *, resolvable: bool) -> str:
    """Return the page that is told to be the landing page, or to inform; else any, at need.

    A DOI among them leads there by itself, so it gives nothing.
    """
    told = [link for link in pages if "landing" in link.said.lower()]
    told += [link for link in pages if link.function.startswith(_PAGES)]
    if told:
        return "" if identifiers.recognise(told[0].url).kind == "DOI" else told[0].url
    return pages[0].url if pages and not resolvable else ""
