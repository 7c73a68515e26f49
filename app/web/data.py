"""The page for those who want everything: the ways to take it, lines to copy, and the rules."""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, cast
from urllib.parse import parse_qsl, quote, urlencode

from flask import Blueprint, Response, abort, current_app, request
from msgspec import Struct

from app import clock
from app.dumps import manifest
from app.errors import FileError
from app.query.request import Request, read
from app.resourcesync import documents
from app.result_lists import RESULT_FORMATS
from app.web import frame, set_tree
from app.web.in_time import in_time
from app.web.kept_number import KeptNumbers
from app.web.public import public_repositories

if TYPE_CHECKING:
    from collections.abc import Iterable

    from app.dumps.manifest import Manifest
    from app.oai import Provider
    from app.oai.context import Offer
    from app.store import Store
    from app.store.set_counts import SetCounts

blueprint = Blueprint("data", __name__)

ROOMS = (set_tree.Room(8, 40, 90), set_tree.Room(8, 15, 40), set_tree.Room(4, 5, 15))
"""How much of the tree of sets stands among all the rest; the most that stays light."""
ROOMS_ALONE = (set_tree.Room(60, 5, 120), set_tree.Room(30, 3, 50), set_tree.Room(12, 2, 20))
COUNTING_SECONDS = 0.25
"""What all counts of a page may take; those that it did not come to are left out."""
EVERYTHING = "member"
"""The set that holds all records."""
FORMATS = {"oai_dc": "copies=all", "datacite": "q=has:datacite&copies=all"}
"""The searches for the live records that have a format, by the rendering it is made of."""
ARRIVED = re.compile(r"q=first_seen%3A(\d{4}-\d\d-\d\d)\.\.&copies=all")
"""The search for what came since a day, whose number is kept otherwise, too."""
SAMPLE_PREFIX = "oai_datacite"
LATELY = timedelta(days=7)
CRUMB = frame.Crumb("Take everything", "/data")


class Offered(Struct, frozen=True):
    """A format or set that is offered by OAI-PMH, with the list that its number counts."""

    name: str
    title: str
    records: int | None
    """None: not counted in time."""
    href: str
    address: str
    below: int = 0
    """Sets below it, at any depth."""
    inside: tuple[Offered, ...] = ()
    all_href: str = ""
    """The page of the sets below it, where not all of them stand here."""


class Line(Struct, frozen=True):
    """A line to copy."""

    label: str
    text: str


class Lately(Struct, frozen=True):
    """What changed in the last seven days: how many records, which."""

    number: int | None
    word: str
    href: str


@blueprint.get("/data")
def data() -> Response:
    """Show how to take everything."""
    settings, until = frame.settings(), time.monotonic() + COUNTING_SECONDS
    lately, formats = _lately(until), _formats(until)
    found = set_tree.family(frame.store().sets.specs())
    return frame.light(
        lambda room: frame.page(
            "data/data.html",
            title="Take everything",
            crumbs=(frame.Crumb(CRUMB.text),),
            formats=formats,
            sets=_sets(found, set_tree.part(found, room), until),
            lines=_lines(settings.base_url),
            manifest=_manifest(),
            dumps_on=bool(settings.dumps.folder),
            sync={
                "description": settings.base_url + documents.DESCRIPTION,
                "resources": settings.base_url + documents.RESOURCES,
                "changes": settings.base_url + documents.CHANGES,
            },
            lately=lately,
            result_formats=tuple(RESULT_FORMATS.values()),
            settings=settings,
        ),
        ROOMS,
    )


@blueprint.get(set_tree.PAGE)
def sets() -> Response:
    """Show the sets below one, a page at a time."""
    below, after = request.args.get("below", ""), request.args.get("after", "")
    found, until = set_tree.family(frame.store().sets.specs()), time.monotonic() + COUNTING_SECONDS
    if not found.children.get(below):
        abort(404, f"No set of this hub has sets below it that is called “{below[:200]}”.")

    def page(room: set_tree.Room) -> Response:
        part = set_tree.part(found, room, below=below, after=after)
        return frame.page(
            "data/sets.html",
            title=f"Sets below {below}"[:120] if below else "Sets",
            crumbs=(CRUMB, frame.Crumb("Sets")),
            below=below,
            total=found.below.get(below, 0),
            first=set_tree.page_of(below) if after else "",
            next=set_tree.page_of(below, part.next) if part.next else "",
            above=set_tree.page_of(below.rpartition(":")[0]) if below else "",
            sets=_sets(found, part, until),
        )

    return frame.light(page, ROOMS_ALONE)


