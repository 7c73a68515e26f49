"""What a harvester is given of the hub beside its repository: hosts as kept, secrets, quirks."""

from __future__ import annotations

from msgspec import Struct

from app.options import Credentials
from app.store import Store
from app.store.quirks import quirks_of
from app.store.values import Repository
from harvesters.quirks import NONE, Heeded, heed
from harvesters.transport.hosts import Hosts


class Access(Struct, frozen=True):
    """hosts: none for a harvester that belongs to no hub; it then knows only its own run."""

    hosts: Hosts | None = None
    credentials: Credentials | None = None
    quirks: Heeded = NONE


ALONE = Access()


def access_to(store: Store, repository: Repository) -> Access:
    """Return what the harvester of a repository is given."""
    heeded = heed(quirks_of(store, repository.id), store.now())
    return Access(store.hosts, store.repositories.credentials(repository.id), heeded)
