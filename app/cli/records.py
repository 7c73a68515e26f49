"""`garnery record show` and `garnery records`: one record, or many, in any form they have."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from app.cli.ending import end
from app.cli.manners import Call, add_to, command, group
from app.cli.queries import parameter_options

if TYPE_CHECKING:
    from app.datacite.problem import Problem
    from app.store.values import StoredRecord
    from app.why import Answer

STATES = ("live", "deleted", "withdrawn", "merged", "unread", "unseen")


@group("record", short_help="Look at one record.")
def record(_call: Call) -> None:
    """One record of one repository."""


@add_to(record, "show", short_help="Show one record.")
@click.argument("identifier", metavar="ID")
@click.option("--format", "form", help="Give it in this format, exactly as the web does.")
@click.option("--style", help="Of the format citation: a name of garnery styles.")
@click.option("--source", is_flag=True, help="Give the metadata as it was received.")
@click.option("--history", is_flag=True, help="Tell what it was before, and what changed.")
@click.option(
    "--version",
    "number",
    type=click.IntRange(1),
    help="Give this version as DataCite JSON, or as --source.",
)
@click.option("--problems", is_flag=True, help="Tell what is wrong with its metadata.")
@click.option("--trace", is_flag=True, help="Tell what was inferred, by which rule, from what.")
def show(
    call: Call, identifier: str, form: str | None, style: str | None, number: int | None,
    **parts: bool,
) -> None:  # fmt: skip
    """Show a record. ID is its id, a DOI, or an OAI identifier of ours or of its repository.

    Exit code 1 when the record is deleted (its tombstone is shown all the same).
    """
    from app.cli import renderings, versions

    found = _one(call, identifier)
    if number is not None:
        versions.give(call, found, number, form, source=parts["source"])
    elif parts["history"]:
        versions.show(call, found)
    elif form is not None or style is not None:
        renderings.give(call, found, form or "citation", style)
    elif parts["source"]:
        renderings.give_source(call, found)
    else:
        _show(call, found, problems=parts["problems"], trace=parts["trace"])
    end(0 if found.state == "live" else 1)


@add_to(record, "fetch", short_help="Ask again for a record that is set aside.")
@click.argument("identifier", metavar="ID")
@click.option("--queue", is_flag=True, help="Only queue it; the workers do it.")
def fetch(call: Call, identifier: str, queue: bool) -> None:  # noqa: FBT001 - an option
    """Ask a repository again for one record that is set aside, as a harvest of its own.

    Exit codes as with `garnery harvest`: 10 when it still cannot be read.
    """
    from app.cli import running
    from app.errors import Refused
    from harvesters.runs.plan import SELECTIVE

    found = _one(call, identifier)
    if not found.quarantine:
        raise Refused(f"{found.identifier} is not set aside.")
    if call.store.repositories.get(found.repository).kind != SELECTIVE:
        whole = f"{found.repository} is only read whole: `garnery harvest {found.repository}`."
        raise Refused(f"{found.identifier} cannot be asked for alone. {whole}")
    end(running.retry(call, found.repository, queued=queue, only=found.identifier))


@add_to(record, "dismiss", short_help="Ask no more for a record that is set aside.")
@click.argument("identifier", metavar="ID")
def dismiss(call: Call, identifier: str) -> None:
    """Take a record out of what is set aside: it is asked for no more, and harvests are complete.

    Its last good version stays. Once it comes in other bytes it is read again, and set aside again
    if that fails.
    """
    from app.errors import Refused
    from app.record_object import record_object
    from app.store.set_aside import dismiss

    found = _one(call, identifier)
    if not dismiss(call.store, found.id):
        raise Refused(f"{found.identifier} is not set aside.")
    left = _one(call, found.local_id)
    words = f"{found.identifier} of {found.repository} is dismissed until it changes."
    call.show(record_object(left, call.settings), lambda: (words,))


@add_to(record, "why", short_help="Say why a record is, or is not, here.")
@click.argument("identifier", metavar="IDENTIFIER")
@click.option("--repository", metavar="NAME", help="At this repository; else at all of them.")
def why_(call: Call, identifier: str, repository: str | None) -> None:
    """Say what became of the record that has this identifier at a member repository.

    Never listed, set aside, deleted, not yet reached, held, or here. Without --repository, those
    that know something of it. Exit code 1 unless it is here.
    """
    from app.cli.objects import listed
    from app.why import HERE, NEVER_LISTED, NOT_REACHED, why

    repositories = call.store.repositories
    members = (repositories.get(repository),) if repository else repositories.list()
    found = [why(call.store, one, identifier) for one in members]
    if not repository:
        unknown = (NEVER_LISTED, NOT_REACHED)
        found = [one for one in found if one.state not in unknown] or found
    lines = (f"{one.repository}: {one.sentence}" for one in found)
    call.show(listed(map(_why_object, found)), lambda: lines)
    end(0 if any(one.state == HERE for one in found) else 1)


def _reasons(function: Any) -> Any:
    public = click.option("--public-reason", default="", help="What everyone is told.")(function)
    return click.option("--reason", required=True, help="Why, for operators only.")(public)


@add_to(record, "withdraw", short_help="Take records out of the lists, whatever harvests say.")
@click.argument("identifiers", metavar="ID...", nargs=-1)
@click.option("--query", help="Instead of IDs: all that this search finds; counted first.")
@_reasons
@click.option("--yes", is_flag=True, help="Do not ask.")
def withdraw(
    call: Call, identifiers: tuple[str, ...], query: str | None, reason: str, public_reason: str,
    yes: bool,  # noqa: FBT001 - an option
) -> None:  # fmt: skip
    """Hide records: pages answer 410 with the public reason, harvesters get a tombstone.

    It outlives harvests: what the repository sends is kept, and shown after a restore. A query is
    counted first, and asks before it acts.
    """
    from app.cli import withdrawing

    found = _several(call, identifiers, query, withdrawing.STATES)
    sure = yes or query is None
    withdrawing.withdraw(call, found, reason, public_reason, sure=sure)


@add_to(record, "restore", short_help="Show withdrawn records again.")
@click.argument("identifiers", metavar="ID...", nargs=-1)
@click.option("--query", help="Instead of IDs: all withdrawn records that this search finds.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def restore(call: Call, identifiers: tuple[str, ...], query: str | None, yes: bool) -> None:  # noqa: FBT001
    """Show records again as their repositories have them by now.

    One that its repository deleted meanwhile stays a tombstone.
    """
    from app.cli import withdrawing

    found = _several(call, identifiers, query, ("withdrawn",))
    withdrawing.restore(call, found, sure=yes or query is None)


@add_to(record, "merge", short_help="Let one record's addresses lead to another.")
@click.argument("old", metavar="OLD")
@click.argument("into", metavar="INTO")
@_reasons
@click.option("--yes", is_flag=True, help="Do not ask.")
def merge(call: Call, old: str, into: str, reason: str, public_reason: str, yes: bool) -> None:  # noqa: FBT001
    """Merge OLD into INTO, another record of the same repository.

    OLD leaves lists and searches, and its addresses answer 301 to those of INTO.
    """
    from app.cli import withdrawing

    pair = _one(call, old), _one(call, into)
    withdrawing.merge(call, *pair, reason, public_reason, sure=yes)


@add_to(record, "unmerge", short_help="Take a merge back.")
@click.argument("old", metavar="OLD")
def unmerge(call: Call, old: str) -> None:
    """Show a merged record for itself again, as its repository has it by now."""
    from app.cli import withdrawing

    withdrawing.unmerge(call, _one(call, old))


def _several(
    call: Call, identifiers: tuple[str, ...], query: str | None, states: tuple[str, ...]
) -> list[StoredRecord]:
    """Return the records that are named, or those that a query finds."""
    from app.cli import withdrawing

    if bool(identifiers) == bool(query):
        raise click.UsageError("Name records by ID, or by --query: one of the two.")
    if query:
        return withdrawing.found_by(call, query, states)
    return [_one(call, identifier) for identifier in dict.fromkeys(identifiers)]


def _why_object(answer: Answer) -> dict[str, Any]:
    import msgspec

    value = msgspec.to_builtins(answer)
    return {name: value for name, value in value.items() if value not in ("", None)}


@command("records", short_help="Search, list or export records.")
@click.argument("query", nargs=-1)
@click.option("--repository", metavar="NAME", help="Only those of this repository.")
@click.option("--state", type=click.Choice([*STATES, "all"]), help="In this state, else live.")
@parameter_options
@click.option("--sort", help="relevance, updated, published, title, citations; - before: down.")
@click.option("--format", "form", default="table", help="table, ids, jsonl, or a format's name.")
@click.option("--limit", type=click.IntRange(0), default=25, help="At most so many; 0: all.")
def records(
    call: Call,
    query: tuple[str, ...],
    repository: str | None,
    state: str | None,
    sort: str | None,
    form: str,
    limit: int,
    **given: tuple[str, ...] | str | None,
) -> None:
    """List records, or write them out: jsonl has the whole record on each line.

    QUERY is a search, such as: garnery records 'title:"rock fall" year:2020..' One that names
    states itself, as in state:deleted, goes by them. Put -- before one that begins with a minus.

    The other options are the parameters of the search page. With --sort the records are those that
    visitors find there. Else they are all there are, in the order they came: those of private
    repositories, too, and all copies of an object unless --copies preferred is given.

    Formats of garnery formats are written one record after another; JSON formats one a line.
    Exit code 1 when nothing matched, or when a record cannot be written in the format.
    """
    from app.cli import exports, queries
    from app.query.request import names

    exports.require_form(form)
    if repository:
        call.store.repositories.get(repository)
    text = " ".join(query)
    tree = queries.narrowed(queries.understood(call, text), given)
    request = None
    if sort is not None:
        request = queries.sorted_request(text, sort, repository, state, given)
    state = state or ("all" if names(tree, "state") else "live")
    states = STATES if state == "all" else (state,)
    end(exports.write(call, exports.Wanted(repository, states, limit, tree, request), form))


def _one(call: Call, identifier: str) -> StoredRecord:
    """Find the record that is meant; several live ones are told apart by their ids."""
    from app.errors import NotFound

    found = call.store.records.find(identifier)
    if not found:
        raise NotFound(f"No record has the identifier {identifier}.")
    live = [r for r in found if r.state == "live"] or list(found)
    if len(live) > 1:
        ids = ", ".join(f"{r.local_id} ({r.repository})" for r in live)
        raise click.UsageError(f"{len(live)} records have the identifier {identifier}: {ids}.")
    return live[0]


def _show(call: Call, found: StoredRecord, *, problems: bool, trace: bool) -> None:
    from app.cli.objects import problem_object
    from app.record_object import record_object

    store, name = call.store, found.local_id
    wrong = store.records.problems(name)
    value = record_object(found, call.settings)
    value["problems"] = [problem_object(p) for p in wrong] if problems else _tally(wrong)
    if trace:
        value["trace"] = _trace(call, name)
    if found.state == "live":
        value["metadata"] = _metadata(call, name)
    call.show(value, lambda: _lines(call, found, wrong, problems=problems, trace=trace))


def _lines(
    call: Call,
    r: StoredRecord,
    found: tuple[Problem, ...],
    *,
    problems: bool,
    trace: bool,
) -> Iterator[str]:
    from app import clock
    from app.cli.output import pairs
    from app.record import oai_identifier

    yield r.summary.title or r.identifier
    yield from pairs(
        (
            ("By", r.summary.creators),
            ("Year", str(r.summary.year or "")),
            ("Type", r.summary.type),
            ("DOI", f"https://doi.org/{r.summary.doi}" if r.summary.doi else ""),
            ("At", r.summary.url),
            ("State", f"{r.state} (private)" if r.withheld else r.state),
            ("Withdrawn", _withdrawn(call, r)),
            ("Set aside", r.quarantine),
            ("Why", r.reason),
            ("Repository", f"{r.repository} ({r.repository_title})"),
            ("Its identifier", r.identifier),
            ("Its datestamp", r.datestamp),
            ("Format", f"{r.format} (asked for as {r.prefix})" if r.format else r.prefix),
            ("Identifier here", oai_identifier(call.settings.oai.domain, r.local_id)),
            ("Datestamp here", clock.text(r.stamp) if r.stamp else ""),
            ("Sets", r.sets),
            ("First harvested", r.first_harvested_at),
            ("Last changed", r.last_changed_at),
            ("Problems", " · ".join(f"{k} {n}" for k, n in _tally(found).items())),
        )
    )
    if problems:
        yield from map(problem_line, found)
    if trace:
        for path, rule, text in _trace(call, r.local_id):
            yield f"{path}  {rule}  from “{' '.join(str(text).split())}”"


def _withdrawn(call: Call, r: StoredRecord) -> str:
    """Return who hid a record, when, and why, for operators."""
    from app import clock

    if r.withdrawn_at is None:
        return ""
    last = call.store.withdrawals.history(r.id)[-1]
    return f"{clock.text(last.at)} by {last.by}: {last.reason}"


def problem_line(problem: Problem) -> str:
    """Write a problem on one line: severity, rule, path, value, message."""
    value = f'"{" ".join(problem.value.split())}" ' if problem.value else ""
    return f"{problem.severity} {problem.rule} {problem.path or '/'} {value}{problem.message}"


def _tally(problems: tuple[Problem, ...]) -> dict[str, int]:
    severities = ("error", "warning", "info")
    return {s: sum(p.severity == s for p in problems) for s in severities}


def _trace(call: Call, local_id: str) -> list[Any]:
    import msgspec

    found: list[Any] = msgspec.json.decode(call.store.records.inferences(local_id) or b"[]")
    return found


def _metadata(call: Call, local_id: str) -> Any:
    import msgspec

    return msgspec.Raw(call.store.records.resource(local_id) or b"{}")
