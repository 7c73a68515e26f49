"""Files as a repository: a folder, an archive or a single file that an operator named.

Everything in them is one list, always read whole: there are no dates to ask by and no tokens. What
is cut or cannot be read makes the list one that was not seen to its end.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import unquote, urlsplit

from app.errors import HarvestError
from app.settings import Settings
from app.store.values import Repository
from harvesters.base import Description, Listing, Page, Pulse, Traffic
from harvesters.documents.paging import pages
from harvesters.documents.places import Document, documents
from harvesters.documents.records import Found, Wanted, read
from harvesters.transport.access import ALONE, Access

ANY = "auto"
SCHEME = "file"


class Files:
    """The harvester of files."""

    def __init__(
        self,
        repository: Repository,
        settings: Settings,
        pulse: Pulse,
        access: Access = ALONE,
    ) -> None:
        self._paths = places_of(repository.base_url)
        self._settings = settings.harvest
        self._prefix = repository.prefix
        self._pulse = pulse
        self._processor = access.processor
        self._bytes = 0
        self._reading = ""

    def describe(self) -> Description:
        """Files say nothing of themselves, and announce no deletions."""
        if not self._paths:
            words = "The repository has no folder of its own; name one, or import files into it."
            raise HarvestError("path-missing", words)
        return Description(deleted_record="no")

    def choose_prefix(self, sets: tuple[str, ...]) -> str:  # noqa: ARG002 - files have no sets
        """Files hold what they hold; only static repositories among them offer a choice."""
        return ANY

    def pages(self, listing: Listing) -> Iterator[Page]:
        """Yield all records of the files; raises HarvestError if something was not read."""
        chosen = tuple(prefix for prefix in listing.prefix.split() if prefix != ANY)
        wanted = Wanted(
            chosen,
            self._settings.max_record_bytes,
            self._settings.max_page_bytes,
            self._settings.spool_folder,
        )
        return pages(self._found(wanted), listing, between=self._between)

    def set_names(self) -> Mapping[str, str]:
        """Files name no sets."""
        return {}

    def traffic(self) -> Traffic:
        """Return what was read so far."""
        return Traffic(bytes=self._bytes, last_request=self._reading)

    def close(self) -> None:
        """Nothing is open between two pages that would not close itself."""

    def _between(self) -> None:
        """Between two pages, let other harvests of this process compute."""
        self._processor.give_way(self._pulse)

    def _found(self, wanted: Wanted) -> Iterator[Found]:
        for path in self._paths:
            for one in documents(path, cap=self._settings.max_page_bytes):
                if isinstance(one, HarvestError):
                    yield one
                    continue
                self._reading = one.name
                yield from read(self._counted(one), wanted)

    def _counted(self, document: Document) -> Document:
        """Return a document whose bytes are counted, with a sign of life at each piece."""

        def parts() -> Iterator[bytes]:
            for part in document.parts():
                self._bytes += len(part)
                self._pulse()
                yield part

        return Document(document.name, document.kind, document.stamp, parts)


def places_of(base_url: str) -> tuple[Path, ...]:
    """Return the paths that `file:` addresses name, which are parted by blanks."""
    addresses = map(urlsplit, base_url.split())
    return tuple(Path(unquote(one.path)) for one in addresses if one.scheme == SCHEME and one.path)


def address_of(path: Path) -> str:
    """Return the `file:` address of a path."""
    return path.resolve().as_uri()
