"""The report of a member repository: how the world sees it, and what to mend. For its manager.

It is open to everyone, since it follows from what is public. Each section has an address of its
own; numbers that take too long are left out unless someone waits for them.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from flask import Blueprint, Response, request

from app import clock
from app.web import frame
from app.web.aggregators import use_of
from app.web.public import public_repository
from app.web.report_numbers import counted
from app.web.report_reading import read_report, taken
from app.web.words import MONTHS

if TYPE_CHECKING:
    from app.store.values import Repository

blueprint = Blueprint("report", __name__)

WAITED = 20.0
"""Seconds that a number may take for who asks to wait."""
LIMITS = ((100, True), (30, True), (10, True), (10, False))
"""Rows of the long tables, and whether all properties and examples are shown, tried in turn."""
SECTIONS = (
    ("state", "State"), ("completeness", "Completeness"), ("problems", "Problems"),
    ("set-aside", "Set aside"), ("server", "Your OAI-PMH server"), ("repairs", "Repairs"),
    ("links-found", "Links found"), ("takers", "Who takes your records"), ("growth", "Growth"),
    ("harvests", "Harvests"),
)  # fmt: skip
"""Address and title of each section."""
CRUMB = frame.Crumb("Repositories", "/repositories")


@blueprint.get("/repositories/<name>/report")
def show(name: str) -> Response:
    """Show the report of a repository."""
    store, now = frame.store(), clock.now()
    repository = public_repository(store, name)
    found = read_report(store, repository, now)
    numbers = counted(store, repository, now, _seconds())
    months, use = taken(store, repository, now), use_of(store, repository)
    return frame.light(
        lambda limit: frame.page(
            "repositories/report.html",
            title=f"Report: {found.row.title}",
            crumbs=_crumbs(repository),
            view=found,
            numbers=numbers,
            taken=months,
            use=use,
            sections=SECTIONS,
            compared=_day(found.compared),
            path=f"/repositories/{name}",
            most=limit[0],
            whole=limit[1],
        ),
        LIMITS,
    )


def _seconds() -> float:
    asked = request.args.get("wait") == "1"
    return WAITED if asked else frame.settings().search.facet_timeout


def _crumbs(repository: Repository) -> tuple[frame.Crumb, ...]:
    title = repository.title or repository.name
    return (CRUMB, frame.Crumb(title, f"/repositories/{repository.name}"), frame.Crumb("Report"))


def _day(number: int | None) -> str:
    """Write a day that is counted since 1970."""
    if number is None:
        return ""
    at = date(1970, 1, 1) + timedelta(days=number)
    return f"{at.day} {MONTHS[at.month - 1]} {at.year}"
