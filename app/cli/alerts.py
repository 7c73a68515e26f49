"""`garnery alerts`: what people were told, what is still on its way, a trial of the channels."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import click

from app.cli.ending import end
from app.cli.manners import Call, add_to, group

if TYPE_CHECKING:
    from app.alerting import Alert
    from app.store.alerts import Message
    from harvesters.alerts import Told


@group("alerts", invoke_without_command=True, short_help="Show who was told of what.")
@click.option("--repository", metavar="NAME", help="Only those of this repository.")
@click.option("--limit", type=click.IntRange(1), default=20, help="How many at most.")
def alerts(call: Call, repository: str | None, limit: int) -> None:
    """Show the changes of state that people were told of, newest first, and messages on their way.

    Exit code 1 when a message could not be handed over and was given up.
    """
    if click.get_current_context().invoked_subcommand is not None:
        return
    from app import alerting
    from app.store import alerts as kept

    if repository is not None:
        call.store.repositories.get(repository)
    found = kept.newest(call.store, limit, repository)
    late = kept.messages(call.store, limit, "waiting")
    lost = kept.messages(call.store, limit, "failed")
    value = {
        "total": len(found),
        "items": alerting.documents(found, call.settings.base_url),
        "channels": _channels(call),
        "waiting": [_object(one) for one in late],
        "failed": [_object(one) for one in lost],
    }
    call.show(value, lambda: _lines(call, found, (*late, *lost)))
    end(1 if lost else 0)


@add_to(alerts, "test", short_help="Send a trial by every channel.")
def test(call: Call) -> None:
    """Send a trial message by every channel that is set up, now, and tell whether it was taken.

    Exit code 1 when one was not, or when none is set up.
    """
    from app import clock
    from harvesters import alerts as telling

    tried = telling.test(call.settings, clock.now())
    well = bool(tried) and not any(one.error for one in tried)
    call.show({"ok": well, "channels": tried}, lambda: _tried(tried))
    end(0 if well else 1)


def _channels(call: Call) -> list[str]:
    from harvesters import alerts as telling

    return list(telling.channels(call.settings))


def _tried(tried: Sequence[Told]) -> Iterator[str]:
    for one in tried:
        yield f"{one.channel}: {one.error or 'it was taken.'}"
    if not tried:
        yield "No channel is set up: set alerts.mail and smtp.host, or alerts.webhook."


def _lines(call: Call, found: Sequence[Alert], messages: Sequence[Message]) -> Iterator[str]:
    from app.cli.output import ago, table

    now = call.store.now()
    channels = _channels(call)
    yield f"Channels: {', '.join(channels) or 'none; nobody is told'}"
    if found:
        yield ""
        rows = [
            (ago(one.at, now), "the hub" if one.subject == "*" else one.subject,
             f"{one.before or '–'} → {one.state}" if not one.reminder else f"still {one.state}",
             one.sentence)
            for one in found
        ]  # fmt: skip
        yield from table(("When", "Who", "What", "Why"), rows)
    for one in messages:
        word = "given up" if one.state == "failed" else "waits"
        yield f"Message {one.id} by {one.channel} {word}: {one.error or one.subject}"


def _object(message: Message) -> dict[str, Any]:
    from app import clock

    return {
        "id": message.id,
        "channel": message.channel,
        "subject": message.subject,
        "attempts": message.attempts,
        "made_at": clock.text(message.made_at),
        "next_at": clock.text(message.next_at) if message.next_at else None,
        "error": message.error,
    }
