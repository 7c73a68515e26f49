"""What becomes of a record that somebody tries: pure, nothing of it is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from app import conversion
from app.crosswalks import FORMATS, write
from app.datacite.resource import is_missing
from app.datacite.validation import check, level
from app.errors import IncompleteResource
from app.web import citing, provenance
from app.web.provenance import Inferred, Note
from app.web.richness import Richness, richness

if TYPE_CHECKING:
    from datetime import date

    from app.crosswalks.reading import Reading
    from app.datacite.resource import Resource

WRITTEN = ("datacite", "datacite_json", "schema_org", "bibtex")
NOTES, INFERRED = 50, 40
LEVELS = {
    "mintable": "It has all that a DOI at DataCite needs.",
    "complete": "It can be written as DataCite XML, but lacks something that a DOI there needs.",
    "incomplete": "It lacks what DataCite XML demands, and is given in other formats only.",
}


class Written(Struct, frozen=True):
    """The record in a format, or why it cannot be written in it; cut: its text is longer."""

    title: str
    text: str = ""
    cut: bool = False
    refused: str = ""


class Described(Struct, frozen=True):
    """A record that could be read. level: how far it can be registered, in words."""

    title: str
    level: str
    richness: Richness
    citation: str
    inferred: tuple[Inferred, ...]
    written: tuple[Written, ...]


class Tried(Struct, frozen=True):
    """What became of the first record of a document. form: the title of the format it is in."""

    form: str = ""
    several: bool = False
    notes: tuple[Note, ...] = ()
    notes_total: int = 0
    described: Described | None = None


def tried(data: bytes, announced: str, today: date, page: str, most: int) -> Tried:
    """Read the first record of a document, check it and write it; an empty one is no record.

    page: what a citation names that has no identifier. most: characters of each text.
    """
    found = conversion.readings(data, announced, today)
    reading = next(found, None)
    if reading is None:
        return Tried()
    problems, described = reading.problems, None
    if reading.resource is not None:
        problems += check(reading.resource, today=today)
        described = _described(reading, reading.resource, page, most)
    notes, known = provenance.notes(problems), FORMATS.get(reading.format)
    form = known.title if known else ""
    return Tried(form, next(found, None) is not None, notes[:NOTES], len(notes), described)


def _described(reading: Reading, resource: Resource, page: str, most: int) -> Described:
    inferred = tuple(Inferred(one.path, one.rule, one.source) for one in reading.inferences)
    written = tuple(_written(name, resource, most) for name in WRITTEN)
    title = next((one.title for one in resource.titles if not is_missing(one.title)), "")
    return Described(
        title,
        LEVELS[level(reading.problems, resource)],
        richness(resource, inferred, writable=not written[0].refused),
        citing.text(resource, citing.DEFAULT, page),
        inferred[:INFERRED],
        written,
    )


def _written(name: str, resource: Resource, most: int) -> Written:
    title = FORMATS[name].title
    try:
        text = write(name, resource).decode("utf-8")
    except IncompleteResource as error:
        return Written(title, refused=str(error))
    return Written(title, text[:most], len(text) > most)
