"""A problem is a value: what is wrong with a record's metadata, where, how badly, and the cure.

Bad metadata never raises. Each rule has a stable id, listed in `RULES` with its severity.
"""

from __future__ import annotations

from msgspec import Struct

from app.datacite.rules import RULES

VALUE_LIMIT = 200


class Problem(Struct, frozen=True, gc=False):
    """One finding about a record's metadata.

    path: JSON Pointer into the canonical JSON. rule: a key of `RULES`. severity: `error`,
    `warning` or `info`. obligation: M, R, O of the property, `-` if none. message: one sentence
    with the cure. value: the offending text, cut at 200 characters.
    """

    path: str
    rule: str
    severity: str
    obligation: str
    message: str
    value: str = ""


def problem(rule: str, path: str = "", value: object = "", *, message: str = "") -> Problem:
    """Make a Problem of a registered rule; the message defaults to the rule's own sentence."""
    known = RULES[rule]
    return Problem(
        path,
        rule,
        known.severity,
        known.obligation,
        message or known.message,
        str(value)[:VALUE_LIMIT],
    )
