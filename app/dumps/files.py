"""Files that appear whole or not at all, and the folder of the dumps.

What is written lies under a name of its own until it is on the disk, then gets its true name by one
rename. A process that dies leaves nothing but such a name, which the next one takes away.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import glob
import hashlib
import os
import re
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

from isal import igzip
from msgspec import Struct

from app.dumps.manifest import ENDINGS, NAME, Manifest, encoded
from app.errors import FileError, Refused

FILE = re.compile(
    r"records-[0-9]{4}-[0-9]{2}-[0-9a-f]{12}\.(?:"
    + "|".join(map(re.escape, ENDINGS.values()))
    + ")"
)
"""The name of a file of a dump; nothing else is ever served or taken away."""
LEVEL = 3
"""Of gzip: the best that isal has."""
_PART = re.compile(r"\.part-[A-Za-z0-9.-]+")
_LOCK = ".lock"
_FULL = (errno.ENOSPC, errno.EDQUOT)


class Written(Struct, frozen=True):
    """A file that is there."""

    name: str
    bytes: int
    sha256: str


@contextmanager
def translated(path: Path, cure: str) -> Iterator[None]:
    """Turn errors of the file system into FileError; `cure` is what helps where no room does."""
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise FileError(
                f"The disk that holds {path} is full: free some space, then try again. "
                "What was there before is still whole."
            ) from error
        said = error.strerror or str(error)
        raise FileError(f"{path} cannot be written ({said}): {cure}") from error


@contextmanager
def whole(path: Path) -> Iterator[BinaryIO]:
    """Open a file for writing that gets its name once all is written and on the disk.

    What breaks off leaves what was there before; what a killed process left goes with the next
    one. A name that ends in .gz is compressed.
    """
    _clear(path)
    part = path.with_name(f".part-{os.getpid()}-{path.name}")
    try:
        with part.open("wb") as file:
            fcntl.flock(file, fcntl.LOCK_SH)
            if path.suffix == ".gz":
                with _gzip(file) as packed:
                    yield packed
            else:
                yield file
            _to_disk(file)
        part.replace(path)
        _settle(path.parent)
    finally:
        part.unlink(missing_ok=True)


def _clear(path: Path) -> None:
    """Take away what was begun for a name and is no longer written by anyone."""
    for left in path.parent.glob(f".part-*-{glob.escape(path.name)}"):
        if left.is_symlink():
            continue
        with contextlib.suppress(OSError), left.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            left.unlink()


def _gzip(file: BinaryIO) -> BinaryIO:
    """Compress into a file; equal contents give equal bytes."""
    make = cast("Callable[..., BinaryIO]", igzip.IGzipFile)
    return make(filename="", mode="wb", compresslevel=LEVEL, fileobj=file, mtime=0)


def _to_disk(file: BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())


def _settle(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


class Folder:
    """The folder of the dumps, for whoever writes them."""

    def __init__(self, path: str) -> None:
        self.path = Path(path)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Be the only one who writes here; raises Refused that names who else does.

        Raises FileError for what the file system refuses meanwhile.
        """
        cure = "make the folder, with the right to write there, or set dumps.folder."
        with translated(self.path, cure):
            self.path.mkdir(parents=True, exist_ok=True)
            with (self.path / _LOCK).open("a+") as lock:
                _take(lock.fileno(), self.path / _LOCK)
                lock.truncate(0)
                lock.write(f"process {os.getpid()} on {socket.gethostname()}")
                lock.flush()
                yield

    @contextmanager
    def draft(self, month: str, form: str) -> Iterator[Draft]:
        """Open a file of a dump; it gets its name by `Draft.finish`, else it goes."""
        part = self.path / f".part-{os.getpid()}-{month}.{form}"
        try:
            with part.open("wb") as file:
                yield Draft(self.path, part, file, f"records-{month}-{{}}.{ENDINGS[form]}")
        finally:
            part.unlink(missing_ok=True)

    def publish(self, manifest: Manifest) -> None:
        """Let the manifest take the place of the one before; then what it lacks goes."""
        with whole(self.path / NAME) as file:
            file.write(encoded(manifest))
        self.tidy(manifest)

    def tidy(self, manifest: Manifest | None) -> None:
        """Take away what a killed process left, and dump files that no manifest names."""
        named = {file.name for file in manifest.files} if manifest else set()
        for entry in self.path.iterdir():
            ours = FILE.fullmatch(entry.name) or _PART.fullmatch(entry.name)
            if ours and entry.name not in named:
                entry.unlink(missing_ok=True)


class Draft:
    """A file of a dump while it is written."""

    def __init__(self, folder: Path, part: Path, file: BinaryIO, pattern: str) -> None:
        self._folder, self._part, self._file, self._pattern = folder, part, file, pattern
        self._packed = _gzip(file)

    def write(self, data: bytes) -> None:
        """Write on."""
        self._packed.write(data)

    def finish(self) -> Written:
        """Give the file its name, which is made of its checksum."""
        self._packed.close()
        _to_disk(self._file)
        digest = _digest(self._part)
        name = self._pattern.format(digest[:12])
        self._part.replace(self._folder / name)
        _settle(self._folder)
        return Written(name, (self._folder / name).stat().st_size, digest)


def _digest(path: Path) -> str:
    """Return the SHA-256 of what lies on the disk."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _take(descriptor: int, path: Path) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        holder = ""
        with contextlib.suppress(OSError):
            holder = path.read_text("utf-8")
        raise Refused(
            f"Dumps are being written to {path.parent} by {holder or 'another process'}."
        ) from None
