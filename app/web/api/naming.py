"""Records by any identifier, and cited."""

from __future__ import annotations

from typing import Any, cast
from urllib.parse import urlencode

from flask import Response, redirect, request

from app.datacite import identifiers
from app.web import bibliography, citing, finding, foreign, frame
from app.web.api import shapes
from app.web.api.objects import identifier, objects
from app.web.api.parameters import MAILTO, METADATA
from app.web.api.records import DOWNLOAD, FORMAT, GIVEN, STYLE, given
from app.web.api.register import ROOT, Answer, Call, Parameter, document, refuse, whole
from app.web.known_records import repository_of, surviving
from app.web.resolving import CANDIDATES, UNDERSTOOD, person_named

FILES = ("json", "citation", *bibliography.FILES)


def resolve() -> Response:
    """Give the record that an identifier means."""
    text = request.args["identifier"].strip()
    if foreign.UNSEEN.search(text):
        raise _no_identifier(text)
    person = person_named(text)
    if person is not None:
        target = frame.to(f"{ROOT}/records?{urlencode(person)}")
        answer = Response(status=303, headers={"Location": redirect(target).location or target})
        answer.headers["Cache-Control"] = frame.PUBLIC
        return answer
    found = finding.records_with(text)
    if found.record is not None:
        record = surviving(found.record)
        return given(record, repository_of(record))
    known = identifiers.recognise(text)
    if found.records:
        value = shapes.Candidates(
            shapes.Identifier(known.kind.lower(), known.value),
            len(found.records),
            cast("Any", objects(found.records[:CANDIDATES], metadata=False)),
        )
        answer = document(value)
        answer.status_code = 300 if answer.status_code == 200 else answer.status_code
        return answer
    if known.kind == "local":
        raise _no_identifier(text)
    link = identifier(known.kind, known.value).get("url")
    raise refuse(
        404, "There is nothing here", f"No record here has the {known.kind} {known.value[:500]}.",
        resolver=link, linked=True if found.linked_as else None,
    )  # fmt: skip


def _no_identifier(text: str) -> Exception:
    shown = foreign.UNSEEN.sub("", text)[:200]
    return refuse(
        400, "That is no identifier", f"“{shown}” is not an identifier that is understood here.",
        code="invalid-identifier", understood=UNDERSTOOD,
    )  # fmt: skip


def cite() -> Response:
    """Give records cited in a style."""
    named = bibliography.names_given()
    if not 0 < len(named) <= bibliography.MOST:
        raise refuse(
            400, "We could not read that request", f"Name 1 to {bibliography.MOST} records by id.",
            parameter="id",
        )  # fmt: skip
    style = request.args.get("style") or citing.DEFAULT
    found = {name: bibliography.record_named(name) for name in named}
    entries = tuple(bibliography.entries_of(filter(None, found.values()), style))
    if not entries:
        raise refuse(404, "There is nothing here", "None of these records is known here.")
    form = request.args.get("format", "json")
    if form != "json":
        return bibliography.file(entries, form, style)
    items = [
        shapes.Citation(one.stored.local_id, one.plain, str(one.marked))
        for one in bibliography.ordered(entries, style)
    ]
    unknown = [name for name, record in found.items() if record is None]
    return document(shapes.Citations(style, items, unknown), cached=frame.METADATA)


_IDENTIFIER = Parameter(
    "identifier", "A DOI, Handle, ARK, URN or other identifier in any form.", whole("string"),
    required=True,
)  # fmt: skip
_IDS = Parameter(
    "id", "The id, DOI or other identifier of a record; up to 100.",
    whole("array", items=whole("string")), required=True,
)  # fmt: skip
_FORMAT = Parameter(
    "format", "`json`, plain text, or a file for reference managers.",
    whole("string", enum=list(FILES)),
)  # fmt: skip
_TYPES = ("text/x-bibliography", "application/x-bibtex", "application/x-research-info-systems",
          "application/vnd.citationstyles.csl+json")  # fmt: skip
CALLS = (
    Call(
        "resolveIdentifier", "/resolve", resolve, "Find the record that has an identifier",
        "Answers as for the record itself; 300 where several objects call themselves so.",
        GIVEN | {
            300: Answer("Several records are known so.", shapes.Candidates),
            303: Answer("It stands for a person or organisation: the search for their works."),
            404: Answer("No record here has it; the answer names its own resolver."),
        },
        (_IDENTIFIER, FORMAT, STYLE, METADATA, DOWNLOAD, MAILTO),
        "identifier=10.5072/abc-1", "Names",
    ),
    Call(
        "citeRecords", "/cite", cite, "Cite records",
        "In any style of the citation box, or as a file.",
        {200: Answer("The citations.", shapes.Citations, _TYPES),
         404: Answer("None of the records is known.")},
        (_IDS, STYLE, _FORMAT, DOWNLOAD, MAILTO),
        "id=10.5072/abc-1&style=apa", "Names",
    ),
)  # fmt: skip
