"""An answer of the provider as values that a page can show, made from the very bytes that go out.

Nothing is looked up here. What would be too long for a page is cut, and the values say so.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from msgspec import Struct

from app.crosswalks import provenance
from app.crosswalks.provenance import OriginDescription
from app.crosswalks.xml import (
    Element,
    MalformedXML,
    children,
    local_name,
    namespace,
    parse,
    serialised,
    text_of,
)
from app.oai.response import NAMESPACE

LARGEST = 8 * 1024 * 1024
"""Bytes of an answer above which it is not taken apart: it is for programs."""

_OAI = f"{{{NAMESPACE}}}"
LEAVES = 100
"""Parts of one value that are looked at."""


class Limits(Struct, frozen=True):
    """How much of each record is kept; way: also where it comes from."""

    fields: int
    values: int
    characters: int
    way: bool


IN_LIST = Limits(fields=10, values=4, characters=280, way=False)
ALONE = Limits(fields=200, values=100, characters=4_000, way=True)


class Value(Struct, frozen=True):
    """A value of a field, and what else is said of it: attributes, parts."""

    text: str
    detail: str = ""


class Field(Struct, frozen=True):
    """An element with its values; `more` have been left out."""

    name: str
    values: tuple[Value, ...]
    more: int = 0


class Token(Struct, frozen=True):
    """A resumptionToken; an empty text ends a list of several pages."""

    text: str
    cursor: str = ""
    size: str = ""
    expires: str = ""


class Shown(Struct, frozen=True):
    """A record, or its header alone. `more`: fields that have been left out."""

    identifier: str
    datestamp: str
    deleted: bool = False
    sets: tuple[str, ...] = ()
    format: str = ""
    """Name of the root of the metadata; empty without metadata."""
    fields: tuple[Field, ...] = ()
    more: int = 0
    way: tuple[OriginDescription, ...] = ()
    """Where it comes from, the last place first."""
    rights: tuple[str, ...] = ()


class ShownSet(Struct, frozen=True):
    """A set as ListSets gives it."""

    spec: str
    name: str
    about: tuple[Field, ...] = ()


class Described(Struct, frozen=True):
    """A description of Identify: the name of its root, its fields."""

    name: str
    fields: tuple[Field, ...]


class Readable(Struct, frozen=True):
    """An answer taken apart; of the parts only those of its verb are filled."""

    moment: str = ""
    """The responseDate."""
    verb: str = ""
    """The verb element that answers; empty when errors do."""
    errors: tuple[tuple[str, str], ...] = ()
    """Codes and sentences."""
    facts: tuple[tuple[str, str], ...] = ()
    descriptions: tuple[Described, ...] = ()
    formats: tuple[dict[str, str], ...] = ()
    """By element: `metadataPrefix`, `schema`, `metadataNamespace`."""
    sets: tuple[ShownSet, ...] = ()
    records: tuple[Shown, ...] = ()
    token: Token | None = None
    unread: str = ""
    """Why it is not taken apart, as a sentence; else empty."""


def read(body: bytes) -> Readable:
    """Take an answer apart. Never raises for a large or strange record: `unread` says why."""
    if len(body) > LARGEST:
        return Readable(unread="The answer is too large to be shown here.")
    try:
        root = parse(body)
    except MalformedXML as error:
        return Readable(unread=f"The answer cannot be shown here. {error}")
    moment, found = _text(root, "responseDate"), root[-1]
    errors = tuple((e.get("code", ""), e.text or "") for e in root.iterchildren(f"{_OAI}error"))
    if errors:
        return Readable(moment=moment, errors=errors)
    verb = local_name(found)
    return Readable(
        moment=moment,
        verb=verb,
        facts=tuple(_facts(found)) if verb == "Identify" else (),
        descriptions=tuple(_descriptions(found)),
        formats=tuple(_plain(e) for e in found.iterchildren(f"{_OAI}metadataFormat")),
        sets=tuple(_set(e) for e in found.iterchildren(f"{_OAI}set")),
        records=tuple(_records(found, ALONE if verb == "GetRecord" else IN_LIST)),
        token=_token(found),
    )


def _text(parent: Element, name: str) -> str:
    return parent.findtext(_OAI + name) or ""


def _plain(parent: Element) -> dict[str, str]:
    return {local_name(child): child.text or "" for child in parent}


def _facts(identify: Element) -> Iterator[tuple[str, str]]:
    for child in identify:
        if len(child) == 0:
            yield local_name(child), child.text or ""


def _descriptions(identify: Element) -> Iterator[Described]:
    for holder in identify.iterchildren(f"{_OAI}description"):
        for _, root in children(holder):
            yield Described(local_name(root), fields(root, ALONE)[0])


def _set(element: Element) -> ShownSet:
    holder = element.find(f"{_OAI}setDescription")
    about = fields(holder[0], ALONE)[0] if holder is not None and len(holder) else ()
    return ShownSet(_text(element, "setSpec"), _text(element, "setName"), about)


def _token(found: Element) -> Token | None:
    token = found.find(f"{_OAI}resumptionToken")
    if token is None:
        return None
    said = (token.get(name, "") for name in ("cursor", "completeListSize", "expirationDate"))
    return Token(token.text or "", *said)


# ── records ──────────────────────────────────────────────────────────────────────────────────


def _records(found: Element, limits: Limits) -> Iterator[Shown]:
    for child in found:
        name = local_name(child)
        if name == "header":
            yield _record(child, None, None, limits)
        elif name == "record":
            parts = {local_name(part): part for part in child}
            yield _record(parts["header"], parts.get("metadata"), child, limits)


def _record(
    header: Element, metadata: Element | None, record: Element | None, limits: Limits
) -> Shown:
    root = metadata[0] if metadata is not None and len(metadata) else None
    shown, more = fields(_payload(root), limits) if root is not None else ((), 0)
    abouts = () if record is None else tuple(record.iterchildren(f"{_OAI}about"))
    return Shown(
        _text(header, "identifier"),
        _text(header, "datestamp"),
        header.get("status") == "deleted",
        tuple(e.text or "" for e in header.iterchildren(f"{_OAI}setSpec")),
        local_name(root) if root is not None else "",
        shown,
        more,
        _way(abouts) if limits.way else (),
        tuple(text for about in abouts for text in _rights(about)),
    )


def _payload(root: Element) -> Element:
    """Return what an envelope holds, if it is one: its last part, alone in an element."""
    last = root[-1] if len(root) else None
    held = last is not None and local_name(last) == "payload" and len(last) == 1
    return last[0] if held and last is not None else root


def _way(abouts: tuple[Element, ...]) -> tuple[OriginDescription, ...]:
    steps = [e for e in abouts if len(e) and provenance.is_provenance(e[0])]
    chains = provenance.chains([serialised(e[0]) for e in steps[:1]])
    return chains[0] if chains else ()


def _rights(about: Element) -> Iterator[str]:
    for _, root in children(about):
        if local_name(root) == "rights" and namespace(root).startswith(NAMESPACE):
            for _, said in children(root):
                yield said.get("ref") or text_of(said).strip()


# ── any metadata as a list of fields ─────────────────────────────────────────────────────────


def fields(root: Element, limits: Limits) -> tuple[tuple[Field, ...], int]:
    """Return the fields of metadata of any format, and how many were left out.

    A field is a child of the root; one that only holds a list of equals has a value for each.
    """
    found: dict[str, list[Element]] = {}
    for child in root:
        if isinstance(child.tag, str):
            found.setdefault(local_name(child), []).extend(_values(child))
    names = list(found)[: limits.fields]
    return tuple(_field(name, found[name], limits) for name in names), len(found) - len(names)


def _values(child: Element) -> list[Element]:
    inner = [e for e in child if isinstance(e.tag, str)]
    names = {e.tag for e in inner}
    one_kind = len(names) == 1 and local_name(child).startswith(local_name(inner[0])[:4])
    return inner if inner and one_kind else [child]


def _field(name: str, values: list[Element], limits: Limits) -> Field:
    kept = tuple(_value(e, limits.characters) for e in values[: limits.values])
    return Field(name, kept, len(values) - len(kept))


def _value(element: Element, characters: int) -> Value:
    """Return the first text inside an element, and all else that is said in it as its detail."""
    text, detail = _mixed(element), [*_said(element)] if len(element) else []
    if text:
        return Value(_cut(text, characters), _cut(" · ".join(detail), characters))
    for leaf in islice(_leaves(element), LEAVES):
        said, words = list(_said(leaf)), " ".join((leaf.text or "").split())
        if not text:
            text, named = words, said
        else:
            named = [f"{local_name(leaf)} {words}".strip(), *said] if words or said else []
        detail += named
    return Value(_cut(text, characters), _cut(" · ".join(detail), characters))


def _mixed(element: Element) -> str:
    """Return the text of an element in which text and elements alternate, else nothing."""
    inside = len(element) > 0 and (element.text or "").strip()
    return " ".join(" ".join(map(str, element.itertext())).split()) if inside else ""


def _leaves(element: Element) -> Iterator[Element]:
    return (e for e in element.iter() if isinstance(e.tag, str) and len(e) == 0)


def _said(element: Element) -> Iterator[str]:
    """Yield what the attributes of an element say, but for where its schema is."""
    for name, value in element.items():
        word = str(name).rpartition("}")[2]
        if word != "schemaLocation" and value.strip():
            yield f"{word} {value!s}"


def _cut(text: str, characters: int) -> str:
    return text if len(text) <= characters else text[: characters - 1].rstrip() + "…"
