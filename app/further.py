"""Renders the formats that were switched on for the records that are there, a batch at a time.

Each batch is one transaction, in which only those formats get a new datestamp, and only where their
bytes differ; where a run ended, the next one goes on.
"""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct
from msgspec.structs import replace

from app import ingest
from app.crosswalks import provenance
from app.crosswalks.further import Renderer
from app.crosswalks.presenting import PREFIXES_STORED, about
from app.crosswalks.xml import MalformedXML, namespace, parse
from app.datacite.resource import decode
from app.errors import NotFound
from app.record import Change
from app.store import Store, further
from app.store.further import Switched
from app.store.keeping import count_kept, kept
from app.store.rerendering import RENDERED
from app.store.values import Kept, Repository

BATCH = 200
"""Records in one transaction."""


class Outcome(Struct):
    """What a run came to."""

    read: int = 0
    rendered: int = 0
    """Renderings that could be made, also those that were there."""
    lacking: int = 0
    """Pairs of a record and a format that cannot be; `garnery repository missing` tells why."""
    ended: int = 0
    """Renderings that were taken back."""

    def add(self, other: Outcome) -> None:
        """Take in what another repository's records came to."""
        for name in self.__struct_fields__:
            setattr(self, name, getattr(self, name) + getattr(other, name))


Show = Callable[[Outcome], None]


def total(store: Store, repository: Repository) -> int:
    """Return how many records `apply` goes through, from the start."""
    return count_kept(store, repository.id, not_by=None)


def apply(
    store: Store,
    repository: Repository,
    renderer: Renderer,
    switched: Switched,
    *,
    every: bool = False,
    at_batch_end: Show | None = None,
) -> Outcome:
    """Render the further formats of a repository's records; whoever calls holds the repository.

    every: from the start, even if all were gone through. at_batch_end: told after each batch; what
    it raises ends the run there.
    """
    outcome = Outcome()
    after = 0 if every else further.reached(store, repository.id, switched)
    while after is not None:
        batch = kept(store, repository.id, not_by=None, after=after, limit=BATCH)
        changes = [_change(store, one, repository, renderer, outcome) for one in batch]
        store.records.apply(repository.id, None, "", [c for c in changes if c is not None])
        after = batch[-1].record.id if batch else None
        further.note(store, repository.id, switched, after)
        if at_batch_end is not None:
            at_batch_end(outcome)
    return outcome


def prune(
    store: Store, repository: Repository, prefix: str, *, at_batch_end: Show | None = None
) -> Outcome:
    """Take back the renderings of a format that is switched off.

    Whoever calls holds the repository. Tombstones stay behind, for those who have harvested it,
    should it be switched on again.
    """
    outcome, after = Outcome(), 0
    while batch := kept(store, repository.id, not_by=None, after=after, limit=BATCH):
        after = batch[-1].record.id
        having = [one for one in batch if _has(store, one, prefix)]
        changes = [replace(_empty(one), ended=(prefix,)) for one in having]
        store.records.apply(repository.id, None, "", changes)
        outcome.read += len(batch)
        outcome.ended += len(having)
        if at_batch_end is not None:
            at_batch_end(outcome)
    return outcome


def require_stored(store: Store, prefix: str) -> None:
    """Raise NotFound unless anything is stored under a prefix."""
    if not store.records.has_any(prefix):
        raise NotFound(f"Nothing is stored in the format {prefix}.")


def _has(store: Store, one: Kept, prefix: str) -> bool:
    return (prefix, False) in store.records.prefixes(one.record.local_id)


def _change(
    store: Store, one: Kept, repository: Repository, renderer: Renderer, outcome: Outcome
) -> Change | None:
    """Return what rendering a record makes necessary; None where nothing can be said of it."""
    outcome.read += 1
    if one.record.own_state != "live" or one.resource is None or one.original is None:
        return None
    made = renderer.render(decode(one.resource), one.original, store.now().date())
    outcome.rendered += len(made.renderings)
    outcome.lacking += len(made.reasons)
    shown = _about(store, one, repository)
    own = provenance.untouched(shown)
    return replace(
        _empty(one),
        renderings=made.renderings,
        ended=tuple(made.reasons),
        about=shown or None,
        abouts=dict.fromkeys(made.untouched, own) if shown else {},
    )


def _empty(one: Kept) -> Change:
    record = one.record
    return Change(
        RENDERED, record.local_id, record.identifier, record.datestamp, sets=record.sets,
        came=None,
    )  # fmt: skip


def _about(store: Store, one: Kept, repository: Repository) -> bytes:
    """Return the about that the record is shown with, made anew if it is not shown."""
    row = store.records.row(one.record.local_id, PREFIXES_STORED[0])
    if row is not None and row.about:
        return row.about
    chains = provenance.chains((one.source_about,) if one.source_about else ())
    origin = ingest.origin_of(repository, one.response_date)
    return about(_empty(one), _namespace(one.original), chains, origin)


def _namespace(original: bytes | None) -> str:
    try:
        return namespace(parse(original)) if original else ""
    except MalformedXML:
        return ""
