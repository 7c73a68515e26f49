"""Repositories as everyone may know them: public facts, problems, how complete descriptions are."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from flask import Response

from app import clock
from app.datacite.rules import RULES
from app.record import member_set
from app.state import repository_state
from app.web import frame
from app.web.api import figures, shapes
from app.web.api.numbers import of_member
from app.web.api.parameters import MAILTO
from app.web.api.register import ROOT, Answer, Call, Parameter, document, told, whole
from app.web.public import public_repositories, public_repository
from app.web.repository_page import sentence

if TYPE_CHECKING:
    from datetime import datetime

    from app.store.values import Repository


def listed() -> Response:
    """Give all repositories, by name."""
    found = [_repository(one) for one in public_repositories(frame.store())]
    return document(shapes.Repositories(len(found), found), total=len(found))


def one(name: str) -> Response:
    """Give one repository."""
    return document(_repository(public_repository(frame.store(), name)))


def problems(name: str) -> Response:
    """Give the rules that records of a repository break."""
    store, base = frame.store(), frame.settings().base_url
    repository = public_repository(store, name)
    items = [
        shapes.BrokenRule(
            each.rule, each.severity, each.records,
            RULES[each.rule].message if each.rule in RULES else "",
            _search(repository.name, q=f"problem:{each.rule}"),
            f"{base}/problems/{each.rule}",
        )
        for each in store.records.problem_counts(repository.id)
    ]  # fmt: skip
    return document(shapes.BrokenRules(len(items), items))


def completeness(name: str) -> Response:
    """Give how complete the descriptions of a repository are."""
    repository = public_repository(frame.store(), name)
    return of_member(repository.name)


def _repository(one: Repository) -> shapes.Repository:
    now, base = clock.now(), frame.settings().base_url
    set_spec = member_set(one.name)
    return shapes.Repository(
        one.name, one.title or one.name, f"{base}/repositories/{one.name}",
        repository_state(one, now), sentence(one, now),
        shapes.Counts(one.live, one.deleted, one.quarantined),
        _search(one.name), set_spec, told(one.public_url), told(one.home_page),
        told(one.description), told(one.metadata_license), told(one.chosen_prefix or one.prefix),
        told(one.every), _moment(one.last_whole_at),
        _moment(None if one.paused else one.next_harvest_at), _moment(one.created_at),
        told(one.software), f"{base}/repositories/{one.name}/report",
    )  # fmt: skip


def _search(name: str, **more: str) -> str:
    query = urlencode([*more.items(), ("repository", name), ("copies", "all")])
    return f"{frame.settings().base_url}{ROOT}/records?{query}"


def _moment(at: datetime | None) -> shapes.Text:
    found: shapes.Text = told(clock.text(at) if at else None)
    return found


NAME = Parameter(
    "name", "The name of a repository.",
    whole("string", pattern="^[a-z0-9][a-z0-9-]{0,62}$"), required=True,
)  # fmt: skip
NONE = {404: Answer("No repository has this name.")}
CALLS = (
    Call("listRepositories", "/repositories", listed, "List the repositories",
         "With their state, their numbers and when they are harvested.",
         {200: Answer("The repositories.", shapes.Repositories)}, (MAILTO,), group="Repositories"),
    Call("getRepository", "/repositories/<name>", one, "Get one repository",
         "What everyone may know of it.",
         {200: Answer("The repository.", shapes.Repository)} | NONE, (NAME, MAILTO),
         group="Repositories"),
    Call("getRepositoryCompleteness", "/repositories/<name>/completeness", completeness,
         "See how complete its descriptions are", "Each number has its list.",
         {200: Answer("The properties.", figures.Properties)} | NONE, (NAME, MAILTO),
         group="Repositories"),
    Call("getRepositoryProblems", "/repositories/<name>/problems", problems,
         "See which rules its records break", "Most often first; each number has its list.",
         {200: Answer("The rules.", shapes.BrokenRules)} | NONE, (NAME, MAILTO),
         group="Repositories"),
)  # fmt: skip
