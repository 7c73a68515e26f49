"""Checks of what is around the hub: rights of files, versions, clocks, mail, who is told."""

from __future__ import annotations

import os
import platform
import stat
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from app.cli.findings import Finding

if TYPE_CHECKING:
    from app.cli.manners import Call
    from app.settings import Settings
    from app.store import Store

DRIFT = timedelta(seconds=5)
"""How far the clocks of this machine and of the database may lie apart."""
APART = timedelta(minutes=5)
"""How far the clocks of most repositories may lie from ours."""
FEWEST = 3
"""Repositories whose clocks must agree before they count for more than ours."""
OLDEST_POSTGRESQL = 14
OLDEST_SQLITE = (3, 35)
"""Before that, statements that the hub uses are not known."""


def versions(store: Store | None = None) -> dict[str, str]:
    """Return what runs here, in which version."""
    from app import __version__

    found = {"garnery": __version__, "python": platform.python_version()}
    return found | (store.hub.versions() if store is not None else {})


def of_files(call: Call) -> Iterator[Finding]:
    """Look who may read the file of the settings, and who may write the database."""
    from app import room, settings

    file = settings.file_in_use(call.config)
    in_file = [
        name
        for name, source in settings.sources(call.config, flags=call.flags).items()
        if source.kind == "file" and name in settings.SECRETS and "_file" not in source.place
    ]
    secret = [name for name in in_file if _holds_a_secret(call.settings, name)]
    if file and secret and _mode(Path(file)) & stat.S_IROTH:
        yield Finding(
            "settings-readable",
            "warning",
            f"Everyone on this machine may read {file}, and {', '.join(secret)} stands in it.",
            f"chmod 640 {file}, or put the secret into a file of its own; see docs/operating.md.",
        )
    folder = room.database_folder(call.settings.database.url)
    if folder is not None:
        place = folder / Path(call.settings.database.url.partition("?")[0]).name
        if _mode(place) & stat.S_IWOTH:
            sentence = f"Everyone on this machine may change {place}."
            yield Finding("database-writable", "warning", sentence, f"chmod o-w {place}")


def _holds_a_secret(settings: Settings, name: str) -> bool:
    from app.cli.configuration import shown
    from app.settings import value_of

    return bool(value_of(settings, name)) and shown(settings, name) != value_of(settings, name)


def _mode(path: Path) -> int:
    try:
        return os.stat(path).st_mode
    except OSError:
        return 0


def of_telling(settings: Settings) -> Iterator[Finding]:
    """Look whether somebody is told of trouble, and whether the mail server is there."""
    from harvesters.alerts import channels

    if not channels(settings):
        yield Finding(
            "alerts",
            "info",
            "Nobody is told when a repository fails.",
            "Set alerts.mail with smtp.host, or alerts.webhook; then try: garnery alerts test",
        )
    if settings.metrics.access == "public":
        yield Finding(
            "metrics-public",
            "info",
            "Everyone may read /metrics.",
            "Set metrics.access to loopback or token, unless that is meant.",
        )
    if settings.alerts.mail:
        yield from _of_mail(settings)


def _of_mail(settings: Settings) -> Iterator[Finding]:
    from app.errors import Undelivered
    from harvesters.transport import mail

    try:
        mail.reach(settings)
    except Undelivered as error:
        yield Finding(
            "smtp",
            "warning",
            f"No mail can be sent: {error}",
            "Correct smtp.host, smtp.port, smtp.security, smtp.user and smtp.password.",
        )


def of_versions(store: Store) -> Iterator[Finding]:
    """Look whether the database is of a version that is known to work."""
    import sqlite3

    found = versions(store)
    server = found.get("postgresql", "")
    if server and int(server.partition(".")[0]) < OLDEST_POSTGRESQL:
        sentence = f"PostgreSQL is {server}; Garnery is tested with {OLDEST_POSTGRESQL} and newer."
        yield Finding("versions", "warning", sentence, "Upgrade PostgreSQL.")
    if "sqlite" in found and sqlite3.sqlite_version_info < OLDEST_SQLITE:
        sentence = f"SQLite is {found['sqlite']}; Garnery needs 3.35."
        yield Finding("versions", "error", sentence, "Install a newer Python or SQLite.")


def of_clocks(store: Store) -> Iterator[Finding]:
    """Compare the clock of this machine with the database's, the past's and the repositories'."""
    from app import clock
    from app.jobs import presence

    drift = abs(clock.now() - store.now())
    if drift > DRIFT:
        yield Finding(
            "clock-drift",
            "warning",
            f"The clocks of this machine and of the database are {_length(drift)} apart.",
            "Let both follow the same time servers (NTP).",
        )
    signs = [presence.last_sign(store, role) for role in (presence.WORKER, presence.SCHEDULER)]
    ahead = max((sign for sign in signs if sign), default=None)
    if ahead is not None and ahead > clock.now() + DRIFT:
        yield Finding(
            "clock-jumped",
            "warning",
            f"A process of the hub gave a sign at {clock.text(ahead)}, which is still to come: "
            "a clock went back, or those of two machines differ.",
            "Let all machines of the hub follow the same time servers (NTP).",
        )
    yield from _of_other_clocks(store)


def _of_other_clocks(store: Store) -> Iterator[Finding]:
    from statistics import median

    apart: dict[str, timedelta] = {}
    for run in store.harvests.list(limit=200, probes=False):
        said = _moment(run.response_date)
        if said and run.started_at and run.repository not in apart:
            apart[run.repository] = said - run.started_at
    seconds = [one.total_seconds() for one in apart.values()]
    middle = timedelta(seconds=median(seconds)) if len(seconds) >= FEWEST else timedelta(0)
    if abs(middle) > APART:
        word = "ahead of" if middle > timedelta(0) else "behind"
        yield Finding(
            "clock-apart",
            "warning",
            f"The clocks of most repositories lie {_length(abs(middle))} {word} ours.",
            "Set the clock of this machine (NTP).",
        )


def _moment(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text) if text.endswith("Z") else None
    except ValueError:
        return None


def of_work(store: Store, settings: Settings) -> Iterator[Finding]:
    """Look for work that stands still, and for messages that nobody took."""
    from app.jobs import presence
    from app.store import alerts

    now = store.now()
    tick = presence.last_sign(store, presence.TICK)
    alive = presence.last_sign(store, presence.SCHEDULER)
    silence = timedelta(seconds=presence.LONGEST_SILENCE)
    if tick and alive and now - alive <= silence < now - tick:
        yield Finding(
            "scheduler-stuck",
            "warning",
            f"A scheduler lives, but has not looked for what is due since {tick:%H:%M:%S} UTC.",
            "Look into its log; start it again.",
        )
    if store.jobs.stalled(now - timedelta(seconds=2 * settings.work.lease_seconds)):
        yield Finding(
            "work-stalled",
            "warning",
            "A job is in the hands of a worker that gives no sign.",
            "The scheduler or any worker gives it to another; see that one runs.",
        )
    lost = alerts.messages(store, 1, "failed")
    if lost:
        yield Finding(
            "alerts-lost",
            "warning",
            f"A message by {lost[0].channel} was given up: {lost[0].error}",
            "Correct the settings of the channel; try: garnery alerts test",
        )


def _length(span: timedelta) -> str:
    from app.web.words import duration

    return duration(span)
