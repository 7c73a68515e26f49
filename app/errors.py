"""The errors of the hub, as one family.

GarneryError
├── ConfigurationError      settings or command line cannot be used
├── StoreError              the database cannot be used
│   ├── SchemaOutdated      it needs `garnery db upgrade`
│   ├── SchemaTooNew        it was written by a newer Garnery
│   └── LeaseLost           another worker has taken this harvest over
├── NotFound                no such repository, record, harvest
├── InvalidCursor           a page of results is asked for that was not given here
├── AlreadyExists           the name is taken
├── Refused                 something else is going on, or a guard says no
├── IncompleteResource      a resource lacks what a format demands
├── FileError               a file or folder outside the database cannot be written
├── Undelivered             a message could not be handed over; says whether to try again
└── HarvestError            something went wrong while harvesting; has a cause

Bad metadata is never an error but a Problem, a value (app.datacite.problem).
"""

from __future__ import annotations


class GarneryError(Exception):
    """Anything the hub itself raises; `str(error)` is a sentence for a person, with the cure."""

    exit_code = 70


class ConfigurationError(GarneryError):
    """Settings or the command line cannot be used."""

    exit_code = 4


class StoreError(GarneryError):
    """The database cannot be used; callers answer 503, never "there is nothing".

    cause: `disk-full` or `database-busy` where it may help to wait; else empty.
    """

    exit_code = 4

    def __init__(self, sentence: str, *, cause: str = "") -> None:
        super().__init__(sentence)
        self.cause = cause


class SchemaOutdated(StoreError):
    """The schema of the database is older than this program."""


class SchemaTooNew(StoreError):
    """The schema of the database is newer than this program."""


class LeaseLost(StoreError):
    """Another worker has taken the harvest over; this one stops without writing."""


class InvalidCursor(GarneryError):
    """A cursor was altered, or belongs to another search."""

    exit_code = 2


class NotFound(GarneryError):
    """No such repository, record, harvest or job."""

    exit_code = 3


class AlreadyExists(GarneryError):
    """The name is taken."""

    exit_code = 5


class Refused(GarneryError):
    """Something else is going on, or a guard says no."""

    exit_code = 5


class IncompleteResource(GarneryError):
    """A resource lacks a property that the format cannot be written without."""

    exit_code = 1

    def __init__(self, prop: str, form: str) -> None:
        super().__init__(f"The record has no {prop}; without it {form} cannot be written.")
        self.property = prop
        self.format = form


class FileError(GarneryError):
    """A file or folder outside the database cannot be written; the sentence names the cure."""

    exit_code = 4


class Undelivered(GarneryError):
    """A message could not be handed over; with `final` it is in vain to try again."""

    exit_code = 1

    def __init__(self, sentence: str, *, final: bool = False) -> None:
        super().__init__(sentence)
        self.final = final


class HarvestError(GarneryError):
    """A request or page could not be had; `cause` is a key of `app.causes.CAUSES`."""

    exit_code = 13

    def __init__(
        self, cause: str, sentence: str, *, url: str = "", wait: float | None = None
    ) -> None:
        super().__init__(sentence)
        self.cause = cause
        self.url = url
        self.wait = wait
