"""What is kept as counts: of each repository its records by state, and the rules they break."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from app.findings import Finding
from app.store.auditing import Audit, Counted, Whole

if TYPE_CHECKING:
    from app.settings import Settings

_CURE = "Restore a backup; if it was so before already, tell the makers of Garnery."


class Counts:
    """Counts once more."""

    def __init__(self, _settings: Settings) -> None:
        self._states: dict[str, Counter[str]] = {}
        self._rules: dict[str, Counter[str]] = {}

    def look(self, whole: Whole) -> Iterator[Finding]:
        """Count a record."""
        record = whole.kept.record
        states = self._states.setdefault(record.repository, Counter())
        states[record.state] += 1
        states["quarantined"] += record.quarantine != ""
        rules = whole.rules if record.state == record.own_state else ()
        self._rules.setdefault(record.repository, Counter()).update(rules)
        return iter(())

    def end(self, audit: Audit) -> Iterator[Finding]:
        """Name the repositories whose counts are not those of their records."""
        for kept in audit.counts().values():
            states = self._states.get(kept.name, Counter())
            for state in ("live", "deleted", "withdrawn", "quarantined"):
                number = getattr(kept, state)
                if number != states[state]:
                    said = (
                        f"{kept.name}: {number:,} records count as {state}, {states[state]:,} are."
                    )
                    yield Finding("count-differs", "error", said, _CURE)
            yield from self._of_rules(kept)

    def _of_rules(self, kept: Counted) -> Iterator[Finding]:
        found = {rule: n for rule, n in self._rules.get(kept.name, Counter()).items() if n}
        counted = dict(kept.rules)
        wrong = sorted(r for r in found.keys() | counted if found.get(r, 0) != counted.get(r, 0))
        if wrong:
            said = (
                f"{kept.name}: the counts of {', '.join(wrong[:5])} are not those of its records."
            )
            yield Finding("rule-count-differs", "warning", said, _CURE)
