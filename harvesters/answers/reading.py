"""Reads a page of OAI-PMH from its tree, once: records, errors, token.

Elements are told by local name and place; a namespace that is not OAI-PMH's is read all the same
and reported as a repair. Metadata is handed on untouched.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import lru_cache

from lxml import etree
from msgspec import Struct
from msgspec.structs import replace

from app import clock
from app.datacite.problem import Problem, problem
from app.record import Header
from app.repairs import KINDS
from harvesters.answers.repair import Mended
from harvesters.answers.repairs import Repair
from harvesters.answers.salvage import Lost
from harvesters.base import HarvestedRecord, Page

OAI = "http://www.openarchives.org/OAI/2.0/"
LISTS = ("ListRecords", "ListIdentifiers", "GetRecord")
ITEMS = ("record", "header")
LONGEST_IDENTIFIER = 4096
_TOKEN = "resumptionToken"  # noqa: S105 - the name of an element


class Token(Struct, frozen=True):
    """A resumptionToken with its hints."""

    text: str = ""
    expires: str = ""
    told: int | None = None


class Answer(Struct, frozen=True):
    """An OAI-PMH answer as far as it is the same for every verb."""

    container: etree._Element | None
    """The element named like the verb."""
    errors: tuple[tuple[str, str], ...]
    response_date: str
    token: Token
    repairs: tuple[Repair, ...]


@lru_cache(maxsize=4096)
def local(tag: str) -> str:
    """Return a tag without its namespace."""
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def read_answer(mended: Mended, verb: str) -> Answer:
    """Read what stands around the items of an answer."""
    container: etree._Element | None = None
    errors: list[tuple[str, str]] = []
    date = ""
    token: etree._Element | None = None
    for child in mended.root:
        name = local(child.tag)
        if name == verb and container is None:
            container = child
        elif name == "error":
            errors.append((child.get("code", ""), _text(child)))
        elif name == "responseDate":
            date = _text(child)
        elif name == _TOKEN:
            token = child
    found = _token_in(container) if container is not None else None
    return Answer(
        container,
        tuple(errors),
        date,
        _token(found if found is not None else token),
        mended.repairs + _namespaces(mended.root, container),
    )


def read_page(answer: Answer, lost: tuple[Lost, ...], date_header: str, *, cut: bool) -> Page:
    """Read the records of a list answer."""
    mended = _by_record(answer.repairs)
    records = [_with_repairs(record, mended) for record in records_of(answer)]
    records += map(_lost, lost)
    return page_of(records, answer, date_header, cut=cut)


def records_of(answer: Answer) -> tuple[HarvestedRecord, ...]:
    """Return the records of a list answer, each as it stands."""
    items = answer.container if answer.container is not None else ()
    read = (read_item(item, place) for place, item in enumerate(items, 1))
    return tuple(record for record in read if record is not None)


def page_of(
    records: Sequence[HarvestedRecord], answer: Answer, date_header: str, *, cut: bool = False
) -> Page:
    """Return a page of these records, with what its answer says of it."""
    return Page(
        records=_unique(tuple(records), answer.response_date),
        token=answer.token.text,
        token_expires=answer.token.expires,
        response_date=answer.response_date,
        clock=earlier(answer.response_date, date_header),
        told=answer.token.told,
        repairs=answer.repairs,
        cut=cut,
    )


def seconds(datestamp: str) -> int | None:
    """Return a datestamp as seconds since 1970: fractions, offsets, a blank for the T are read."""
    try:
        moment = datetime.fromisoformat(datestamp)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return int(moment.timestamp())


def earlier(response_date: str, date_header: str) -> str:
    """Return the earlier of the two times a server gives, as a UTCdatetime; empty if neither."""
    known = [s for s in (seconds(response_date), _header_seconds(date_header)) if s is not None]
    return clock.text(min(known)) if known else ""


def newness(header: Header, response_date: str) -> int:
    """Return what orders two versions of a record in one run: datestamp, then live over deleted."""
    stamp = seconds(header.datestamp)
    if stamp is None:
        stamp = seconds(response_date) or 0
    return 2 * stamp + (not header.deleted)


def extent(container: etree._Element | None) -> tuple[int, str, str]:
    """Return the number of a list's items, and the identifiers of the first and the last."""
    headers = []
    for item in container if container is not None else ():
        name = local(item.tag)
        header = item if name == "header" else item[0] if len(item) else None
        if name in ITEMS and header is not None:
            headers.append(header)
    if not headers:
        return 0, "", ""
    first, last = (fields(header).get("identifier", "") for header in (headers[0], headers[-1]))
    return len(headers), first, last


def items(container: etree._Element | None, name: str) -> Iterator[dict[str, str]]:
    """Yield the children of each item of a side verb, as texts by local name."""
    for item in container if container is not None else ():
        if local(item.tag) == name:
            yield {local(part.tag): _text(part) for part in item}


def fields(container: etree._Element | None) -> dict[str, str]:
    """Return the first text of each child, by local name."""
    found: dict[str, str] = {}
    for part in container if container is not None else ():
        found.setdefault(local(part.tag), _text(part))
    return found


def _header_seconds(text: str) -> int | None:
    try:
        return int(parsedate_to_datetime(text).timestamp()) if text else None
    except ValueError:
        return None


def _text(element: etree._Element) -> str:
    return (
        "".join(map(str, element.itertext())).strip()
        if len(element)
        else (element.text or "").strip()
    )


def _token_in(container: etree._Element) -> etree._Element | None:
    """Return the token of a list; it stands last, but counts wherever it stands."""
    for child in reversed(container):
        if local(child.tag) == _TOKEN:
            return child
    return None


