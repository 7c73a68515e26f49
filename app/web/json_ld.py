"""The schema.org object of a record's page: the object itself, and who describes it.

Pure. The format and the block in the page are one object. Where a record is so large that the
block would make the page heavy, its longest lists and texts are cut there, never in the format.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import msgspec

from app import clock
from app.crosswalks import schema_org
from app.web import foreign

if TYPE_CHECKING:
    from app.datacite.resource import Resource
    from app.settings import Settings
    from app.store.values import Repository, StoredRecord

HEAVIEST = 24_000
"""Bytes of the block in a page."""
_LADDER = ((100, 2000), (25, 600), (5, 200), (2, 80))
"""Items of a list and characters of a text, tried in turn until the block is light enough."""
_ESCAPED = re.compile(f"[<\u2028\u2029]|{foreign.UNSEEN.pattern}")
"""What a script element, or the cleaning of pages, would not leave as it is."""
_ENCODER = msgspec.json.Encoder()


def document(
    stored: StoredRecord, resource: Resource, repository: Repository | None, settings: Settings
) -> dict[str, Any]:
    """Return the object of a record, as plain values."""
    page = f"{settings.base_url}/records/{stored.local_id}"
    found: dict[str, Any] = schema_org.document(resource, page=page)
    if found["@type"] == "Dataset":
        held = found.pop("includedInDataCatalog", None)
        every = [*_catalogues(stored, repository, settings), held]
        found["includedInDataCatalog"] = [one for one in every if one]
    described = {
        "sdPublisher": {
            "@type": "Organization",
            "name": settings.hub.title,
            "url": settings.base_url,
        },
        "sdDatePublished": clock.text(stored.stamp)[:10] if stored.stamp else "",
        "sdLicense": settings.hub.metadata_license,
    }
    return found | {key: value for key, value in described.items() if value}


def write(found: dict[str, Any]) -> bytes:
    """Return the object as a document."""
    return _ENCODER.encode(found) + b"\n"


def block(found: dict[str, Any]) -> str:
    """Return the object as text that may stand inside a `script` element of a page."""
    body = _ENCODER.encode(found)
    for items, characters in _LADDER:
        if len(body) <= HEAVIEST:
            break
        body = _ENCODER.encode(_cut(found, items, characters))
    return _ESCAPED.sub(lambda found: f"\\u{ord(found[0]):04x}", body.decode("utf-8"))


def _catalogues(
    stored: StoredRecord, repository: Repository | None, settings: Settings
) -> list[dict[str, Any]]:
    """Return the hub and the repository as catalogues that list the data."""
    hub = {"@type": "DataCatalog", "name": settings.hub.title, "url": settings.base_url}
    if repository is None:
        return [hub]
    site = repository.home_page or f"{settings.base_url}/repositories/{repository.name}"
    title = stored.repository_title or stored.repository
    return [hub, {"@type": "DataCatalog", "name": title, "url": site}]


def _cut(value: Any, items: int, characters: int) -> Any:
    if isinstance(value, dict):
        return {key: _cut(one, items, characters) for key, one in value.items()}
    if isinstance(value, list):
        return [_cut(one, items, characters) for one in value[:items]]
    if isinstance(value, str) and len(value) > characters and "://" not in value[:10]:
        return value[:characters].rstrip() + "…"
    return value
