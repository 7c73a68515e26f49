"""`garnery decisions`: deletions that wait for a person, approved or rejected."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from app.cli.manners import Call, add_to, group
from app.cli.withdrawing import operator_name

if TYPE_CHECKING:
    from app.store.decisions import Decision
    from app.store.values import StoredRecord

STATES = ("open", "approved", "rejected", "lapsed")
SAMPLES = 20
KINDS = {
    "announced": "announced as deleted, unusually many at once",
    "unlisted": "not listed any more by two whole looks in a row",
    "renamed": "listed by other identifiers, as it seems",
}
DECLARED = {
    "persistent": "keeps deleted records for ever",
    "transient": "keeps deleted records for a time",
    "no": "keeps no deleted records",
}
NUMBER = click.argument("number", metavar="N", type=int)


@group("decisions", short_help="Deletions that wait for you.", invoke_without_command=True)
@click.option("--repository", metavar="NAME", help="Only those about this repository.")
@click.option("--state", type=click.Choice(STATES), help="Only those in this state.")
@click.option("--limit", type=click.IntRange(1, 10_000), default=50, help="At most so many.")
def decisions(call: Call, repository: str | None, state: str | None, limit: int) -> None:
    """List decisions: those that wait first, the oldest of them first."""
    if click.get_current_context().invoked_subcommand:
        return
    from app.cli.objects import listed
    from app.store import decisions as stored

    if repository:
        call.store.repositories.get(repository)
    found = stored.found(call.store, repository=repository, state=state, limit=limit)
    call.show(listed(map(decision_object, found)), lambda: _list_lines(found, call.store.now()))


@add_to(decisions, "show", short_help="Show one decision, with samples of its records.")
@NUMBER
def show(call: Call, number: int) -> None:
    """Show one decision: how many records of how many, why, and up to 20 of them."""
    from app.store import decisions as stored

    found = stored.get(call.store, number)
    samples = stored.samples(call.store, number, SAMPLES)
    declared = call.store.repositories.by_id(found.repository_id).deleted_record
    value = decision_object(found) | {"samples": [_sample(*one) for one in samples]}
    if declared:
        value["deleted_record"] = declared
    call.show(value, lambda: _show_lines(found, samples, declared))


@add_to(decisions, "approve", short_help="Let the records of a decision be deleted.")
@NUMBER
@click.option("--name", metavar="NAME", help="The repository's name, where it must be typed.")
def approve(call: Call, number: int, name: str | None) -> None:
    """Delete the records of a decision; they leave tombstones.

    Of records with new identifiers the old ones are merged into the new: their pages lead there.

    What was stopped needs a whole look made after the alarm, and the name of the repository.
    """
    from app.errors import Refused
    from app.store import decisions as stored
    from harvesters.runs.removals import carry_out

    found = stored.get(call.store, number)
    if found.state not in ("open", "approved"):
        raise Refused(f"Decision {number} is {found.state} already.")
    if found.state == "open":
        _check(call, found, name)
    with _alone(call, found):
        approved = stored.decide(call.store, number, "approved", operator_name())
        count = carry_out(call.store, approved)
    _tell(call, approved, count, f"{count:,} records of {found.repository} are deleted.")


@add_to(decisions, "reject", short_help="Let the records of a decision live.")
@NUMBER
def reject(call: Call, number: int) -> None:
    """Delete nothing: the records of a decision live on, and the looks count anew."""
    from app.errors import Refused
    from app.store import decisions as stored
    from harvesters.runs.removals import let_live

    found = stored.get(call.store, number)
    if found.state != "open":
        raise Refused(f"Decision {number} is {found.state} already.")
    with _alone(call, found):
        rejected = stored.decide(call.store, number, "rejected", operator_name())
        let_live(call.store, rejected)
    _tell(call, rejected, 0, f"The records of decision {number} live on.")


def decision_object(found: Decision) -> dict[str, Any]:
    """Return a decision as an object of the JSON."""
    from app import clock

    value = {
        "decision": found.id, "repository": found.repository, "state": found.state,
        "kind": found.kind, "grade": found.grade, "records": found.records, "live": found.live,
        "reason": found.reason, "harvest": found.harvest, "made": clock.text(found.made_at),
    }  # fmt: skip
    if found.decided_at is not None:
        value["decided"] = clock.text(found.decided_at)
    if found.decided_by:
        value["decided_by"] = found.decided_by
    return value


def _check(call: Call, found: Decision, name: str | None) -> None:
    """Raise Refused unless a person may approve now."""
    from app.errors import Refused
    from app.store.looks import looked_since

    if found.kind == "unlisted" and found.records >= found.live:
        raise Refused(
            f"That would delete every record of {found.repository}, which no one can approve. "
            f"Reject it, or remove the repository: garnery repository remove {found.repository}"
        )
    if found.grade != "stopped":
        return
    if not looked_since(call.store, found.repository_id, found.harvest):
        raise Refused(
            f"It needs a whole look made after harvest {found.harvest}: "
            f"garnery harvest {found.repository} --kind sweep"
        )
    typed = name if name is not None else _typed(found)
    if typed != found.repository:
        raise Refused(f"`{typed}` is not the name of the repository; nothing is deleted.")


def _typed(found: Decision) -> str:
    from app.errors import Refused

    if not sys.stdin.isatty():
        raise Refused(
            f"It needs the repository's name: garnery decisions approve {found.id} --name NAME"
        )
    question = (
        f"{found.records:,} of {found.live:,} records are deleted. Type the repository's name"
    )
    return str(click.prompt(question, err=True))


def _alone(call: Call, found: Decision) -> Any:
    """Hold the repository, so that no harvest sees its records meanwhile."""
    from app import jobs
    from app.cli.holding import held

    repository = call.store.repositories.get(found.repository)
    return held(call, repository, jobs.DECISION, {"decision": found.id}, jobs.worker_name())


def _tell(call: Call, found: Decision, count: int, words: str) -> None:
    call.show(decision_object(found) | {"deleted": count}, lambda: (words,))


def _list_lines(found: Sequence[Decision], now: datetime) -> Iterator[str]:
    from app.cli.output import ago, table

    if not found:
        yield "Nothing waits for a decision."
        return
    rows = [
        (str(one.id), one.repository, one.state, one.grade, one.kind, one.records, one.live,
         ago(one.made_at, now))
        for one in found
    ]  # fmt: skip
    head = ("N", "Repository", "State", "Grade", "Kind", "Records", "Of", "Asked")
    yield from table(head, rows, right=(0, 5, 6))


def _show_lines(
    found: Decision, samples: Sequence[tuple[StoredRecord, str]], declared: str
) -> Iterator[str]:
    from app.cli.output import pairs, table

    yield f"Decision {found.id}, {found.state}: {found.records:,} of {found.live:,} records"
    yield found.reason
    yield from pairs(
        (
            ("Repository", found.repository),
            ("Records", KINDS.get(found.kind, found.kind)),
            ("Grade", found.grade),
            ("Declares", DECLARED.get(declared, declared)),
            ("Asked by", f"harvest {found.harvest}"),
            ("Asked", found.made_at),
            ("Decided", found.decided_at),
            ("By", found.decided_by),
        )
    )
    if samples:
        yield ""
        rows = [(r.local_id, r.identifier, new, r.summary.title) for r, new in samples]
        yield from table(("ID", "Identifier", "Now", "Title"), rows)
    if found.state == "open":
        yield ""
        yield f"garnery decisions approve {found.id}   or   garnery decisions reject {found.id}"


def _sample(record: StoredRecord, successor: str) -> dict[str, str]:
    value = {
        "id": record.local_id,
        "identifier": record.identifier,
        "title": record.summary.title,
        "successor": successor,
    }
    return {name: text for name, text in value.items() if text}
