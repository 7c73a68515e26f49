"""The errors of the protocol: faults as values, gathered a stage at a time, raised together.

A stage of judgement reports all it finds; every fault says in words what is wrong
and what would be right, and repeats at most 80 characters of what was asked.
"""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

BAD_VERB = "badVerb"
BAD_ARGUMENT = "badArgument"
BAD_TOKEN = "badResumptionToken"  # noqa: S105 - the name of an error, not a secret
NO_FORMAT = "cannotDisseminateFormat"
NO_ITEM = "idDoesNotExist"
NO_RECORDS = "noRecordsMatch"
NO_FORMATS = "noMetadataFormats"

LONGEST_ECHO = 80


class Fault(Struct, frozen=True):
    """One error of an answer: its code and a sentence for a person."""

    code: str
    text: str


class OaiErrors(Exception):
    """A stage found faults; they are the whole answer."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(fault.text for fault in self.faults))


def refuse(code: str, text: str) -> OaiErrors:
    """Return the exception for a single fault."""
    return OaiErrors((Fault(code, text),))


def quoted(text: str) -> str:
    """Return what was asked in quotation marks, cut to 80 characters."""
    kept = text if len(text) <= LONGEST_ECHO else text[: LONGEST_ECHO - 1] + "…"
    return f"“{kept}”"
