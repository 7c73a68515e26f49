"""The records of a search, as the graph is asked about them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, select

from app.store.links.tables import SHOWN, nodes
from app.store.search.ways import Way, wanted

if TYPE_CHECKING:
    from app.query.request import Request
    from app.store.dialects import Dialect


def is_whole(request: Request) -> bool:
    """Tell whether a search finds everything."""
    return request.query is None and not request.without("copies").chosen


def of_records(dialect: Dialect, request: Request) -> Select[Any]:
    """Return the query for the numbers of the records that a search finds."""
    return Way(wanted(request), dialect).ids()


def of_objects(dialect: Dialect, request: Request) -> Select[Any]:
    """Return the query for the objects of those records."""
    mine = nodes.alias()
    found = mine.c.record_id.in_(of_records(dialect, request))
    return select(mine.c.node).where(found, mine.c.state == SHOWN)
