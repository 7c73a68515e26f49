"""Search: milliseconds of first pages, facets, jumps and depth; the index's cost; what comes first.

    python -m bench.search [--records 100000] [--url sqlite:///file | postgresql://…] [--rounds 3]

The hub is filled with made-up, varied records unless the database holds as many already. Times are
CPU milliseconds, of this process and of a PostgreSQL server on this machine (its clock is read from
/proc), and beside them the wall's p95; p95 is over all queries and rounds. A first page is asked
for anew (`first_page_anew`) by a store that was asked for nothing but a rare word.
"""

from __future__ import annotations

import argparse
import contextlib
import random
import statistics
import time
from collections.abc import Callable, Iterable, Iterator
from functools import cache, partial
from itertools import islice
from pathlib import Path
from typing import Any

import psycopg
from msgspec.structs import replace

from app import create_app
from app.datacite.resource import (
    Affiliation,
    Creator,
    Description,
    FundingReference,
    NameIdentifier,
    Publisher,
    Resource,
    Rights,
    Subject,
    Title,
    Types,
    encode,
)
from app.query.indexing import searched
from app.query.request import Request, identifier_of, read
from app.record import Change, Summary, local_id
from app.settings import Settings
from app.store import Store, open_store, upgrade
from app.store.search import stocktaking
from app.store.search import writing as search_writing
from bench.tools import OUT, report

BATCH = 1000
MEMBERS, VOCABULARY, SUBJECTS, PEOPLE, FUNDERS = 40, 30_000, 8_000, 30_000, 400
TYPES = ("Dataset", "Text", "Software", "Image", "Collection", "Other")
LICENSES = ("CC-BY-4.0", "CC0-1.0", "CC-BY-NC-4.0", "MIT")
QUERIES: tuple[tuple[tuple[str, str], ...], ...] = (
    (("q", "w0"),), (("q", "w3"),), (("q", "w20"),), (("q", "w300"),), (("q", "w5000"),),
    (("q", "w1 w7"),), (("q", "w15 w40"),), (("q", '"w0 w1"'),), (("q", "title:w2"),),
    (("q", "w12 -w3"),), (("q", "w100 OR w200 OR w300"),), (("q", "w12*"),),
    (("type", "Dataset"),), (("type", "Text"), ("year", "2010"), ("year", "2011")),
    (("q", "w9"), ("license", "cc0-1.0")), (("q", "creator:family7"),), (("subject", "subject 4"),),
    (("repository", "member3"), ("q", "w2")), (("year_from", "2015"), ("q", "w30")),
    (("q", "missing:funding w11"),),
)  # fmt: skip


@cache
def _orcid(number: int) -> str:
    digits, total = f"{number + 20_000_000:015d}", 0
    for digit in digits:
        total = (total + int(digit)) * 2
    check = (12 - total % 11) % 11
    whole = digits + ("X" if check == 10 else str(check))
    return f"https://orcid.org/{whole[:4]}-{whole[4:8]}-{whole[8:12]}-{whole[12:]}"


def _zipf(chance: random.Random, most: int) -> int:
    """A number below `most`; low ones come far more often."""
    return int(most ** chance.random()) - 1


def made(number: int) -> Resource:
    chance = random.Random(number)

    def text(words: int) -> str:
        return " ".join(f"w{_zipf(chance, VOCABULARY)}" for _ in range(words))

    people = [_zipf(chance, PEOPLE) for _ in range(chance.randint(1, 4))]
    creators = tuple(
        Creator(
            f"Family{one}, Given{one % 97}",
            name_identifiers=(NameIdentifier(_orcid(one), "ORCID"),) if one % 2 else (),
            affiliation=(Affiliation("University", "https://ror.org/05gq02987", "ROR"),)
            if one % 3 == 0
            else (),
        )
        for one in people
    )
    funder = FundingReference(f"Funder {_zipf(chance, FUNDERS)}", award_number=f"A{number % 999}")
    licence = chance.choice((*LICENSES, ""))
    return Resource(
        doi=f"10.5072/bench.{number}",
        titles=(Title(text(8).capitalize()),),
        creators=creators,
        publisher=Publisher(f"Archive {number % MEMBERS}"),
        publication_year=1990 + chance.randint(0, 35),
        subjects=tuple(Subject(f"Subject {_zipf(chance, SUBJECTS)}") for _ in range(5)),
        language=chance.choice(("en", "en", "en", "de", "fr", None)),
        types=Types(TYPES[_zipf(chance, len(TYPES))], "data"),
        rights_list=(Rights(rights=licence, rights_identifier=licence),) if licence else (),
        descriptions=(Description(text(70), "Abstract"),),
        funding_references=(funder,) * (number % 3 == 0),
    )


