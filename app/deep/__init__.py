"""The deep check: every record is read again, and all that is kept of it held against it.

    one snapshot ─▶ records, whole ─▶ each comparison looks at each ─▶ and at the sums in the end

It changes nothing, and holds a few hundred records at a time. What is compared is listed in
`COMPARISONS`: whoever keeps something that follows from records adds a class there. What can be
made anew from originals is, if that is asked for: such records are set aside, to be read again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import TYPE_CHECKING

from app.deep.comparison import Comparison
from app.deep.counts import Counts
from app.deep.history import History
from app.deep.kept import KeptBytes
from app.deep.links import Links
from app.deep.lists import Lists
from app.deep.renderings import Renderings
from app.deep.summaries import Summaries
from app.findings import Finding
from app.store.auditing import audit

if TYPE_CHECKING:
    from app.settings import Settings
    from app.store import Store

COMPARISONS: tuple[Callable[[Settings], Comparison], ...] = (
    KeptBytes,
    Renderings,
    Lists,
    Summaries,
    Counts,
    Links,
    History,
)
"""What is compared, in this order: each is made once a check."""
MENDED = frozenset(
    (
        "rendering-damaged", "rendering-missing", "rendering-differs", "digest-differs",
        "reading-damaged", "reading-missing", "reading-differs", "summary-differs",
    )
)  # fmt: skip
"""What a record is mended of by reading its original again."""
NAMED = 20
"""Findings of one kind that are given; more are only counted."""
Told = Callable[[str, int, int | None], None]


def examine(
    store: Store, settings: Settings, told: Told = lambda *_: None, *, named: int = NAMED,
    mend: bool = False,
) -> Iterator[Finding]:  # fmt: skip
    """Yield what is wrong with what is kept; nothing of it is changed.

    told: is told in words how far it is, and how many records of how many are done. mend: in the
    end, records with faults of `MENDED` are set aside, to be read and rendered anew.
    """
    counted: Counter[tuple[str, str]] = Counter()
    aside: list[int] = []
    for finding in _all(store, settings, told, aside):
        kind = (finding.id, finding.severity)
        counted[kind] += 1
        if counted[kind] <= named:
            yield finding
    for (name, severity), number in counted.items():
        if number > named:
            more = f"{number - named:,} more of these were found, {number:,} in all."
            yield Finding(name, severity, more, "As with those that are named.")
    for number in aside if mend else ():
        store.records.set_aside(number)


def _all(
    store: Store, settings: Settings, told: Told, aside: list[int]
) -> Iterator[Finding]:  # fmt: skip
    comparisons = [make(settings) for make in COMPARISONS]
    with ExitStack() as stack:
        taken = stack.enter_context(audit(store))
        for fault in taken.faults():
            cure = "Restore a backup, or copy what is left with `garnery db backup`; test the disk."
            yield Finding("database-damaged", "error", f"The database says: {fault}", cure)
        of = taken.total()
        for done, whole in enumerate(taken.walk(), 1):
            found = [one for comparison in comparisons for one in comparison.look(whole)]
            if any(one.id in MENDED for one in found):
                aside.append(whole.kept.record.id)
            yield from found
            if done % 200 == 0 or done == of:
                told(f"{done:,} of {of:,} records read", done, of)
        for comparison in comparisons:
            yield from comparison.end(taken)
