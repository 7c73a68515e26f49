"""Backups: everything that the hub knows in one file, and a hub made of such a file.

    rows of one snapshot ─▶ pieces, packed ─▶ a zip file ─▶ its name, once all is on the disk
    the file ─▶ looked through ─▶ an empty database ─▶ marked as restored

The file is the same for both databases, so it also carries a hub from one to the other. It holds a
manifest with the counts and the sha256 of each table; one that is cut or changed is refused.
"""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import zstandard as zstd
from msgspec import Struct

from app import __version__, clock
from app.dumps.files import translated, whole
from app.errors import AlreadyExists, FileError, NotFound, Refused
from app.store import copying
from app.store.archiving import (
    Archive,
    Facts,
    Restoring,
    Row,
    Shape,
    mark_restored,
    moved,
    opened,
)
from app.store.database import Database

if TYPE_CHECKING:
    from app.settings import Settings

FORM = 1
"""Raised when this program no longer reads the files of before."""
MANIFEST = "manifest.json"
SETTINGS = "settings.json"
HIDDEN = ("secret", "secrets", "password", "token")
_PIECE = "{}/{:06}.msgpack.zst"
_PACK = msgspec.msgpack.Encoder().encode
_UNPACK = msgspec.msgpack.Decoder(list[list[Any]]).decode
_CURE = "choose a folder that this user may write to."
Told = Callable[[str, int, int | None], None]
"""Is told in words how far it is, and how many rows of how many are done."""


class TableRows(Struct, frozen=True):
    """A table in a backup. sha256: over its pieces, unpacked, one after the other."""

    shape: Shape
    rows: int = 0
    pieces: int = 0
    sha256: str = ""


class Manifest(Struct, frozen=True):
    """What a backup says of itself; it is written last."""

    form: int
    garnery: str
    facts: Facts
    tables: tuple[TableRows, ...]
    secrets: bool
    without_credentials: tuple[str, ...] = ()
    """Repositories whose secrets the hub had, and the file has not."""

    @property
    def rows(self) -> int:
        """All rows."""
        return sum(table.rows for table in self.tables)

    @property
    def records(self) -> int:
        """Records among them."""
        return sum(table.rows for table in self.tables if table.shape.table == "records")


def _quiet(_text: str, _done: int, _of: int | None) -> None:
    """Tell nobody."""


# ── out ──────────────────────────────────────────────────────────────────────────────────────


def backup(
    database: Database, path: Path, settings: Settings, *, secrets: bool = False,
    force: bool = False, told: Told = _quiet,
) -> Manifest:  # fmt: skip
    """Write everything into a file while the hub works on; all of it, or no file.

    secrets: also the members' credentials, the token secret and those of the settings. force: over
    a file that is there. Raises AlreadyExists, FileError, StoreError.
    """
    require_place(path, force=force)
    with opened(database) as archive, translated(path, _CURE):
        copying.require_room(path.parent, archive.size())
        with whole(path) as file, zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as packed:
            packed.writestr(SETTINGS, _settings(settings, secrets=secrets))
            manifest = _written(packed, archive, secrets=secrets, told=told)
            packed.writestr(MANIFEST, msgspec.json.format(msgspec.json.encode(manifest)))
    path.chmod(0o600)
    return manifest


def require_place(path: Path, *, force: bool) -> None:
    """Raise AlreadyExists or FileError unless a file may be written at a path."""
    if path.exists() and not (force and path.is_file()):
        raise AlreadyExists(f"{path} is there already; choose another name, or add --force.")
    if not path.absolute().parent.is_dir():
        raise FileError(f"There is no folder {path.absolute().parent}: make it first.")


def _written(packed: zipfile.ZipFile, archive: Archive, *, secrets: bool, told: Told) -> Manifest:
    facts, done = archive.facts(), 0
    tables = []
    compress = zstd.ZstdCompressor(level=3, write_checksum=True).compress
    for shape in archive.shapes():
        digest, rows, number = hashlib.sha256(), 0, 0
        for piece in archive.pieces(shape, secrets=secrets):
            number += 1
            raw = _PACK(piece)
            digest.update(raw)
            packed.writestr(_PIECE.format(shape.table, number), compress(raw))
            rows += len(piece)
            done += len(piece)
            told(f"{done:,} rows, now {shape.table}", done, None)
        tables.append(TableRows(shape, rows, number, digest.hexdigest()))
    without = () if secrets else archive.with_credentials()
    return Manifest(FORM, __version__, facts, tuple(tables), secrets, without)


def _settings(settings: Settings, *, secrets: bool) -> bytes:
    """Return the settings in force that are not the defaults, for whoever sets the hub up again."""
    from app.settings import known

    found: dict[str, Any] = {}
    for dotted, _, default in known():
        value: Any = settings
        for part in dotted.split("."):
            value = getattr(value, part)
        if value != default:
            found[dotted] = value if secrets else _masked(dotted, value)
    return msgspec.json.format(msgspec.json.encode(found))


def _masked(dotted: str, value: Any) -> Any:
    if dotted.endswith(HIDDEN):
        return "…"
    if isinstance(value, str) and "://" in value and "@" in value:
        scheme, _, rest = value.partition("://")
        return f"{scheme}://…@{rest.rpartition('@')[2]}"
    return value


