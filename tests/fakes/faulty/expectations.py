"""What one full harvest of a scenario must lead to, and the verdict on one that was made."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

NUMBERS = tuple(range(1, 10))

COMPLETE = "complete"
QUARANTINE = "complete-with-quarantine"
INCOMPLETE = "incomplete"
DEFERRED = "deferred"
FAILED = "failed"
SUCCESSES = (COMPLETE, QUARANTINE)
OUTCOMES = (*SUCCESSES, INCOMPLETE, DEFERRED, FAILED)


def identifier(number: int) -> str:
    """The OAI identifier of record r<number>."""
    return f"oai:faulty.example:r{number}"


@dataclass(frozen=True, slots=True)
class Expectation:
    """What one full harvest of a scenario must lead to, told in record numbers."""

    live: tuple[int, ...] = NUMBERS
    """Records that must be in the store, live, with the right title."""
    deleted: tuple[int, ...] = ()
    """Records that the repository calls deleted: counted, and never live."""
    optional: tuple[int, ...] = ()
    """Records that may be obtained or quarantined; both are right."""
    lost: tuple[int, ...] = ()
    """Records that nobody can obtain: they must be quarantined by identifier."""
    unnamed_losses: int = 0
    """Losses whose identifier cannot be known: the report must show where they lie."""
    outcomes: tuple[str, ...] = (COMPLETE,)
    """The run must end in one of these."""
    may_fall_short: bool = False
    """A run reported incomplete or failed is right even if records of `live` are missing."""
    repairs: tuple[str, ...] = ()
    """Repairs that must be disclosed to the operator and the member."""
    titles: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    """Acceptable titles where they differ from "Café r<number>"."""

    def titles_of(self, number: int) -> tuple[str, ...]:
        """Titles that count as right for a record, compared by `comparable`."""
        return self.titles.get(number, (f"Café r{number}",))


ALL = Expectation()
ALL_OR_LOUD = Expectation(outcomes=(COMPLETE, INCOMPLETE, FAILED), may_fall_short=True)


def repaired(*names: str, **changes: Any) -> Expectation:
    """All nine records, after repairs that are disclosed."""
    return replace(ALL, repairs=names, **changes)


def without(number: int, **changes: Any) -> Expectation:
    """All records but one."""
    return replace(ALL, live=tuple(n for n in NUMBERS if n != number), **changes)


def comparable(title: str) -> str:
    """A title as compared: what a repair may drop or replace is left out on both sides."""
    kept = (c for c in unicodedata.normalize("NFC", title) if c >= " " and c != "\ufffd")
    return " ".join("".join(kept).replace("\u00a0", " ").split())


def wrong_title(expect: Expectation, number: int, title: str | None) -> bool:
    """Whether a record was obtained with a title that is not one of the right ones."""
    right = {comparable(accepted) for accepted in expect.titles_of(number)}
    return title is not None and comparable(title) not in right


def judge(
    expect: Expectation,
    *,
    outcome: str,
    live: Mapping[str, str],
    quarantined: Collection[str] = (),
) -> str:
    """Weigh one finished run against an expectation.

    `live` maps the identifiers of live records to their titles; `quarantined` holds the
    identifiers that the run names as not obtained. The verdict is one of

    - OK: as expected;
    - LOUD: the run says that it fell short, where more could have been obtained;
    - SILENT: the run claims success, and records are missing that it does not name;
    - GARBLED: a title is wrong;
    - PHANTOM: a record is live that must not be.

    A run that does not end is the caller's to notice: give it a time limit.
    """
    if outcome not in OUTCOMES:
        raise ValueError(f"unknown outcome {outcome!r}; known are {', '.join(OUTCOMES)}")
    wanted = {identifier(n) for n in expect.live}
    allowed = wanted | {identifier(n) for n in expect.optional}
    if set(live) - allowed:
        return "PHANTOM"
    numbers = (*expect.live, *expect.optional)
    if any(wrong_title(expect, n, live.get(identifier(n))) for n in numbers):
        return "GARBLED"
    missing = wanted - set(live)
    if outcome not in SUCCESSES:
        enough = expect.may_fall_short or not missing
        return "OK" if enough and outcome in expect.outcomes else "LOUD"
    unheard = allowed - wanted - set(live)
    if outcome == COMPLETE and (unheard or COMPLETE not in expect.outcomes):
        return "SILENT"
    to_name = missing | {identifier(n) for n in expect.lost}
    if not expect.unnamed_losses:
        to_name |= unheard
    if to_name - set(quarantined):
        return "SILENT"
    return "OK" if not missing and outcome in expect.outcomes else "LOUD"
