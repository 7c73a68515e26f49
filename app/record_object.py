"""A record as an object of JSON, as the commands, exports and dumps give it.

Pure; field names are those of the API, what is absent is left out, never null. Times are
`YYYY-MM-DDThh:mm:ssZ`.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from app import clock
from app.record import oai_identifier
from app.settings import Settings
from app.store.values import StoredRecord


def record_object(record: StoredRecord, settings: Settings) -> dict[str, Any]:
    """Return a record without its metadata; tombstones say only what is left."""
    base = settings.base_url
    value = _present(
        id=record.local_id,
        oai_identifier=oai_identifier(settings.oai.domain, record.local_id),
        state=record.state,
        private=record.withheld or None,
        datestamp=clock.text(record.stamp) if record.stamp else None,
        repository=record.repository,
        origin=_present(
            identifier=record.identifier, datestamp=record.datestamp, prefix=record.prefix
        ),
        url=f"{base}/records/{record.local_id}",
        title=record.summary.title,
    )
    return value | (_gone(record) if record.state != "live" else _living(record))


def _living(record: StoredRecord) -> dict[str, Any]:
    return _present(
        identifier=_doi(record.summary.doi),
        landing_url=record.summary.url,
        creators=record.summary.creators,
        year=record.summary.year,
        type=record.summary.type,
        format=record.format,
        first_seen=_time(record.first_harvested_at),
        changed=_time(record.last_changed_at),
        harvest=record.harvest,
        sets=list(record.sets),
        quarantine=record.quarantine,
        reason=record.reason,
    )


def _gone(record: StoredRecord) -> dict[str, Any]:
    since = record.withdrawn_at or record.last_changed_at
    return _present(since=_time(since), reason=record.reason, quarantine=record.quarantine)


def whole_object(
    record: StoredRecord, resource: bytes | None, settings: Settings
) -> dict[str, Any]:
    """Return a record with its metadata; resource: canonical DataCite JSON, used as it is."""
    value = record_object(record, settings)
    if resource and record.state == "live":
        return value | {"metadata": msgspec.Raw(resource)}
    return value


def _doi(doi: str) -> dict[str, str] | None:
    return {"scheme": "doi", "value": doi, "url": f"https://doi.org/{doi}"} if doi else None


def _time(at: datetime | None) -> str | None:
    return clock.text(at) if at else None


def _present(**values: Any) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None and value != ""}
