"""The one way in: a record as it was harvested becomes a Change, decided and rendered.

Pure: nothing is read from or written to anywhere, and what depends on today is told. An unchanged
record costs a hash and a comparison; a record that cannot be read is set aside with a sentence.
"""

from __future__ import annotations

import datetime
from hashlib import blake2b
from typing import TYPE_CHECKING, TypedDict
from urllib.parse import urlsplit

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from app import crosswalks
from app.crosswalks import Defaults, Reading, provenance
from app.crosswalks.provenance import OriginDescription
from app.crosswalks.xml import Element, serialised
from app.datacite.problem import Problem
from app.datacite.resource import Resource, encode, is_missing
from app.datacite.rules import RULES
from app.datacite.validation import check
from app.errors import IncompleteResource
from app.record import Change, Header, Origin, Previous, Summary, local_id, member_set

if TYPE_CHECKING:
    from app.store.values import Repository

PREFIXES_STORED = ("oai_dc", "datacite")
"""The renderings stored with a record: oai_dc always, the other where it can be written."""

GONE = ("deleted", "unseen")
UNREADABLE, WITHOUT_METADATA = "record-unreadable", "record-without-metadata"
WITHOUT_NAME, UNKNOWN_FORMAT = "record-without-name", "format-unknown"
_CAUSES = {"format.unknown": UNKNOWN_FORMAT, "format.empty": WITHOUT_METADATA}
NAMES_SHOWN = 3


class Incoming(Struct, frozen=True):
    """One harvested record as it came, read no further than its header.

    metadata: the parsed child of `<metadata>`, None if there is none or if it is no XML. original:
    its bytes; without `metadata` they are read as they are, as JSON is. about: the source's
    `<about>` elements. problems: what was mended on the way. quarantine, reason: set when the
    harvester itself could not read the record. prefix: the metadataPrefix it came in, where that
    is not the one of its list.
    """

    header: Header
    metadata: Element | None = None
    original: bytes | None = None
    about: tuple[bytes, ...] = ()
    problems: tuple[Problem, ...] = ()
    quarantine: str = ""
    reason: str = ""
    known: bool = False
    """Only its header came, and the store has it as that says: there is nothing to decide."""
    again: bool = False
    """It came before in this harvest: it is counted only if it differs by now."""
    prefix: str = ""


def is_json(data: bytes) -> bool:
    """Tell whether a payload is a JSON document, by its first character."""
    return data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"[")


def origin_of(repository: Repository, response_date: str = "") -> Origin:
    """Return what provenance says of a repository's records; a folder has no address to tell."""
    return Origin(repository.name, repository.title, repository.public_url, response_date)


def fingerprint(incoming: Incoming) -> bytes:
    """Return 16 bytes that differ when the payload, its deletion or its sets differ."""
    digest = blake2b(b"deleted" if incoming.header.deleted else b"live", digest_size=16)
    for spec in sorted(incoming.header.sets):
        digest.update(b"\0" + spec.encode("utf-8", "surrogatepass"))
    digest.update(b"\0\0" + (original(incoming) or b""))
    return digest.digest()


def original(incoming: Incoming) -> bytes | None:
    """Return the payload's bytes, written anew if only its elements are at hand."""
    if incoming.original is not None or incoming.metadata is None:
        return incoming.original
    return serialised(incoming.metadata)


def decide(
    incoming: Incoming,
    previous: Previous | None,
    *,
    origin: Origin,
    prefix: str,
    defaults: Defaults | None = None,
    today: datetime.date,
    base_url: str,
) -> Change | None:
    """Return what a record changes; None if nothing, or if it is our own come home.

    Never raises. prefix: the metadataPrefix it was asked for with. base_url: the hub's own
    OAI-PMH address.
    """
    mark = fingerprint(incoming)
    if previous is not None and _unchanged(incoming, previous, mark):
        return None
    chains = provenance.chains(incoming.about)
    if any(same_address(step.base_url, base_url) for chain in chains for step in chain):
        return None
    change = _frame(incoming, mark, origin, prefix)
    if incoming.header.deleted:
        return replace(change, kind="deleted", reason="The repository has deleted it.")
    aside = _aside(incoming)
    if aside is not None:
        return replace(change, kind="quarantined", quarantine=aside[0], reason=aside[1])
    try:
        reading = _read(incoming, defaults or Defaults(), origin, prefix, today)
        if reading.resource is None:
            return _unread(change, reading)
        return _present(change, reading, reading.resource, previous, chains, origin, today)
    except Exception as error:  # noqa: BLE001  the border of a record: it never stops its page
        reason = f"A fault of the hub, not of the record: {type(error).__name__}: {error}."
        return replace(change, kind="quarantined", quarantine=UNREADABLE, reason=reason)


def _unchanged(incoming: Incoming, previous: Previous, mark: bytes) -> bool:
    gone = previous.state in GONE
    if incoming.header.deleted:
        return gone
    same = previous.fingerprint == mark and previous.crosswalk == crosswalks.CROSSWALK
    return same and not gone


def same_address(one: str, other: str) -> bool:
    """Whether two addresses lead to the same place, whatever their scheme, case and end slash."""
    return bool(one) and _place(one) == _place(other)


def _place(address: str) -> tuple[str, str]:
    try:
        parts = urlsplit(address.strip())
    except ValueError:
        return "", address
    host = parts.netloc.lower().removesuffix(":80").removesuffix(":443")
    return host, parts.path.rstrip("/")


