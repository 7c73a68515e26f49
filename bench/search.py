"""Search: milliseconds of first pages, facets, jumps and depth; the index's cost; what comes first.

    python -m bench.search [--records 100000] [--url sqlite:///file | postgresql://…] [--rounds 3]

The hub is filled with made-up, varied records unless the database holds as many already. Times are
CPU milliseconds of this process for SQLite, which works inside of it, and wall milliseconds for
PostgreSQL; p95 is over all queries and rounds.
"""

from __future__ import annotations

import argparse
import random
import statistics
import time
from collections.abc import Callable, Iterator
from functools import cache
from itertools import islice
from typing import Any

from msgspec.structs import replace

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
from app.query import Doi, Identifier
from app.query.indexing import searched
from app.query.request import Request, identifier_of, read
from app.record import Change, Summary, local_id
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
    """Milliseconds of calls."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock

    def over(self, calls: Iterator[Callable[[], object]]) -> dict[str, float]:
        taken = []
        for call in calls:
            began = self._clock()
            call()
            taken.append((self._clock() - began) * 1000)
        cuts = statistics.quantiles(taken, n=20) if len(taken) > 1 else taken
        return {"median": round(statistics.median(taken), 1), "p95": round(cuts[-1], 1),
                "worst": round(max(taken), 1)}  # fmt: skip


def measured(store: Store, records: int, rounds: int, watch: Watch) -> dict[str, Any]:
    search, requests = store.search, [asked(pairs) for pairs in QUERIES] * rounds
    everything = asked(())
    named = [identifier_of(asked((("q", f"10.5072/bench.{n}"),)))
             for n in range(0, records, max(1, records // 50))]  # fmt: skip
    figures: dict[str, Any] = {
        "first_page": watch.over(lambda r=r: search.page(r) for r in requests),
        "by_date": watch.over(
            lambda r=r: search.page(replace(r, sort_given="-updated")) for r in requests
        ),
        "facets": watch.over(lambda r=r: search.facets(r, seconds=60.0) for r in requests),
        "facets_of_all": watch.over(
            lambda: search.facets(everything, seconds=60.0) for _ in range(3)
        ),
        "jump": watch.over(
            lambda one=one: search.named(one) for one in named if isinstance(one, Doi | Identifier)
        ),
    }
    pages = list(islice(_walk(store, replace(everything, per_page=100)), records // 100))
    last = [replace(everything, per_page=100, cursor=cursor) for cursor in pages[-6:-1]]
    first = replace(everything, per_page=100)
    figures["page_of_all"] = watch.over(lambda: search.page(first) for _ in range(5))
    figures["page_at_the_end"] = watch.over(lambda r=r: search.page(r) for r in last)
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
    stocktaking.tend(store.database)
    inside = url.startswith("sqlite")
    watch = Watch(time.process_time if inside else time.perf_counter)
    figures = measured(store, options.records, options.rounds, watch)
    found = relevance(store, options.records)
    store.dispose()
    report(bench="search", database=url.partition(":")[0], records=options.records,
           microseconds_a_record=filling, milliseconds=figures, relevance=found)  # fmt: skip


if __name__ == "__main__":
    main()
