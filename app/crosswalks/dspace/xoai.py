"""xoai, what DSpace serves of an item: its fields as a tree, its files, where it stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from app.crosswalks.draft import Draft
from app.crosswalks.dspace import people, table
from app.crosswalks.dspace.fields import Field, field
from app.crosswalks.reading import Circumstances, Reading
from app.crosswalks.xml import Element, children, namespace, text_of
from app.datacite.languages import tag
from app.datacite.problem import problem
from app.datacite.text import clean

_FILES = frozenset(("bundles", "repository", "license"))
DEPTH = 8
"""Elements nested deeper are no fields of DSpace."""
_ACCESS = {
    "open.access": "open",
    "openaccess": "open",
    "embargo": "embargoed",
    "restricted": "restricted",
    "metadata.only": "metadata-only",
}
_UNSET_HANDLE = "123456789/"
"""The prefix of an installation that has none; it is no address anywhere else."""
Values = dict[str, str]


def read(root: Element, about: Circumstances) -> Reading:
    """Read an xoai record."""
    draft = Draft(about)
    parts = [(_name(child), child) for _, child in _elements(root)]
    found = [
        one
        for name, child in parts
        for one in (_embargo(child) if name == "others" else _fields(child, (name,)))
        if name not in _FILES
    ]
    table.put(found, draft)
    for name, child in parts:
        if name == "bundles":
            _files(child, draft)
    if draft.is_empty() and not draft.content_url:
        return Reading(None, (problem("format.empty"),), format="xoai", namespace=namespace(root))
    for name, child in parts:
        if name == "others":
            _others(child, draft)
        elif name == "repository":
            draft.publishers.extend(filter(None, (_values(child).get("name"),)))
    return draft.reading("xoai", namespace(root))


def _elements(element: Element) -> Iterator[tuple[str, Element]]:
    return ((_name(child), child) for name, child in children(element) if name == "element")


def _name(element: Element) -> str:
    return str(element.get("name") or "").strip()


def _groups(fields: Iterable[Element]) -> Iterator[Values]:
    """Yield each value of an element with what stands beside it, by name."""
    found: Values = {}
    for child in fields:
        key = _name(child).lower()
        if key in found:
            yield found
            found = {}
        found[key] = text_of(child).strip()
    yield found


def _values(element: Element) -> Values:
    """Return the first value of each field of an element, by its name."""
    found: Values = {}
    for name, child in children(element):
        if name == "field":
            found.setdefault(_name(child), text_of(child).strip())
    return found


# ── fields ───────────────────────────────────────────────────────────────────────────────────


def _fields(element: Element, path: tuple[str, ...]) -> Iterator[Field | None]:
    """Yield the fields below an element; path: the names down to it, the schema first."""
    values = []
    for name, child in children(element):
        if name == "field":
            values.append(child)
        elif name == "element" and len(path) < DEPTH:
            yield from _fields(child, (*path, _name(child)))
    if len(path) < 2 or not values:
        return
    schema, names, lang = _parted(path)
    for group in _groups(values):
        if value := group.get("value"):
            yield field(
                schema,
                names[0],
                ".".join(names[1:]),
                value,
                lang=lang or group.get("lang") or group.get("xml:lang", ""),
                authority=group.get("authority", ""),
                orcid=group.get("orcid_id", ""),
            )


def _parted(path: tuple[str, ...]) -> tuple[str, list[str], str]:
    """Part a path into schema, element with qualifiers, and the language that ends it."""
    schema, *names = path
    lang = ""
    if len(names) > 1 and (len(names) > 2 or _is_language(names)):
        lang = names.pop()
    return schema, [name for name in names if name.lower() != "none"] or [""], lang


def _is_language(names: list[str]) -> bool:
    """Whether the last of two names is a language; records made elsewhere leave it out."""
    last = names[-1].lower()
    if last in ("none", "*", ""):
        return True
    known = ".".join(names).lower()
    if known in table.KNOWN or known in people.KNOWN:
        return False
    return len(last) in (2, 3, 5) and tag(last.replace("_", "-")) is not None


# ── files and place ──────────────────────────────────────────────────────────────────────────


def _files(bundles: Element, draft: Draft) -> None:
    """Add the files that were deposited; licences, thumbnails and extracted texts are not."""
    for bundle in bundles.iter("{*}element"):
        if _name(bundle) != "bundle" or _values(bundle).get("name", "").upper() != "ORIGINAL":
            continue
        for one in bundle.iter("{*}element"):
            if _name(one) == "bitstream":
                told = _values(one)
                size = told.get("size", "")
                draft.file(
                    told.get("url"), told.get("format"), f"{size} bytes" if size.isdigit() else None
                )


def _others(others: Element, draft: Draft) -> None:
    """Add the handle, the OAI identifier and who may open the files."""
    told = _values(others)
    handle = told.get("handle", "")
    if handle and not handle.startswith(_UNSET_HANDLE):
        draft.identifier(handle if ":" in handle else f"hdl:{handle}")
    draft.identifier(told.get("identifier"))
    for name, child in _elements(others):
        if name == "access-status":
            status = _values(child)
            draft.access = _ACCESS.get(clean(status.get("value", "")).lower(), draft.access)


def _embargo(others: Element) -> Iterator[Field | None]:
    """Yield the date on which the files are opened, as a field."""
    for name, status in _elements(others):
        if name == "access-status":
            told = [_values(inner).get("value") for _, inner in _elements(status)]
            for text in filter(None, (_values(status).get("embargo"), *told)):
                yield field("dc", "date", "embargo", text)
