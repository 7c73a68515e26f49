"""METS: the description of the whole object is read by its own reader, then files and rights."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from app.crosswalks import nested, recognise
from app.crosswalks.draft import Draft
from app.crosswalks.nested import Payload, Readers
from app.crosswalks.reading import Circumstances, Reading
from app.crosswalks.volatile import Volatile, without
from app.crosswalks.xml import Element, attributes, children, local_name, namespace, text_of
from app.datacite import identifiers
from app.datacite.problem import problem

_FIRST = ("datacite", "oai_datacite", "oai_openaire", "mods", "dim")
RANKING = (*_FIRST, *(name for name in recognise.RICHEST if name not in _FIRST))
"""Which description is read of several; that in MODS says more here than that in DIM."""
_USES = frozenset(("", "ORIGINAL", "CONTENT"))
_DEPOSIT = "deposit"
_STATEMENTS = frozenset(
    ("license", "licence", "licensename", "licenseterms", "licenseuri", "accesscondition",
     "accessrights", "usageterms", "rights", "rightsdeclaration", "useandreproduction")
)  # fmt: skip
"""Elements that state rights, in whatever schema they stand."""
_EMBARGO = "embargodate"
_ADDRESSES = frozenset(("href", "about", "resource"))
_ANY = r"[^\"'<>]*"

stable = without(
    Volatile(
        "metsHdr",
        "Repositories that make METS when it is asked for write the time of asking there.",
        (("CREATEDATE", _ANY), ("LASTMODDATE", _ANY)),
    )
)


def read(root: Element, about: Circumstances, readers: Readers) -> Reading:
    """Read a METS document. readers: finds the reader of what is inside."""
    space = namespace(root)
    parts = list(children(root))
    sections = [child for name, child in parts if name == "dmdsec"]
    found, repeated = _description(sections, parts, readers)
    if found is None:
        return _unread(sections, space)
    draft = Draft(about)
    if repeated:
        draft.notes.problem("payload.repeated", "", f"{repeated} more")
    draft.identifier(_object_identifier(root))
    for name, child in parts:
        if name == "filesec":
            _files(child, "", draft)
        elif name == "amdsec":
            _administration(child, draft)
    return nested.surrounded(nested.read(found, readers, about), draft, "mets", space)


# ── which description ────────────────────────────────────────────────────────────────────────


def _description(
    sections: Sequence[Element], parts: Sequence[tuple[str, Element]], readers: Readers
) -> tuple[Payload | None, int]:
    """Return the description of the whole, and how many more there are of it."""
    main = _main(parts)
    wanted = [section for section in sections if section.get("ID") in main]
    groups = {section.get("GROUPID") for section in wanted} - {None}
    wanted = [s for s in sections if s in wanted or s.get("GROUPID") in groups]
    for some in (wanted, sections):
        found = [one for section in some for one in _payloads(section)]
        ranked = nested.richest(found, readers, RANKING)
        if ranked:
            return ranked[0], len(ranked) - 1
    return None, 0


def _main(parts: Sequence[tuple[str, Element]]) -> frozenset[str]:
    """Return the descriptions of the outermost division that has any."""
    maps = [child for name, child in parts if name == "structmap"]
    maps.sort(key=lambda one: str(one.get("TYPE") or "").upper() == "PHYSICAL")
    for one in maps:
        for division in one.iter("{*}div"):
            if division.get("DMDID"):
                return frozenset(str(division.get("DMDID")).split())
    return frozenset()


def _payloads(section: Element) -> Iterator[Payload]:
    for _, wrap in _wraps(section, "mdwrap"):
        held = [child for name, child in children(wrap) if name in ("xmldata", "bindata")]
        for holder in held or [wrap]:
            yield from nested.payloads(holder, flat_from=1)


def _wraps(section: Element, *names: str) -> Iterator[tuple[str, Element]]:
    return ((name, child) for name, child in children(section) if name in names)


def _unread(sections: Sequence[Element], space: str) -> Reading:
    """Say why nothing can be read: unknown inside, only a reference, or nothing at all."""
    found = [one for section in sections for one in _payloads(section)]
    references = [_address(ref) for section in sections for _, ref in _wraps(section, "mdref")]
    if found or not any(references):
        return nested.unread(found, "mets", space)
    at = next(filter(None, references))
    message = f"The description is not here but at {at}; put it into the record."
    elsewhere = problem("format.empty", "", at, message=message)
    return Reading(None, (elsewhere,), format="mets", namespace=space)


# ── what METS itself says ────────────────────────────────────────────────────────────────────


def _object_identifier(root: Element) -> str:
    """Return OBJID if it is an identifier anywhere else."""
    text = str(root.get("OBJID") or "").strip()
    return "" if identifiers.recognise(text).kind == "local" else text


def _files(holder: Element, use: str, draft: Draft) -> None:
    """Add the files of the groups that hold the object itself."""
    for name, child in children(holder):
        told = str(child.get("USE") or use).strip().upper()
        if name == "filegrp":
            _files(child, told, draft)
        elif name == "file" and told in _USES:
            size = str(child.get("SIZE") or "").strip()
            draft.file(
                next(_locations(child), None),
                str(child.get("MIMETYPE") or "") or None,
                f"{size} bytes" if size.isdigit() else None,
            )


def _locations(file: Element) -> Iterator[str]:
    """Yield the addresses of a file that lead somewhere; paths in a package do not."""
    for _, place in _wraps(file, "flocat"):
        address = _address(place)
        if identifiers.is_web_url(address):
            yield address


def _address(element: Element) -> str:
    return next((value.strip() for name, value in attributes(element) if name == "href"), "")


def _administration(section: Element, draft: Draft) -> None:
    """Add the rights and, where a viewer shows the object, its page."""
    for name, part in children(section):
        for kind, wrap in _wraps(part, "mdwrap", "mdref"):
            if name == "digiprovmd":
                _presentation(wrap, draft)
            elif name == "rightsmd" and not _is_deposit(wrap):
                if kind == "mdref":
                    draft.text("rights", _address(wrap))
                else:
                    _rights(wrap, draft)


def _presentation(wrap: Element, draft: Draft) -> None:
    for place in wrap.iter("{*}presentation"):
        address = text_of(place).strip()
        if identifiers.is_web_url(address):
            draft.url = draft.url or address


def _is_deposit(wrap: Element) -> bool:
    """Whether rights are those that the depositor gave to the repository, not to the reader."""
    told = f"{wrap.get('OTHERMDTYPE') or ''} {wrap.get('LABEL') or ''}".lower()
    return _DEPOSIT in told


def _rights(wrap: Element, draft: Draft) -> None:
    """Add the statements of rights; a name and an address side by side are one."""
    for holder in list(_decoded(wrap)):
        told = [text for name, child in children(holder) if name in _STATEMENTS
                for text in _statements(child)]  # fmt: skip
        addresses = [text for text in told if "://" in text and " " not in text]
        if len(told) == 2 and len(addresses) == 1:
            name = next((text for text in told if text not in addresses), None)
            draft.licence(name, addresses[0])
        else:
            for text in told:
                draft.text("rights", text)
        for name, child in children(holder):
            if name == _EMBARGO:
                draft.date(text_of(child), "Available")


def _statements(element: Element) -> Iterator[str]:
    """Yield what an element states: its text, the address it leads to or is about."""
    if len(element) == 0 and (text := text_of(element).strip()):
        yield text
    for name, value in attributes(element):
        if name in _ADDRESSES and "://" in value:
            yield value.strip()


def _decoded(wrap: Element) -> Iterator[Element]:
    """Yield all elements inside, those of encoded XML too."""
    for element in wrap.iter():
        yield element
        if isinstance(element.tag, str) and local_name(element).lower() == "bindata":
            decoded = recognise.decoded_text(element)
            if decoded is not None:
                yield from decoded.iter()
