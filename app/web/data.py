"""The page for those who want everything: the ways to take it, lines to copy, and the rules."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, cast

from flask import Blueprint, Response, current_app
from msgspec import Struct

from app import clock
from app.dumps import manifest
from app.errors import FileError
from app.resourcesync import documents
from app.result_lists import RESULT_FORMATS
from app.store.browsing import happened
from app.store.set_counts import main_sets
from app.web import frame

if TYPE_CHECKING:
    from app.dumps.manifest import Manifest
    from app.oai import Provider
    from app.store.set_counts import SetCounts

blueprint = Blueprint("data", __name__)

MOST_SETS = 200
COUNTING_SECONDS = 1.0
EVERYTHING = "member"
"""The set that holds all records."""
COUNTED_PREFIX = "oai_dc"
"""The format that every item has."""
SAMPLE_PREFIX = "oai_datacite"
LATELY = timedelta(days=7)


class Offered(Struct, frozen=True):
    """A format or set that is offered by OAI-PMH."""

    name: str
    title: str
    records: int | None
    """None: not counted in time."""
    address: str


class Line(Struct, frozen=True):
    """A line to copy."""

    label: str
    text: str


class Lately(Struct, frozen=True):
    """What changed in the last seven days."""

    number: int
    word: str


@blueprint.get("/data")
def data() -> Response:
    """Show how to take everything."""
    settings = frame.settings()
    return frame.page(
        "data/data.html",
        title="Take everything",
        crumbs=(frame.Crumb("Take everything"),),
        formats=_formats(),
        sets=_sets(),
        most_sets=MOST_SETS,
        lines=_lines(settings.base_url),
        manifest=_manifest(),
        dumps_on=bool(settings.dumps.folder),
        sync={
            "description": settings.base_url + documents.DESCRIPTION,
            "resources": settings.base_url + documents.RESOURCES,
            "changes": settings.base_url + documents.CHANGES,
        },
        lately=_lately(),
        result_formats=tuple(RESULT_FORMATS.values()),
        settings=settings,
    )


def _formats() -> tuple[Offered, ...]:
    base, counts = frame.settings().base_url, _counts()
    provider = cast("Provider", current_app.extensions["garnery.provider"])
    return tuple(
        Offered(
            prefix,
            offer.format.title,
            counts.of([EVERYTHING], prefix=offer.stored, seconds=COUNTING_SECONDS).get(EVERYTHING),
            f"{base}/oai?verb=ListRecords&metadataPrefix={prefix}",
        )
        for prefix, offer in provider.offers.items()
    )


def _sets() -> tuple[Offered, ...]:
    base = frame.settings().base_url
    found = main_sets(frame.store(), MOST_SETS)
    numbers = _counts().of(
        [one.spec for one in found], prefix=COUNTED_PREFIX, seconds=COUNTING_SECONDS
    )
    return tuple(
        Offered(
            one.spec,
            one.name,
            numbers.get(one.spec),
            f"{base}/oai?verb=ListRecords&metadataPrefix={SAMPLE_PREFIX}&set={one.spec}",
        )
        for one in found
    )


def _counts() -> SetCounts:
    return cast("SetCounts", current_app.extensions["garnery.set-counts"])


def _lines(base: str) -> tuple[Line, ...]:
    first = f"{base}/oai?verb=ListRecords&metadataPrefix={SAMPLE_PREFIX}"
    sickle = (
        "from sickle import Sickle\n"
        f'for record in Sickle("{base}/oai").ListRecords(metadataPrefix="{SAMPLE_PREFIX}"):\n'
        "    print(record.header.identifier)"
    )
    return (
        Line("curl, a first page", f"curl '{first}'"),
        Line("Sickle (Python), everything", sickle),
        Line("metha, everything", f"metha-sync -format {SAMPLE_PREFIX} {base}/oai"),
    )


def _manifest() -> Manifest | None:
    folder = frame.settings().dumps.folder
    try:
        return manifest.read(Path(folder)) if folder else None
    except FileError:
        return None


def _lately() -> tuple[Lately, ...]:
    numbers = happened(frame.store(), clock.now() - LATELY)
    return tuple(map(Lately, numbers, ("added", "changed", "removed")))