# ── in ───────────────────────────────────────────────────────────────────────────────────────


class Backup:
    """A backup file, opened and found to be one."""

    def __init__(self, path: Path) -> None:
        """Raise NotFound, or FileError for what is no whole backup."""
        if not path.is_file():
            raise NotFound(f"There is no file {path}.")
        try:
            self._file = zipfile.ZipFile(path)
            self.manifest = msgspec.json.decode(self._file.read(MANIFEST), type=Manifest)
        except (zipfile.BadZipFile, KeyError, msgspec.MsgspecError) as error:
            raise FileError(f"{path} is no whole backup of Garnery: {error}.") from error
        if self.manifest.form > FORM:
            raise FileError(f"{path} was written by a newer Garnery: install the newest.")
        self.path = path

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def pieces(self, table: TableRows) -> Iterator[list[Row]]:
        """Yield the rows of a table; raises FileError when they are not as they were written."""
        digest, rows = hashlib.sha256(), 0
        decompress = zstd.ZstdDecompressor().decompress
        name = ""
        try:
            for number in range(1, table.pieces + 1):
                name = _PIECE.format(table.shape.table, number)
                raw = decompress(self._file.read(name))
                digest.update(raw)
                piece = _UNPACK(raw)
                rows += len(piece)
                yield piece
        except (KeyError, zipfile.BadZipFile, zstd.ZstdError, msgspec.MsgspecError) as error:
            raise FileError(f"{self.path} is damaged at {name}: {error}.") from error
        if digest.hexdigest() != table.sha256 or rows != table.rows:
            raise FileError(f"{self.path} is damaged: {table.shape.table} is not as it was.")

    def verify(self, told: Told = _quiet) -> None:
        """Read it all, and raise FileError unless it is as it was written."""
        done, of = 0, self.manifest.rows
        for table in self.manifest.tables:
            for piece in self.pieces(table):
                done += len(piece)
                told(f"{done:,} of {of:,} rows looked through", done, of)


class Restored(Struct, frozen=True):
    """What a restore came to."""

    manifest: Manifest
    steps: tuple[str, ...]
    """Steps of the schema that were run afterwards."""


def restore(
    path: Path, url: str, *, now: datetime, as_moved: bool = False, told: Told = _quiet
) -> Restored:
    """Make a hub of a backup in a database without one; it is looked through first.

    as_moved: the hub was stopped when the backup was made and goes on elsewhere, with tokens and
    checkpoints; else it is marked as restored. Raises Refused when the database has a hub, or when
    the clock lies behind the backup.
    """
    packed = Backup(path)
    try:
        _require_later(packed.manifest.facts, now)
        packed.verify(told)
        if copying.is_file(url):
            return _into_file(packed, copying.file_of(url), as_moved=as_moved, told=told)
        return _into(packed, url, as_moved=as_moved, told=told)
    finally:
        packed.close()


def _require_later(facts: Facts, now: datetime) -> None:
    if clock.text(now) < facts.taken_at:
        raise Refused(
            f"The clock says {clock.text(now)}, but the backup is of {facts.taken_at}: set the "
            "clock. Else records would be given datestamps that lie behind those of before."
        )


def _into_file(packed: Backup, path: Path, *, as_moved: bool, told: Told) -> Restored:
    """Make the file beside its place, so that there is none until it is whole."""
    from app.store.archiving import require_empty

    there = Database(f"sqlite:///{path}")
    try:
        require_empty(there)
    finally:
        there.dispose()
    part = path.with_name(f".part-restoring-{path.name}")
    with translated(path, _CURE):
        for rest in ("", "-wal", "-shm"):
            part.with_name(part.name + rest).unlink(missing_ok=True)
        copying.require_room(path.absolute().parent, 2 * packed.path.stat().st_size)
        try:
            done = _into(packed, f"sqlite:///{part}", as_moved=as_moved, told=told)
            if path.exists():
                copying.pour(part, path)
            else:
                copying.copy(part, path)
        finally:
            for rest in ("", "-wal", "-shm"):
                part.with_name(part.name + rest).unlink(missing_ok=True)
    return done


def _into(packed: Backup, url: str, *, as_moved: bool, told: Told) -> Restored:
    manifest, database, done = packed.manifest, Database(url), 0
    try:
        restoring = Restoring(database, manifest.facts.step)
        for table in manifest.tables:
            restoring.load(table.shape, packed.pieces(table))
            done += table.rows
            told(f"{done:,} of {manifest.rows:,} rows restored", done, manifest.rows)
        steps = restoring.finish()
        if as_moved:
            moved(database)
        else:
            mark_restored(database, datetime.fromisoformat(manifest.facts.taken_at))
        return Restored(manifest, tuple(steps))
    finally:
        database.dispose()


def shown(manifest: Manifest) -> Mapping[str, Any]:
    """Return what is told of a backup."""
    facts = manifest.facts
    return {
        "taken_at": facts.taken_at, "newest_datestamp": facts.newest, "schema": facts.step,
        "garnery": manifest.garnery, "rows": manifest.rows, "records": manifest.records,
        "secrets": manifest.secrets,
        "without_credentials": list(manifest.without_credentials),
    }  # fmt: skip
