"""Member repositories. Their names are permanent; the schedule is a column of theirs."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, bindparam, insert, select, update

from app import clock, options
from app.errors import AlreadyExists, ConfigurationError, NotFound
from app.options import Credentials
from app.store import removal
from app.store.applying import Applying
from app.store.database import AnyRow, Database
from app.store.decisions import waiting
from app.store.jobs import Jobs, Work
from app.store.links.copies import choose_again
from app.store.showing import Showing
from app.store.tables import repositories
from app.store.values import Repository

NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
CLAIMED_AT_ONCE = 200
NextOf = Callable[[Repository, datetime], datetime | None]
WorkOf = Callable[[Repository, datetime], Work | None]

SET_BY_PEOPLE = frozenset(
    {
        "title", "base_url", "kind", "prefix", "sets", "every", "reconcile", "contact", "public",
        "home_page", "description", "metadata_license", "icon_url", "paused",
        "rank", "doi_prefixes", "allow_private", "options", "next_harvest_at",
    }
)  # fmt: skip
_CHOOSING = frozenset({"rank", "doi_prefixes"})
"""By these the preferred copy of an object is chosen."""
LEARNED = frozenset(
    {"chosen_prefix", "granularity", "deleted_record", "identify_name", "memory", "software",
     "probed"}
)  # fmt: skip
_FIELDS = Repository.__struct_fields__
_COLUMNS = tuple(waiting() if name == "held" else repositories.c[name] for name in _FIELDS)
_PUT_OFF = (
    update(repositories)
    .where(repositories.c.id == bindparam("number"))
    .values(next_harvest_at=bindparam("due"))
)
_LISTED = select(*_COLUMNS).where(~repositories.c.removed)


class Repositories:
    """The member repositories."""

    def __init__(self, database: Database, applying: Applying, showing: Showing) -> None:
        self._database = database
        self._applying = applying
        self._showing = showing
        self._jobs = Jobs(database)

    def add(
        self, name: str, *, title: str, base_url: str, every: str, **settings: Any
    ) -> Repository:
        """Add a member; settings: any of `SET_BY_PEOPLE`. One that had left comes back as it was.

        Raises AlreadyExists, or ConfigurationError for a name that cannot be a member key.
        """
        if not NAME.fullmatch(name):
            raise ConfigurationError(
                f"`{name}` cannot name a repository: take 1 to 63 of a-z, 0-9 and -, "
                "not beginning with -."
            )
        values = _checked(settings, SET_BY_PEOPLE) | {
            "title": title, "base_url": base_url, "every": every
        }  # fmt: skip
        with self._database.write() as connection:
            self._place(connection, name, values)
            return _one(connection, name)

    def _place(self, connection: Connection, name: str, values: dict[str, Any]) -> None:
        known = repositories.c.name == name
        there = connection.execute(select(repositories.c.removed).where(known)).scalar()
        if there is None:
            row = _DEFAULTS | values | {"name": name, "created_at": clock.now()}
            connection.execute(insert(repositories).values(row))
        elif there:
            again = _DEFAULTS | values | _FORGOTTEN
            connection.execute(update(repositories).where(known).values(again))
        else:
            raise AlreadyExists(f"There is a repository `{name}` already.")

    def get(self, name: str) -> Repository:
        """Return a member by its name; raises NotFound that names similar ones."""
        with self._database.read() as connection:
            return _one(connection, name)

    def by_id(self, number: int) -> Repository:
        """Return a repository by its number, also one that has left."""
        with self._database.read() as connection:
            row = connection.execute(select(*_COLUMNS).where(repositories.c.id == number)).first()
        if row is None:
            raise NotFound(f"There is no repository number {number}.")
        return _value(row)

    def list(self) -> tuple[Repository, ...]:
        """Return all members by name."""
        with self._database.read() as connection:
            rows = connection.execute(_LISTED.order_by(repositories.c.name)).all()
        return tuple(map(_value, rows))

    def edit(self, name: str, **changes: Any) -> Repository:
        """Change what people set; returns the new row.

        With another `public` its records leave the lists, or come into them, in pieces; with the
        same one what is left of that is done.
        """
        values = _checked(changes, SET_BY_PEOPLE)
        public = values.pop("public", None)
        row = self._change(name, values)
        if values.keys() & _CHOOSING:
            choose_again(self._database, row.id)
        if public is None or (public == row.public and not row.switching):
            return row
        self._showing.switch(row.id, public=public)
        return self.get(name)

    def _change(self, name: str, changes: dict[str, Any]) -> Repository:
        with self._database.write() as connection:
            row = _one(connection, name)
            if changes:
                row_is = repositories.c.id == row.id
                connection.execute(update(repositories).where(row_is).values(changes))
            return _one(connection, name)

    def credentials(self, number: int) -> Credentials | None:
        """Return the secret for a repository's server, for its harvester alone."""
        query = select(repositories.c.credentials).where(repositories.c.id == number)
        with self._database.read() as connection:
            text = connection.execute(query).scalar()
        return msgspec.json.decode(text, type=Credentials) if text else None

    def set_credentials(self, name: str, credentials: Credentials | None) -> None:
        """Keep a secret for a repository's server in place of the one before; None forgets it."""
        text = "" if credentials is None else msgspec.json.encode(credentials).decode()
        self._change(name, {"credentials": text})

    def learn(self, number: int, **changes: Any) -> None:
        """Write down what a harvest learned of a repository; any of `LEARNED`."""
        values = _checked(changes, LEARNED)
        if values:
            with self._database.write() as connection:
                statement = update(repositories).where(repositories.c.id == number)
                connection.execute(statement.values(values))

    def set_next(self, number: int, at: datetime | None) -> None:
        """Say when a repository is due next; None: never by itself."""
        with self._database.write() as connection:
            statement = update(repositories).where(repositories.c.id == number)
            connection.execute(statement.values(next_harvest_at=at))

    def claim_due(
        self, now: datetime, next_of: NextOf, work_of: WorkOf | None = None
    ) -> tuple[Repository, ...]:
        """Take some that are due, each for one caller only; `next_of` says when each is due again.

        work_of: the job of each that is submitted in the same transaction, so that a process that
        is killed loses no harvest. Both are called inside of it: they must not use the store.
        """
        due = _LISTED.where(repositories.c.next_harvest_at <= now, ~repositories.c.paused).order_by(
            repositories.c.next_harvest_at, repositories.c.id
        )
        with self._database.read() as connection:
            if connection.execute(due.limit(1)).first() is None:
                return ()
        with self._database.write() as connection:
            query = self._database.dialect.skip_locked(due.limit(CLAIMED_AT_ONCE))
            claimed = tuple(map(_value, connection.execute(query).all()))
            if claimed:
                rows = [{"number": one.id, "due": next_of(one, now)} for one in claimed]
                connection.execute(_PUT_OFF, rows)
            works = [work_of(one, now) for one in claimed] if work_of else []
            self._jobs.put(connection, [work for work in works if work is not None], now)
        return claimed

    def remove(self, name: str, *, erase: bool = False) -> int:
        """Let a member go; its live records become tombstones, and its name stays its own.

        With `erase` nothing of it is left, not even tombstones. Returns the number of records
        that were deleted. Works in pieces: called again after a crash it does the rest.
        """
        with self._database.read() as connection:
            query = select(*_COLUMNS).where(repositories.c.name == name)
            row = connection.execute(query).first()
            repository = _value(row) if row else _one(connection, name)
        number = removal.remove(self._database, self._applying, repository.id)
        if erase:
            return removal.erase(self._database, repository.id)
        if repository.removed and not number:
            self.get(name)
        return number


