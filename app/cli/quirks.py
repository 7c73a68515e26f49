"""The quirks of a repository for the commands: listed with their evidence, switched by a person."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from app import clock
from app.quirks import QUIRKS, heeded, quirk
from app.store.quirks import Learned, forget_quirk, quirks_of, switch_quirk

if TYPE_CHECKING:
    from app.cli.manners import Call
    from app.store.values import Repository

BY_PERSON = "A person said so."


def quirk_objects(call: Call, repository: Repository) -> list[dict[str, Any]]:
    """Return the quirks of a repository as JSON."""
    return [_object(one) for one in quirks_of(call.store, repository.id)]


def quirk_lines(call: Call, repository: Repository) -> Iterator[str]:
    """Say what was learned of a repository: what it does, what the hub does, what showed it."""
    for one in quirks_of(call.store, repository.id):
        row = quirk(one.name)
        measure = f" ({one.value})" if one.value and row.times == 1 else ""
        yield f"{one.name}{measure}: {state(one)}. {row.words} {row.hub}".rstrip()
        when = f"{one.learned_at:%Y-%m-%d}" if one.learned_at else ""
        run = f"harvest {one.harvest}" if one.harvest else ""
        yield f"    {', '.join(filter(None, (when, run)))}: {one.evidence}"


def state(one: Learned) -> str:
    """Return how a quirk stands: `heeded`, `suspected`, or `off`."""
    if one.off:
        return "off"
    if heeded(one.name, one.value):
        return "heeded"
    return f"suspected, seen {one.value} of {quirk(one.name).times} times"


def change(call: Call, repository: Repository, name: str, action: str) -> str:
    """Switch a quirk `on` or `off`, or `forget` it; return a sentence."""
    if name not in QUIRKS:
        near = difflib.get_close_matches(name, QUIRKS, 1, 0.4)
        hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(QUIRKS)}."
        raise click.BadParameter(f"`{name}` is no quirk; {hint}", param_hint="QUIRK")
    if action == "forget":
        there = forget_quirk(call.store, repository.id, name)
        words = "is forgotten" if there else "was not known"
        return f"{name} {words}; a harvest may learn it again."
    known = any(one.name == name for one in quirks_of(call.store, repository.id))
    value = "" if known or quirk(name).times == 1 else str(quirk(name).times)
    now = call.store.now()
    wanted = Learned(name, value, BY_PERSON, learned_at=now, tried_at=now, off=action == "off")
    switch_quirk(call.store, repository.id, wanted)
    row = QUIRKS[name]
    return f"{name} is {action}: {row.hub if action == 'on' else 'the hub does not heed it.'}"


def _object(one: Learned) -> dict[str, Any]:
    row = quirk(one.name)
    found = {
        "name": one.name,
        "state": state(one).partition(",")[0],
        "value": one.value,
        "words": row.words,
        "hub": row.hub,
        "member": row.member,
        "unlearned": row.unlearned,
        "evidence": one.evidence,
        "harvest": one.harvest,
        "learned": clock.text(one.learned_at) if one.learned_at else None,
        "tried": clock.text(one.tried_at) if one.tried_at else None,
    }
    return {name: value for name, value in found.items() if value not in (None, "")}
