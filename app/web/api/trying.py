"""Records that somebody sends to be converted or checked; nothing of them is kept."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING, Any

from flask import Response, request
from msgspec import UNSET
from werkzeug.exceptions import RequestEntityTooLarge

from app import clock, conversion
from app.crosswalks import FORMATS, named
from app.crosswalks.citation import STYLES, style_of
from app.datacite.validation import check, level
from app.web import frame, words
from app.web.api import shapes
from app.web.api.objects import told_problems
from app.web.api.parameters import MAILTO
from app.web.api.register import Answer, Call, Parameter, document, refuse, whole, wrong
from app.web.check import AUTO, LARGEST

if TYPE_CHECKING:
    from collections.abc import Iterable

    from app.crosswalks import MetadataFormat

TAKEN = ("application/xml", "application/json", "text/xml", "text/plain")
DEFAULT = "datacite_json"
_READ = sorted(name for name, form in FORMATS.items() if form.readable)
_WRITTEN = sorted(name for name, form in FORMATS.items() if form.writable)


def converted() -> Response:
    """Give the record that was sent in another format."""
    to, announced, data = _target(), _announced(), _body()
    found = next(conversion.convert(data, announced=announced, to=to), None)
    problems = told_problems(found.problems) if found else []
    if found is None or found.body is None:
        why = problems[0].message if problems else "There is no record in what was sent."
        raise refuse(
            422, "We could not take that", f"It cannot be given as {to.name}. {why}",
            problems=problems,
        )  # fmt: skip
    data_given = conversion.as_data(to.name, found.body)
    return document(
        shapes.Conversion(found.source or UNSET, to.name, data_given, problems), cached=frame.NEVER
    )


def validated() -> Response:
    """Say what is wrong with the record that was sent."""
    announced, today = _announced(), clock.now().astimezone(UTC).date()
    reading = next(conversion.readings(_body(), announced, today), None)
    if reading is None or reading.resource is None:
        problems = told_problems(reading.problems if reading else ())
        found = shapes.Validation(valid=False, level="incomplete", problems=problems)
        return document(found, cached=frame.NEVER)
    problems = told_problems((*reading.problems, *check(reading.resource, today=today)))
    reached = level(reading.problems, reading.resource)
    valid = reached != "incomplete" and all(one.severity != "error" for one in problems)
    found = shapes.Validation(valid, reached, problems, reading.format or UNSET)
    return document(found, cached=frame.NEVER)


def _announced() -> str:
    name = request.args.get("from", AUTO)
    found = named(name) if name != AUTO else None
    if name != AUTO and (found is None or not found.readable):
        raise wrong("from", name, "No such format is read here.", allowed=(AUTO, *_READ))
    return found.name if found else ""


def _target() -> MetadataFormat:
    name, style = request.args.get("to", DEFAULT), request.args.get("style", "")
    found = named(name)
    if found is None or not found.writable:
        raise wrong("to", name, "No such format is written here.", allowed=_WRITTEN)
    known = style_of(style) if style else None
    if style and (known is None or found.name != "citation"):
        raise wrong("style", style, "It belongs to the format citation.", allowed=tuple(STYLES))
    return conversion.styled(found, known.name if known else "")


def _body() -> bytes:
    kind = request.mimetype or "text/plain"
    if kind not in TAKEN and not kind.endswith(("+xml", "+json")):
        raise refuse(
            415, "We could not take that", f"A record is XML, JSON or text, not {kind[:80]}.",
            accepted=TAKEN,
        )  # fmt: skip
    request.max_content_length = LARGEST
    try:
        data = request.get_data()
    except RequestEntityTooLarge:
        detail = f"A record may have {words.size(LARGEST)} at most."
        raise refuse(413, "We could not take that", detail, largest=LARGEST) from None
    if not data.strip():
        detail = "Nothing was sent: the record is the body of the request."
        raise refuse(400, "We could not read that request", detail, code="malformed-body")
    return data


def _text(name: str, says: str, default: str, allowed: Iterable[str]) -> Parameter:
    schema: dict[str, Any] = whole("string", default=default, enum=list(allowed))
    return Parameter(name, says, schema, trusted=True)


_FROM = _text("from", "The format of what is sent; `auto` sees it from the record.", AUTO,
              (AUTO, *_READ))  # fmt: skip
_REFUSED = {
    413: Answer("More was sent than a record may have."),
    415: Answer("What was sent is no XML, JSON or text."),
}
CALLS = (
    Call("convertRecord", "/crosswalk", converted, "Convert a record",
         "The body is the metadata of a record, an OAI-PMH record or a whole OAI-PMH answer, of "
         "which the first record is taken. It is given in another format, with all that was "
         "noticed. Nothing is kept.",
         {200: Answer("The record in the other format.", shapes.Conversion),
          422: Answer("It cannot be read, or not be written in that format.")} | _REFUSED,
         (_FROM,
          _text("to", "The format that is wanted.", DEFAULT, _WRITTEN),
          _text("style", "Of the format `citation`.", "datacite", tuple(STYLES)), MAILTO),
         example="to=datacite", group="Trying", method="POST", takes=TAKEN),
    Call("validateRecord", "/validate", validated, "Check a record",
         "The body is the same as for a conversion; the answer says what the checks say, and "
         "whether it is valid as DataCite 4.7. Nothing is kept.",
         {200: Answer("What the checks say, be it valid or not.", shapes.Validation)} | _REFUSED,
         (_FROM, MAILTO), group="Trying", method="POST", takes=TAKEN),
)  # fmt: skip
