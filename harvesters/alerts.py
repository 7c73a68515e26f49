"""Alerts: look how repositories and the hub stand, and tell people by mail or webhook of changes.

What is news is decided in `app.alerting`; here are the looks, the channels and the tries.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime, timedelta

import msgspec
import structlog
from msgspec import Struct

from app import alerting, clock
from app.alerting import HUB, NOT_READY, READY, Alert, Seen
from app.errors import Undelivered
from app.jobs import presence
from app.settings import Settings, length_of
from app.state import repository_state
from app.store import Store, decisions
from app.store import alerts as kept
from app.store.values import Repository
from harvesters.transport import mail, webhook

MAIL, WEBHOOK = "mail", "webhook"
MINUTE = timedelta(minutes=1)
AGAIN: Mapping[str, tuple[timedelta, ...]] = {
    WEBHOOK: (MINUTE, 10 * MINUTE),
    MAIL: (MINUTE, 10 * MINUTE, 60 * MINUTE, 360 * MINUTE),
}
"""After which times a message is tried again; after the last it is given up."""
MOST_DECISIONS = 10_000
LONG_SILENCE = timedelta(minutes=5)
"""How long workers must be silent until the hub counts as not ready: a new start is no alarm."""

_log = structlog.get_logger("harvesters.alerts")


class Told(Struct, frozen=True):
    """How a trial of a channel ended; `error` is empty when it took the message."""

    channel: str
    error: str = ""


def channels(settings: Settings) -> tuple[str, ...]:
    """Return the channels that are set up."""
    found = ((MAIL, settings.alerts.mail), (WEBHOOK, settings.alerts.webhook))
    return tuple(channel for channel, target in found if target)


def tend(store: Store, settings: Settings) -> None:
    """Look, tell and send: what the scheduler calls again and again."""
    now = store.now()
    watch(store, now)
    compose(store, settings, now)
    send_due(store, settings, now)
    kept.forget(store, now - length_of(settings.alerts.keep))


def watch(store: Store, now: datetime) -> tuple[Alert, ...]:
    """Look how everything stands; what is news becomes alerts, which are returned."""
    repositories = store.repositories.list()
    waiting = _newest_decisions(store) if any(one.held for one in repositories) else {}
    seen = [_seen(store, one, waiting, now) for one in repositories]
    news = kept.look(store, (*seen, _seen_hub(store, now)), now)
    for alert in news:
        _log.warning("state changed", subject=alert.subject, state=alert.state, before=alert.before)
    return news


def _newest_decisions(store: Store) -> dict[int, int]:
    found: dict[int, int] = {}
    for one in decisions.found(store, state="open", limit=MOST_DECISIONS):
        found[one.repository_id] = max(one.id, found.get(one.repository_id, 0))
    return found


def _seen(store: Store, repository: Repository, waiting: Mapping[int, int], now: datetime) -> Seen:
    state = repository_state(repository, now)
    sentence = cause = ""
    if state in ("failing", "late") and repository.last_harvest is not None:
        last = store.harvests.get(repository.last_harvest)
        sentence, cause = last.sentence, last.cause
    elif state == "held":
        sentence = f"{repository.held:,} of its records wait for a decision on their deletion."
    return Seen(
        repository.name, state, repository.title, repository.last_whole_at, sentence, cause,
        waiting.get(repository.id, 0),
    )  # fmt: skip


def _seen_hub(store: Store, now: datetime) -> Seen:
    """Say whether the hub stands well, as far as a scheduler can tell: whether workers live."""
    last = presence.last_sign(store, presence.WORKER)
    if last is None or now - last <= LONG_SILENCE:
        return Seen(HUB, READY)
    return Seen(HUB, NOT_READY, sentence=f"No worker has given a sign since {clock.text(last)}.")


def compose(store: Store, settings: Settings, now: datetime) -> int:
    """Put alerts that have waited for others into messages; return how many alerts."""

    def make(alerts: tuple[Alert, ...]) -> dict[str, tuple[str, str]]:
        return {one: written(one, settings, alerts, now) for one in channels(settings)}

    return kept.compose(store, now, length_of(settings.alerts.gather), make)


def written(
    channel: str, settings: Settings, alerts: tuple[Alert, ...], now: datetime
) -> tuple[str, str]:
    """Return subject and body of a message as a channel wants them."""
    told = alerting.message(alerts, settings.hub.title, settings.base_url)
    if channel == MAIL:
        return told.subject, told.text
    value = {
        "hub": settings.base_url,
        "at": clock.text(now),
        "subject": told.subject,
        "text": told.text,
        "alerts": alerting.documents(alerts, settings.base_url),
    }
    return told.subject, msgspec.json.encode(value).decode()


def send_due(store: Store, settings: Settings, now: datetime) -> int:
    """Send the messages whose time has come; return how many went out."""
    number = 0
    while (message := kept.take(store, now)) is not None:
        try:
            deliver(settings, message.channel, message.subject, message.body, now)
        except Undelivered as error:
            _note_failure(store, message, error, now)
        else:
            kept.sent(store, message.id, now)
            number += 1
    return number


def _note_failure(store: Store, message: kept.Message, error: Undelivered, now: datetime) -> None:
    pauses = AGAIN.get(message.channel, ())
    again = None
    if not error.final and message.attempts <= len(pauses):
        again = now + pauses[message.attempts - 1]
    _log.warning("alert not sent", channel=message.channel, error=str(error), given_up=not again)
    kept.failed(store, message.id, str(error), again_at=again, now=now)


def deliver(settings: Settings, channel: str, subject: str, body: str, now: datetime) -> None:
    """Hand a message to its channel; raises Undelivered."""
    if channel not in channels(settings):
        raise Undelivered(f"The channel {channel} is not set up any more.", final=True)
    if channel == MAIL:
        mail.send(settings, subject, body, now)
        return
    alerts, data = settings.alerts, body.encode()
    webhook.post(
        alerts.webhook, data, signed(data, alerts.webhook_secret),
        allow_private=alerts.allow_private_addresses,
    )  # fmt: skip


def signed(body: bytes, secret: str) -> dict[str, str]:
    """Return the headers of a webhook's body, with its signature if there is a secret."""
    headers = {"Content-Type": "application/json", "User-Agent": "Garnery"}
    if secret:
        digest = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
        headers["X-Garnery-Signature"] = f"sha256={digest}"
    return headers


def test(settings: Settings, now: datetime) -> tuple[Told, ...]:
    """Send a trial by every channel that is set up, at once; return how each ended."""
    return tuple(_tried(settings, channel, now) for channel in channels(settings))


def _tried(settings: Settings, channel: str, now: datetime) -> Told:
    subject = f"[{settings.hub.title}] a trial of the alerts"
    text = f"This is a trial. Alerts of {settings.hub.title}, {settings.base_url}, come this way."
    value = {"hub": settings.base_url, "at": clock.text(now), "subject": subject, "text": text,
             "alerts": []}  # fmt: skip
    body = text + "\n" if channel == MAIL else msgspec.json.encode(value).decode()
    try:
        deliver(settings, channel, subject, body, now)
    except Undelivered as error:
        return Told(channel, str(error))
    return Told(channel)
