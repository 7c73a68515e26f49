"""What a harvester is given of the hub beside its repository: hosts as kept, secrets, quirks."""

from __future__ import annotations

from msgspec import Struct

from app.options import Credentials
from app.processor import ALONE as UNSHARED
from app.processor import Processor
from app.store import Store
from app.store.quirks import quirks_of
from app.store.values import Repository
from harvesters.quirks import NONE, Heeded, heed
from harvesters.transport.hosts import Hosts


class Access(Struct, frozen=True):
    """hosts: none for a harvester that belongs to no hub; it then knows only its own run.

    processor: the turn to compute, which a harvester lets go while it waits.
    """

    hosts: Hosts | None = None
    credentials: Credentials | None = None
    quirks: Heeded = NONE
    processor: Processor = UNSHARED


ALONE = Access()


def access_to(store: Store, repository: Repository, processor: Processor = UNSHARED) -> Access:
    """Return what the harvester of a repository is given."""
    heeded = heed(quirks_of(store, repository.id), store.now())
    credentials = store.repositories.credentials(repository.id)
    return Access(store.hosts, credentials, heeded, processor)
