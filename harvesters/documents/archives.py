"""Documents in tar and zip archives, read as a stream; a member never becomes a named file.

Members that are links or devices, or whose names lead out of the archive, are not read.
"""

from __future__ import annotations

import tarfile
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import IO

from app import clock
from app.errors import HarvestError
from harvesters.documents.places import (
    ARCHIVES,
    CHUNK,
    LINES,
    Document,
    Found,
    PassedOver,
    kind_of,
    member_name,
)
from harvesters.transport.bodies import unpacked

_NO_CAP = 1 << 62
_END = 1024
"""Zeros at the end of a tar archive."""


class Reader:
    """Parts as a file that is read once, from front to end."""

    def __init__(self, parts: Iterator[bytes]) -> None:
        self._parts = parts
        self._left = b""
        self.tail = b""

    def read(self, size: int) -> bytes:
        """Return so many bytes, fewer at the end only."""
        while len(self._left) < size and (part := next(self._parts, b"")):
            self._left += part
        given, self._left = self._left[:size], self._left[size:]
        self.tail = (self.tail + given)[-_END:]
        return given

    def finish(self) -> None:
        """Read what is left."""
        while self.read(CHUNK):
            pass


def of_tar(parts: Iterator[bytes], name: str, below: str, cap: int) -> Iterator[Found]:
    """Yield the documents of a tar archive, whose bytes come in parts."""
    reader, passed_over = Reader(parts), PassedOver()
    try:
        with tarfile.open(fileobj=reader, mode="r|") as archive:  # type: ignore[call-overload]
            for member in archive:
                archive.members = []  # or it would keep them all
                yield from _tar_member(archive, member, below, cap, passed_over)
        reader.finish()
    except tarfile.TarError as error:
        yield HarvestError("truncated", f"{name} is no whole tar archive: {error}.", url=name)
        return
    except HarvestError as error:
        words = f"{name} is packed, and its packing is damaged or ends in the middle."
        yield HarvestError(error.cause, words, url=name)
        return
    if reader.tail.strip(b"\0") or len(reader.tail) < _END:
        yield HarvestError("truncated", f"{name} ends before the end of its archive.", url=name)
    yield from passed_over.told(name)


def _tar_member(
    archive: tarfile.TarFile,
    member: tarfile.TarInfo,
    below: str,
    cap: int,
    passed_over: PassedOver,
) -> Iterator[Found]:
    if member.isdir():
        return
    file = archive.extractfile(member) if member.isreg() else None
    name = member_name(member.name)
    if file is None or not name:
        yield _refused(below + member.name)
    else:
        yield from _member(file, below + name, _stamp(member.mtime), cap, passed_over)


def of_zip(path: Path, name: str, below: str, cap: int) -> Iterator[Found]:
    """Yield the documents of a zip archive."""
    passed_over = PassedOver()
    try:
        with zipfile.ZipFile(path) as archive:
            for member in archive.infolist():
                if not member.is_dir():
                    yield from _zip_member(archive, member, below, cap, passed_over)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
        yield HarvestError("truncated", f"{name} is no whole zip archive: {error}.", url=name)
    yield from passed_over.told(name)


def _zip_member(
    archive: zipfile.ZipFile,
    member: zipfile.ZipInfo,
    below: str,
    cap: int,
    passed_over: PassedOver,
) -> Iterator[Found]:
    name = member_name(member.filename)
    if not name or (member.external_attr >> 16) & 0o170000 == 0o120000:
        yield _refused(below + member.filename)
        return
    stamp = clock.text(datetime(*member.date_time, tzinfo=UTC))
    with archive.open(member) as file:
        yield from _member(file, below + name, stamp, cap, passed_over)


def _member(
    file: IO[bytes], name: str, stamp: str, cap: int, passed_over: PassedOver
) -> Iterator[Found]:
    kind = kind_of(name)
    hidden = any(part.startswith((".", "__MACOSX")) for part in name.split("/"))
    if not kind or kind in ARCHIVES or hidden:
        if not hidden:
            passed_over.add(name)
        return
    most = _NO_CAP if kind in LINES else cap
    yield Document(name, kind, stamp, partial(_parts, file, name, most))


def _parts(file: IO[bytes], name: str, most: int) -> Iterator[bytes]:
    return unpacked(_read(file, name), "", cap=most, url=name)


def _read(file: IO[bytes], name: str) -> Iterator[bytes]:
    try:
        while part := file.read(CHUNK):
            yield part
    except (tarfile.TarError, EOFError) as error:
        raise HarvestError("truncated", f"{name} ends in the middle: {error}.", url=name) from error
    except zipfile.BadZipFile as error:
        words = f"{name} is damaged in its archive: {error}."
        raise HarvestError("compression-damaged", words, url=name) from error


def _refused(name: str) -> HarvestError:
    words = f"The member {name} of the archive is a link or leads out of it; it is not read."
    return HarvestError("path-refused", words, url=name)


def _stamp(seconds: float) -> str:
    try:
        return clock.text(datetime.fromtimestamp(seconds, UTC))
    except (OverflowError, ValueError, OSError):
        return ""
