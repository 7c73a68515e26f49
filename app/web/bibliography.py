"""Several records cited at once: a bibliography as a page, as text, or for reference managers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, abort, request
from markupsafe import Markup, escape
from msgspec import Struct
from msgspec.structs import replace

from app.crosswalks import FORMATS, write
from app.datacite.resource import Resource, decode
from app.web import citing, finding, foreign, frame, words
from app.web.known_records import surviving
from app.web.landing import last

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from app.store.values import StoredRecord

blueprint = Blueprint("bibliography", __name__)

MOST = 100
NUMBERED = ("vancouver", "ieee")
"""Styles that number works in the order in which they are cited; the others go by the alphabet."""
FILES = ("bibtex", "ris", "csl_json")
ALTOGETHER = 70_000
"""Characters of all citations on the page; where they are more, each is cut to its share."""


class Entry(Struct, frozen=True):
    """A work of the bibliography."""

    stored: StoredRecord
    resource: Resource
    marked: Markup
    plain: str


@blueprint.get("/cite")
def cite() -> Response:
    """Show or give the citations of the records that are named."""
    named = names_given()
    if not named or len(named) > MOST:
        abort(400, f"Name 1 to {MOST} records: /cite?id=10.5072/abc-1&id=…")
    form, style = last("format") or "html", citing.style_named(last("style") or citing.DEFAULT)
    if form not in ("html", "citation", *FILES):
        abort(400, f"There are: html, citation, {', '.join(FILES)}.")
    if style is None:
        abort(400, f"There is no such style. There are: {', '.join(citing.STYLES)}.")
    found = {name: record_named(name) for name in named}
    entries = tuple(entries_of(filter(None, found.values()), style))
    if not entries:
        abort(404, "None of these records is known here.")
    if form != "html":
        return file(entries, form, style)
    return frame.page(
        "landing/bibliography.html",
        title="Bibliography",
        crumbs=(frame.Crumb("Bibliography"),),
        entries=light(ordered(entries, style)),
        numbered=style in NUMBERED,
        unknown=[name for name, record in found.items() if record is None],
        named=[name for name, record in found.items() if record is not None],
        style=style,
        styles=tuple(citing.STYLES.items()),
        files=tuple((name, FORMATS[name].title) for name in FILES),
    )


def names_given() -> tuple[str, ...]:
    """Return the records that the request names, each once."""
    given = map(str.strip, request.args.getlist("id"))
    return tuple(dict.fromkeys(text for text in given if text))


def ordered(entries: Sequence[Entry], style: str) -> list[Entry]:
    """Return entries as a style wants them: as they came, or by the alphabet."""
    if style in NUMBERED:
        return list(entries)
    return sorted(entries, key=lambda entry: entry.plain.casefold())


def light(entries: Sequence[Entry]) -> Sequence[Entry]:
    """Return entries as a page can bear them; files have each of them whole."""
    if sum(len(entry.marked) for entry in entries) <= ALTOGETHER:
        return entries
    share = ALTOGETHER // len(entries)
    return [one if len(one.marked) <= share else _cut(one, share) for one in entries]


def _cut(entry: Entry, most: int) -> Entry:
    """Return an entry cut to so many characters, as they are written in a page."""
    for part in (1, 2, 6):
        marked = escape(words.cut(entry.plain, most // part))
        if len(marked) <= most:
            break
    return replace(entry, marked=marked)


def record_named(name: str) -> StoredRecord | None:
    """Return the record of a local id, DOI or other identifier; None if it is unknown."""
    found = None if foreign.UNSEEN.search(name) else finding.records_with(name).record
    return surviving(found) if found else None


def entries_of(records: Iterable[StoredRecord], style: str) -> Iterable[Entry]:
    """Yield records cited in a style, each once; those of which nothing is kept are left out."""
    for stored in dict.fromkeys(records):
        data = frame.store().records.resource(stored.local_id)
        if data is not None:
            resource = decode(data)
            path = f"/records/{stored.local_id}"
            box = citing.box(resource, style, frame.settings().base_url + path, path)
            yield Entry(stored, resource, box.marked, box.plain)


def file(entries: Sequence[Entry], form: str, style: str) -> Response:
    """Give the citations as a file; what is gone is cited, and not handed on."""
    if form == "citation":
        page = frame.settings().base_url + "/records/{}"
        texts = (citing.text(e.resource, style, page.format(e.stored.local_id)) for e in entries)
        body = "".join(f"{text}\n" for text in texts).encode("utf-8", "replace")
        kind, ending = f"text/x-bibliography; style={style}; charset=utf-8", "txt"
    else:
        live = [write(form, e.resource) for e in entries if e.stored.state == "live"]
        body = _JOINED[form](live)
        kind, ending = FORMATS[form].media_types[0], FORMATS[form].extension
    answer = Response(body, content_type=kind)
    manner = "attachment" if last("download") == "1" else "inline"
    answer.headers["Content-Disposition"] = f'{manner}; filename="bibliography.{ending}"'
    answer.headers["Cache-Control"] = frame.METADATA
    return answer


def _bibtex(written: Iterable[bytes]) -> bytes:
    join = FORMATS["bibtex"].join
    return join(written) if join else b"".join(written)


_JOINED: Mapping[str, Callable[[Iterable[bytes]], bytes]] = {
    "bibtex": _bibtex,
    "ris": b"".join,
    "csl_json": lambda written: b"[" + b",\n".join(map(bytes.strip, written)) + b"]\n",
}
"""How written records become one file."""
