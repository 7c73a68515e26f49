"""`garnery record withdraw`, `restore`, `merge`, `unmerge`: what an operator hides and shows.

Imported by `app.cli.records`, whose group they belong to.
"""

from __future__ import annotations

import getpass
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from app.cli.manners import Call
    from app.store.values import StoredRecord

SHOWN = 5
"""Records that are named before a question."""
STATES = ("live", "deleted")


def operator_name() -> str:
    """Return who gives the command, as the machine knows them."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a process without a user's name
        return "operator"


def found_by(call: Call, text: str, states: tuple[str, ...]) -> list[StoredRecord]:
    """Return the records that a query finds, private ones and all copies among them."""
    from app.cli.queries import understood

    tree = understood(call, text)
    if tree is None:
        raise click.UsageError("An empty query finds everything; name what is meant.")
    return [record for record, _ in call.store.records.iterate(states=states, query=tree)]


def withdraw(
    call: Call, found: Sequence[StoredRecord], reason: str, public_reason: str, *, sure: bool
) -> None:
    """Hide records, after a question unless `sure`."""
    from app.errors import Refused
    from app.store.withdrawing import Why

    never = [one for one in found if one.state not in STATES and one.withdrawn_at is None]
    if never:
        raise Refused(f"{never[0].local_id} was never shown; there is nothing to withdraw.")
    merged = [one for one in found if one.state == "merged"]
    if merged:
        raise Refused(f"{merged[0].local_id} is merged into another; take that back first.")
    if not _agreed(call, found, "withdrawn: lists show their tombstones from then on", sure=sure):
        return
    why = Why(operator_name(), reason, public_reason)
    done = call.store.withdrawals.withdraw([one.id for one in found], why)
    _tell(call, found, done, "withdrawn")


def restore(call: Call, found: Sequence[StoredRecord], *, sure: bool) -> None:
    """Show records again, after a question unless `sure`."""
    from app.errors import Refused

    merged = [one for one in found if one.state == "merged"]
    if merged:
        name = merged[0].local_id
        raise Refused(f"{name} is merged into another: `garnery record unmerge {name}`.")
    if not _agreed(call, found, "shown again as their repositories have them", sure=sure):
        return
    done = call.store.withdrawals.restore([one.id for one in found], operator_name())
    _tell(call, found, done, "restored")


def merge(
    call: Call, old: StoredRecord, into: StoredRecord, reason: str, public_reason: str,
    *, sure: bool,
) -> None:  # fmt: skip
    """Let the addresses of one record lead to another one, after a question unless `sure`."""
    from app.store.withdrawing import Why

    call.say(f"{old.local_id} “{_title(old)}” goes; its addresses lead to the other for ever.")
    call.say(f"{into.local_id} “{_title(into)}” stays as it is.")
    if not _agreed(call, (old,), f"merged into {into.local_id}", sure=sure):
        return
    why = Why(operator_name(), reason, public_reason)
    call.store.withdrawals.merge(old.id, into.id, why)
    _tell(call, (old,), 1, "merged")


def unmerge(call: Call, old: StoredRecord) -> None:
    """Take a merge back."""
    from app.errors import Refused

    if old.state != "merged":
        raise Refused(f"{old.local_id} is not merged into another record.")
    done = call.store.withdrawals.restore((old.id,), operator_name())
    _tell(call, (old,), done, "parted again")


def _title(one: StoredRecord) -> str:
    return one.summary.title or one.identifier


def _agreed(call: Call, found: Sequence[StoredRecord], what: str, *, sure: bool) -> bool:
    """Tell what will happen in numbers, and ask; without a terminal nothing happens."""
    from app.cli.ending import end
    from app.web.words import plural

    if not found:
        call.say("No record matches.")
        end(1)
    if sure:
        return True
    call.say(f"{plural(len(found), 'record')} would be {what}.")
    for one in found[:SHOWN]:
        call.say(f"  {one.local_id}  {one.repository}  {_title(one)}")
    if sys.stdin.isatty() and click.confirm("Go on?", err=True):
        return True
    call.say("Nothing is done. With --yes it is.")
    end(1)
    return False


def _tell(call: Call, found: Sequence[StoredRecord], done: int, word: str) -> None:
    from app.web.words import plural

    ids = [one.local_id for one in found]
    already = len(found) - done
    words = f"{plural(done, 'record')} {word}" + (f"; {already:,} were so already" * (already > 0))
    call.show({"done": done, "asked": len(found), "ids": ids}, lambda: (f"{words}.",))
