"""Records inside containers (METS, DIDL): the payload's own reader reads it, the container adds.

What the payload says comes first; files, addresses, rights and identifiers of the container are
put behind it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from app.crosswalks import dublin_core, recognise
from app.crosswalks.canonical.completion import complete
from app.crosswalks.draft import Draft
from app.crosswalks.joining import joined, moved
from app.crosswalks.reading import Circumstances, Defaults, Notes, Reading
from app.crosswalks.xml import Element, children, local_name, namespace
from app.datacite.identifiers import link
from app.datacite.problem import problem
from app.datacite.resource import AlternateIdentifier, Resource
from app.datacite.types import TypeReading
from app.record import Header

Reader = Callable[[Element, Circumstances], Reading]
Readers = Callable[[str], Reader | None]
"""Returns the reader of a format by its name, None if there is none."""
_MODS = "http://www.loc.gov/mods"
_LAST = "oai_dc"
_PERSISTENT = frozenset(("DOI", "Handle", "URN", "ARK", "PURL", "w3id", "IGSN", "SWHID"))


class Payload(Struct, frozen=True):
    """A metadata root inside a container and its format, empty if unknown.

    guessed: unknown, but with enough elements of Dublin Core inside to be read as that.
    """

    root: Element
    format: str
    guessed: bool = False


# ── what is inside ───────────────────────────────────────────────────────────────────────────


def payloads(holder: Element, *, flat_from: int) -> Iterator[Payload]:
    """Yield the payloads of an element that holds metadata: roots, bare elements, encoded text.

    flat_from: so many bare elements of Dublin Core are a record.
    """
    inner = [child for _, child in children(holder)]
    if not inner:
        decoded = recognise.decoded_text(holder)
        inner = [] if decoded is None else [decoded]
    flat = _flat_format(inner, flat_from)
    if flat:
        yield Payload(holder, flat)
        return
    for child in inner:
        found = recognise.payload(child)
        enough = not found.format and _core_elements(found.root) >= recognise.GUESS_FROM
        yield Payload(found.root, _LAST if enough else found.format, enough)


def _flat_format(inner: Sequence[Element], flat_from: int) -> str:
    """Return the format whose elements stand without a root of their own."""
    if any(recognise.format_of(child) for child in inner):
        return ""
    if sum(map(recognise.dublin_core, inner)) >= flat_from:
        return _LAST
    return "mods" if any(namespace(child).startswith(_MODS) for child in inner) else ""


def _core_elements(root: Element) -> int:
    return sum(map(recognise.dublin_core, root.iterdescendants()))


def richest(found: Iterable[Payload], readers: Readers, ranking: Sequence[str]) -> list[Payload]:
    """Return the payloads that can be read, the richest first, equal ones in their order."""
    ranks = {name: n for n, name in enumerate(ranking)}
    between = ranks.get(_LAST, len(ranks)) - 0.5
    readable = [one for one in found if readers(one.format) is not None]
    return sorted(readable, key=lambda one: (one.guessed, ranks.get(one.format, between)))


def read(one: Payload, readers: Readers, about: Circumstances) -> Reading:
    """Read a payload for itself: without the header and the defaults, which are applied last."""
    sets = about.header.sets if about.header else ()
    own = replace(about, header=Header("", "", sets), defaults=Defaults(type=about.defaults.type))
    if one.guessed:
        reading = dublin_core.read(one.root, own, guessed=True)
        guess = problem("format.guessed", "", local_name(one.root))
        return replace(reading, problems=(guess, *reading.problems))
    reader = readers(one.format)
    assert reader is not None
    return reader(one.root, own)


def unread(found: Sequence[Payload], form: str, space: str) -> Reading:
    """Return what to say of a container in which nothing can be read."""
    if not found:
        return Reading(None, (problem("format.empty"),), format=form, namespace=space)
    root = found[0].root
    name, where = local_name(root), namespace(root)
    told = f" ({found[0].format})" if found[0].format else ""
    message = (
        f"No reader for “{name}”{f' in namespace {where}' if where else ''}{told} inside"
        f" {form.upper()}; the record is kept as it is."
    )
    unknown = problem("format.unknown", "", name, message=message)
    return Reading(None, (unknown,), format=form, namespace=space)


# ── what the container adds ──────────────────────────────────────────────────────────────────


def surrounded(inner: Reading, draft: Draft, form: str, space: str) -> Reading:
    """Put what a container says behind the reading of what is inside, and complete the record."""
    first = inner.resource
    if first is None:
        return replace(inner, format=form, namespace=space)
    own, access = draft.parts(TypeReading(first.types))
    notes = Notes()
    notes.problems = [*inner.problems, *moved(draft.notes.problems, first)]
    notes.inferences = [*inner.inferences, *moved(draft.notes.inferences, first)]
    resource = joined(first, _named(own, first))
    if draft.url and own.url:
        resource = replace(resource, url=own.url)
    resource = complete(
        _identified(resource, first), str(first.publication_year or ""), notes, draft.about
    )
    return notes.reading(resource, inner.access or access, form, space)


def _named(own: Resource, first: Resource) -> Resource:
    """Return the container's part of a record; beside its DOI all others only name it too."""
    if first.doi is None:
        return own
    named = own.alternate_identifiers
    if own.doi not in (None, first.doi):
        named = (AlternateIdentifier(own.doi or "", "DOI"), *named)
    links = {link(one.alternate_identifier_type, one.alternate_identifier) for one in named}
    return replace(
        own, doi=None, alternate_identifiers=named, url=None if own.url in links else own.url
    )


def _identified(resource: Resource, first: Resource) -> Resource:
    """Put a persistent identifier in front where neither a DOI nor the payload gives one."""
    named = resource.alternate_identifiers
    held = [one.alternate_identifier_type in _PERSISTENT for one in named]
    if resource.doi or not any(held) or any(held[: len(first.alternate_identifiers)]):
        return resource
    place = held.index(True)
    return replace(
        resource,
        alternate_identifiers=(named[place], *named[:place], *named[place + 1 :]),
    )
