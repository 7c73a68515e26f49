"""Which records have an identifier, as far as strangers may see them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from app.web import frame
from app.web.known_records import visible

if TYPE_CHECKING:
    from app.store.values import StoredRecord


class Known(Struct, frozen=True):
    """What an identifier means here: records of as many objects, the preferred copy of each."""

    records: tuple[StoredRecord, ...]
    linked_as: int = 0
    """The object that records link to under it, though nothing here has it; else 0."""

    @property
    def record(self) -> StoredRecord | None:
        """The one record that it means; None if there is none, or several."""
        return self.records[0] if len(self.records) == 1 else None


def records_with(identifier: str) -> Known:
    """Return what an identifier in any of its forms means here."""
    found = frame.store().links.resolve(identifier)
    return Known(visible(found.records), found.node if found.linked else 0)
