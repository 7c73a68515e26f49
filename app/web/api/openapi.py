"""The OpenAPI 3.1 document of the API, made of the register of calls and the shapes of answers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from app import __version__
from app.settings import Settings
from app.web.api import shapes
from app.web.api.register import JSON, ROOT, Answer, Call, Parameter
from app.web.problems import MEDIA_TYPE

_REFERENCE = "#/components/schemas/{name}"
_EVERYWHERE = {
    304: Answer("You hold it already."),
    400: Answer("A parameter has a name or value that is not known."),
    405: Answer("The address does not take this method."),
    429: Answer("Asked more often than the hub answers; `Retry-After` says how long to wait."),
    500: Answer("Something broke on our side."),
    503: Answer("The database does not answer; `Retry-After` says when to try again."),
}
_BARE = (301, 303, 304)
"""Statuses whose answers have no body to speak of."""
Document = dict[str, Any]


def openapi(calls: Iterable[Call], settings: Settings) -> Document:
    """Return the document."""
    listed = tuple(calls)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": f"{settings.hub.title}: API",
            "version": __version__,
            "description": "Everything that the pages of this hub show, for programs. Reading "
            "needs no key. This version only grows: new fields, new parameters.",
            "contact": {"email": settings.hub.contact},
            "license": {"name": "Of the metadata", "url": settings.hub.metadata_license},
        },
        "servers": [{"url": settings.base_url + ROOT}],
        "tags": [{"name": name} for name in dict.fromkeys(one.group for one in listed)],
        "paths": {_braced(one.path): {one.method.lower(): _operation(one)} for one in listed},
        "components": {"schemas": _schemas(listed)},
    }


def _operation(call: Call) -> Document:
    answers = _EVERYWHERE | dict(call.answers)
    content: Document = {name: {} for name in call.takes}
    body = {"requestBody": {"required": True, "content": content}} if content else {}
    return body | {
        "operationId": call.name,
        "tags": [call.group],
        "summary": call.title,
        "description": call.says,
        "parameters": [_parameter(one, call) for one in call.parameters],
        "responses": {str(status): _answer(status, answers[status]) for status in sorted(answers)},
    }


def _parameter(one: Parameter, call: Call) -> Document:
    inside = f"<{one.name}>" in call.path
    return {
        "name": one.name,
        "in": "path" if inside else "query",
        "description": one.says,
        "required": one.required,
        "schema": one.schema,
    }


def _answer(status: int, answer: Answer) -> Document:
    found: Document = {"description": answer.says}
    if status in _BARE:
        return found
    if status >= 400:
        return found | {"content": {MEDIA_TYPE: {"schema": _reference(shapes.ProblemDocument)}}}
    content: Document = {}
    if answer.shape is not None:
        content[JSON] = {"schema": _reference(answer.shape)}
    for name in answer.media_types:
        content.setdefault(name, {})
    return found | {"content": content}


def _reference(shape: type) -> Document:
    return {"$ref": _REFERENCE.format(name=shape.__name__)}


def _schemas(calls: Iterable[Call]) -> Document:
    there = {
        answer.shape: None
        for call in calls
        for answer in call.answers.values()
        if answer.shape is not None
    }
    _, schemas = msgspec.json.schema_components(
        (*there, shapes.ProblemDocument), ref_template=_REFERENCE
    )
    return dict(sorted(schemas.items()))


def _braced(path: str) -> str:
    return path.replace("<", "{").replace(">", "}")
