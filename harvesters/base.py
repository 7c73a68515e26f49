"""What every harvesting protocol offers, and the values it hands to the pipeline.

A harvester asks and reads; it stores nothing and decides nothing about records.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Protocol, runtime_checkable

from msgspec import Struct

from app.errors import HarvestError
from app.ingest import Incoming
from app.store.requests import Sent
from harvesters.answers.repairs import Repair

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
    tries: int = 5
    """How often a page is asked for at most."""


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
    more: bool = False
    """A portion of a large response: more of it follows. The last one alone bears the token and
    `names` of the whole response, so that no checkpoint moves before the response is read."""


class Description(Struct, frozen=True):
    """What a repository says of itself."""

    name: str = ""
    base_url: str = ""
    granularity: str = ""
    deleted_record: str = ""
    earliest: str = ""
    moved_to: str = ""
    """The new address, if the server redirected permanently."""
    software: str = ""
    """What it says that runs it, or what its address shows."""


class Traffic(Struct, frozen=True):
    """What went over the network so far."""

    requests: int = 0
    retries: int = 0
    bytes: int = 0
    last_request: str = ""
    extra: int = 0
    """Requests for single records that a list should have brought."""
    waited: float = 0.0
    """Seconds of pauses before requests were sent again."""


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


@runtime_checkable
class Selective(Harvester, Protocol):
    """A harvester that can also be asked for headers and for single records.

    Its lists can be bounded by dates: what does not come as a whole is asked for in parts.
    """

    def headers(self, listing: Listing) -> Iterator[Page]:
        """Yield the pages of a list of headers only; ends as `pages` does."""
        ...

    def single(self, identifier: str, prefix: str) -> HarvestedRecord | None:
        """Return one record; None if it cannot be had. Raises what ends the run."""
        ...


@runtime_checkable
class Denying(Selective, Protocol):
    """A harvester of a repository that offers its records in several formats."""

    fallbacks: tuple[str, ...]
    """The prefixes in which a record is asked for that came without metadata."""

    def denies(self, identifier: str, prefix: str) -> bool:
        """Tell whether the repository says that it does not have a record in a format."""
        ...


@runtime_checkable
class SetListing(Protocol):
    """A harvester of a repository that lists the sets that it offers."""

    def lists_set(self, set_spec: str) -> bool | None:
        """Tell whether a set is offered; None where that cannot be told."""
        ...


@runtime_checkable
class Remembering(Protocol):
    """A harvester that wants to be told something again by the next run."""

    def memory(self) -> str:
        """Return what the repository is to keep, if this run was whole."""
        ...


@runtime_checkable
class Recognising(Protocol):
    """A harvester that can pass over records that came in the very same bytes before."""

    def recognise(self, known: Callable[[Sequence[str]], Mapping[str, bytes]]) -> None:
        """Ask `known` with the identifiers of each page: in which digests they last came.

        Records that came in them again are given as `known`, with their headers alone.
        """
        ...


@runtime_checkable
class Recounting(Protocol):
    """A harvester that can tell of each request it sent."""

    def sent(self) -> tuple[Sent, ...]:
        """Give out the requests since the last call, but for one whose page is still read."""
        ...


Pulse = Callable[[], None]
"""Called at least every few seconds while a harvester waits; may raise to end the run."""
