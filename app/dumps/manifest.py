"""The manifest of the dumps: which files there are, and what is in them."""

from __future__ import annotations

from pathlib import Path

import msgspec
from msgspec import Struct, field

from app.errors import FileError

NAME = "manifest.json"
JSONL, DATACITE = "jsonl", "datacite"
ENDINGS = {JSONL: "jsonl.gz", DATACITE: "datacite.xml.gz"}
"""The formats of dumps, and how the names of their files end."""


class DumpFile(Struct, frozen=True):
    """One file: the records that changed last in one month, in one format."""

    name: str
    format: str
    month: str
    """`2026-08`, by UTC."""
    count: int
    """Records in it, tombstones among them."""
    deleted: int
    left_out: int
    """Records whose stored bytes are damaged; they are written anew when next harvested."""
    bytes: int
    sha256: str
    from_: str = field(name="from")
    until: str = ""
    """It holds all that bears a datestamp from `from` up to this, both included."""
    state: str = ""
    """Names what it was made from: as long as that is the same, the file stays."""


class Manifest(Struct, frozen=True):
    """All files of one dump."""

    title: str
    base_url: str
    license: str
    until: str
    """The dump holds exactly what bore a datestamp up to this when it began."""
    records: int
    deleted: int
    files: tuple[DumpFile, ...] = ()

    def file(self, form: str, month: str) -> DumpFile | None:
        """Return the file of a month in a format."""
        found = (f for f in self.files if f.format == form and f.month == month)
        return next(found, None)


def read(folder: Path) -> Manifest | None:
    """Return the manifest of a folder; None if there is none yet, or it cannot be understood."""
    try:
        data = (folder / NAME).read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise FileError(f"{folder / NAME} cannot be read: {error.strerror}.") from error
    try:
        return msgspec.json.decode(data, type=Manifest)
    except msgspec.MsgspecError:
        return None


def encoded(manifest: Manifest) -> bytes:
    """Return the bytes of the manifest, for people too."""
    return msgspec.json.format(msgspec.json.encode(manifest), indent=2) + b"\n"
