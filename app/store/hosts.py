"""Hosts of member repositories: how they want to be asked, and whose turn it is to ask them."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from msgspec.structs import asdict, replace
from sqlalchemy import bindparam, select, update

from app import clock
from app.errors import StoreError
from app.store.database import Database
from app.store.direct import Statement
from app.store.harvest_tables import hosts
from app.store.values import Host

_COLUMNS = tuple(hosts.c[name] for name in Host.__struct_fields__)
_GET = Statement(lambda: select(*_COLUMNS).where(hosts.c.key == bindparam("wanted")))
_MOMENTS = ("not_before", "robots_at")
FIRST_LOOK, LONGEST_LOOK = 0.005, 0.03
"""Seconds between two looks whether the turn is free: shorter than what a page takes to be read,
so that who waits gets in between two pages of another."""


class Hosts:
    """The hosts."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._turns = database.dialect.turns()

    def get(self, key: str) -> Host:
        """Return what is known of a host; of a new one, nothing."""
        for row in self._database.rows(_GET, {"wanted": key}):
            host = Host(*row)
            return replace(host, **{name: _moment(getattr(host, name)) for name in _MOMENTS})
        return Host(key)

    def change(self, key: str, decide: Callable[[Host], Host]) -> Host:
        """Write down what `decide` makes of a host, whoever else does so at the time.

        `decide` is called inside the transaction: it must not use the store.
        """
        new = self._database.dialect.insert(hosts).values(asdict(Host(key)))
        mine = hosts.c.key == key
        with self._database.write() as connection:
            connection.execute(new.on_conflict_do_nothing())
            row = connection.execute(select(*_COLUMNS).where(mine).with_for_update()).one()
            before = Host(*row)
            after = decide(before)
            if after != before:
                connection.execute(update(hosts).where(mine).values(asdict(after)))
        return after

    def barred(self, now: datetime) -> Mapping[str, datetime]:
        """Return the hosts that asked not to be asked now, and until when."""
        query = select(hosts.c.key, hosts.c.not_before).where(hosts.c.not_before > now)
        with self._database.read() as connection:
            return {row.key: row.not_before for row in connection.execute(query)}

    @contextmanager
    def turn(
        self, key: str, *, most: int = 1, pause: Callable[[float], object] = time.sleep
    ) -> Iterator[None]:
        """Wait until fewer than `most` others ask this host, in whatever process, and be one.

        pause: waits so many seconds; a true value ends the waiting, with StoreError.
        """
        name = self._take(key, most, pause)
        try:
            yield
        finally:
            self._turns.give_back(name)

    def dispose(self) -> None:
        """End all turns."""
        self._turns.dispose()

    def _take(self, key: str, most: int, pause: Callable[[float], object]) -> str:
        wait = FIRST_LOOK
        while True:
            for name in (f"{key} {number}" for number in range(most)):
                if self._taken(name):
                    return name
            if pause(wait):
                raise StoreError(f"The turn to ask {key} was given up.")
            wait = min(2 * wait, LONGEST_LOOK)

    def _taken(self, name: str) -> bool:
        try:
            with self._database.translated():
                return self._turns.take(name)
        except OSError as error:
            words = f"The file beside the database that keeps turns cannot be used: {error}."
            raise StoreError(words, cause="disk-full") from error


def _moment(seconds: Any) -> datetime | None:
    return None if seconds is None else clock.moment(seconds)
