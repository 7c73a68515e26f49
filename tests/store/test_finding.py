"""Search for people: the same records as a plain look at each, exact counts, walks under writes."""

from __future__ import annotations

import random
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from msgspec import Struct
from msgspec.structs import replace

from app.datacite.resource import (
    AlternateIdentifier,
    Creator,
    Date,
    Description,
    FundingReference,
    NameIdentifier,
    Publisher,
    RelatedIdentifier,
    Resource,
    Rights,
    Subject,
    Title,
    Types,
    encode,
)
from app.errors import InvalidCursor
from app.query import Doi, Identifier
from app.query.folding import words
from app.query.indexing import searched
from app.query.request import FACETS, Request, identifier_of, read
from app.record import Change, Summary
from app.store import Store, open_store
from app.store.search.facets import Counting
from app.store.search.results import Results
from tests.databases import KINDS, fresh
from tests.store.making import change, member, put

RECORDS = 240
MEMBERS = ("reef", "tundra")
NOUNS = ("Rock", "fall", "Älps", "地震学", "coral", "Øre", "ice-core", "x1")
SUBJECTS = ("Geology", "geology ", "Marine Biology", "Eis", "Сейсмология", "rock fall")
ORCIDS = ("0000-0001-5109-3700", "0000-0002-1825-0097")
TYPES = ("Dataset", "Text", "Software")
LICENSES = ("CC-BY-4.0", "CC0-1.0", None, "")


class Known(Struct):
    """A record as the test knows it."""

    number: int
    member: str
    resource: Resource
    state: str = "live"

    @property
    def values(self) -> dict[str, set[str]]:
        """Its values of the facets, by a plain look."""
        r = self.resource
        names = [each.rights_identifier for each in r.rights_list]
        rights = {name.lower() for name in names if name}
        unknown = {"other"} if r.rights_list and not rights else set()
        people = {n.name_identifier[-19:] for c in r.creators for n in c.name_identifiers}
        return {
            "repository": {self.member},
            "type": {r.types.resource_type_general} if r.types else set(),
            "year": {str(r.publication_year)} if r.publication_year else set(),
            "license": rights or unknown or {"none"},
            "access": {"none"},
            "language": {(r.language or "none").lower()},
            "subject": {" ".join(words(each.subject)) for each in r.subjects},
            "creator": people,
            "funder": {" ".join(words(each.funder_name)) for each in r.funding_references},
            "affiliation": set(),
            "object": {"yes" if r.content_url else "no"},
            "schema": {"none"},
        }


def make(chance: random.Random, number: int) -> Known:
    def some(most: int) -> str:
        return " ".join(chance.sample(NOUNS, chance.randint(1, most)))

    name = NameIdentifier(f"https://orcid.org/{chance.choice(ORCIDS)}", "ORCID")
    licence = chance.choice(LICENSES)
    rights = () if licence == "" else (Rights(rights="terms", rights_identifier=licence),)
    year = chance.choice((None, 1999, 2010, 2020, 2021))
    issued = (Date(f"{year}-0{chance.randint(1, 9)}-11", "Issued"),) if year else ()
    resource = Resource(
        doi=f"10.507{number % 3}/find.{number}" if number % 4 else None,
        titles=(Title(some(4)),) if number % 9 else (),
        creators=(Creator(some(2), name_identifiers=(name,) * (number % 2)),),
        publisher=Publisher(some(1)),
        publication_year=year,
        dates=issued,
        subjects=tuple(map(Subject, chance.sample(SUBJECTS, chance.randint(0, 3)))),
        language=chance.choice(("en", "pt-BR", None)),
        types=Types(chance.choice(TYPES), some(1)),
        alternate_identifiers=(AlternateIdentifier(f"hdl:20.500.1234/{number}", "Handle"),),
        related_identifiers=(RelatedIdentifier("10.5072/article", "DOI", "IsSupplementTo"),)
        * (number % 2),
        rights_list=rights,
        descriptions=(Description(" ".join([some(5)] * (300 if number == 7 else 1)), "Abstract"),),
        funding_references=(FundingReference("Ice Fund", award_number="A-12"),) * (number % 5 == 0),
        content_url=("https://example.org/x.csv",) * (number % 7 == 0),
    )  # fmt: skip
    return Known(number, chance.choice(MEMBERS), resource)


