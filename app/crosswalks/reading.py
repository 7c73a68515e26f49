"""What reading a record's metadata brings: a Reading, and the notes taken on the way.

Nothing is dropped without a Problem and nothing is guessed without an Inference.
"""

from __future__ import annotations

from datetime import date

from msgspec import Struct
from msgspec.structs import replace

from app.datacite.problem import VALUE_LIMIT, Problem, problem
from app.datacite.resource import Resource
from app.datacite.rules import RULES
from app.datacite.text import clean, is_null
from app.datacite.vocabularies import match
from app.record import Header


class Inference(Struct, frozen=True, array_like=True, gc=False):
    """One value that the source did not give as it stands: where, by which rule, from what text."""

    path: str
    rule: str
    source: str


class Defaults(Struct, frozen=True):
    """What a repository's configuration says of all its records; applied last, always flagged."""

    publisher: str = ""
    language: str = ""
    type: str = ""
    licence: str = ""


class Reading(Struct, frozen=True):
    """The outcome of reading one record; `resource` is None when it could not be read.

    access: `open`, `embargoed`, `restricted`, `closed`, `metadata-only` or None.
    format: the name in FORMATS that the root shows, empty if unknown. namespace: the root's.
    """

    resource: Resource | None
    problems: tuple[Problem, ...] = ()
    inferences: tuple[Inference, ...] = ()
    access: str | None = None
    format: str = ""
    namespace: str = ""


class Circumstances(Struct, frozen=True):
    """What a reader knows besides the payload."""

    today: date
    header: Header | None = None
    defaults: Defaults = Defaults()
    announced: str = ""


class Notes:
    """Problems and inferences, gathered while one record is read; never outlives the reading."""

    __slots__ = ("inferences", "problems")

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.inferences: list[Inference] = []

    def problem(self, rule: str, path: str, value: object = "", *, severity: str = "") -> None:
        """Note a problem of a registered rule, with another severity if one is given."""
        known = RULES[rule]
        text = value if isinstance(value, str) else str(value)
        self.problems.append(
            Problem(
                path, rule, severity or known.severity, known.obligation, known.message,
                text[:VALUE_LIMIT],
            )
        )  # fmt: skip

    def lost(self, path: str, value: str, message: str, *, severity: str = "") -> None:
        """Note a value of the source that has no place in the model."""
        found = problem("value.unplaced", path, value, message=message)
        self.problems.append(replace(found, severity=severity) if severity else found)

    def term(self, list_name: str, value: str | None, path: str) -> str | None:
        """Return the term of a controlled list that a word means; None if it has none."""
        if not value:
            return None
        found = match(list_name, value)
        if found.how == "exact":
            return found.term
        word = clean(value)
        if word != value:
            found = match(list_name, word)
        if found.term is None:
            if word and not is_null(word):
                self.problem("vocabulary.unknown", path, word)
        elif found.how != "exact":
            self.repaired(path, word)
        return found.term

    def repaired(self, path: str, word: str) -> None:
        """Note a word that was put in the spelling of its list."""
        self.problem("vocabulary.repaired", path, word)
        self.inferred(path, "vocabulary.repaired", word)

    def inferred(self, path: str, rule: str, source: str) -> None:
        """Note a value that was inferred."""
        self.inferences.append(Inference(path, rule, source))

    def reading(self, resource: Resource, access: str | None, form: str, space: str) -> Reading:
        """Close the notes into a Reading."""
        return Reading(resource, tuple(self.problems), tuple(self.inferences), access, form, space)