def _frame(incoming: Incoming, mark: bytes, origin: Origin, prefix: str) -> Change:
    """Return what is known of a change before the payload is read."""
    header = incoming.header
    name = header.identifier or f"unnamed:{mark.hex()}"
    return Change(
        kind="quarantined",
        local_id=local_id(origin.repository, name),
        identifier=name,
        datestamp=header.datestamp,
        source_sets=header.sets,
        sets=sets_of(origin.repository, header.sets),
        prefix=prefix,
        crosswalk=crosswalks.CROSSWALK,
        fingerprint=mark,
        original=original(incoming),
        source_about=b"".join(incoming.about) or None,
        problems=incoming.problems,
    )


def sets_of(member: str, source_sets: tuple[str, ...]) -> tuple[str, ...]:
    """Return the member's sets of a record, only the minimal ones."""
    if not source_sets:
        return (member_set(member),)
    specs = dict.fromkeys(member_set(member, spec) for spec in source_sets)
    return tuple(a for a in specs if not any(b.startswith(f"{a}:") for b in specs))


class _About(TypedDict):
    header: Header
    defaults: Defaults
    announced: str
    today: datetime.date


def _aside(incoming: Incoming) -> tuple[str, str] | None:
    """Return cause and sentence when there is nothing to read."""
    if not incoming.header.identifier:
        return WITHOUT_NAME, "The record has no identifier in its header."
    if incoming.quarantine:
        return incoming.quarantine, incoming.reason or "The record could not be read."
    if incoming.metadata is None and not is_json(incoming.original or b""):
        return WITHOUT_METADATA, "The record is not deleted and has no metadata."
    return None


def _read(
    incoming: Incoming, defaults: Defaults, origin: Origin, prefix: str, today: datetime.date
) -> Reading:
    if not defaults.publisher:
        defaults = replace(defaults, publisher=origin.title)
    about: _About = {
        "header": incoming.header, "defaults": defaults, "announced": prefix, "today": today,
    }  # fmt: skip
    if incoming.metadata is None:
        return crosswalks.read(incoming.original or b"", **about)
    return crosswalks.read_element(incoming.metadata, **about)


def _unread(change: Change, reading: Reading) -> Change:
    first = next((p for p in reading.problems if p.severity == "error"), None)
    cause = _CAUSES.get(first.rule, UNREADABLE) if first else UNREADABLE
    return replace(
        change,
        format=reading.format,
        quarantine=cause,
        reason=first.message if first else "The record could not be read.",
        problems=(*change.problems, *reading.problems),
    )


def _present(
    change: Change,
    reading: Reading,
    resource: Resource,
    previous: Previous | None,
    chains: tuple[tuple[OriginDescription, ...], ...],
    origin: Origin,
    today: datetime.date,
) -> Change:
    body = encode(resource)
    renderings = render(resource, today)
    types = resource.types
    sets = (*change.sets, f"type:{types.resource_type_general}") if types else change.sets
    digest = blake2b(body, digest_size=16)
    for part in (*renderings.values(), *(spec.encode() for spec in sets)):
        digest.update(b"\0" + part)
    mark = digest.digest()
    return replace(
        change,
        kind=_kind(previous, mark),
        sets=sets,
        format=reading.format,
        resource_fingerprint=mark,
        resource=body,
        renderings=renderings,
        about=about(change, reading.namespace, chains, origin),
        problems=_problems(change.problems, reading.problems, check(resource, today=today)),
        inferences=msgspec.json.encode(reading.inferences),
        summary=summary(resource),
    )


def _kind(previous: Previous | None, mark: bytes) -> str:
    if previous is None or previous.state in ("unread", *GONE):
        return "new" if previous is None or previous.state != "deleted" else "changed"
    return "retouched" if previous.resource_fingerprint == mark else "changed"


def render(resource: Resource, today: datetime.date) -> dict[str, bytes]:
    """Return the stored renderings: oai_dc always, datacite when it can be written."""
    made: dict[str, bytes] = {}
    for prefix in PREFIXES_STORED:
        try:
            made[prefix] = crosswalks.write(prefix, resource, today=today)
        except IncompleteResource:
            continue
    return made


def about(
    change: Change,
    namespace: str,
    chains: tuple[tuple[OriginDescription, ...], ...],
    origin: Origin,
) -> bytes:
    """Return the record's provenance: where we have it from, and before that the source.

    Nothing where no repository with an address is known.
    """
    earlier = chains[0] if chains else ()
    if not origin.base_url:
        return provenance.about(earlier) if earlier else b""
    ours = OriginDescription(
        origin.base_url, change.identifier, change.datestamp, namespace, origin.response_date
    )
    return provenance.about((ours, *earlier))


def _problems(*groups: tuple[Problem, ...]) -> tuple[Problem, ...]:
    """Join problems; what reading and checking both found is one, reports' own are left out."""
    found: dict[tuple[str, str], Problem] = {}
    for group in groups:
        for one in group:
            rule = RULES.get(one.rule)
            if rule is None or rule.stored:
                found.setdefault((one.rule, one.path), one)
    return tuple(found.values())


def summary(resource: Resource) -> Summary:
    """Return the few facts that lists and look-ups need."""
    title = next((t.title for t in resource.titles if not is_missing(t.title)), "")
    names = [c.name for c in resource.creators if not is_missing(c.name)]
    shown = "; ".join(names[:NAMES_SHOWN]) + (" et al." if len(names) > NAMES_SHOWN else "")
    doi = resource.doi or ""
    return Summary(
        title=title,
        creators=shown,
        year=resource.publication_year,
        type=resource.types.resource_type_general if resource.types else "",
        doi=doi,
        url=resource.url or (f"https://doi.org/{doi}" if doi else ""),
    )
