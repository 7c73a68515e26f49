"""Large bodies of answers, kept in a temporary file that has no name: it goes with its last user.

A body stays in memory up to a size, beyond it is spooled; nothing here knows what a body means.
"""

from __future__ import annotations

import errno
import hashlib
import os
import tempfile
import weakref
from collections.abc import Iterable, Iterator

from msgspec import Struct

from app.errors import HarvestError
from harvesters.failures import failure

HEAD = 64 * 1024
"""Bytes of a spooled body that are at hand without reading the file."""
CHUNK = 64 * 1024
_FULL = frozenset((errno.ENOSPC, errno.EDQUOT, errno.EFBIG))


class Spool:
    """A body in a file; written once from front to end, then read as often as wanted."""

    def __init__(self, folder: str = "") -> None:
        """folder: where the file lies; empty: the system's folder for temporary files."""
        self.folder = folder
        self.size = 0
        self._digest = hashlib.sha256()
        try:
            self._file = tempfile.TemporaryFile(dir=folder or None, buffering=0)  # noqa: SIM115
        except OSError as error:
            raise _unwritable(self.folder, error) from error
        self.close = weakref.finalize(self, self._file.close)
        """Lets go of the file; so does the last one who lets go of the body."""

    @property
    def digest(self) -> bytes:
        """SHA-256 of what was written."""
        return self._digest.digest()

    def write(self, part: bytes) -> None:
        """Add a part; raises HarvestError `disk-full`."""
        left = memoryview(part)
        try:
            while left:
                left = left[self._file.write(left) :]
        except OSError as error:
            raise _unwritable(self.folder, error) from error
        self.size += len(part)
        self._digest.update(part)

    def read(self, start: int, length: int) -> bytes:
        """Return a piece; shorter at the end."""
        parts = []
        while length > 0 and (part := os.pread(self._file.fileno(), length, start)):
            parts.append(part)
            start, length = start + len(part), length - len(part)
        return b"".join(parts)

    def chunks(self, start: int = 0, *, size: int = CHUNK) -> Iterator[bytes]:
        """Yield the body from a place on, piece by piece."""
        while part := self.read(start, size):
            start += len(part)
            yield part


class Received(Struct, frozen=True):
    """A body that came whole."""

    body: bytes
    """All of it, or the first bytes if it is spooled."""
    size: int
    spool: Spool | None = None


def receive(parts: Iterable[bytes], *, most: int, folder: str = "") -> Received:
    """Take a body in; what is larger than `most` bytes goes to a file."""
    kept: list[bytes] = []
    size = 0
    spool: Spool | None = None
    for part in parts:
        size += len(part)
        if spool is None and size > most:
            spool = Spool(folder)
            for before in kept:
                spool.write(before)
            kept = []
        if spool is None:
            kept.append(part)
        else:
            spool.write(part)
    body = b"".join(kept) if spool is None else spool.read(0, HEAD)
    return Received(body, size, spool)


def _unwritable(folder: str, error: OSError) -> HarvestError:
    where = folder or tempfile.gettempdir()
    why = "is full" if error.errno in _FULL else f"cannot be written to ({error.strerror})"
    return failure("disk-full", f"The folder for large answers, {where}, {why}.")