_DEFAULTS: dict[str, Any] = {
    "kind": "oai", "prefix": "auto", "sets": (), "reconcile": "30d", "contact": "", "public": True,
    "home_page": "", "description": "", "metadata_license": "", "icon_url": "", "rank": 100,
    "doi_prefixes": (),
    "paused": False, "allow_private": False, "options": "", "credentials": "",
    "next_harvest_at": None,
}  # fmt: skip
_FORGOTTEN: dict[str, Any] = {
    "removed": False, "chosen_prefix": "", "granularity": "", "deleted_record": "",
    "software": "", "probed": "",
    "checkpoint": "", "scope": "", "memory": "", "failures": 0,
}  # fmt: skip


def _value(row: AnyRow) -> Repository:
    fields = dict(row._mapping)
    return Repository(**(fields | {"options": options.decoded(fields["options"])}))


def _one(connection: Connection, name: str) -> Repository:
    row = connection.execute(_LISTED.where(repositories.c.name == name)).first()
    if row is None:
        raise NotFound(_unknown(connection, name))
    return _value(row)


def _unknown(connection: Connection, name: str) -> str:
    known = connection.execute(
        select(repositories.c.name).where(~repositories.c.removed).order_by(repositories.c.name)
    ).scalars()
    near = difflib.get_close_matches(name, list(known), 3, 0.5)
    hint = f" Did you mean {' or '.join(f'`{one}`' for one in near)}?" if near else ""
    return f"There is no repository `{name}`.{hint}"


def _checked(changes: dict[str, Any], allowed: frozenset[str]) -> dict[str, Any]:
    for name in changes:
        if name not in allowed:
            near = difflib.get_close_matches(name, allowed, 1)
            hint = f" Did you mean `{near[0]}`?" if near else ""
            raise ConfigurationError(f"A repository has no setting `{name}`.{hint}")
    return {name: _kept(name, value) for name, value in changes.items()}


_SEVERAL = frozenset({"sets", "doi_prefixes"})


def _kept(name: str, value: Any) -> Any:
    """Return a value in the form of its column."""
    return (
        options.encoded(value) if name == "options" else tuple(value) if name in _SEVERAL else value
    )