def change(number: int, member: str, resource: Resource) -> Change:
    assert resource.types
    assert resource.titles
    name, general = f"oai:{member}:{number}", resource.types.resource_type_general
    mark = number.to_bytes(16, "big")
    return Change(
        "new", local_id(member, name), name, "2020-01-01",
        sets=(f"member:{member}", f"type:{general}"), format="oai_dc", prefix="oai_dc",
        fingerprint=mark, resource_fingerprint=mark, original=b"<dc/>", resource=encode(resource),
        renderings={"oai_dc": b"<dc/>"}, searched=searched(resource),
        summary=Summary(resource.titles[0].title, "", resource.publication_year, general,
                        resource.doi or "", ""),
    )  # fmt: skip


def fill(store: Store, records: int) -> dict[str, float]:
    """Bring a hub to so many records; return µs of CPU for each, by what they went into."""
    known = {member.name: member for member in store.repositories.list()}
    names = [f"member{n}" for n in range(MEMBERS)]
    owners = [
        known.get(name) or store.repositories.add(
            name, title=name, base_url=f"http://{name}.example.org/oai", every="1d"
        )
        for name in names
    ]  # fmt: skip
    start, spent = sum(owner.live for owner in owners), {"extract": 0.0, "write": 0.0, "apply": 0.0}
    original = search_writing.write

    def timed(*arguments: Any) -> None:
        began = time.process_time()
        original(*arguments)
        spent["write"] += time.process_time() - began

    search_writing.write = timed
    for first in range(start, records, BATCH):
        owner = owners[first // BATCH % MEMBERS]
        resources = [made(number) for number in range(first, min(first + BATCH, records))]
        began = time.process_time()
        for resource in resources:
            searched(resource)
        spent["extract"] += time.process_time() - began
        changes = [change(first + n, owner.name, one) for n, one in enumerate(resources)]
        began = time.process_time()
        store.records.apply(owner.id, None, "", changes)
        spent["apply"] += time.process_time() - began
    search_writing.write = original
    number = max(1, records - start)
    return {name: round(seconds / number * 1e6, 1) for name, seconds in spent.items()}


def asked(pairs: tuple[tuple[str, str], ...]) -> Request:
    found = read(pairs)
    assert isinstance(found, Request), found
    return found


class Watch:
    """Milliseconds of calls, by the clock of processors and by the wall's."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock

    def over(self, calls: Iterable[Callable[[], object]]) -> dict[str, float]:
        taken, walls = [], []
        for call in calls:
            wall, began = time.perf_counter(), self._clock()
            call()
            taken.append((self._clock() - began) * 1000)
            walls.append((time.perf_counter() - wall) * 1000)
        return told(taken, walls)


def told(taken: list[float], walls: list[float]) -> dict[str, float]:
    """Return what is told of times in milliseconds, by processors and by the wall."""
    return {"median": round(statistics.median(taken), 1), "p95": _p95(taken),
            "worst": round(max(taken), 1), "wall_p95": _p95(walls)}  # fmt: skip


def _p95(taken: list[float]) -> float:
    return round((statistics.quantiles(taken, n=20) if len(taken) > 1 else taken)[-1], 1)


@contextlib.contextmanager
def clock_of(url: str) -> Iterator[Callable[[], float]]:
    """Return the clock of the processors' time that a database takes, with this process's."""
    if url.startswith("sqlite"):
        yield time.process_time
        return
    with psycopg.connect(url, autocommit=True) as connection:
        name = connection.info.dbname

        def clock() -> float:
            own = "SELECT pid FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()"
            found = connection.execute(own, (name,)).fetchall()
            return time.process_time() + sum(_seconds(pid) for (pid,) in found)

        yield clock


def _seconds(pid: int) -> float:
    try:
        return int(Path(f"/proc/{pid}/schedstat").read_text("ascii").split()[0]) / 1e9
    except OSError:
        return 0.0


def _each(function: Callable[..., object], given: Iterable[Any]) -> list[Callable[[], object]]:
    return [partial(function, one) for one in given]


def measured(store: Store, records: int, rounds: int, watch: Watch) -> dict[str, Any]:
    search, requests = store.search, [asked(pairs) for pairs in QUERIES] * rounds
    everything = asked(())
    some = range(0, records, max(1, records // 50))
    named = [identifier_of(asked((("q", f"10.5072/bench.{n}"),))) for n in some]
    by_date = [replace(request, sort_given="-updated") for request in requests]
    facets = partial(search.facets, seconds=600.0)
    figures: dict[str, Any] = {
        "first_page": watch.over(_each(search.page, requests)),
        "by_date": watch.over(_each(search.page, by_date)),
        "facets": watch.over(_each(facets, requests)),
        "facets_of_all": watch.over(_each(facets, [everything] * 3)),
        "jump": watch.over(_each(search.named, filter(None, named))),
    }
    pages = list(islice(_walk(store, replace(everything, per_page=100)), records // 100))
    last = [replace(everything, per_page=100, cursor=cursor) for cursor in pages[-6:-1]]
    first = replace(everything, per_page=100)
    figures["page_of_all"] = watch.over(_each(search.page, [first] * 5))
    figures["page_at_the_end"] = watch.over(_each(search.page, last))
    client = create_app(Settings(base_url="https://hub.example.org"), store).test_client()
    names = [row.local_id for row in search.page(replace(everything, per_page=100)).rows]
    client.get(f"/records/{names[0]}")
    figures["record_page"] = watch.over(_each(client.get, [f"/records/{one}" for one in names]))
    return figures


def anew(url: str, watch: Watch) -> dict[str, dict[str, float]]:
    """Measure first pages, and all facets after them, that no query before has made cheaper."""
    stores, requests = [open_store(url) for _ in QUERIES], [asked(pairs) for pairs in QUERIES]
    for store in stores:
        store.search.page(asked((("q", "w29999"),)))
    pairs = list(zip(stores, requests, strict=True))
    figures = {
        "first_page_anew": watch.over([partial(one.search.page, given) for one, given in pairs]),
        "facets_anew": watch.over(
            [partial(one.search.facets, given, seconds=600.0) for one, given in pairs]
        ),
    }
    for store in stores:
        store.dispose()
    return figures


def relevance(store: Store, records: int, sample: int = 200) -> dict[str, float]:
    """Return which share of some records is found first by its title, and among the first ten by
    a family name, the year and the rarest word of the title."""
    first = among = 0
    for number in random.Random(5).sample(range(records), sample):
        resource = made(number)
        title, name = resource.titles[0].title, resource.creators[0].name.partition(",")[0]
        word = max(title.split(), key=lambda one: int(one[1:]))
        by_title = _found(store, title, 10)
        first += by_title[:1] == [resource.doi]
        among += resource.doi in _found(
            store, f"{name} {word} year:{resource.publication_year}", 10
        )
    return {"title_first": first / sample, "name_year_word_in_ten": among / sample}


def _found(store: Store, text: str, most: int) -> list[str]:
    request = replace(asked((("q", text),)), per_page=most)
    return [row.summary.doi for row in store.search.page(request).rows]


def _walk(store: Store, request: Request) -> Iterator[str]:
    while True:
        found = store.search.page(request)
        yield found.next
        if not found.next:
            return
        request = replace(request, cursor=found.next)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--records", type=int, default=100_000)
    parser.add_argument("--url", default="")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    OUT.mkdir(parents=True, exist_ok=True)
    url = options.url or f"sqlite:///{OUT / f'search-{options.records}.sqlite3'}"
    upgrade(url)
    store = open_store(url)
    filling = fill(store, options.records)
    with clock_of(url) as clock:
        began = clock()
        stocktaking.tend(store.database)
        taking = round(clock() - began, 1)
        watch = Watch(clock)
        figures = anew(url, watch) | measured(store, options.records, options.rounds, watch)
    found = relevance(store, options.records)
    store.dispose()
    report(bench="search", database=url.partition(":")[0], records=options.records,
           microseconds_a_record=filling, stock_taking_seconds=taking, milliseconds=figures,
           relevance=found)  # fmt: skip


if __name__ == "__main__":
    main()
