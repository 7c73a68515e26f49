"""Everything that goes out to member repositories: one module a protocol, one line here for each.

Nothing below imports `app.web` or Flask. A protocol's module is imported when it is used.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.settings import Settings
    from app.store.values import Repository
    from harvesters.base import Harvester, Pulse


def _oai(repository: Repository, settings: Settings, pulse: Pulse) -> Harvester:
    from harvesters.oai_repository import OaiRepository

    return OaiRepository(repository, settings, pulse)


HARVESTERS: Mapping[str, Callable[[Repository, Settings, Pulse], Harvester]] = {"oai": _oai}
"""Who harvests a repository, by its `kind`."""
