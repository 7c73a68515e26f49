"""What a kind of problem means: the page that problem documents and notes on metadata point to."""

from __future__ import annotations

from flask import Blueprint, Response, abort
from msgspec import Struct

from app.datacite.mending import Example, example
from app.datacite.rules import RULES
from app.web import frame, marks
from app.web.problems import CODES

blueprint = Blueprint("problem_pages", __name__)

MEANINGS = {
    "invalid-parameter": "A parameter of the request has a name or a value that is not known.",
    "invalid-query": "The text of a search cannot be read; the answer says at which place.",
    "invalid-cursor": "The place in a list from which to go on is not one that this hub gave.",
    "invalid-identifier": "What was given is no identifier of a kind that this hub knows.",
    "malformed-body": "What was sent cannot be read as the type that it is said to be.",
    "authentication-required": "The address is not open to everyone; send a token.",
    "forbidden": "You are known, but your role does not reach as far as this address.",
    "not-found": "Nothing here has that address or that name.",
    "method-not-allowed": "The address exists, but not for that method; the answer lists those.",
    "not-acceptable": "There is none of the formats that were asked for; the answer lists those.",
    "conflict": "The change does not go together with another, or with what is there.",
    "gone": "There was something here, and it was removed; the answer says when and why.",
    "precondition-failed": "It was changed by someone else since you read it.",
    "precondition-required": "Say with If-Match which state of it you want to change.",
    "too-large": "More was sent than the address takes; the answer says how much it takes.",
    "unsupported-media-type": "What was sent is of a type that the address does not take.",
    "invalid-metadata": "The metadata break rules; the answer lists them.",
    "invalid-fields": "Fields of a form have values that cannot be taken; the answer lists them.",
    "too-many-requests": "You asked more often than the hub answers; wait as long as it says.",
    "internal": "Something broke on our side. Nothing was changed.",
    "unavailable": "The database does not answer at the moment. Nothing is lost; try again.",
}
"""Every kind of problem that an answer can name, in words."""


class Meaning(Struct, frozen=True):
    """A kind of problem: its name, what it means, and how grave it is or which status it has."""

    name: str
    sentence: str
    status: int | None = None
    severity: marks.Mark | None = None
    obligation: str = ""
    example: Example | None = None


@blueprint.get("/problems/<name>")
def show(name: str) -> Response:
    """Say what a problem or a rule means."""
    found = meaning(name)
    if found is None:
        abort(404, f"No problem and no rule is called “{name}”.")
    return frame.page(
        "problems/show.html", title=found.name, crumbs=(frame.Crumb(found.name),), found=found
    )


def meaning(name: str) -> Meaning | None:
    """Return what a code of problem documents or a rule of metadata means; None if unknown."""
    if name in MEANINGS:
        status = next((number for number, code in CODES.items() if code == name), None)
        return Meaning(name, MEANINGS[name], status)
    rule = RULES.get(name)
    if rule is None:
        return None
    obligation = {"M": "mandatory", "R": "recommended", "O": "optional"}.get(rule.obligation, "")
    return Meaning(
        name, rule.message, None, marks.severity(rule.severity), obligation, example(name)
    )
