"""The calls of the API as values: what handles each, what it takes, what it answers.

From these come the routes, the checks of parameters, the OpenAPI document and the page about the
API. A parameter that a call does not name is refused, so that no misspelt filter is passed over.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from typing import Any

import msgspec
from flask import Response, request
from msgspec import UNSET, Struct
from werkzeug.exceptions import MethodNotAllowed

from app.web import frame
from app.web.problems import problem

ROOT = "/api/v1"
JSON = "application/json"
View = Callable[..., Response]
Schema = dict[str, Any]


class Parameter(Struct, frozen=True):
    """A parameter of a call. trusted: its values are read by something that knows better."""

    name: str
    says: str
    schema: Schema
    required: bool = False
    trusted: bool = False

    @property
    def several(self) -> bool:
        """It may be given more than once."""
        return self.schema.get("type") == "array"

    @property
    def allowed(self) -> tuple[str, ...]:
        """The values there are; empty where there is no list of them."""
        return tuple(self.schema.get("items", self.schema).get("enum", ()))


class Answer(Struct, frozen=True):
    """What a status means. shape: the type of the JSON, else other media types."""

    says: str
    shape: Any = None
    media_types: tuple[str, ...] = ()


class Call(Struct, frozen=True):
    """A call: its path with `<name>` for parts that vary, its view, and what is told of it."""

    name: str
    """In camelCase, for programs."""
    path: str
    view: View
    title: str
    says: str
    answers: Mapping[int, Answer]
    parameters: tuple[Parameter, ...] = ()
    example: str = ""
    """Its query in an example."""
    group: str = "Records"
    method: str = "GET"
    takes: tuple[str, ...] = ()
    """Media types of the body that is sent with it."""


class Refused(Exception):
    """The answer is a problem document, whatever else was about to be done."""

    def __init__(self, answer: Response) -> None:
        super().__init__(answer.status)
        self.answer = answer


def refuse(status: int, title: str, detail: str, *, code: str = "", **more: object) -> Refused:
    """Return what to raise for a problem; members that are None are left out."""
    return Refused(problem(status, title, detail, code=code, more=more))


def wrong(
    name: str, value: str, detail: str, *, allowed: Sequence[str] = (), nearest: str = ""
) -> Refused:
    """Return what to raise for a parameter whose name or value is not known."""
    near = nearest or next(iter(difflib.get_close_matches(value or name, allowed, 1)), "")
    asked = f" Did you mean {near}?" if near else ""
    return refuse(
        400, "We could not read that request", f"{detail}{asked}",
        parameter=name[:100], value=value[:200] or None, allowed=list(allowed) or None,
        nearest=near or None,
    )  # fmt: skip


def answering(call: Call) -> View:
    """Return the view of a call behind the checks of its parameters."""

    @wraps(call.view)
    def view(**parts: str) -> Response:
        if call.method != "GET" and request.method != call.method:
            raise MethodNotAllowed(valid_methods=["OPTIONS", call.method])
        try:
            _check(call)
            given = call.view(**parts)
        except Refused as refused:
            given = refused.answer
        if request.headers.get("Authorization"):
            given.headers["Cache-Control"] = "private, no-store"
        return given

    return view


def _check(call: Call) -> None:
    known = {one.name: one for one in call.parameters if f"<{one.name}>" not in call.path}
    for name, values in request.args.lists():
        parameter = known.get(name)
        if parameter is None:
            detail = f"There is no parameter {name[:40]} here."
            raise wrong(name, "", detail, allowed=tuple(known))
        if len(values) > 1 and not parameter.several:
            raise wrong(name, values[-1], f"{name} may be given once.")
        if not parameter.trusted:
            for value in values:
                _check_value(parameter, value)
    for name, parameter in known.items():
        if parameter.required and not request.args.get(name, "").strip():
            raise wrong(name, "", f"{name} is needed.")


def _check_value(parameter: Parameter, value: str) -> None:
    name, schema = parameter.name, parameter.schema.get("items", parameter.schema)
    if parameter.allowed and value not in parameter.allowed:
        there = ", ".join(parameter.allowed)
        raise wrong(name, value, f"{name} is one of {there}.", allowed=parameter.allowed)
    if schema["type"] == "integer":
        least, most = schema["minimum"], schema["maximum"]
        plain = value.isascii() and value.isdigit() and len(value) < 19
        if not plain or not least <= int(value) <= most:
            raise wrong(name, value, f"{name} is a number from {least:,} to {most:,}.")


def number(name: str, default: int) -> int:
    """Return the value of a parameter that is a whole number."""
    return int(request.args.get(name) or default)


def document(value: Any, *, cached: str = frame.PUBLIC, total: int | None = None) -> Response:
    """Return a JSON document with its validator, or 304 to who holds it."""
    answer = Response(msgspec.json.encode(value) + b"\n", content_type=JSON)
    answer.headers["Cache-Control"] = cached
    if total is not None:
        answer.headers["X-Total-Count"] = str(total)
    return validated(answer)


def validated(answer: Response) -> Response:
    """Give an answer a weak validator of its bytes, and heed what the client holds."""
    answer.add_etag(weak=True)
    answer.make_conditional(request)
    return answer


def unknown_place() -> Refused:
    """Return what to raise for a cursor that no answer gave."""
    return refuse(
        400, "That place is not known", "The cursor is taken from an answer as it stands.",
        code="invalid-cursor", first=frame.settings().base_url + request.path,
    )  # fmt: skip


def leading_on(answer: Response, following: str) -> Response:
    """Name the next part of a list in the head of an answer, if there is one."""
    if following:
        answer.headers["Link"] = f'<{following}>; rel="next"'
    return answer


def told(value: Any) -> Any:
    """Return a value, UNSET where there is nothing: such members are left out."""
    return UNSET if value is None or value == "" or value == () else value


def whole(schema_type: str, **more: Any) -> Schema:
    """Return the schema of a parameter."""
    return {"type": schema_type, **more}
