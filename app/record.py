"""What an OAI-PMH item is to the hub, as values, from harvest to store to provider.

Nothing here reads or writes; identifiers and set names are made by pure rules, so that a hub
that is rebuilt from its members comes to the same names.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING

from msgspec import Struct

from app.datacite.problem import Problem

if TYPE_CHECKING:
    from app.query.connected import Connected
    from app.query.indexing import Searched

SET_SAFE = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~*'()")
DELETED = "The repository has deleted it."
NOT_LISTED = "Its repository does not list it any more"
LISTED_AS = "Its repository lists it as"
"""How the reasons begin for which records go; none of them says why their repository did it."""
_BASE32 = "abcdefghijklmnopqrstuvwxyz234567"
_PAIRS = tuple(a + b for a in _BASE32 for b in _BASE32)
"""Two characters of base 32 for each ten bits: three times faster than digit by digit."""


class Header(Struct, frozen=True):
    """The header of a record as a repository gave it; texts are stripped and else untouched."""

    identifier: str
    datestamp: str = ""
    sets: tuple[str, ...] = ()
    deleted: bool = False


class Origin(Struct, frozen=True):
    """Where records of one harvest come from: what provenance says of all of them."""

    repository: str
    """The member key (permanent name)."""
    title: str
    base_url: str
    response_date: str
    """responseDate of the page that brought the record, `harvestDate` of the provenance."""
    rights: str = ""
    """Address of the licence of its metadata, where that is known."""


class Summary(Struct, frozen=True):
    """The few facts of a record that lists and look-ups need; empty where absent."""

    title: str = ""
    creators: str = ""
    year: int | None = None
    type: str = ""
    doi: str = ""
    url: str = ""


class Previous(Struct, frozen=True):
    """What the store already holds of a record; looked up a page at a time."""

    id: int
    local_id: str
    state: str
    fingerprint: bytes
    resource_fingerprint: bytes
    crosswalk: int
    quarantine: str
    came: bytes | None = None
    """Digest of all bytes in which it last came, as `Change.came`."""


class Change(Struct, frozen=True):
    """One record's change, decided and rendered; `app.store.records.apply` only writes it down.

    kind: `new`, `changed`, `retouched` (the source's bytes differ, the resource does not),
    `deleted`, `quarantined`. Unchanged records have no Change. `rendered` is no change of the
    record: only the formats in `renderings` are written anew, and those in `ended` end.
    """

    kind: str
    local_id: str
    identifier: str
    datestamp: str
    source_sets: tuple[str, ...] = ()
    sets: tuple[str, ...] = ()
    """Our minimal setSpecs: `member:key`, or one for each set of the member; and `type:X`."""
    format: str = ""
    """The format that the payload's root shows (a name of FORMATS, or empty)."""
    prefix: str = ""
    """The metadataPrefix it was asked for with."""
    crosswalk: int = 0
    fingerprint: bytes = b""
    resource_fingerprint: bytes = b""
    same: bool = False
    """What is said is what was said before: only its sets differ, or the way it is written."""
    original: bytes | None = None
    came: bytes | None = None
    """Digest of all bytes in which it came; empty: not known; None: it did not come anew."""
    source_about: bytes | None = None
    resource: bytes | None = None
    """Canonical DataCite JSON."""
    renderings: Mapping[str, bytes] = {}
    """Stored renderings by prefix (`oai_dc`, `datacite`); a missing one ends that format."""
    digests: Mapping[str, bytes] = {}
    """`digest_of` renderings, as far as it is known."""
    ended: tuple[str, ...] = ()
    """For `rendered`: formats that end, where the record has them."""
    about: bytes | None = None
    """The content of `<about>` elements, joined, ready to be spliced into an answer."""
    abouts: Mapping[str, bytes] = {}
    """By prefix: what stands in place of `about` for a rendering of which other things hold."""
    problems: tuple[Problem, ...] = ()
    inferences: bytes = b"[]"
    """JSON list of [path, rule, source text]."""
    summary: Summary = Summary()
    searched: Searched | None = None
    """The words it is found by; None: those of its summary."""
    connected: Connected | None = None
    """Its identifiers and links, as far as the resource is at hand; None: they are read there."""
    quarantine: str = ""
    """A cause of `app.causes` when the record could not be read, else empty."""
    reason: str = ""
    """For quarantined and deleted: one sentence for a person."""


class Checkpoint(Struct, frozen=True):
    """How far a window of a harvest is read; stored in the transaction of its page."""

    harvest: int
    set_spec: str = ""
    prefix: str = ""
    from_: str = ""
    until: str = ""
    token: str = ""
    """The token that brings the next page; empty with `closed`."""
    token_expires: str = ""
    response_date: str = ""
    """responseDate of the window's first page."""
    told: int | None = None
    pages: int = 0
    listed: int = 0
    closed: bool = False
    reason: str = ""
    attempts: int = 0
    """How often the window was begun."""
    last_page: bytes = b""
    """Which identifiers the last page had, as its reader marks them; empty: not known."""


class Withheld(Struct, frozen=True):
    """Announced deletions that are not carried out: a person decides on them."""

    records: tuple[tuple[str, str], ...]
    """Local id, and the source's datestamp of the deletion."""
    live: int
    """Live records of the repository before the run."""
    reason: str


class Listed(Struct, frozen=True):
    """The records that a page listed, by local id; written in the transaction of the page."""

    live: tuple[str, ...] = ()
    deleted: tuple[str, ...] = ()
    """Those that the source calls deleted."""
    withheld: Withheld | None = None
    came: tuple[tuple[bytes, int], ...] = ()
    """Records that came in other bytes than before and are what they were: digest and number."""
    look: bool = False
    """The page is part of a look: what it lists is remembered until the run is judged."""


class Counts(Struct, frozen=True):
    """What a page, or a whole harvest, brought."""

    seen: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0
    quarantined: int = 0
    repaired: int = 0
    requests: int = 0
    retries: int = 0
    bytes: int = 0
    waited: int = 0
    """Milliseconds of pauses before requests were sent again, asked for or our own."""

    def __add__(self, other: Counts) -> Counts:
        return Counts(*(a + b for a, b in zip(self.values(), other.values(), strict=True)))

    def values(self) -> tuple[int, ...]:
        """Return the counts in the order of the fields."""
        return tuple(getattr(self, name) for name in self.__struct_fields__)


DIGEST_BYTES = 16


def digest_of(data: bytes) -> bytes:
    """Return 16 bytes that tell a rendering from another."""
    return hashlib.sha256(data, usedforsecurity=False).digest()[:DIGEST_BYTES]


def local_id(member_key: str, source_identifier: str) -> str:
    """Return the permanent local name of an item: 16 characters of `[a-z2-7]`."""
    name = f"{member_key}\n{source_identifier}".encode("utf-8", "surrogatepass")
    bits = int.from_bytes(hashlib.sha256(name).digest()[:10], "big")
    return (
        _PAIRS[bits >> 70] + _PAIRS[bits >> 60 & 1023] + _PAIRS[bits >> 50 & 1023]
        + _PAIRS[bits >> 40 & 1023] + _PAIRS[bits >> 30 & 1023] + _PAIRS[bits >> 20 & 1023]
        + _PAIRS[bits >> 10 & 1023] + _PAIRS[bits & 1023]
    )  # fmt: skip


def oai_identifier(domain: str, local: str) -> str:
    """Return the identifier that the provider shows for a local name."""
    return f"oai:{domain}:{local}"


def set_word(word: str) -> str:
    """Escape one word of a source's setSpec so that it is legal and can be undone."""
    raw = word.encode("utf-8", "surrogatepass")
    if not raw:
        return "!"
    return "".join(chr(b) if b in SET_SAFE else f"!{b:02X}" for b in raw)


def source_set_word(escaped: str) -> str:
    """Undo `set_word`."""
    if escaped == "!":
        return ""
    head, *rest = escaped.encode("ascii").split(b"!")
    raw = head + b"".join(bytes((int(part[:2], 16),)) + part[2:] for part in rest)
    return raw.decode("utf-8", "surrogatepass")


def member_set(member_key: str, source_spec: str | None = None) -> str:
    """Return our setSpec for a member, or for one of its own sets."""
    if source_spec is None:
        return f"member:{member_key}"
    return ":".join(("member", member_key, *map(set_word, source_spec.split(":"))))


def ancestors(set_spec: str) -> tuple[str, ...]:
    """Return a setSpec with each set above it, from the top: `a:b:c` gives `a`, `a:b`, `a:b:c`."""
    words = set_spec.split(":")
    return tuple(":".join(words[: n + 1]) for n in range(len(words)))


@lru_cache(4096)  # records of a repository share few combinations of sets
def sets_of(member: str, source_sets: tuple[str, ...]) -> tuple[str, ...]:
    """Return the member's sets of a record, only the minimal ones."""
    if not source_sets:
        return (member_set(member),)
    specs = dict.fromkeys(member_set(member, spec) for spec in source_sets)
    return tuple(a for a in specs if not any(b.startswith(f"{a}:") for b in specs))
