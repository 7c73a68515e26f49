"""What every harvesting protocol offers, and the values it hands to the pipeline.

A harvester asks and reads; it stores nothing and decides nothing about records.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Protocol

from msgspec import Struct

from app.errors import HarvestError
from app.ingest import Incoming
from app.settings import Settings
from app.store.values import Repository
from harvesters.repairs import Repair

HarvestedRecord = Incoming
"""One record as it came, read no further than its header."""


class Listing(Struct, frozen=True):
    """A list to be asked for: a window, perhaps from a token on."""

    prefix: str
    set_spec: str = ""
    from_: str = ""
    until: str = ""
    token: str = ""
    """Where to go on; empty at the beginning."""


class Page(Struct, frozen=True):
    """One response of a list, read whole."""

    records: tuple[HarvestedRecord, ...] = ()
    token: str = ""
    """What brings the next page; empty on the last one."""
    token_expires: str = ""
    response_date: str = ""
    clock: str = ""
    """The server's time for the checkpoint: the earlier of responseDate and HTTP Date."""
    told: int | None = None
    """completeListSize, a hint."""
    repairs: tuple[Repair, ...] = ()
    warnings: tuple[HarvestError, ...] = ()
    """What was wrong without harm: an error beside records, a record asked for again in vain."""
    names: int = 0
    """Identifiers that this page brought and no page of the list before it."""
    restarted: bool = False
    """The list was begun anew: this is its first page again."""
    cut: bool = False
    """The page broke off; what it holds is whole, and the list cannot be trusted to its end."""


class Description(Struct, frozen=True):
    """What a repository says of itself."""

    name: str = ""
    base_url: str = ""
    granularity: str = ""
    deleted_record: str = ""
    earliest: str = ""
    moved_to: str = ""
    """The new address, if the server redirected permanently."""


class Traffic(Struct, frozen=True):
    """What went over the network so far."""

    requests: int = 0
    retries: int = 0
    bytes: int = 0
    last_request: str = ""


class Harvester(Protocol):
    """Goes out to one repository for one run."""

    def describe(self) -> Description:
        """Ask the repository what it is; raises HarvestError."""
        ...

    def choose_prefix(self, sets: tuple[str, ...]) -> str:
        """Return the richest format that is offered, readable and there; raises HarvestError."""
        ...

    def pages(self, listing: Listing) -> Iterator[Page]:
        """Yield the pages of a list; ends by itself at a natural end only.

        Raises DoubtfulEnd, OaiError or another HarvestError for every other end.
        """
        ...

    def set_names(self) -> Mapping[str, str]:
        """Return the names of the repository's sets; empty where they cannot be had."""
        ...

    def traffic(self) -> Traffic:
        """Return what went over the network so far."""
        ...

    def close(self) -> None:
        """Give up a request under way and close all connections."""
        ...


Pulse = Callable[[], None]
"""Called at least every few seconds while a harvester waits; may raise to end the run."""

MakeHarvester = Callable[[Repository, Settings, Pulse], Harvester]
"""Makes the harvester of one protocol for one run."""
