"""One page on its way in: each record is decided upon, what it brings is counted.

No writing here: a page goes in as values and comes out as changes, counts and failures.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from msgspec import Struct
from msgspec.structs import replace

from app import ingest
from app.crosswalks import Defaults
from app.crosswalks.further import Renderer
from app.record import Change, Counts, Listed, Origin, Previous, local_id
from app.store.values import Failure
from harvesters.base import HarvestedRecord, Page


class Circumstances(Struct, frozen=True):
    """What is the same for all records of a run."""

    origin: Origin
    prefix: str
    today: date
    own_url: str
    """The hub's own OAI-PMH address: its records that come home are not taken in."""
    further: Renderer | None = None
    """Renders the formats that are switched on besides."""


class Intake(Struct, frozen=True):
    """What a page brought."""

    changes: tuple[Change, ...] = ()
    counts: Counts = Counts()
    failures: tuple[Failure, ...] = ()
    listed: Listed = Listed()
    own: int = 0
    """Records of this hub that came home, and were not taken in."""


_NONE: Mapping[str, str] = {}
KINDS = {
    "new": Counts(seen=1, new=1),
    "changed": Counts(seen=1, changed=1),
    "retouched": Counts(seen=1, unchanged=1),
    "deleted": Counts(seen=1, removed=1),
    "quarantined": Counts(seen=1, quarantined=1),
    "unchanged": Counts(seen=1, unchanged=1),
}


def names_of(page: Page, member: str, known: Mapping[str, str] = _NONE) -> tuple[str, ...]:
    """Return the local id of each record of a page, in its order; known: by identifier."""
    return tuple(
        known.get(record.header.identifier)
        or local_id(member, record.header.identifier or _unnamed(record))
        for record in page.records
    )


def _unnamed(record: HarvestedRecord) -> str:
    return f"unnamed:{ingest.fingerprint(record).hex()}"


def take_in(
    page: Page,
    names: Sequence[str],
    previous: Mapping[str, Previous],
    around: Circumstances,
) -> Intake:
    """Decide on every record of a page."""
    changes: list[Change] = []
    failures: list[Failure] = []
    kinds: dict[str, int] = dict.fromkeys(KINDS, 0)
    own = 0
    decided = _decided(page, names, previous, around)
    for name, record, change in zip(names, page.records, decided, strict=True):
        before = previous.get(name)
        if change is not None:
            changes.append(change)
        own += change is None and before is None and not record.known
        failure = _set_aside(record, change, before)
        if record.again and (failure is not None or change is None):
            continue  # it was counted when it came first
        if failure is not None:
            failures.append(failure)
            kinds["quarantined"] += 1
        else:
            kinds[change.kind if change is not None else "unchanged"] += 1
    listed = _listed(page, names, previous, {change.local_id for change in changes})
    return Intake(tuple(changes), _sum(kinds), tuple(failures), listed, own)


def _listed(
    page: Page, names: Sequence[str], previous: Mapping[str, Previous], changed: set[str]
) -> Listed:
    gone = [record.header.deleted for record in page.records]
    return Listed(
        came=tuple(
            (record.came, before.id)
            for name, record in zip(names, page.records, strict=True)
            if record.came
            and name not in changed
            and (before := previous.get(name)) is not None
            and _came_anew(record, before)
        ),
        live=tuple(name for name, deleted in zip(names, gone, strict=True) if not deleted),
        deleted=tuple(name for name, deleted in zip(names, gone, strict=True) if deleted),
    )


def _came_anew(record: HarvestedRecord, before: Previous) -> bool:
    """Tell whether an unchanged record came in other bytes than before.

    One with abouts may be the hub's own, come home: then it is not what the hub has.
    """
    return record.came != before.came and before.state == "live" and not record.about


def _set_aside(
    record: HarvestedRecord, change: Change | None, before: Previous | None
) -> Failure | None:
    """Return the failure of a record that cannot be read, also if that was known before."""
    identifier = record.header.identifier
    if change is not None:
        return _failure(change.quarantine, change.reason, identifier) if change.quarantine else None
    if before is None or not before.quarantine or record.header.deleted:
        return None
    return _failure(before.quarantine, "It still cannot be read, as it came before.", identifier)


def _decided(
    page: Page, names: Sequence[str], previous: Mapping[str, Previous], around: Circumstances
) -> list[Change | None]:
    """Return what each record changes; what is known changes nothing."""
    prefix = _one(around.prefix)
    asked = [
        ingest.Asked(record, previous.get(name), record.prefix or prefix, name)
        for name, record in zip(names, page.records, strict=True)
        if not record.known
    ]
    origin = replace(around.origin, response_date=page.response_date)
    given = ingest.Given(origin, Defaults(), around.today, around.own_url, around.further)
    found = iter(ingest.decide_all(asked, given))
    return [None if record.known else next(found) for record in page.records]


def _one(prefix: str) -> str:
    """Return the prefix that a list was asked for with: the first, where there are several."""
    return "" if prefix == "auto" else prefix.partition(" ")[0]


def _failure(cause: str, reason: str, identifier: str) -> Failure:
    return Failure(0, 0, cause, reason, identifier)


def _sum(kinds: Mapping[str, int]) -> Counts:
    return Counts(
        seen=sum(kinds.values()),
        new=kinds["new"],
        changed=kinds["changed"],
        unchanged=kinds["unchanged"] + kinds["retouched"],
        removed=kinds["deleted"],
        quarantined=kinds["quarantined"],
    )
