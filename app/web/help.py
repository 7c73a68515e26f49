"""Help: a short page for each of the four kinds of people, and the statement on accessibility."""

from __future__ import annotations

from flask import Blueprint, Response, abort
from msgspec import Struct

from app.web import frame

blueprint = Blueprint("help", __name__)


class Reader(Struct, frozen=True):
    """A kind of people: the name of their page, its title, and what they find on it."""

    name: str
    title: str
    sentence: str


READERS = (
    Reader(
        "researchers", "For researchers", "Find a work, open it, cite it, see what it belongs to."
    ),
    Reader(
        "repositories",
        "For member repositories",
        "See what arrived from your repository, what did not, why, and how to mend it.",
    ),
    Reader(
        "aggregators",
        "For aggregators",
        "Take everything, keep it current, and check that nothing is missing.",
    ),
    Reader(
        "operators",
        "For operators",
        "Add repositories, watch the harvests, and know what to do when one fails.",
    ),
)
CRUMB = frame.Crumb("Help", "/help")


@blueprint.get("/help")
def index() -> Response:
    """Show which page is for whom."""
    return frame.page(
        "help/index.html", title="Help", crumbs=(frame.Crumb("Help"),), readers=READERS
    )


@blueprint.get("/help/<name>")
def of(name: str) -> Response:
    """Show the help for one kind of people."""
    reader = next((one for one in READERS if one.name == name), None)
    if reader is None:
        abort(404, f"There is no help called “{name}”.")
    return frame.page(
        f"help/{reader.name}.html",
        title=f"Help: {reader.title}",
        crumbs=(CRUMB, frame.Crumb(reader.title)),
        reader=reader,
    )


@blueprint.get("/accessibility")
def accessibility() -> Response:
    """Say who can use these pages, how that is tested, and what is missing."""
    return frame.page(
        "help/accessibility.html",
        title="Accessibility",
        crumbs=(frame.Crumb("Accessibility"),),
    )