def written_down(known: Known, **more: Any) -> Change:
    resource = known.resource
    title = resource.titles[0].title if resource.titles else ""
    general = resource.types.resource_type_general if resource.types else ""
    given = {
        "key": known.member,
        "sets": (f"member:{known.member}:{'a' if known.number % 2 else 'b'}", f"type:{general}"),
        "resource": encode(resource),
        "searched": searched(resource),
        "summary": Summary(title, year=resource.publication_year, doi=resource.doi or ""),
    }
    return change(known.number, text=str(hash(resource)), **(given | more))


class Filled(Struct):
    store: Store
    records: list[Known]
    owners: dict[str, Any]

    def named(self, results: Results) -> list[int]:
        return [int(row.identifier.rpartition(":")[2]) for row in results.rows]


@pytest.fixture(
    scope="module",
    params=[pytest.param(kind, marks=pytest.mark.xdist_group(f"finding {kind}")) for kind in KINDS],
)
def filled(request: pytest.FixtureRequest, tmp_path_factory: Any) -> Iterator[Filled]:
    """Two members' records, some of them deleted, changed, or of a member that is private."""
    with fresh(request, request.param, tmp_path_factory.mktemp("finding")) as url:
        chance = random.Random(5)
        records = [make(chance, number) for number in range(RECORDS)]
        store = open_store(url)
        owners = {key: member(store, key) for key in (*MEMBERS, "secret")}
        for key in MEMBERS:
            mine = [known for known in records if known.member == key]
            before = [replace(known, resource=records[0].resource) for known in mine[:40]]
            put(store, owners[key], *map(written_down, [*before, *mine[40:]]))
            put(store, owners[key], *(written_down(known, kind="changed") for known in mine[:40]))
            for known in mine[::9]:
                known.state = "deleted"
            gone = [written_down(known) for known in mine[::9]]
            put(store, owners[key], *(Change("deleted", c.local_id, c.identifier, "2021-01-01")
                                      for c in gone))  # fmt: skip
        store.showing.switch(owners["secret"].id, public=False)
        hidden = replace(records[1], number=9000, member="secret")
        put(store, owners["secret"], written_down(hidden))
        yield Filled(store, records, owners)
        store.dispose()


def asked(**given: Any) -> Request:
    pairs = [
        (name, str(value))
        for name, values in given.items()
        for value in (values if isinstance(values, tuple) else (values,))
    ]
    found = read(pairs)
    assert isinstance(found, Request), found
    return found


@cache
def texts(r: Resource) -> list[list[str]]:
    values = [t.title for t in r.titles] + [c.name for c in r.creators]
    values += [r.publisher.name if r.publisher else "", *(s.subject for s in r.subjects)]
    values += [r.types.resource_type or "" if r.types else ""]
    values += [d.description for d in r.descriptions]
    values += [f.funder_name for f in r.funding_references]
    values += [f.award_number or "" for f in r.funding_references]
    values += [r.doi or "", *(a.alternate_identifier for a in r.alternate_identifiers)]
    return [words(value) for value in values]


def has_phrase(known: Known, phrase: list[str]) -> bool:
    n = len(phrase)
    for there in texts(known.resource):
        if any(there[at : at + n] == phrase for at in range(len(there) - n + 1)):
            return True
    return False


def holds(known: Known, request: Request, phrases: list[tuple[list[str], bool]]) -> bool:
    if known.state != request.state:
        return False
    values = known.values
    for name in request.selected:
        if not values[name] & set(request.values(name)):
            return False
    year = known.resource.publication_year
    for bound, wrong in (("year_from", -1), ("year_to", 1)):
        for text in request.values(bound):
            if year is None or (year - int(text)) * wrong > 0:
                return False
    return all(has_phrase(known, phrase) != negative for phrase, negative in phrases)


def some_request(chance: random.Random, records: list[Known]) -> tuple[Request, Any]:
    given: dict[str, Any] = {}
    values = chance.choice(records).values
    for name in chance.sample(list(values), chance.randint(0, 2)):
        if values[name]:
            more = chance.choice(records).values[name] if chance.random() < 0.5 else set()
            given[name] = tuple(sorted(values[name] | more))
    if chance.random() < 0.3:
        given["year_from"] = chance.choice((2000, 2010))
    if chance.random() < 0.2:
        given["state"] = "deleted"
    phrases = []
    for _ in range(chance.randint(0, 2)):
        some = chance.sample(NOUNS, chance.choice((1, 1, 2)))
        phrase, negative = words(" ".join(some))[:3], False
        negative = chance.random() < 0.3
        phrases.append((phrase, negative))
    text = " ".join(f'{"-" if negative else ""}"{" ".join(p)}"' for p, negative in phrases)
    return asked(q=text, **given) if text else asked(**given), phrases


