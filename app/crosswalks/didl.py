"""MPEG-21 DIDL: the description inside is read by its own reader, then files and their rights."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from app.crosswalks import nested, recognise
from app.crosswalks.draft import Draft
from app.crosswalks.nested import Payload, Readers
from app.crosswalks.reading import Circumstances, Reading
from app.crosswalks.volatile import Volatile, without
from app.crosswalks.xml import Element, attributes, children, first_child, namespace, text_of
from app.datacite import identifiers
from app.datacite.dates import read_date
from app.datacite.text import clean

FLAT_FROM = recognise.GUESS_FROM
"""Fewer bare elements of Dublin Core describe a file, not the work."""
_DESCRIPTION, _FILE, _PAGE = "descriptivemetadata", "objectfile", "humanstartpage"
_XML, _HTML = ("application/xml", "text/xml"), ("text/html", "application/xhtml+xml")
_HANDLE_URN = "urn:hdl:"

_DRAWN = (("id", r"uuid-[\w.-]+"),)
_DRAWN_ANEW = "Old DSpace draws it anew each time it writes the record."
stable = without(
    Volatile("Item", _DRAWN_ANEW, _DRAWN),
    Volatile("Component", _DRAWN_ANEW, _DRAWN),
)


class Item(Struct):
    """What the descriptors of an item say of it, and where its resources are."""

    kind: str = ""
    identifiers: list[str] = []
    rights: list[str] = []
    available: list[str] = []
    payloads: list[Payload] = []
    resources: list[Element] = []
    depth: int = 0


def read(root: Element, about: Circumstances, readers: Readers) -> Reading:
    """Read a DIDL document. readers: finds the reader of what is inside."""
    space = namespace(root)
    items = list(_items(root, 0))
    found = [one for item in items for one in item.payloads]
    ranked = nested.richest(found, readers, recognise.RICHEST)
    if not ranked:
        return nested.unread(found, "didl", space)
    draft = Draft(about)
    if len(ranked) > 1:
        draft.notes.problem("payload.repeated", "", f"{len(ranked) - 1} more")
    for item in items:
        _add(item, draft)
    return nested.surrounded(nested.read(ranked[0], readers, about), draft, "didl", space)


# ── items ────────────────────────────────────────────────────────────────────────────────────


def _items(element: Element, depth: int) -> Iterator[Item]:
    """Yield the items below an element, outer ones first."""
    for name, child in children(element):
        if name == "item":
            yield _item(child, depth)
            yield from _items(child, depth + 1)
        elif name in ("container", "component"):
            yield from _items(child, depth)


def _item(element: Element, depth: int) -> Item:
    """Read an item's own descriptors and those of its components."""
    found = Item(depth=depth)
    for name, child in children(element):
        if name == "descriptor":
            _descriptor(child, found)
        elif name == "component":
            for inner, part in children(child):
                if inner == "descriptor":
                    _descriptor(part, found)
                elif inner == "resource":
                    _resource(part, found)
    return found


def _descriptor(descriptor: Element, found: Item) -> None:
    statement = first_child(descriptor, "statement")
    if statement is None:
        return
    told = list(nested.payloads(statement, flat_from=FLAT_FROM))
    found.payloads.extend(one for one in told if one.format)
    for name, child in children(statement):
        text = text_of(child).strip()
        if name == "identifier":
            found.identifiers.append(text)
        elif name == "type":
            found.kind = found.kind or _word(text or _reference(child))
        elif name in ("accessrights", "rights", "license", "licence"):
            found.rights.append(text or _reference(child))
        elif name == "available":
            found.available.append(text)


def _resource(resource: Element, found: Item) -> None:
    if resource.get("ref"):
        found.resources.append(resource)
    elif len(resource) or _XML[0] in str(resource.get("mimeType") or _XML[0]):
        found.payloads.extend(nested.payloads(resource, flat_from=FLAT_FROM))


def _reference(element: Element) -> str:
    return next((value for name, value in attributes(element) if name == "resource"), "")


def _word(text: str) -> str:
    """Return the last part of a type: `info:eu-repo/semantics/objectFile`."""
    return text.replace("#", "/").rstrip("/").rpartition("/")[2].lower()


# ── what they add ────────────────────────────────────────────────────────────────────────────


def _add(item: Item, draft: Draft) -> None:
    """Add an item: where it leads, what it is called, who may use it and from when."""
    if item.kind == _PAGE:
        for resource in item.resources:
            draft.url = draft.url or _page(resource)
        return
    if item.depth == 0:
        for text in item.identifiers:
            draft.identifier(_identifier(text))
    for resource in item.resources:
        _place(resource, item.kind, draft)
    for text in item.rights:
        draft.text("rights", text)
    for text in item.available:
        if (read_date(clean(text)).date or "") > draft.about.today.isoformat():
            draft.date(text, "Available")


def _identifier(text: str) -> str:
    """Return an identifier; a Handle is a Handle, also where it is called a URN."""
    is_handle = text.lower().startswith(_HANDLE_URN)
    return f"hdl:{text[len(_HANDLE_URN) :]}" if is_handle else text


def _page(resource: Element) -> str:
    address = str(resource.get("ref") or "").strip()
    return address if identifiers.is_web_url(address) else ""


def _place(resource: Element, kind: str, draft: Draft) -> None:
    """Add the address of a resource: a file, unless it is the record's page or its metadata."""
    address = str(resource.get("ref") or "").strip()
    mime = str(resource.get("mimeType") or "").strip()
    if kind == _DESCRIPTION or not identifiers.is_web_url(address):
        return
    if kind != _FILE and mime.partition(";")[0] in (*_XML, *_HTML):
        draft.identifier(address)
    else:
        draft.file(address, mime or None)
