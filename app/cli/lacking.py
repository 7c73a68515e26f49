"""`garnery repository missing`: what the lists of a format lack of a repository."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from app.oai import Provider
from app.web.words import number

if TYPE_CHECKING:
    from app.cli.manners import Call
    from app.oai.missing import Missing
    from app.store.values import Repository


def show(call: Call, repository: Repository, prefix: str, limit: int) -> int:
    """Show the records that are missing; returns the exit code."""
    provider = Provider(call.store, call.settings)
    total = provider.count_missing(repository.id, prefix)
    found = provider.missing(repository.id, prefix, limit=limit)
    items = [
        {"id": one.record.local_id, "identifier": one.record.identifier, "reason": one.reason}
        for one in found
    ]
    value = {"repository": repository.name, "prefix": prefix, "total": total, "items": items}
    call.show(value, lambda: _lines(found, prefix, total))
    return int(total > 0)


def _lines(found: tuple[Missing, ...], prefix: str, total: int) -> Iterator[str]:
    if not total:
        yield f"Nothing is missing from {prefix}."
        return
    for one in found:
        yield f"{one.record.local_id}  {one.record.identifier}  {one.reason}"
    if total > len(found):
        yield f"and {number(total - len(found))} more; see --limit"
