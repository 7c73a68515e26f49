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
    from harvesters.transport.access import Access


def _oai(repository: Repository, settings: Settings, pulse: Pulse, access: Access) -> Harvester:
    from harvesters.oai_repository import OaiRepository

    return OaiRepository(repository, settings, pulse, access)


def _static(repository: Repository, settings: Settings, pulse: Pulse, access: Access) -> Harvester:
    from harvesters.static import StaticRepository

    return StaticRepository(repository, settings, pulse, access)


def _files(repository: Repository, settings: Settings, pulse: Pulse, access: Access) -> Harvester:
    from harvesters.files import Files

    return Files(repository, settings, pulse, access)


HARVESTERS: Mapping[str, Callable[[Repository, Settings, Pulse, Access], Harvester]] = {
    "oai": _oai,
    "static": _static,
    "files": _files,
}
"""Who harvests a repository, by its `kind`."""
