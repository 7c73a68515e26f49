"""How a member becomes private or public: its records leave the lists, or come into them.

Works in pieces of one transaction each, beside readers, writers and harvests. From the first one on
whatever a harvest brings is placed as the member is to be; the pieces take along what was there
before. A switch that was broken off is marked, and any later call does the rest.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import count

from msgspec import Struct
from sqlalchemy import Connection, Select, func, select, update

from app import clock
from app.store import numbering, stamping, writing
from app.store.applying import FORMATS
from app.store.bulk import updated
from app.store.database import Database
from app.store.effects import PREFIX_BITS, Format, Held, Page, Placing, Row, Rows
from app.store.harvests import hold
from app.store.links import shift as link_shift
from app.store.links.tables import GONE, HIDDEN, SHOWN
from app.store.numbering import Prefixes
from app.store.packing import Face, of_face, unpack_face
from app.store.stamping import Stamping
from app.store.tables import contents, records, repositories
from app.store.withdrawal_tables import WITHDRAWN

PIECE = 1000
"""Records of one transaction."""

_R = records.c
_MASK = (1 << PREFIX_BITS) - 1
_SHOWN = ("sets", "title", "creators", "year", "type", "doi", "url")
_PLACED = updated(records, ("stamp", "last_changed_at", "withheld"), "last_changed_at")
FACED = updated(records, _SHOWN)


class Moving(Struct, frozen=True):
    """A record that is on the wrong side, and the face that waits for it."""

    held: Held
    face: Face | None
    local_id: str = ""
    identifier: str = ""


class Piece(Struct, frozen=True):
    """What a transaction moved: up to which record, how many of them lists show otherwise."""

    last: int
    moved: int
    given: Stamping | None


class Showing:
    """Shows the records of members, or withholds them."""

    def __init__(self, database: Database, prefixes: Prefixes) -> None:
        self._database = database
        self._prefixes = prefixes

    def concerned(self, repository_id: int, *, public: bool) -> int:
        """Return how many live records would be shown, or withheld, by a switch."""
        query = _wrong(repository_id, public=public).where(_R.state == "live").subquery()
        with self._database.read() as connection:
            return int(connection.execute(select(func.count()).select_from(query)).scalar_one())

    def switch(self, repository_id: int, *, public: bool) -> int:
        """Make a member public or private, with all its records; return how many were moved.

        What was visible becomes a tombstone that keeps all there is to it; what was not leaves no
        trace. Made public, all live records come into the lists with a new datestamp.
        """
        with self._database.write() as connection:
            hold(connection, repository_id)
            values = {"public": public, "switching": True}
            row = update(repositories).where(repositories.c.id == repository_id)
            connection.execute(row.values(values))
        return self.finish(repository_id)

    def finish(self, repository_id: int, *, pieces: int | None = None) -> int:
        """Do what is left of a switch, at most so many pieces; return how many records moved."""
        query = select(repositories.c.public).where(repositories.c.id == repository_id)
        with self._database.read() as connection:
            public = bool(connection.execute(query).scalar())
        moved, after = 0, 0
        for _ in range(pieces) if pieces else count():
            piece = self._piece(repository_id, after, public=public)
            if piece is None:
                break
            moved, after = moved + piece.moved, piece.last
            if piece.given is not None:
                stamping.confirm(self._database, piece.given)
        return moved

    def finish_all(self, *, pieces: int | None = None) -> int:
        """Do what switches of processes that are gone have left; return how many were moved.

        pieces: at most so many of each member; another call goes on.
        """
        query = select(repositories.c.id).where(repositories.c.switching)
        with self._database.read() as connection:
            left = connection.execute(query.order_by(repositories.c.id)).scalars().all()
        return sum(self.finish(number, pieces=pieces) for number in left)

    def _piece(self, repository_id: int, after: int, *, public: bool) -> Piece | None:
        """Move some records; None when there are no more, or the member was switched back."""
        with self._database.write() as connection:
            if hold(connection, repository_id) != public:
                return None
            found = self._moving(connection, repository_id, after, public=public)
            if not found:
                row = update(repositories).where(repositories.c.id == repository_id)
                connection.execute(row.values(switching=False))
                return None
            return self._move(connection, repository_id, found, public=public)

    def _moving(
        self, connection: Connection, repository_id: int, after: int, *, public: bool
    ) -> Sequence[Moving]:
        held = (_R.id, _R.state, _R.sets, _R.stamp, _R.rules, _R.quarantine, _R.withdrawal)
        columns = (contents.c.face, _R.local_id, _R.identifier, *held)
        query = (
            _wrong(repository_id, public=public)
            .with_only_columns(*columns)
            .outerjoin(contents, contents.c.record_id == _R.id)
            .where(_R.id > after)
        )
        rows = connection.execute(query.order_by(_R.id).limit(PIECE)).all()
        found = [
            Moving(Held(*held), unpack_face(face) if face else None, local_id, identifier)
            for face, local_id, identifier, *held in rows
        ]
        self._add_formats(connection, {one.held.id: one.held for one in found})
        return found

    def _add_formats(self, connection: Connection, by_id: dict[int, Held]) -> None:
        dialect, numbers = self._database.dialect, self._prefixes.names(connection)
        keys = [number << PREFIX_BITS | prefix for number in by_id for prefix in numbers]
        for key, stamp, deleted, digest in FORMATS.run(
            connection, dialect, dialect.many_values(keys)
        ):
            by_id[key >> PREFIX_BITS].formats[key & _MASK] = Format(stamp, bool(deleted), digest)

    def _move(
        self, connection: Connection, repository_id: int, found: Sequence[Moving], *, public: bool
    ) -> Piece:
        dialect, now = self._database.dialect, self._database.dialect.now(connection)
        page = self._page(connection, repository_id, found, now, public=public)
        rows, placed, faced = Rows(), [], []
        for one in found:
            before = len(rows.touched)
            stamp = _placed(rows, page, one)
            touched = len(rows.touched) > before
            changed = page.now if touched and one.held.stamp else None
            placed.append((stamp, changed, page.private, one.held.id))
            if public and one.face is not None:
                rows.faces.append((None, one.held.id))
                if touched:
                    faced.append((one.face.sets, *summary_of(one.face), one.held.id))
                    known = of_face(one.face, one.local_id, one.identifier)
                    rows.searched.append((one.held.id, known))
        link_shift.take_turn(connection, dialect)
        writing.write(connection, dialect, rows)
        _PLACED.run(connection, dialect, placed)
        FACED.run(connection, dialect, faced)
        link_shift.change(connection, dialect, page.now, [_turned(one, public) for one in found])
        given = None
        if rows.touched:
            given = stamping.finish(connection, self._database, page.stamp, rows.touched, None)
        moved = len({key >> PREFIX_BITS for key in rows.touched})
        return Piece(found[-1].held.id, moved, given)

    def _page(
        self, connection: Connection, repository_id: int, found: Sequence[Moving], now: datetime,
        *, public: bool,
    ) -> Page:  # fmt: skip
        texts = {one.held.sets for one in found if one.held.seen}
        if public:
            texts |= {_sets(one) for one in found if _comes(one)}
        numbers = numbering.ensure_sets(connection, self._database, texts, repository_id)
        stamp = stamping.next_stamp(now, stamping.newest(connection))
        place = numbering.placer(numbers)
        return Page(repository_id, None, clock.seconds(now), stamp, {}, place, not public)


def _wrong(repository_id: int, *, public: bool) -> Select[tuple[int]]:
    """Return the query of the records that are withheld and must not be, or the other way round."""
    wrong = _R.withheld if public else ~_R.withheld
    return select(_R.id).where(_R.repository_id == repository_id, wrong)


def _placed(rows: Rows, page: Page, one: Moving) -> int:
    """Add what a record needs to the rows; return its newest datestamp."""
    placing = Placing(rows, page, one.held, one.held.id)
    if page.private:
        placing.withdraw()
    elif _comes(one):
        placing.show(_sets(one))
    else:
        return one.held.stamp
    return placing.newest


def _comes(one: Moving) -> bool:
    """Tell whether a record has something to be shown."""
    held = one.held
    live = held.state == "live" and not held.withdrawal
    return live and any(form.withheld for form in held.formats.values())


def _turned(one: Moving, public: bool) -> link_shift.Given:  # noqa: FBT001
    """Return how its links and copies are seen from now on."""
    shown = seen_as(one.held)
    return link_shift.Given(one.held.id, shown if public else HIDDEN, link_shift.TURNED)


def seen_as(held: Held) -> int:
    """Return what a record is to visitors if its member is public."""
    if held.withdrawal:
        return GONE if held.withdrawal == WITHDRAWN and held.seen else HIDDEN
    return {"live": SHOWN, "deleted": GONE}.get(held.state, HIDDEN)


def _sets(one: Moving) -> str:
    return one.held.sets if one.face is None else one.face.sets


def summary_of(face: Face) -> Row:
    """Return what lists will show, in the order of the columns of `FACED`."""
    given = face.summary
    return given.title, given.creators, given.year, given.type, given.doi, given.url
