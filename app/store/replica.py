"""A read replica: what may be read from it, and up to which moment it shows everything.

A list that is answered from it must not claim more than it has seen. So the primary is asked, now
and then, for its clock and then for the end of its log. Once the replica has replayed the log up to
there, it shows all that was committed before that moment; whatever it does not show bears a later
datestamp, since every datestamp lies after its commit. That moment is the clock of whoever reads
from the replica.

What has been told from the primary, or by a token of another process, binds the replica too: it is
not read again before it has come there. While it lags too far, or does not answer, the primary is.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from msgspec import Struct
from sqlalchemy import Connection, Engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from app import clock
from app.errors import ConfigurationError
from app.store.direct import Direct

log = logging.getLogger(__name__)

SAMPLE_SECONDS = 0.5
"""How old a sample of the primary may be when the next one is taken."""
JUDGED_SECONDS = 0.25
"""How long a reader who needs no clock goes by the last look at the replica."""
AWAY_SECONDS = 5.0
"""How long a replica that did not answer is left alone."""
SAMPLES = 240
_PAGE = 8192
_HEADERS = (24, 40)
"""Bytes at the beginning of a page of the log that belong to no record."""
_CLOCK = text("SELECT extract(epoch FROM clock_timestamp())")
_INSERTED = text("SELECT (pg_current_wal_insert_lsn() - '0/0'::pg_lsn)::bigint")
_REPLAYED = text("SELECT (pg_last_wal_replay_lsn() - '0/0'::pg_lsn)::bigint")
_KIND = text("SELECT pg_is_in_recovery()")
_LAST = text("SELECT extract(epoch FROM pg_last_xact_replay_timestamp())")


class Sample(Struct, frozen=True):
    """All that the primary had committed before a moment lies before this place of its log."""

    moment: float
    end: int


class State(Struct, frozen=True):
    """How a replica does. lag: seconds. fault: a sentence, when it is no replica of use."""

    lag: float = 0.0
    fault: str = ""


def require_one(url: str) -> None:
    """Raise ConfigurationError unless an address means one PostgreSQL server."""
    parsed = make_url(url)
    hosts = f"{parsed.host or ''},{parsed.query.get('host', '')}".strip(",")
    if parsed.get_backend_name() not in {"postgresql", "postgres"}:
        raise ConfigurationError(
            "database.read_url is for a replica of a PostgreSQL; an SQLite database has none."
        )
    if "," in hosts:
        raise ConfigurationError(
            "database.read_url names several servers, but what one of them has seen says nothing "
            "of the others: name one. Other web processes may name another."
        )


class Replica:
    """Judges where to read. Shared by the threads of a process."""

    def __init__(self, primary: Engine, engine: Engine, direct: Direct, longest_lag: float) -> None:
        self.engine = engine
        self.direct = direct
        self._primary = primary
        self._longest = longest_lag
        self._lock = threading.Lock()
        self._samples: deque[Sample] = deque(maxlen=SAMPLES)
        self._sampled_at = self._newest_at = self._judged_at = self._away_until = 0.0
        self._usable = False
        self._proven = 0.0
        self._floor = 0.0
        """The latest moment that readers of this process were told from elsewhere."""
        self._was_used = True

    def now(self) -> datetime | None:
        """Return the moment up to which the replica shows everything; None: use the primary."""
        return clock_of(self._proven) if self._judge() else None

    def usable(self) -> bool:
        """Tell whether to read from the replica; a look at it holds for a quarter of a second."""
        if self._usable and time.monotonic() - self._judged_at < JUDGED_SECONDS:
            return True
        return self._judge()

    def bind(self, moment: float) -> None:
        """Let nothing be read from the replica that is older than a moment that was told."""
        with self._lock:
            self._floor = max(self._floor, moment)
            if self._proven < self._floor:
                self._usable = False

    def away(self, error: Exception) -> None:
        """Leave a replica alone for a while that did not answer."""
        with self._lock:
            self._usable = False
            self._away_until = time.monotonic() + AWAY_SECONDS
        self._tell(used=False, why=str(error).partition("\n")[0])

    def dispose(self) -> None:
        """Close its connections."""
        self.engine.dispose()
        self.direct.dispose()

    def _judge(self) -> bool:
        if time.monotonic() < self._away_until:
            return False
        self._sample()
        try:
            with self.engine.connect() as connection:
                replayed = connection.execute(_REPLAYED).scalar()
        except SQLAlchemyError as error:
            self.away(error)
            return False
        if replayed is None:
            self.away(ConfigurationError("it is no replica, it replays no log"))
            return False
        return self._judged(int(replayed))

    def _judged(self, replayed: int) -> bool:
        with self._lock:
            proven = max((s.moment for s in self._samples if s.end <= replayed), default=0.0)
            self._proven = proven
            newest = self._samples[-1].moment if self._samples else float("inf")
            lag = newest + time.monotonic() - self._newest_at - proven
            self._usable = lag <= self._longest and proven >= self._floor
            self._judged_at = time.monotonic()
        if proven:
            self._tell(used=lag <= self._longest, why=f"it lags {lag:,.1f} s behind")
        return self._usable

    def _sample(self) -> None:
        """Take a sample of the primary, if the newest has become old.

        While the primary does not answer, those that are there go on proving what they proved.
        """
        with self._lock:
            if time.monotonic() - self._sampled_at < SAMPLE_SECONDS:
                return
            self._sampled_at = time.monotonic()
        try:
            with self._primary.connect() as connection:
                taken = sample(connection)
        except SQLAlchemyError as error:
            log.warning("the primary cannot be asked for the end of its log: %s", error)
            return
        with self._lock:
            self._samples.append(taken)
            self._newest_at = time.monotonic()

    def _tell(self, *, used: bool, why: str) -> None:
        if used is not self._was_used:
            self._was_used = used
            if used:
                log.info("the web reads from the replica again")
            else:
                log.warning("the web reads from database.url, not from the replica: %s", why)


def sample(connection: Connection) -> Sample:
    """Ask the primary for its clock, and after that for the end of its log."""
    moment = float(connection.execute(_CLOCK).scalar_one())
    return Sample(moment, without_header(int(connection.execute(_INSERTED).scalar_one())))


def without_header(end: int) -> int:
    """Return the end of the last record: a page that holds only its header has none yet."""
    inside = end % _PAGE
    return end - inside if inside in _HEADERS else end


def clock_of(moment: float) -> datetime:
    """Return the aware moment of seconds since 1970."""
    return clock.moment(int(moment))


def look(url: str, read_url: str) -> State:
    """Look at a replica, as a check does: whether it is one, and how far it lags."""
    from app.store.database import Database

    require_one(read_url)
    primary, replica = Database(url), Database(read_url)
    try:
        with _connected(primary) as connection:
            taken = sample(connection)
        with _connected(replica) as connection:
            if not connection.execute(_KIND).scalar_one():
                return State(fault="database.read_url is no replica: it takes writing.")
            replayed = int(connection.execute(_REPLAYED).scalar() or 0)
            last = connection.execute(_LAST).scalar()
        if replayed >= taken.end or last is None:
            return State()
        return State(max(0.0, taken.moment - float(last)))
    except SQLAlchemyError as error:
        told = str(getattr(error, "orig", None) or error).partition("\n")[0]
        return State(fault=f"The read replica does not answer: {told}.")
    finally:
        primary.dispose()
        replica.dispose()


@contextmanager
def _connected(database: object) -> Iterator[Connection]:
    engine: Engine = database._read  # type: ignore[attr-defined]
    with engine.connect() as connection:
        yield connection
