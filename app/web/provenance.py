"""Where a record comes from, and in which formats it can be had, as rows for its page.

Pure: what the store holds of the record and what the hub is called go in.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import msgspec
from msgspec import Struct

from app import clock
from app.crosswalks import FORMATS
from app.crosswalks.provenance import UNKNOWN
from app.datacite.rules import RULES
from app.record import oai_identifier
from app.web import marks, words
from app.web.marks import Mark
from app.web.record_facts import Fact, Value, shortened
from app.web.record_offers import OFFERS

if TYPE_CHECKING:
    from app.crosswalks.provenance import OriginDescription
    from app.datacite.problem import Problem
    from app.repairs import Told
    from app.store.values import Repository, StoredRecord

SHOWN, LONGEST = 25, 300
"""Values of a row, characters of a value."""
LACKING = "The record lacks what this format cannot be written without."


class Format(Struct, frozen=True):
    """A format on offer, with its address, or the reason why this record has none."""

    name: str
    title: str
    href: str
    reason: str = ""


class Note(Struct, frozen=True):
    """A problem of the record with what to do about it."""

    mark: Mark
    rule: str
    path: str
    message: str
    value: str


class Inferred(Struct, frozen=True):
    """A value that was not stated but inferred: where it stands, by which rule, from which text."""

    path: str
    rule: str
    source: str


def _address(repository: Repository | None) -> list[Value]:
    address = repository.public_url if repository else ""
    return [Value(address)] if address else []


def provenance(
    stored: StoredRecord,
    repository: Repository | None,
    domain: str,
    repaired: Sequence[Told] = (),
    before: Sequence[OriginDescription] = (),
) -> tuple[Fact, ...]:
    """Return where the record comes from, as rows of label and values.

    repaired: what was mended in it when it last changed. before: where the repository had it from,
    by its own word, newest first.
    """
    ours = oai_identifier(domain, stored.local_id)
    request = f"/oai?verb=GetRecord&metadataPrefix=oai_dc&identifier={quote(ours, safe=':')}"
    of_harvest = Value(f"Harvest {stored.harvest}", f"/harvests/{stored.harvest}")
    rows = (
        ("Repository", _repository(stored, repository)),
        ("Its OAI-PMH address", _address(repository)),
        ("Identifier there", [Value(stored.identifier)]),
        ("Datestamp there", [Value(stored.datestamp)]),
        ("Sets there", list(map(Value, stored.source_sets))),
        ("It came there from", list(map(_origin, before))),
        ("Format received", [Value(_format_title(stored.format), small=_asked(stored))]),
        ("Read by", [Value(_crosswalk(stored))]),
        ("Repairs made", [_repair(told) for told in repaired]),
        ("First harvested", _moment(stored.first_harvested_at)),
        ("Last changed", _moment(stored.last_changed_at)),
        ("Last confirmed", _confirmed(stored, repository)),
        ("Changed by", [of_harvest] if stored.harvest else []),
        ("OAI identifier here", [Value(ours, request if stored.stamp else "")]),
        ("Datestamp here", _stamp(stored.stamp)),
        ("Sets here", list(map(_set, stored.sets))),
    )
    return tuple(_fact(label, values) for label, values in rows if any(v.text for v in values))


def formats(local_id: str, written: Collection[str]) -> tuple[Format, ...]:
    """Return the formats on offer; `written` are those that the record can be given in."""
    return tuple(
        Format(
            offer.name,
            offer.title,
            f"/records/{local_id}?format={offer.name}",
            "" if offer.name in written else LACKING,
        )
        for offer in OFFERS.values()
        if offer.listed
    )


def notes(problems: Sequence[Problem]) -> tuple[Note, ...]:
    """Return the problems of a record, the gravest first."""
    order = list(marks.SEVERITIES)
    return tuple(
        Note(marks.severity(p.severity), p.rule, p.path, p.message or _advice(p.rule), p.value)
        for p in sorted(problems, key=lambda p: order.index(p.severity))
    )


def inferred(inferences: bytes, limit: int) -> tuple[Inferred, ...]:
    """Return what was inferred, from the JSON list of [path, rule, source] that the store keeps."""
    rows: list[list[Any]] = msgspec.json.decode(inferences or b"[]")
    return tuple(Inferred(*map(str, row[:3])) for row in rows[:limit] if len(row) >= 3)


def unconfirmed(
    stored: StoredRecord, repository: Repository | None, state: str, now: datetime
) -> datetime | None:
    """Return since when nobody confirmed the record, if that is over 30 days; else None."""
    whole = repository.last_whole_at if repository else None
    if stored.state != "live" or state not in ("failing", "late") or whole is None:
        return None
    return whole.astimezone(UTC) if (now - whole).days > 30 else None


def _fact(label: str, values: list[Value]) -> Fact:
    shown = tuple(shortened(v, LONGEST) for v in values[:SHOWN] if v.text)
    return Fact(label, shown, "", max(0, len(values) - SHOWN))


def _repository(stored: StoredRecord, repository: Repository | None) -> list[Value]:
    title = stored.repository_title or stored.repository
    return [Value(title, f"/repositories/{stored.repository}" if repository else "")]


def _format_title(name: str) -> str:
    known = FORMATS.get(name)
    return known.title if known else name


def _crosswalk(stored: StoredRecord) -> str:
    if not stored.format or not stored.crosswalk:
        return ""
    return f"version {stored.crosswalk} of the crosswalk from {_format_title(stored.format)}"


def _asked(stored: StoredRecord) -> str:
    return f"asked for as {stored.prefix}" if stored.prefix else ""


def _moment(at: datetime | None) -> list[Value]:
    return [Value(words.minute(at), moment=clock.text(at))] if at else []


def _stamp(stamp: int) -> list[Value]:
    told = clock.text(stamp) if stamp else ""
    return [Value(told, moment=told)] if told else []


def _origin(step: OriginDescription) -> Value:
    """Return a step of a record's way to its repository."""
    day = step.harvest_date[:10]
    told = (
        step.identifier,
        f"harvested {day}" if day and day != UNKNOWN else "",
        "altered" if step.altered else "",
    )
    return Value(step.base_url or step.identifier, small=", ".join(filter(None, told)))


def _confirmed(stored: StoredRecord, repository: Repository | None) -> list[Value]:
    """Return when the last whole harvest left the record as it is."""
    return _moment(repository.last_whole_at) if repository and stored.state == "live" else []


def _repair(told: Told) -> Value:
    return Value(f"{told.count:,} × {told.words}", small=told.name)


def _set(spec: str) -> Value:
    address = f"/oai?verb=ListIdentifiers&metadataPrefix=oai_dc&set={quote(spec, safe=':')}"
    return Value(spec, address)


def _advice(rule: str) -> str:
    known = RULES.get(rule)
    return known.message if known else ""