def test_totals_and_records_are_those_of_a_plain_look(filled: Filled) -> None:
    chance, found_some = random.Random(3), 0
    for _ in range(60):
        request, phrases = some_request(chance, filled.records)
        wanted = {k.number for k in filled.records if holds(k, request, phrases)}
        rows = list(filled.store.search.each(request, batch=50))
        assert [row.id for row, _ in rows] == sorted(row.id for row, _ in rows)
        found = {int(row.identifier.rpartition(":")[2]) for row, _ in rows}
        assert found == wanted, request.canonical
        assert filled.store.search.count(request) == len(wanted)
        again = read([("q", request.canonical), ("state", request.state)])
        assert isinstance(again, Request)
        assert filled.store.search.count(again) == len(wanted), request.canonical
        found_some += 0 < len(wanted) < RECORDS
    assert found_some > 30


def test_counts_are_totals_of_the_search_with_that_value_instead(filled: Filled) -> None:
    chance, seen = random.Random(4), set()
    for _ in range(12):
        request, _phrases = some_request(chance, filled.records)
        request = replace(request, more=FACETS)
        facets = filled.store.search.facets(request, seconds=30)
        for facet in facets:
            assert facet.finished
            for value in chance.sample(facet.values, min(4, len(facet.values))):
                changed = request.replacing(facet.name, value.value)
                assert filled.store.search.count(changed) == value.count, (changed, value)
                assert value.selected == (value.value in request.values(facet.name))
                seen.add((facet.name, value.value))
        names = [facet.name for facet in facets]
        assert names == [name for name in FACETS if name in names]
    assert {name for name, _ in seen} >= {*filled.records[0].values, "quality"} - {"affiliation"}


def test_facets_show_the_best_ten_and_more_when_asked(filled: Filled) -> None:
    one = {f.name: f for f in filled.store.search.facets(asked(subject="eis", year="1900"))}
    subject, year = one["subject"].values[0], one["year"].values[0]
    assert (subject.value, subject.count, subject.selected) == ("eis", 0, True)
    assert (year.value, year.count) == ("1900", 0)
    assert "type" not in one
    years = {f.name: f for f in filled.store.search.facets(asked())}["year"]
    assert [v.value for v in years.values] == ["2021", "2020", "2010", "1999"]
    subjects = {f.name: f for f in filled.store.search.facets(asked())}["subject"].values
    assert [v.count for v in subjects] == sorted((v.count for v in subjects), reverse=True)
    assert {v.label.strip().lower() for v in subjects} == {s.strip().lower() for s in SUBJECTS}


def test_a_facet_that_takes_too_long_says_so(filled: Filled) -> None:
    facets = Counting(filled.store.database).facets(asked(type="Dataset"), -1.0)
    assert all(not facet.finished for facet in facets)
    assert {f.name: f.values for f in facets}["type"][0].count == -1


def walked(filled: Filled, request: Request) -> list[Results]:
    pages = [filled.store.search.page(request)]
    while pages[-1].next:
        pages.append(filled.store.search.page(replace(request, cursor=pages[-1].next)))
        assert len(pages) < 100
    return pages


@pytest.mark.parametrize(
    "sort",
    [
        "-updated",
        "updated",
        "-published",
        "published",
        "title",
        "-title",
        "relevance",
        "-citations",
    ],
)
def test_a_walk_gives_each_once_and_goes_back_the_same_way(filled: Filled, sort: str) -> None:
    request = replace(asked(q="rock OR fall", sort=sort), per_page=17)
    pages = walked(filled, request)
    numbers = [n for page in pages for n in filled.named(page)]
    total = pages[0].total
    assert len(numbers) == len(set(numbers)) == total > 60
    assert [page.first for page in pages] == [1 + 17 * n for n in range(len(pages))]
    assert {page.total for page in pages} == {total}
    back, page = [pages[-1]], pages[-1]
    while page.previous:
        page = filled.store.search.page(replace(request, cursor=page.previous))
        back.append(page)
    assert [one.rows for one in reversed(back)] == [one.rows for one in pages]
    assert [one.first for one in reversed(back)] == [one.first for one in pages]
    known = {each.number: each.resource for each in filled.records}
    if "published" in sort:
        years = [known[n].publication_year for n in numbers]
        there = [year for year in years if year]
        assert there == sorted(there, reverse=sort[0] == "-")
        assert years[len(there) :] == [None] * (total - len(there))
    if "title" in sort:
        titles = [" ".join(words(t.title)) for n in numbers for t in known[n].titles]
        assert titles == sorted(titles, reverse=sort[0] == "-")
        assert all(known[n].titles for n in numbers[: len(titles)])


