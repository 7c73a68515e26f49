"""Whether a list whose end proves nothing was whole: told by reading its halves. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from harvesters.runs.windows import BAD, DOUBTFUL, SHORT, WHOLE, Reading


def is_verified(doubted: Reading, parts: Sequence[Reading]) -> bool:
    """Tell whether the halves of a doubtful list prove that it was whole.

    They do if both have natural ends, or if they bring nothing that it had not. A half that is the
    same list again, with the same doubtful end, proves nothing; nor do halves of a server that
    takes no notice of dates, nor names where numbers do not fit.
    """
    if any(part.end not in (WHOLE, DOUBTFUL) or part.dates_ignored for part in parts):
        return False
    if all(part.end == WHOLE for part in parts):
        return True
    if not len(doubted.names) or not brings_nothing_new(doubted, parts):
        return False
    unsure = [part for part in parts if part.end == DOUBTFUL]
    if any(map(_is_short, (doubted, *unsure))):
        return False
    return all(len(part.names) < len(doubted.names) for part in unsure)


def is_worth_more(doubted: Reading, parts: Sequence[Reading]) -> bool:
    """Tell whether splitting the halves further may prove more than they do.

    Not where dates are ignored, nor where only the size told speaks against a list that was read
    twice.
    """
    if any(part.dates_ignored for part in parts):
        return False
    if any(part.end == BAD for part in parts):
        return True
    return not (_is_short(doubted) and brings_nothing_new(doubted, parts))


def brings_nothing_new(doubted: Reading, parts: Sequence[Reading]) -> bool:
    """Tell whether the list had every identifier that its halves have."""
    return all(doubted.names.holds(part.names) for part in parts)


def _is_short(reading: Reading) -> bool:
    return reading.error is not None and reading.error.cause == SHORT
