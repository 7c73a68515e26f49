"""What a hub holds, without times: two hubs that hold the same are equal here."""

from __future__ import annotations

from typing import Any

from app.store import Store

STATES = ("live", "deleted", "unread", "unseen")


def contents(store: Store) -> dict[str, Any]:
    """Every record by its id: state, texts, sets, metadata, original, problems, formats."""
    return {
        record.local_id: (
            record.identifier,
            record.datestamp,
            record.state,
            record.source_sets,
            record.sets,
            record.format,
            record.quarantine,
            record.reason,
            record.summary,
            resource,
            store.records.original(record.local_id),
            store.records.problems(record.local_id),
            store.records.prefixes(record.local_id),
        )
        for record, resource in store.records.iterate(states=STATES)
    }
