"""Finds the documents of a place: one file, a folder with all below it, the members of archives.

No link and no name leads out of the place, nothing is unpacked to a named file, and what is not
read is told. A document is to be read before the next one is asked for.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

from msgspec import Struct

from app import clock
from app.errors import HarvestError
from harvesters.transport.bodies import unpacked

CHUNK = 256 * 1024
XML, LINES, JSON, ARCHIVES = (".xml",), (".jsonl", ".ndjson"), (".json",), (".tar", ".tgz", ".zip")
KINDS = XML + LINES + JSON + ARCHIVES
SHOWN = 3
_NO_CAP = 1 << 62

Parts = Callable[[], Iterator[bytes]]


class Document(Struct, frozen=True):
    """One file or archive member with records in it."""

    name: str
    """Its path below the place, with `/`: it stands in identifiers and messages."""
    kind: str
    """`.xml`, `.jsonl`, `.json` or the like; empty if only its content can tell."""
    stamp: str
    """When it was changed, for records that do not say it themselves."""
    parts: Parts
    """Yields its bytes, unpacked; once only for a member of an archive."""


Found = Document | HarvestError
"""What a walk comes upon: a document, or why something was not read."""


def kind_of(name: str) -> str:
    """Return what a name says of its content; empty if it is none that is read."""
    plain = name.lower().removesuffix(".gz")
    if name.lower().endswith(".tar.gz"):
        return ".tar"
    return next((kind for kind in KINDS if plain.endswith(kind)), "")


def documents(root: Path, *, cap: int) -> Iterator[Found]:
    """Yield the documents of a place in the order of their names.

    cap: the most bytes that a document of an archive may have, but for JSON Lines, which are read
    as they come. Raises HarvestError `path-missing` if the place is not there.
    """
    if root.is_dir():
        yield from _of_folder(root.resolve(), cap)
    elif root.is_file():
        yield from _of_file(root, root.name, "", kind_of(root.name), cap)
    else:
        words = "The folder or file is not there, or may not be read."
        raise HarvestError("path-missing", words, url=root.name)


def _of_folder(root: Path, cap: int) -> Iterator[Found]:
    passed_over = PassedOver()
    for path in _files(root):
        name = path.relative_to(root).as_posix()
        kind = kind_of(name)
        if path.is_symlink() and not _inside(path, root):
            words = f"The link {name} leads out of the folder and is not followed."
            yield HarvestError("path-refused", words, url=name)
        elif kind and path.is_file():
            yield from _of_file(path, name, f"{name}/", kind, cap)
        else:
            passed_over.add(name)
    yield from passed_over.told()


def _files(folder: Path) -> Iterator[Path]:
    """Yield what is no folder, in the order of names; hidden names and linked folders are not."""
    for entry in sorted(os.scandir(folder), key=lambda one: one.name):
        if entry.name.startswith("."):
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from _files(Path(entry.path))
        else:
            yield Path(entry.path)


def _inside(path: Path, root: Path) -> bool:
    return path.resolve().is_relative_to(root)


def _of_file(path: Path, name: str, below: str, kind: str, cap: int) -> Iterator[Found]:
    """Yield a file, or what is in it. below: what stands before the names of its members."""
    from harvesters.documents import archives

    try:
        stamp = _stamp(path.stat().st_mtime)
        if kind == ".zip":
            yield from archives.of_zip(path, name, below, cap)
        elif kind in ARCHIVES:
            yield from archives.of_tar(unpacked_file(path), name, below, cap)
        else:
            yield Document(name, kind, stamp, lambda: unpacked_file(path))
    except OSError as error:
        yield unreadable(name, error)


def unpacked_file(path: Path) -> Iterator[bytes]:
    """Yield the bytes of a file, unpacked if they are packed; raises HarvestError."""
    return unpacked(_read(path), "", cap=_NO_CAP, url=path.name)


def _read(path: Path) -> Iterator[bytes]:
    try:
        with path.open("rb") as file:
            while part := file.read(CHUNK):
                yield part
    except OSError as error:
        raise unreadable(path.name, error) from error


def member_name(name: str) -> str:
    """Return the name of an archive's member as a path below it; empty if it leads out."""
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or "\0" in name or "\\" in name:
        return ""
    return path.as_posix()


def unreadable(name: str, error: OSError) -> HarvestError:
    """Return the error for a file that the system does not let us read."""
    return HarvestError("file-unreadable", f"{name} cannot be read: {error.strerror}.", url=name)


def _stamp(seconds: float) -> str:
    return clock.text(datetime.fromtimestamp(seconds, UTC))


class PassedOver:
    """Files that are no records, told in one sentence."""

    def __init__(self) -> None:
        self._count = 0
        self._names: list[str] = []

    def add(self, name: str) -> None:
        """Note a file."""
        self._count += 1
        if len(self._names) < SHOWN:
            self._names.append(name)

    def told(self, where: str = "") -> Iterable[HarvestError]:
        """Return what is to be told, if anything."""
        if not self._count:
            return ()
        names = ", ".join(self._names) + (" …" if self._count > SHOWN else "")
        files = "1 file is" if self._count == 1 else f"{self._count:,} files are"
        words = f"{files} of no kind that is read: {names}."
        return (HarvestError("file-ignored", words, url=where),)