def _token(element: etree._Element | None) -> Token:
    if element is None:
        return Token()
    told = element.get("completeListSize", "").strip()
    size = int(told) if told.isascii() and told.isdigit() and len(told) < 16 else None
    return Token(_text(element), element.get("expirationDate", "").strip(), size)


def _namespaces(root: etree._Element, container: etree._Element | None) -> tuple[Repair, ...]:
    """Report a namespace that is not that of OAI-PMH."""
    first = container[0] if container is not None and len(container) else None
    wrong = [
        element.tag
        for element in (root, container, first)
        if element is not None and not element.tag.startswith(f"{{{OAI}}}")
    ]
    return (Repair("namespace", 1, "", wrong[0][:160]),) if wrong else ()


def read_item(
    item: etree._Element, position: int, header: Header | None = None, came: bytes = b""
) -> HarvestedRecord | None:
    """Read one item of a list; None for what is no record and no header, such as a token.

    header: what its header says, where that is known already; it is taken if it has the same
    identifier. came: the digest of a record's bytes.
    """
    name = local(item.tag)
    if name == "record":
        return _record(item, position, header, came)
    return HarvestedRecord(_header(item), None, None) if name == "header" else None


def _record(
    item: etree._Element, position: int, known: Header | None, came: bytes
) -> HarvestedRecord:
    header: Header | None = None
    metadata: etree._Element | None = None
    payload: etree._Element | None = None
    about: list[bytes] = []
    for part in item:
        name = local(part.tag)
        if name == "header":
            plain = header is None and known is not None and _names(part, known)
            header = known if plain else _header(part)
        elif name == "metadata":
            metadata = part
        elif name == "about":
            about.extend(map(_bytes, part))
        else:
            payload = part
    if header is None or not header.identifier:
        return _nameless(item, header, position)
    if header.deleted:
        return HarvestedRecord(header, None, None, tuple(about), came=came)
    found = _payload(metadata) if metadata is not None else payload
    original = _bytes(found) if found is not None else None
    return HarvestedRecord(header, found, original, tuple(about), came=came)


def _names(element: etree._Element, header: Header) -> bool:
    """Tell whether a header element begins with the identifier of a header."""
    return len(element) > 0 and (element[0].text or "").strip() == header.identifier


def _header(element: etree._Element) -> Header:
    identifier = datestamp = ""
    sets: list[str] = []
    for part in element:
        name = local(part.tag)
        text = (part.text or "").strip()
        if name == "identifier":
            identifier = text[:LONGEST_IDENTIFIER]
        elif name == "datestamp":
            datestamp = text
        elif name == "setSpec" and text:
            sets.append(text)
    deleted = element.get("status", "").strip().lower() == "deleted"
    return Header(identifier, datestamp, tuple(dict.fromkeys(sets)), deleted)


def _payload(metadata: etree._Element) -> etree._Element | None:
    """Return the only child of `<metadata>`, itself if that is not all it holds, or nothing."""
    text = metadata.text
    if len(metadata) == 1 and (not text or text.isspace()):
        only = metadata[0]
        return only if len(only) or (only.text and not only.text.isspace()) else None
    return metadata if len(metadata) or (text and not text.isspace()) else None


def _bytes(element: etree._Element) -> bytes:
    """Return an element as it stands, with the namespaces that are in scope, without its tail."""
    return etree.tostring(element, encoding="UTF-8", with_tail=False)


def _nameless(item: etree._Element, header: Header | None, position: int) -> HarvestedRecord:
    return HarvestedRecord(
        header or Header(""),
        None,
        _bytes(item),
        quarantine="record-without-name",
        reason=f"Record {position} of the page has no identifier.",
    )


def _lost(lost: Lost) -> HarvestedRecord:
    header = _header(lost.header) if lost.header is not None else Header("")
    cause = "record-unreadable" if header.identifier else "record-without-name"
    return HarvestedRecord(
        header,
        None,
        None if header.deleted else lost.raw.encode("utf-8", "replace"),
        quarantine="" if header.deleted and header.identifier else cause,
        reason=f"Record {lost.position} of the page is not well-formed and could not be mended.",
    )


def _by_record(repairs: tuple[Repair, ...]) -> dict[str, list[Repair]]:
    found: dict[str, list[Repair]] = {}
    for repair in repairs:
        if repair.identifier:
            found.setdefault(repair.identifier, []).append(repair)
    return found


def _with_repairs(record: HarvestedRecord, mended: dict[str, list[Repair]]) -> HarvestedRecord:
    repairs = mended.get(record.header.identifier) if mended else None
    return replace(record, problems=tuple(map(_recovered, repairs))) if repairs else record


def _recovered(repair: Repair) -> Problem:
    words = KINDS.get(repair.name, repair.name)
    return problem(
        "xml.recovered",
        value=repair.excerpt,
        message=f"The record was mended before it was read: it held {words} ({repair.name}).",
    )


def _unique(
    records: tuple[HarvestedRecord, ...], response_date: str
) -> tuple[HarvestedRecord, ...]:
    """Keep one version of each record: the later datestamp, at a tie the live one."""
    if len({record.header.identifier for record in records}) == len(records):
        return records
    chosen: dict[object, HarvestedRecord] = {}
    for number, record in enumerate(records):
        key: object = record.header.identifier or number
        known = chosen.get(key)
        if known is None or _order(record, response_date) >= _order(known, response_date):
            chosen[key] = record
    return tuple(chosen.values())


def _order(record: HarvestedRecord, response_date: str) -> int:
    return newness(record.header, response_date)
