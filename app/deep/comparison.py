"""What every comparison of the deep check is: it looks at each record, then at the sums."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from app.findings import Finding
from app.store.auditing import Audit, Whole


class Comparison(Protocol):
    """One kind of thing that is held against the records; made anew for each check."""

    def look(self, whole: Whole) -> Iterator[Finding]:
        """Yield what is wrong with a record; records come by number, each once."""

    def end(self, audit: Audit) -> Iterator[Finding]:
        """Yield what is wrong with the sums, after the last record."""


def named(whole: Whole) -> str:
    """Return how a finding names a record."""
    record = whole.kept.record
    return f"{record.repository}: {record.identifier} ({record.local_id})"


def again(whole: Whole) -> str:
    """Return the commands that write a record anew from its original."""
    name = whole.kept.record.repository
    return f"garnery check --deep --mend; garnery reingest --repository {name}"


def harvest(whole: Whole) -> str:
    """Return the command that has the records of a repository sent anew."""
    return f"garnery harvest {whole.kept.record.repository} --full"


def is_good(whole: Whole) -> bool:
    """Tell whether a record is live, hidden or not, and its newest version could be read."""
    record = whole.kept.record
    return record.own_state == "live" and not record.quarantine
