"""The register of problem rules: id, severity, obligation, what happens and the cure."""

from __future__ import annotations

from msgspec import Struct


class Rule(Struct, frozen=True):
    """severity: error, warning or info. obligation: M, R, O or `-`. message: what and the cure."""

    severity: str
    obligation: str
    message: str


RULES: dict[str, Rule] = {}
