"""The statements that write a page, made once; their columns stand in the order of the rows.

`app.store.effects` makes the rows; here they only go to the database.
"""

from __future__ import annotations

from sqlalchemy import Connection

from app.store.bulk import deleted, inserted, updated
from app.store.dialects import Dialect
from app.store.effects import Rows
from app.store.search import writing as search_writing
from app.store.tables import contents, memberships, records, renderings
from app.store.versioning import MOVED as VERSIONS

SUMMARY = ("rules", "title", "creators", "year", "type", "doi", "url")
_MEMBERSHIP = ("set_id", "prefix_id", "stamp", "record_id")
_PRESENT = (
    "datestamp", "source_sets", "sets", "state", "stamp", "fingerprint", "came",
    "resource_fingerprint", "format", "prefix", "crosswalk", "harvest", "last_changed_at",
    "quarantine", "reason", *SUMMARY, "withheld",
)  # fmt: skip
_BEHIND = tuple(name for name in _PRESENT if name not in {"sets", *SUMMARY[1:]})
_RETOUCHED = (
    "datestamp", "source_sets", "fingerprint", "came", "format", "prefix", "crosswalk",
    "quarantine", "reason", "rules",
)  # fmt: skip
_DELETED = (
    "datestamp", "state", "stamp", "fingerprint", "came", "resource_fingerprint", "harvest",
    "last_changed_at", "quarantine", "reason", "rules",
)  # fmt: skip
_QUARANTINED = (
    "datestamp", "state", "fingerprint", "came", "prefix", "crosswalk", "harvest", "quarantine",
    "reason",
)  # fmt: skip
_RECORD = tuple(column.name for column in records.columns)
_RENDERING = ("id", "stamp", "deleted", "digest", "split", "body")
_CONTENTS = ("record_id", "reading", "original", "source_about")


NEW = inserted(records, _RECORD)
PRESENT = updated(records, _PRESENT, "came")
BEHIND = updated(records, _BEHIND, "came")
RETOUCHED = updated(records, _RETOUCHED, "came")
DELETED = updated(records, _DELETED, "harvest", "last_changed_at")
QUARANTINED = updated(records, _QUARANTINED)
CAME = updated(records, ("came",))
STAMPED = updated(records, ("stamp",))
CONTENTS = inserted(contents, _CONTENTS, "record_id")
ORIGINALS = updated(contents, _CONTENTS[2:])
FACES = updated(contents, ("face",))
RENDERINGS = inserted(renderings, _RENDERING, "id")
MOVED = updated(renderings, ("stamp",))
ENDED = updated(renderings, _RENDERING[1:])
TURNED = updated(renderings, ("stamp", "deleted"))
DROPPED = deleted(renderings, ("id",))
LEFT = deleted(memberships, _MEMBERSHIP)
ENTERED = inserted(memberships, _MEMBERSHIP)


def write(connection: Connection, dialect: Dialect, rows: Rows) -> None:
    """Write the rows of a page."""
    for statement, given in (
        (VERSIONS, rows.versions),  # before anything is written over
        (NEW, rows.records),
        (PRESENT, rows.present),
        (BEHIND, rows.behind),
        (RETOUCHED, rows.retouched),
        (DELETED, rows.deleted),
        (QUARANTINED, rows.quarantined),
        (CONTENTS, rows.contents),
        (ORIGINALS, rows.originals),
        (FACES, rows.faces),
        (RENDERINGS, rows.renderings),
        (MOVED, rows.moved),
        (ENDED, rows.ended),
        (TURNED, rows.turned),
        (DROPPED, rows.dropped),
        (LEFT, rows.left),
        (ENTERED, rows.entered),
        (STAMPED, rows.stamped),
    ):
        statement.run(connection, dialect, given)
    search_writing.write(connection, dialect, rows.searched)
