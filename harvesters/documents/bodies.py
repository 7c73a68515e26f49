"""The bytes of one document, to be read as often as wanted: in memory, or in a file without a name.

Large ones are never held in memory.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from harvesters.transport.spooling import Received, receive

SMALL = 8 * 1024 * 1024


class Body:
    """The bytes of a document."""

    def __init__(self, received: Received) -> None:
        self._received = received
        self.size = received.size

    def head(self, length: int) -> bytes:
        """Return the first bytes."""
        spool = self._received.spool
        return self._received.body[:length] if spool is None else spool.read(0, length)

    def tail(self, length: int) -> bytes:
        """Return the last bytes."""
        start, spool = max(self.size - length, 0), self._received.spool
        return self._received.body[start:] if spool is None else spool.read(start, length)

    def whole(self) -> bytes:
        """Return all bytes."""
        return self.head(self.size)

    def chunks(self) -> Iterator[bytes]:
        """Yield the bytes in pieces."""
        spool = self._received.spool
        return iter((self._received.body,)) if spool is None else spool.chunks()

    def close(self) -> None:
        """Let go of the bytes."""
        if self._received.spool is not None:
            self._received.spool.close()


def body_of(parts: Iterable[bytes], *, folder: str = "") -> Body:
    """Take the bytes of a document in; raises what its parts raise."""
    return Body(receive(parts, most=SMALL, folder=folder))
