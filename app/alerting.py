"""When somebody is told: on a change of state, once, and never for a single failed harvest.

Pure: what was known and what is seen make alerts; alerts make a message. Time is an argument.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from msgspec import Struct, structs

from app import clock
from app.causes import CAUSES

HUB = "*"
"""The subject that is the hub itself; no repository can be called so."""
READY, NOT_READY = "ready", "not ready"
"""The states of the hub."""
TROUBLE = frozenset(("failing", "late", "held", NOT_READY))
"""States that are told when they are entered."""
WELL = frozenset(("ok", READY))
"""States that are told when trouble is over."""
FIRST_REMINDER, LATER_REMINDERS = timedelta(days=7), timedelta(days=30)
"""How long a repository has failed when that is said again, and again."""


class Seen(Struct, frozen=True):
    """How a repository, or the hub, stands now."""

    subject: str
    state: str
    title: str = ""
    last_whole_at: datetime | None = None
    sentence: str = ""
    cause: str = ""
    decision: int = 0
    """The newest decision that waits for a person; 0: none."""


class Standing(Struct, frozen=True):
    """What is known of a subject, and what was told of it."""

    subject: str
    state: str
    since: datetime
    told: str = ""
    told_at: datetime | None = None
    reminders: int = 0
    decision: int = 0


class Alert(Struct, frozen=True):
    """A change of state that is to be told; or, as a reminder, a state that lasts."""

    subject: str
    title: str
    state: str
    before: str
    since: datetime
    at: datetime
    last_whole_at: datetime | None = None
    sentence: str = ""
    cause: str = ""
    reminder: bool = False
    id: int = 0


class Decided(Struct, frozen=True):
    """What follows from a look: alerts, standings to be kept, subjects that are no more."""

    alerts: tuple[Alert, ...] = ()
    standings: tuple[Standing, ...] = ()
    gone: tuple[str, ...] = ()


class Message(Struct, frozen=True):
    """What people read."""

    subject: str
    text: str


def decide(known: Mapping[str, Standing], seen: Sequence[Seen], now: datetime) -> Decided:
    """Return what is to be told and kept when subjects stand as `seen`.

    A state is told when trouble begins, or becomes another trouble, and when it is over; nothing is
    told twice. A pause is a person's doing: it tells nothing and forgets nothing.
    """
    alerts, standings = [], []
    for one in seen:
        before = known.get(one.subject)
        after, alert = _decide_one(before, one, now)
        if after != before:
            standings.append(after)
        if alert is not None:
            alerts.append(alert)
    gone = known.keys() - {one.subject for one in seen}
    return Decided(tuple(alerts), tuple(standings), tuple(sorted(gone)))


def _decide_one(
    before: Standing | None, seen: Seen, now: datetime
) -> tuple[Standing, Alert | None]:
    after = _standing(before, seen, now)
    if _is_news(after, seen):
        alert = _alert(before, after, seen, now)
        told = structs.replace(
            after, told=seen.state, told_at=now, reminders=0,
            decision=max(seen.decision, after.decision),
        )  # fmt: skip
        return told, alert
    if _is_time_to_remind(after, now):
        alert = structs.replace(_alert(before, after, seen, now), reminder=True)
        return structs.replace(after, reminders=after.reminders + 1), alert
    return after, None


def _standing(before: Standing | None, seen: Seen, now: datetime) -> Standing:
    if before is None:
        return Standing(seen.subject, seen.state, now)
    if before.state == seen.state:
        return before
    return structs.replace(before, state=seen.state, since=now)


def _is_news(standing: Standing, seen: Seen) -> bool:
    if seen.state in TROUBLE:
        is_new = seen.state == "held" and seen.decision > standing.decision
        return seen.state != standing.told or is_new
    return seen.state in WELL and standing.told in TROUBLE


def _is_time_to_remind(standing: Standing, now: datetime) -> bool:
    if standing.state != "failing" or standing.told != "failing" or standing.told_at is None:
        return False
    return now >= standing.told_at + FIRST_REMINDER + standing.reminders * LATER_REMINDERS


def _alert(before: Standing | None, after: Standing, seen: Seen, now: datetime) -> Alert:
    return Alert(
        subject=seen.subject,
        title=seen.title or seen.subject,
        state=seen.state,
        before=after.told or (before.state if before and before.state != seen.state else ""),
        since=after.since,
        at=now,
        last_whole_at=seen.last_whole_at,
        sentence=seen.sentence,
        cause=seen.cause,
    )


# ── words ────────────────────────────────────────────────────────────────────────────────────


def message(alerts: Sequence[Alert], hub: str, base_url: str) -> Message:
    """Return the message that tells some alerts at once; `hub` is the name of the hub."""
    parts = (
        _head(alerts, hub),
        *(_paragraph(one, base_url) for one in alerts),
        f"{hub}, {base_url}",
    )
    return Message(f"[{hub}] {_summary(alerts)}", "\n\n".join(parts) + "\n")


def _summary(alerts: Sequence[Alert]) -> str:
    if len(alerts) == 1:
        return _short(alerts[0])
    return ", ".join(_counted(alerts))


def _short(alert: Alert) -> str:
    if alert.subject == HUB:
        return "the hub is ready again" if alert.state == READY else "the hub is not ready"
    still = "still " if alert.reminder else ""
    again = " again" if alert.state == "ok" else ""
    return f"{alert.title} is {still}{alert.state}{again}"


def _counted(alerts: Sequence[Alert]) -> Iterator[str]:
    of_hub = [one for one in alerts if one.subject == HUB]
    yield from map(_short, of_hub)
    for state in ("failing", "held", "late", "ok"):
        found = [one for one in alerts if one.state == state]
        if len(found) == 1:
            yield _short(found[0])
        elif found:
            again = " again" if state == "ok" else ""
            yield f"{len(found)} repositories are {state}{again}"


def _head(alerts: Sequence[Alert], hub: str) -> str:
    news = f"At {hub}: {_summary(alerts)}."
    failing = [one for one in alerts if one.state == "failing" and not one.reminder]
    if len(failing) > 2 and len({one.cause for one in failing}) == 1:
        return f"{news} All of them for the same reason: it may lie on this side."
    return news


def _paragraph(alert: Alert, base_url: str) -> str:
    lines = [_short(alert).capitalize() if alert.subject == HUB else _short(alert)]
    lines[0] += f", since {_minute(alert.since)}."
    if alert.subject != HUB and alert.state != "ok":
        last = _minute(alert.last_whole_at) if alert.last_whole_at else "none so far"
        lines.append(f"Last complete harvest: {last}.")
    lines += [line for line in (alert.sentence, advice(alert)) if line and alert.state not in WELL]
    if alert.subject != HUB:
        lines.append(link(alert, base_url))
    return "\n".join(lines)


def advice(alert: Alert) -> str:
    """Return what an operator can do about the cause of an alert; empty where nothing is known."""
    if alert.state == "held":
        return "Look and decide with: garnery decisions"
    if alert.subject == HUB:
        return "Look with: garnery check"
    cause = CAUSES.get(alert.cause)
    return cause.operator if cause else ""


def link(alert: Alert, base_url: str) -> str:
    """Return the address where more is shown."""
    return base_url if alert.subject == HUB else f"{base_url}/repositories/{alert.subject}/report"


def documents(alerts: Iterable[Alert], base_url: str) -> list[dict[str, object]]:
    """Return alerts as JSON objects, as the webhook and `garnery alerts` give them."""
    return [
        {
            "kind": "hub" if one.subject == HUB else "repository",
            "name": "" if one.subject == HUB else one.subject,
            "title": one.title,
            "state": one.state,
            "before": one.before,
            "since": clock.text(one.since),
            "at": clock.text(one.at),
            "last_complete": clock.text(one.last_whole_at) if one.last_whole_at else None,
            "sentence": one.sentence,
            "cause": one.cause,
            "advice": advice(one),
            "reminder": one.reminder,
            "url": link(one, base_url),
        }
        for one in alerts
    ]


def _minute(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"