def test_cursors_belong_to_their_search(filled: Filled) -> None:
    request = replace(asked(q="rock"), per_page=10)
    cursor = filled.store.search.page(request).next
    flipped = ("A" if cursor[5] != "A" else "B") + cursor[1:]
    others = [
        replace(request, cursor=flipped),
        replace(request, cursor=cursor[:-1]),
        replace(request, cursor="…"),
        replace(asked(q="fall"), cursor=cursor),
        replace(request, cursor=cursor, sort_given="title"),
    ]
    for other in others:
        with pytest.raises(InvalidCursor):
            filled.store.search.page(other)


def test_an_exact_title_comes_first(filled: Filled) -> None:
    first = 0
    titled = [k for k in filled.records if k.state == "live" and k.resource.titles]
    for known in titled[:20]:
        title = known.resource.titles[0].title
        results = filled.store.search.page(asked(q=title))
        found = {each.number: each.resource for each in filled.records}
        first += words(found[filled.named(results)[0]].titles[0].title) == words(title)
    assert first == 20


def test_identifiers_lead_to_their_records(filled: Filled) -> None:
    known = next(k for k in filled.records if k.state == "live" and k.resource.doi)
    change_ = written_down(known)
    forms = (
        f"https://doi.org/{known.resource.doi}", f"doi:{(known.resource.doi or '').upper()}",
        f"https://hdl.handle.net/20.500.1234/{known.number}", change_.identifier,
        f"20.500.1234/{known.number}",
    )  # fmt: skip
    for form in forms:
        leaf = identifier_of(asked(q=form))
        assert isinstance(leaf, Doi | Identifier), form
        assert [r.local_id for r in filled.store.search.named(leaf)] == [change_.local_id], form
    gone = next(k for k in filled.records if k.state == "deleted" and k.resource.doi)
    leaf = identifier_of(asked(q=gone.resource.doi))
    assert isinstance(leaf, Doi)
    assert [r.state for r in filled.store.search.named(leaf)] == ["deleted"]
    assert filled.store.search.count(asked(q="to:10.5072/ARTICLE relation:issupplementto")) > 50


def test_what_is_private_is_nowhere(filled: Filled) -> None:
    assert filled.store.search.count(asked(repository="secret")) == 0
    assert filled.store.search.count(asked(repository="secret", state="deleted")) == 0
    assert filled.store.search.named(Identifier("oai:secret:9000")) == ()


def test_properties_that_are_there_or_missing(filled: Filled) -> None:
    live = [known for known in filled.records if known.state == "live"]
    with_funds = sum(bool(known.resource.funding_references) for known in live)
    assert filled.store.search.count(asked(q="has:funding")) == with_funds
    assert filled.store.search.count(asked(q="missing:funding")) == len(live) - with_funds


def test_a_walk_under_writes_gives_each_unchanged_record_once(filled: Filled) -> None:
    """Between the pages others are changed, which moves them."""
    chance = random.Random(8)
    live = [known for known in filled.records if known.state == "live"]
    for sort in ("-updated", "updated", "title"):
        request = replace(asked(sort=sort), per_page=25)
        before = {n for page in walked(filled, request) for n in filled.named(page)}
        page, numbers, changed = filled.store.search.page(request), [], set()
        while True:
            numbers += filled.named(page)
            if not page.next:
                break
            for known in chance.sample(live, 3):
                known.resource = replace(known.resource, version=str(chance.random()))
                changed.add(known.number)
                given = written_down(known, kind="changed")
                put(filled.store, filled.owners[known.member], given)
            page = filled.store.search.page(replace(request, cursor=page.next))
        still = [number for number in numbers if number not in changed]
        assert len(still) == len(set(still))
        assert set(still) == before - changed
