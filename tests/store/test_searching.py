"""Searches over stored columns: the same records as a plain look at each, in every database."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
from msgspec import Struct
from sqlalchemy import func, select

from app.query import And, Days, Doi, Exact, Identifier, Node, Not, Or, Query, Words, Years, parse
from app.query.folding import searchable
from app.query.indexing import APART, TEXTS, Searched, of_texts
from app.query.values import span
from app.record import Change, Summary, local_id
from app.store import Store, open_store
from app.store.search.conditions import FIELDS
from app.store.search.filling import refill
from app.store.search.pages import along, page_statement
from app.store.search.tables import search
from app.store.values import PageRow
from tests.databases import KINDS, fresh
from tests.store.making import FOREVER, change, listed, member, put, walk

MEMBERS = ("reef", "tundra")
NOUNS = ("Rock", "fall", "Älps", "地震学", "O'Neill", "rocket", "under_score", "100%")
TYPES = ("Dataset", "Text", "Software")
RECORDS = 60


class Known(Struct):
    """What a record is searched by, as the test knows it."""

    member: str
    identifier: str
    local_id: str
    searched: Searched
    year: int | None
    type: str
    doi: str
    url: str
    sets: tuple[str, ...]
    state: str = "live"
    rules: tuple[str, ...] = ()


def make(chance: random.Random, number: int) -> Known:
    key = chance.choice(MEMBERS)
    identifier = f"oai:{key}:{number}"

    def some(most: int) -> str:
        return " ".join(chance.sample(NOUNS, chance.randint(0, most)))

    texts = ([some(3), some(2)], [some(2)], [some(1)], [some(1), some(1), some(1)], [some(1)])
    searched = Searched(of_texts(searchable(*texts)))
    general = chance.choice(TYPES)
    own = f"member:{key}" + chance.choice(("", ":corals", ":corals:deep", ":cor"))
    doi = f"10.507{number % 3}/{key}.{number}_x" if number % 4 else ""
    year = chance.choice((None, 1999, 2010, 2020))
    url = f"https://{key}.example.org/{number}"
    return Known(
        key, identifier, local_id(key, identifier), searched, year, general, doi, url,
        (own, f"type:{general}"),
    )  # fmt: skip


def written_down(known: Known) -> Change:
    return change(
        int(known.identifier.rpartition(":")[2]),
        key=known.member,
        sets=known.sets,
        searched=known.searched,
        summary=Summary(year=known.year, type=known.type, doi=known.doi, url=known.url),
    )


class Filled(Struct):
    store: Store
    records: list[Known]


@pytest.fixture(scope="module", params=KINDS)
def filled(request: pytest.FixtureRequest, tmp_path_factory: Any) -> Iterator[Filled]:
    """Sixty records of two members, every fifth of them deleted."""
    with fresh(request, request.param, tmp_path_factory.mktemp("searching")) as url:
        yield from _filled(url)


def _filled(url: str) -> Iterator[Filled]:
    chance = random.Random(7)
    records = [make(chance, number) for number in range(RECORDS)]
    store = open_store(url)
    for key in MEMBERS:
        owner = member(store, key)
        mine = [known for known in records if known.member == key]
        put(store, owner, *map(written_down, mine))
        for known in mine[::5]:
            known.state = "deleted"
        gone = [
            Change("deleted", known.local_id, known.identifier, "2021-01-01") for known in mine[::5]
        ]
        put(store, owner, *gone)
    yield Filled(store, records)
    store.dispose()


def holds(node: Node, known: Known, stamp: int) -> bool:
    """Look at one record, plainly."""
    if isinstance(node, And):
        return all(holds(part, known, stamp) for part in node.parts)
    if isinstance(node, Or):
        return any(holds(part, known, stamp) for part in node.parts)
    if isinstance(node, Not):
        return not holds(node.part, known, stamp)
    if isinstance(node, Words):
        anywhere = [name for name in TEXTS if name not in APART]
        fields = [node.field] if node.field else anywhere
        texts = [known.searched.texts[TEXTS.index(field)] for field in fields]
        return any(follow(node, each.split()) for each in texts)
    if isinstance(node, Years):
        return known.year is not None and within(known.year, node.first, node.last)
    if isinstance(node, Days):
        first, last = (span(side) if side else None for side in (node.first, node.last))
        return within(stamp, first[0] if first else None, last[1] if last else None)
    if isinstance(node, Doi):
        return known.doi.startswith(node.name) if node.open else known.doi == node.name
    if isinstance(node, Identifier):
        ours = node.text.startswith("oai:") and node.text.endswith(f":{known.local_id}")
        return ours or node.text in (known.identifier, known.local_id, known.url)
    return exact(node, known)


def follow(node: Words, there: list[str]) -> bool:
    length = len(node.words)
    for at in range(len(there) - length + 1):
        *body, last = there[at : at + length]
        ends = last.startswith(node.words[-1]) if node.open else last == node.words[-1]
        if tuple(body) == node.words[:-1] and ends:
            return True
    return False


def within(value: int, first: int | None, last: int | None) -> bool:
    return (first is None or first <= value) and (last is None or value <= last)


def exact(node: Exact, known: Known) -> bool:
    if node.field == "repository":
        return known.member == node.value
    if node.field == "state":
        return known.state == node.value
    if node.field == "problem":
        return node.value in known.rules
    spec = node.value if node.field == "set" else f"type:{node.value}"
    if spec in ("member", "type"):
        return True
    return any(own == spec or own.startswith(f"{spec}:") for own in known.sets)


def atom(chance: random.Random, records: list[Known]) -> str:
    known = chance.choice(records)
    noun = chance.choice(NOUNS)
    return chance.choice(
        [
            noun, noun, f'"{noun} {chance.choice(NOUNS)}"', "roc*", f"title:{noun}",
            f"creator:{noun}", f"publisher:{noun}", f"subject:{noun}", f"type:{known.type}",
            f'type:"{noun}"', f"year:{chance.choice(('2010', '..2010', '2010..', '1999..2010'))}",
            f"repository:{known.member}", "repository:absent", f"set:{known.sets[0]}",
            "set:member", "set:member:reef:cor", "set:absent", f"state:{known.state}",
            f"doi:{known.doi or '10.5555/none'}", "doi:10.5071/*", "doi:10.5071/reef.1_*",
            f"id:{known.identifier}", f"id:{known.local_id}", f'id:"{known.url}"',
            f"id:oai:hub.example.org:{known.local_id}" if known.doi == "?" else known.identifier,
            "updated:2020-01-01..", "updated:..2020-01-01", "updated:2026",
        ]
    )  # fmt: skip


def query_text(chance: random.Random, records: list[Known], depth: int = 2) -> str:
    if depth == 0 or chance.random() < 0.3:
        return ("-" if chance.random() < 0.2 else "") + atom(chance, records)
    parts = [query_text(chance, records, depth - 1) for _ in range(chance.randint(2, 3))]
    joiner = chance.choice((" ", " OR "))
    return f"({joiner.join(parts)})"


def understood(text: str) -> Node:
    found = parse(text, FIELDS)
    assert isinstance(found, Query), (text, found)
    return found.tree


def names(rows: Any) -> set[str]:
    return {row.local_id for row in rows}


def test_searches_give_what_a_plain_look_at_each_record_gives(filled: Filled) -> None:
    store, chance = filled.store, random.Random(11)
    stamps = {row.local_id: row.stamp for row in listed(store)}
    assert len(stamps) == RECORDS
    found_any = 0
    for _ in range(80):
        text = query_text(chance, filled.records)
        tree = understood(text)
        wanted = {k.local_id for k in filled.records if holds(tree, k, stamps[k.local_id])}
        rows = listed(store, query=tree)
        assert names(rows) == wanted, text
        assert [(r.stamp, r.id) for r in rows] == sorted((r.stamp, r.id) for r in rows)
        assert store.records.count("oai_dc", until=FOREVER, query=tree) == len(wanted), text
        found_any += bool(wanted) and len(wanted) < RECORDS
    assert found_any > 25


def test_a_walk_by_pages_gives_each_once(filled: Filled) -> None:
    for query in ("rock OR fall", "set:member:reef", "doi:10.5071/*", _all_named(filled)):
        tree = understood(query)
        rows = walk(filled.store, 4, query=tree, headers_only=True)
        assert [row.id for row in rows] == [row.id for row in listed(filled.store, query=tree)]
        assert len(rows) > 4


def _all_named(filled: Filled) -> str:
    return " OR ".join(known.doi or known.identifier for known in filled.records)


def test_a_thousand_identifiers_are_one_query(filled: Filled) -> None:
    others = " OR ".join(f"10.5555/{n} OR oai:other:{n}" for n in range(1000))
    tree = understood(f"{_all_named(filled)} OR {others}")
    assert len(listed(filled.store, query=tree)) == RECORDS
    others = " ".join(f"-10.5555/{n} -oai:other:{n}" for n in range(1000))
    tree = understood(f"{others} -{filled.records[0].identifier}")
    assert len(listed(filled.store, query=tree)) == RECORDS - 1
    assert listed(filled.store, query=understood(f"rock ({_all_named(filled)})"))


def test_tombstones_have_no_body_and_are_found_by_what_they_were(filled: Filled) -> None:
    rows: tuple[PageRow, ...] = listed(filled.store, query=understood("rock"))
    gone = {known.local_id for known in filled.records if known.state == "deleted"}
    assert names(rows) & gone
    for row in rows:
        assert row.deleted == (row.local_id in gone)
        assert (row.body is None) == row.deleted


def test_bounds_hold_in_a_search(filled: Filled) -> None:
    tree = understood("rock OR -rock")
    last = max(row.stamp for row in listed(filled.store))
    assert listed(filled.store, query=tree, from_=last + 1) == ()
    assert listed(filled.store, query=tree, until=0) == ()
    tree = understood(_all_named(filled))
    assert listed(filled.store, query=tree, from_=last + 1) == ()
    assert filled.store.records.count("oai_dc", from_=last + 1, until=FOREVER, query=tree) == 0
    assert listed(filled.store, "no_such_prefix", query=tree) == ()


def test_records_are_walked_with_their_resources(filled: Filled) -> None:
    tree = understood("rock year:2010..")
    found = filled.store.records.iterate(batch=3, states=("live",), query=tree)
    wanted = {
        known.local_id
        for known in filled.records
        if holds(tree, known, 0) and known.state == "live"
    }
    assert wanted
    assert {record.local_id for record, _ in found} == wanted


class Undone(Exception):
    """What was written is taken back, for the tests that follow."""


def test_what_searches_know_is_made_anew(filled: Filled) -> None:
    """What an upgrade does, from the resource that was last read."""
    told: list[tuple[int, int]] = []
    database, unpack = filled.store.database, filled.store.codec.unpack
    with suppress(Undone), database.write() as connection:
        number = refill(connection, database.dialect, unpack, lambda *done: told.append(done))
        assert number == RECORDS
        assert told == [(RECORDS, RECORDS)]
        titles = connection.execute(select(search.c.title)).scalars().all()
        assert all(title.startswith("one ") for title in titles)
        shown = connection.execute(select(func.count()).where(search.c.shown == 1)).scalar_one()
        assert shown == sum(known.state == "live" for known in filled.records)
        raise Undone


def steps(store: Store, query: str) -> list[str]:
    """What SQLite says of how it goes about a page."""
    with store.database.read() as connection:
        dialect = store.database.dialect
        statement = page_statement(along(understood(query), dialect, connection), dialect)
        compiled = statement.compile(connection, compile_kwargs={"render_postcompile": True})
        order = compiled.positiontup
        assert order is not None
        given = tuple(compiled.params[name] or 0 for name in order)
        rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {compiled}", given).all()
    return [row[-1] for row in rows]


def test_lists_are_read_in_their_own_order(filled: Filled, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is sorted but the few records that the index gives, nothing read from end to end."""
    if filled.store.url.startswith("postgresql"):
        pytest.skip("the plans of a table of sixty rows tell nothing")
    for few, sorts in ((5000, 1), (-1, 0)):
        monkeypatch.setattr("app.store.search.pages.FEW", few)
        for query in ("rock", "type:Dataset fall", "10.5072/a OR 10.5072/b"):
            found = steps(filled.store, query)
            assert sum("TEMP B-TREE FOR ORDER" in step for step in found) == sorts, found
            assert not any("SCAN" in step and "VIRTUAL TABLE" not in step for step in found), found


def test_long_lists_are_looked_through_for_what_is_many(
    filled: Filled, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = {query: listed(filled.store, query=understood(query)) for query in ("rock", "-rock")}
    monkeypatch.setattr("app.store.search.pages.FEW", 0)
    for query, rows in wanted.items():
        assert listed(filled.store, query=understood(query)) == rows
