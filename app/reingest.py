"""Reads kept originals again with the crosswalks of today, so that better rules need no harvest.

A record whose resource stays the same gets no new datestamp; one that can be read no more stays as
it is shown. Each batch is one transaction, and what has been read by today's crosswalks is not read
again, so a run that was ended goes on where it was.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from app import ingest
from app.crosswalks import CROSSWALK, provenance
from app.crosswalks.further import Renderer
from app.crosswalks.presenting import PREFIXES_STORED
from app.crosswalks.xml import MalformedXML, children, parse, serialised
from app.datacite.problem import Problem
from app.ingest import Incoming
from app.record import Change, Header, Previous
from app.store import Store
from app.store.keeping import count_kept, kept
from app.store.values import Kept, Repository

BATCH = 200
"""Records in one transaction."""
SAMPLES = 20
"""Records that got worse and are named."""
_OF_THE_WAY = frozenset(("xml.recovered",))
"""Rules that speak of how a record came, not of what is in it."""
_OUTDATED = -1
_END_OF_ABOUT = b"</about>"


class Worse(Struct, frozen=True):
    """A record that today's crosswalks read worse than before, and in what way."""

    local_id: str
    identifier: str
    reason: str


class Outcome(Struct):
    """What reading again brought; `fields` counts the records in which a property differs."""

    read: int = 0
    changed: int = 0
    unchanged: int = 0
    unreadable: int = 0
    """Records that could not be read before either."""
    worse: int = 0
    samples: list[Worse] = msgspec.field(default_factory=list)
    fields: Counter[str] = msgspec.field(default_factory=Counter)

    def add(self, other: Outcome) -> None:
        """Take in what another repository's records came to."""
        for name in ("read", "changed", "unchanged", "unreadable", "worse"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.samples.extend(other.samples[: SAMPLES - len(self.samples)])
        self.fields.update(other.fields)


Show = Callable[[Outcome], None]


class Again(Struct, frozen=True):
    """One record read again: its change, if it is to be written, and how it compares."""

    change: Change | None
    kind: str
    """`changed`, `unchanged`, `unreadable`."""
    worse: str = ""
    """A sentence, when it is worse than before."""
    fields: tuple[str, ...] = ()


def total(store: Store, repository: Repository, *, prefix: str = "", every: bool = False) -> int:
    """Return how many records `reingest` would read."""
    return count_kept(store, repository.id, not_by=_version(every=every), prefix=prefix)


def _version(*, every: bool) -> int | None:
    return None if every else CROSSWALK


def reingest(
    store: Store,
    repository: Repository,
    *,
    own_url: str,
    prefix: str = "",
    every: bool = False,
    dry_run: bool = False,
    further: Renderer | None = None,
    at_batch_end: Show | None = None,
) -> Outcome:
    """Read a repository's originals again; whoever calls holds the repository.

    prefix: only records asked for with this metadataPrefix. every: also records that today's
    crosswalks have read. dry_run: compare, but write nothing. at_batch_end: told after each batch;
    what it raises ends the run there. own_url: the hub's own OAI-PMH address. further: renders the
    formats that are switched on besides.
    """
    outcome, after = Outcome(), 0
    while True:
        batch = kept(
            store, repository.id, not_by=_version(every=every), prefix=prefix, after=after,
            limit=BATCH,
        )  # fmt: skip
        if not batch:
            return outcome
        after = batch[-1].record.id
        changes = _batch(store, repository, batch, outcome, own_url, further)
        if changes and not dry_run:
            store.records.apply(repository.id, None, "", changes)
        if at_batch_end is not None:
            at_batch_end(outcome)


def _batch(
    store: Store, repository: Repository, batch: Sequence[Kept], outcome: Outcome, own_url: str,
    further: Renderer | None,
) -> list[Change]:  # fmt: skip
    previous = store.records.previous([one.record.local_id for one in batch])
    today = store.now().date()
    changes: list[Change] = []
    for one in batch:
        before = previous[one.record.local_id]
        found = read_again(one, before, repository, own_url=own_url, today=today, further=further)
        _count(outcome, one, found)
        if found.change is not None:
            changes.append(_with_about(store, found.change))
    return changes


def _count(outcome: Outcome, one: Kept, found: Again) -> None:
    outcome.read += 1
    setattr(outcome, found.kind, getattr(outcome, found.kind) + 1)
    outcome.fields.update(found.fields)
    if found.worse:
        outcome.worse += 1
        if len(outcome.samples) < SAMPLES:
            name = one.record
            outcome.samples.append(Worse(name.local_id, name.identifier, found.worse))


def read_again(
    one: Kept, before: Previous, repository: Repository, *, own_url: str, today: date,
    further: Renderer | None = None,
) -> Again:  # fmt: skip
    """Decide on one record as if it had come anew. Pure; never raises."""
    record = one.record
    change = ingest.decide(
        _incoming(one),
        replace(before, crosswalk=_OUTDATED),
        origin=ingest.origin_of(repository, one.response_date),
        prefix=record.prefix,
        today=today,
        base_url=own_url,
        further=further,
    )
    if change is None:
        return Again(None, "unchanged")
    if change.kind == "quarantined":
        if before.quarantine or before.state != "live":
            return Again(None, "unreadable")
        return Again(None, "unreadable", worse=f"It can be read no more: {change.reason}")
    change = replace(change, came=None)
    kind = "unchanged" if change.kind == "retouched" else "changed"
    fields = _differences(one.resource, change.resource) if kind == "changed" else ()
    return Again(change, kind, _worse(one, change), fields)


def _incoming(one: Kept) -> Incoming:
    record = one.record
    header = Header(record.identifier, record.datestamp, record.source_sets)
    problems = tuple(p for p in one.problems if p.rule in _OF_THE_WAY)
    abouts = _abouts(one.source_about)
    if one.original is None:
        damaged = "The bytes that were kept are damaged; harvest the repository in full."
        return Incoming(header, quarantine=ingest.UNREADABLE, reason=damaged)
    if ingest.is_json(one.original):
        return Incoming(header, None, one.original, abouts, problems)
    try:
        metadata = parse(one.original)
    except MalformedXML as error:
        return Incoming(header, None, one.original, abouts, problems, ingest.UNREADABLE, str(error))
    return Incoming(header, metadata, one.original, abouts, problems)


def _abouts(joined: bytes | None) -> tuple[bytes, ...]:
    """Part the about elements of a source, which are kept as one text."""
    if not joined:
        return ()
    try:
        root = parse(b"<abouts>" + joined + b"</abouts>")
    except MalformedXML:
        return (joined,)
    return tuple(serialised(child) for _, child in children(root))


def _with_about(store: Store, change: Change) -> Change:
    """Give a change the harvest date that the record has been shown with."""
    if change.kind == "retouched" or change.about is None:
        return change
    row = store.records.row(change.local_id, PREFIXES_STORED[0], withheld=True)
    shown = provenance.chains((row.about,)) if row is not None and row.about else ()
    found = provenance.chains((change.about,))
    if not shown or not shown[0] or not found:
        return change
    ours, *rest = found[0]
    dated = replace(ours, harvest_date=shown[0][0].harvest_date)
    end = change.about.index(_END_OF_ABOUT) + len(_END_OF_ABOUT)
    about = provenance.about((dated, *rest)) + change.about[end:]
    abouts = dict.fromkeys(change.abouts, provenance.untouched(about))
    return replace(change, about=about, abouts=abouts)


def _worse(one: Kept, change: Change) -> str:
    """Say in what way a reading is worse than the one before; empty if it is not."""
    if one.resource is None:
        return ""
    known = {problem.rule for problem in one.problems}
    new = [p.rule for p in change.problems if _is_error(p) and p.rule not in known]
    return f"New problems: {', '.join(dict.fromkeys(new))}." if new else ""


def _is_error(problem: Problem) -> bool:
    return problem.severity == "error"


def _differences(old: bytes | None, new: bytes | None) -> tuple[str, ...]:
    """Return the properties in which two canonical JSON documents differ."""
    before = msgspec.json.decode(old) if old else {}
    after = msgspec.json.decode(new) if new else {}
    return tuple(k for k in {**before, **after} if before.get(k) != after.get(k))