def _sets(found: set_tree.Family, part: set_tree.Part, until: float) -> tuple[Offered, ...]:
    """Return the sets that a page shows, with their names and numbers."""
    members = {f"{EVERYTHING}:{r.name}": r for r in public_repositories(frame.store())}
    known = {spec: r.live for spec, r in members.items()}
    known[EVERYTHING] = sum(known.values())
    names = frame.store().sets.named(part.every)
    asked = {spec: f"set={quote(spec, safe=':')}&copies=all" for spec in part.every}
    asked |= {spec: f"repository={r.name}&copies=all" for spec, r in members.items()}
    asked[EVERYTHING] = "copies=all"
    numbers = _numbers((asked[spec] for spec in part.every if spec not in known), until)
    base = f"{frame.settings().base_url}/oai?verb=ListRecords&metadataPrefix={SAMPLE_PREFIX}&set="

    def offered(spec: str, inside: tuple[Offered, ...] = ()) -> Offered:
        cut = found.below.get(spec, 0) > len(inside)
        return Offered(
            spec,
            names.get(spec, ""),
            known.get(spec, numbers.get(asked[spec])),
            f"/search?{asked[spec]}",
            base + quote(spec, safe=":"),
            found.below.get(spec, 0),
            inside,
            set_tree.page_of(spec) if cut else "",
        )

    return tuple(offered(spec, tuple(map(offered, part.inside[spec]))) for spec in part.specs)


def _formats(until: float) -> tuple[Offered, ...]:
    base, offers = frame.settings().base_url, _provider().offers
    numbers = _numbers(FORMATS.values(), until)

    def offered(prefix: str, offer: Offer) -> Offered:
        address = f"{base}/oai?verb=ListRecords&metadataPrefix={prefix}"
        query = FORMATS.get(offer.stored)
        if query is not None:
            number, href = numbers.get(query), f"/search?{query}"
        else:
            number = _items(offer.stored, until)
            href = f"/oai?verb=ListIdentifiers&metadataPrefix={prefix}"
        return Offered(prefix, offer.format.title, number, href, address)

    return tuple(offered(prefix, offer) for prefix, offer in offers.items())


def _items(stored: str, until: float) -> int | None:
    """Return how many items lists have in a further format, those that are deleted among them."""
    counts = cast("SetCounts", current_app.extensions["garnery.set-counts"])
    left = until - time.monotonic()
    if left <= 0:
        return None
    found = in_time(lambda: counts.of([EVERYTHING], prefix=stored, seconds=left), left)
    return (found or {}).get(EVERYTHING)


def _provider() -> Provider:
    return cast("Provider", current_app.extensions["garnery.provider"])


def _numbers(queries: Iterable[str], until: float) -> dict[str, int]:
    """Return how many records searches find, as far as they are counted in time."""
    store = frame.store()

    def count(query: str) -> int:
        found = read(parse_qsl(query))
        if not isinstance(found, Request):
            return 0
        since = ARRIVED.fullmatch(query)
        number = _arrived(store, since[1]) if since else None
        return store.search.count(found) if number is None else number

    kept: KeptNumbers = current_app.extensions.setdefault("garnery.counted", KeptNumbers(count))
    return kept.of(queries, until - time.monotonic())


def _lines(base: str) -> tuple[Line, ...]:
    first = f"{base}/oai?verb=ListRecords&metadataPrefix={SAMPLE_PREFIX}"
    sickle = (
        "from sickle import Sickle\n"
        f'for record in Sickle("{base}/oai").ListRecords(metadataPrefix="{SAMPLE_PREFIX}"):\n'
        "    print(record.header.identifier)"
    )
    return (
        Line("curl, a first page", f"curl '{first}'"),
        Line("Sickle (Python), everything", sickle),
        Line("metha, everything", f"metha-sync -format {SAMPLE_PREFIX} {base}/oai"),
    )


def _manifest() -> Manifest | None:
    folder = frame.settings().dumps.folder
    try:
        return manifest.read(Path(folder)) if folder else None
    except FileError:
        return None


def _arrived(store: Store, day: str) -> int | None:
    """Return how many live records came since a day, None where only a search tells."""
    everything = read([("copies", "all")])
    days = store.search.arrivals(everything) if isinstance(everything, Request) else None
    if days is None:
        return None
    first = clock.seconds(datetime.fromisoformat(day).replace(tzinfo=UTC)) // 86_400
    return sum(number for (_, on), number in days.items() if on >= first)


def _lately(until: float) -> tuple[Lately, ...]:
    """Return what changed in the last seven days, today being one of them."""
    today = clock.now().replace(hour=0, minute=0, second=0, microsecond=0)
    first = today - LATELY + timedelta(days=1)
    day, before = (clock.text(at)[:10] for at in (first, first - timedelta(days=1)))
    asked = {
        "added": f"first_seen:{day}..",
        "changed": f"updated:{day}.. first_seen:..{before}",
        "removed": f"(state:deleted OR state:withdrawn) updated:{day}..",
    }
    queries = {word: urlencode({"q": q, "copies": "all"}) for word, q in asked.items()}
    numbers = _numbers(queries.values(), until)
    return tuple(
        Lately(numbers.get(query), word, f"/search?{query}") for word, query in queries.items()
    )
