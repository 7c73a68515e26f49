"""The REST API: everything that pages show, for programs, as JSON under `/api/v1`.

It changes nothing. The searches, numbers and bytes are those of the pages, by the same calls.
"""

from __future__ import annotations

from flask import Blueprint, Response, abort
from msgspec import Struct

from app.web import frame
from app.web.api import (
    changes,
    links,
    lists,
    members,
    naming,
    numbers,
    records,
    reports,
    search,
    trying,
    use,
)
from app.web.api.openapi import openapi
from app.web.api.register import ROOT, Call, answering, document

blueprint = Blueprint("api", __name__)
CALLS: tuple[Call, ...] = tuple(
    call
    for module in (
        search,
        records,
        naming,
        links,
        changes,
        members,
        reports,
        numbers,
        use,
        lists,
        trying,
    )
    for call in module.CALLS
)
_SAMPLE = {"local_id": "k3v5qhzn2c7rtw4x", "name": "example-archive", "version": "1"}


class Shown(Struct, frozen=True):
    """A call on the page about the API."""

    call: Call
    path: str
    curl: str
    answers: tuple[tuple[str, str], ...]


@blueprint.get(f"{ROOT}/openapi.json")
def described() -> Response:
    """Describe all calls for programs."""
    return document(openapi(CALLS, frame.settings()), cached=frame.METADATA)


@blueprint.get(f"{ROOT}/<path:_rest>")
def unknown(_rest: str) -> Response:
    """Say that there is no such call."""
    abort(404, "There is no such call. All calls are listed in /api/v1/openapi.json.")


@blueprint.get("/api")
def page() -> Response:
    """Describe all calls for people, from the same document."""
    found = openapi(CALLS, frame.settings())
    shown = [_shown(call, found["paths"]) for call in CALLS]
    groups = {name: [one for one in shown if one.call.group == name]
              for name in dict.fromkeys(call.group for call in CALLS)}  # fmt: skip
    return frame.page(
        "api/show.html",
        title="API",
        crumbs=(frame.Crumb("Take everything", "/data"), frame.Crumb("API")),
        groups=groups,
        root=frame.settings().base_url + ROOT,
    )


def _shown(call: Call, paths: dict[str, dict[str, dict[str, dict[str, dict[str, str]]]]]) -> Shown:
    braced = call.path.replace("<", "{").replace(">", "}")
    example = call.path
    for name, value in _SAMPLE.items():
        example = example.replace(f"<{name}>", value)
    query = f"?{call.example}" if call.example else ""
    answers = paths[braced][call.method.lower()]["responses"]
    sent = f"-H 'Content-Type: {call.takes[0]}' --data-binary @record.xml " if call.takes else ""
    return Shown(
        call,
        ROOT + braced,
        f"curl {sent}'{frame.settings().base_url}{ROOT}{example}{query}'",
        tuple((status, told["description"]) for status, told in answers.items()),
    )


for _call in CALLS:
    blueprint.add_url_rule(
        ROOT + _call.path, _call.name, answering(_call), methods=sorted({"GET", _call.method})
    )
