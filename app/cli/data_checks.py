"""What `garnery check` finds in the data themselves: every record, a restore, the read replica."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from app.cli.findings import Finding
from app.errors import SchemaOutdated, SchemaTooNew, StoreError

if TYPE_CHECKING:
    from app.cli.manners import Call
    from app.settings import Settings
    from app.store import Store


def deep(call: Call, *, mend: bool) -> Iterator[Finding]:
    """Read every record; a database that cannot be used is named by the other checks."""
    from app.cli.watching import telling
    from app.deep import examine

    try:
        store, settings = call.store, call.settings
        with telling(call) as tell:
            yield from examine(store, settings, tell, mend=mend)
    except (SchemaOutdated, SchemaTooNew):
        return
    except StoreError as error:
        said = f"The records could not all be read: {error}"
        yield Finding("unread", "error", said, "Mend the database, then check again.")


def of_restore(store: Store) -> Iterator[Finding]:
    """Name the members that have not been read whole since the hub was restored."""
    from app.store.archiving import RESTORED, restored

    moments = restored(store.hub.get(RESTORED))
    if moments is None:
        return
    at, taken_at = moments
    late = [
        r.name
        for r in store.repositories.list()
        if r.base_url and (r.last_whole_at is None or r.last_whole_at < at)
    ]
    if late:
        more = " …" if len(late) > 5 else ""
        yield Finding(
            "restored",
            "warning",
            f"The hub was restored at {at:%Y-%m-%d %H:%M} UTC from a backup of "
            f"{taken_at:%Y-%m-%d %H:%M} UTC, and {len(late):,} members were not read whole since: "
            f"{', '.join(late[:5])}{more}.",
            "garnery harvest --all --full --queue",
        )


def of_replica(settings: Settings) -> Iterator[Finding]:
    """Name a read replica that is none, or lags."""
    if not settings.database.read_url:
        return
    from app.store.replica import look

    found = look(settings.database.url, settings.database.read_url)
    if found.fault:
        yield Finding("replica", "error", found.fault, "Correct database.read_url, or empty it.")
    elif found.lag > settings.database.read_lag:
        yield Finding(
            "replica-lag",
            "warning",
            f"The read replica lags {found.lag:,.1f} s behind; meanwhile the web reads from "
            "database.url.",
            "Look at its load and its network; database.read_lag is what it may lag.",
        )
