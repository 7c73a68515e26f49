"""What people are told: the standing of each subject, alerts, and messages on their way.

Any number of schedulers may look and send at the same time: an alert is made once, and a message
is held by one sender at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from msgspec import Struct, structs
from sqlalchemy import Connection, delete, func, insert, select, update

from app.alerting import Alert, Decided, Seen, Standing, decide
from app.store.database import AnyRow
from app.store.operation_tables import alert_messages, alerts, standings
from app.store.storable import mended

if TYPE_CHECKING:
    from app.store import Store

_A, _M, _S = alerts.c, alert_messages.c, standings.c
_LOCK = 0x616C6572
_ALERT = tuple(_A[name] for name in Alert.__struct_fields__)
HELD = timedelta(minutes=10)
"""How long a sender has for a message until another may take it."""

Compose = Callable[[tuple[Alert, ...]], Mapping[str, tuple[str, str]]]
"""Makes a message of alerts for each channel: its name, then subject and body."""


class Message(Struct, frozen=True):
    """A message on its way by a channel."""

    id: int
    channel: str
    state: str
    """`waiting`, `sent` or `failed`."""
    subject: str
    body: str
    attempts: int
    made_at: datetime
    next_at: datetime | None = None
    ended_at: datetime | None = None
    error: str = ""


_MESSAGE = tuple(_M[name] for name in Message.__struct_fields__)


def look(store: Store, seen: Sequence[Seen], now: datetime) -> tuple[Alert, ...]:
    """Compare how subjects stand with what is known, and keep what follows; return the alerts.

    seen: all subjects there are; one that is missing is forgotten without a word.
    """
    with store.database.read() as connection:
        if decide(_known(connection), seen, now) == Decided():
            return ()
    with store.database.write() as connection:
        store.database.dialect.lock(connection, _LOCK)
        decided = decide(_known(connection), seen, now)
        _keep(store, connection, decided)
        return decided.alerts


def _known(connection: Connection) -> dict[str, Standing]:
    columns = (_S[name] for name in Standing.__struct_fields__)
    return {row.subject: Standing(*row) for row in connection.execute(select(*columns))}


def _keep(store: Store, connection: Connection, decided: Decided) -> None:
    if decided.standings:
        row = store.database.dialect.insert(standings)
        names = [name for name in Standing.__struct_fields__ if name != "subject"]
        row = row.on_conflict_do_update(
            index_elements=["subject"], set_={name: row.excluded[name] for name in names}
        )
        connection.execute(row, [structs.asdict(one) for one in decided.standings])
    if decided.gone:
        connection.execute(delete(standings).where(_S.subject.in_(decided.gone)))
    if decided.alerts:
        connection.execute(insert(alerts), [_alert_row(one) for one in decided.alerts])


def _alert_row(alert: Alert) -> dict[str, Any]:
    row = structs.asdict(alert)
    del row["id"]
    return row | {name: mended(row[name]) for name in ("title", "sentence")}


def compose(store: Store, now: datetime, gather: timedelta, make: Compose) -> int:
    """Put the alerts that wait into messages, once the oldest has waited for others long enough.

    Returns how many alerts that were.
    """
    waiting = select(*_ALERT).where(_A.composed_at.is_(None)).order_by(_A.id)
    with store.database.read() as connection:
        if not _is_time(connection.execute(waiting.limit(1)).first(), now, gather):
            return 0
    with store.database.write() as connection:
        store.database.dialect.lock(connection, _LOCK)
        found = tuple(Alert(**row._mapping) for row in connection.execute(waiting))
        rows = [
            {"channel": channel, "state": "waiting", "subject": mended(subject),
             "body": mended(body), "made_at": now, "next_at": now}
            for channel, (subject, body) in (make(found) if found else {}).items()
        ]  # fmt: skip
        if rows:
            connection.execute(insert(alert_messages), rows)
        done = update(alerts).where(_A.composed_at.is_(None)).values(composed_at=now)
        connection.execute(done)
        return len(found)


def _is_time(oldest: AnyRow | None, now: datetime, gather: timedelta) -> bool:
    return oldest is not None and oldest.at <= now - gather


def take(store: Store, now: datetime) -> Message | None:
    """Take a message that is to be sent now; until `HELD` is over nobody else gets it."""
    due = (_M.state == "waiting", _M.next_at <= now)
    query = select(*_MESSAGE).where(*due).order_by(_M.next_at, _M.id).limit(1)
    with store.database.read() as connection:
        if connection.execute(query).first() is None:
            return None
    with store.database.write() as connection:
        store.database.dialect.lock(connection, _LOCK)
        row = connection.execute(query).first()
        if row is None:
            return None
        values = {"attempts": _M.attempts + 1, "next_at": now + HELD}
        connection.execute(update(alert_messages).where(_M.id == row.id).values(values))
        return structs.replace(Message(*row), attempts=row.attempts + 1)


def sent(store: Store, number: int, now: datetime) -> None:
    """Note that a message went out."""
    _set(store, number, {"state": "sent", "ended_at": now, "next_at": None, "error": ""})


def failed(
    store: Store, number: int, error: str, *, again_at: datetime | None, now: datetime
) -> None:
    """Note that a message did not go out; it is tried again at a moment, or given up."""
    values: dict[str, Any] = {"error": mended(error), "next_at": again_at}
    if again_at is None:
        values |= {"state": "failed", "ended_at": now}
    _set(store, number, values)


def _set(store: Store, number: int, values: dict[str, Any]) -> None:
    with store.database.write() as connection:
        connection.execute(update(alert_messages).where(_M.id == number).values(values))


def newest(store: Store, limit: int, subject: str | None = None) -> tuple[Alert, ...]:
    """Return alerts, newest first."""
    query = select(*_ALERT).order_by(_A.id.desc()).limit(limit)
    if subject is not None:
        query = query.where(_A.subject == subject)
    with store.database.read() as connection:
        return tuple(Alert(**row._mapping) for row in connection.execute(query))


def messages(store: Store, limit: int, state: str | None = None) -> tuple[Message, ...]:
    """Return messages, newest first."""
    query = select(*_MESSAGE).order_by(_M.id.desc()).limit(limit)
    if state is not None:
        query = query.where(_M.state == state)
    with store.database.read() as connection:
        return tuple(Message(*row) for row in connection.execute(query))


def counts(store: Store) -> dict[str, int]:
    """Return how many messages there are in each state."""
    with store.database.read() as connection:
        query = select(_M.state, func.count()).group_by(_M.state)
        return dict(connection.execute(query).all())


def forget(store: Store, before: datetime) -> int:
    """Let alerts and messages go that were made before a moment; return how many."""
    old = ((alerts, _A.at < before), (alert_messages, _M.made_at < before))
    with store.database.read() as connection:
        found = [
            (table, is_old)
            for table, is_old in old
            if connection.execute(select(table.c.id).where(is_old).limit(1)).first() is not None
        ]
    number = 0
    for table, is_old in found:
        with store.database.write() as connection:
            number += connection.execute(delete(table).where(is_old)).rowcount
    return number
