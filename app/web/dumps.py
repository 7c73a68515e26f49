"""The dumps on the web: a page for people, the manifest, and the files, each for ever the same.

Only names that dumps can have are looked for, so no other file can be reached.
"""

from __future__ import annotations

import re
from pathlib import Path

from flask import Blueprint, Response, abort, redirect, request, send_file
from msgspec import Struct
from werkzeug.wrappers import Response as PlainResponse

from app.dumps import manifest
from app.dumps.files import FILE
from app.dumps.manifest import ENDINGS, DumpFile, Manifest
from app.web import frame

blueprint = Blueprint("dumps", __name__)

OFF = (
    "This hub makes no files with everything. All records can be taken by OAI-PMH and by "
    "ResourceSync; the page /data says how."
)
NOT_YET = "The first dump has not been made yet. Come back later, or take the records by OAI-PMH."
GONE = "There is no such file now: the manifest at /dumps/manifest.json names those there are."
FORMATS = {
    "jsonl": "JSON Lines: a record a line, deleted ones, too",
    "datacite": "DataCite XML in one OAI-PMH ListRecords document",
}
_LATEST = re.compile(
    r"records-([0-9]{4}-[0-9]{2})\.(" + "|".join(map(re.escape, ENDINGS.values())) + ")"
)


class Row(Struct, frozen=True):
    """A month, with its files by format."""

    month: str
    files: tuple[DumpFile | None, ...]


@blueprint.get("/dumps/")
def index() -> Response:
    """Show the files to people."""
    found = current()
    return frame.page(
        "dumps/list.html",
        title="Dumps",
        crumbs=(frame.Crumb("Take everything", "/data"), frame.Crumb("Dumps")),
        manifest=found,
        formats=FORMATS,
        rows=rows(found) if found else (),
        not_yet=NOT_YET,
    )


@blueprint.get("/dumps")
def without_slash() -> PlainResponse:
    """Lead to the page."""
    return redirect(frame.to("/dumps/"), 308)


@blueprint.get("/dumps/manifest.json")
def show_manifest() -> Response:
    """Give the manifest as it lies in the folder."""
    if current() is None:
        abort(404, NOT_YET)
    answer = _file(_folder() / manifest.NAME, "application/json")
    answer.headers["Cache-Control"] = "no-cache"
    return answer


@blueprint.get("/dumps/<name>")
def file(name: str) -> PlainResponse:
    """Give a file; a name without a checksum leads to the newest file of its month."""
    folder = _folder()
    latest = _LATEST.fullmatch(name)
    if latest:
        return _lead(latest[1], latest[2])
    path = folder / name
    if not FILE.fullmatch(name) or not path.is_file():
        abort(404, GONE)
    answer = _file(path, "application/gzip", etag=name)
    answer.headers["Cache-Control"] = frame.FOREVER
    return answer


def current() -> Manifest | None:
    """Return the manifest; None before the first dump. Answers 404 when dumps are off."""
    return manifest.read(_folder())


def rows(found: Manifest) -> tuple[Row, ...]:
    """Return the months, the newest first."""
    months = sorted({file.month for file in found.files}, reverse=True)
    return tuple(Row(month, tuple(found.file(form, month) for form in ENDINGS)) for month in months)


def _folder() -> Path:
    folder = frame.settings().dumps.folder
    if not folder:
        abort(404, OFF)
    return Path(folder).absolute()


def _lead(month: str, ending: str) -> PlainResponse:
    found = current()
    form = next(form for form, known in ENDINGS.items() if known == ending)
    there = found.file(form, month) if found else None
    if there is None:
        abort(404, GONE)
    answer = redirect(frame.to(f"/dumps/{there.name}"), 302)
    answer.headers["Cache-Control"] = "no-cache"
    return answer


def _file(path: Path, kind: str, *, etag: bool | str = True) -> Response:
    """Send a file with its length, ETag and Last-Modified; parts of it when asked for."""
    try:
        answer = send_file(path, mimetype=kind, conditional=True, etag=etag)
    except FileNotFoundError:
        abort(404, GONE)
    if request.method in ("GET", "HEAD"):
        answer.headers["Accept-Ranges"] = "bytes"
    return answer
