"""Links, identifiers and copies as they are read: one hub that many assertions share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from app.query.connected import node_of
from app.store import Store, open_store, upgrade
from app.store.links.values import Connection, Wanted
from app.store.links.walk import Asked, End
from tests.store import making
from tests.store.linking import change, doi, hdl, resource, wrong

pytestmark = pytest.mark.xdist_group("links")

ARTICLE, DATA, CITING, OLD, NEW, COPY = range(1, 7)
GONE, HIDDEN, LONELY, NAMELESS = range(7, 11)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    url = f"sqlite:///{tmp_path_factory.mktemp('links') / 'hub.sqlite3'}"
    upgrade(url)
    opened = open_store(url)
    _fill(opened)
    yield opened
    opened.dispose()


def _fill(store: Store) -> None:
    reef, lake = making.member(store), making.member(store, "lake", rank=50)
    moor = making.member(store, "moor", public=False)
    making.put(
        store, reef,
        change(DATA, resource(
            doi(DATA), ("IsSupplementTo", doi(ARTICLE)), ("IsNewVersionOf", doi(OLD)),
            ("IsPartOf", doi(99)), ("IsDocumentedBy", "https://reef.example.org/readme#top"),
            ("Cites", doi(DATA)), also=(hdl(DATA),), url="https://reef.example.org/d",
            content_url=("https://reef.example.org/d.csv",), version="2.0",
        )),
        change(OLD, resource(doi(OLD), url="https://reef.example.org/d", version="1.0")),
        change(NEW, resource(doi(NEW), ("Obsoletes", doi(DATA)), version="10.0")),
        change(GONE, resource(doi(GONE), ("Cites", doi(DATA)))),
        change(NAMELESS, resource("", ("References", doi(DATA)))),
    )  # fmt: skip
    making.put(
        store, lake,
        change(ARTICLE, resource(
            doi(ARTICLE), ("IsSupplementedBy", doi(DATA)), ("Cites", doi(DATA)),
            kind="JournalArticle",
        ), key="lake"),
        change(CITING, resource(doi(CITING), ("References", hdl(DATA))), key="lake"),
        change(COPY, resource(
            doi(DATA), ("Cites", doi(LONELY)), also=(hdl(77),), version="2.0",
        ), key="lake"),
        change(LONELY, resource(doi(LONELY), also=(hdl(77),)), key="lake"),
    )  # fmt: skip
    making.put(store, moor, change(HIDDEN, resource(doi(HIDDEN), ("Cites", doi(DATA))), key="moor"))
    making.put(store, reef, making.change(GONE, "deleted"))


def number(store: Store, n: int, key: str = "reef") -> int:
    found = store.records.get(making.name(n, key))
    assert found is not None
    return found.id


def connections(store: Store, n: int, key: str = "reef", **given: object) -> list[Connection]:
    node = store.links.node(number(store, n, key))
    return list(store.links.connections(node, Wanted(**given)).connections)  # type: ignore[arg-type]


def test_the_graph_is_that_of_a_rebuild(store: Store) -> None:
    assert wrong(store) == []


def test_a_connection_stated_by_both_sides_is_one_with_two_statements(store: Store) -> None:
    found = [
        one for one in connections(store, DATA) if one.record and one.record.summary.doi == doi(1)
    ]
    assert [one.group for one in found] == ["citations"]
    assert found[0].relations == ("IsSupplementTo", "IsCitedBy")
    assert [(one.repository, one.mine) for one in found[0].statements] == [
        ("reef", True), ("lake", False), ("lake", False),
    ]  # fmt: skip


def test_counts_tell_what_is_here_and_what_is_not(store: Store) -> None:
    counts = store.links.counts(number(store, DATA))
    assert counts == {
        "references": (1, 1), "citations": (3, 3), "parts": (1, 0), "versions": (2, 2),
        "other": (1, 0),
    }  # fmt: skip
    assert counts == store.links.counts(number(store, COPY, "lake"))
    for name, (total, resolved) in counts.items():
        assert len(connections(store, DATA, groups=frozenset((name,)))) == total
        assert len(connections(store, DATA, groups=frozenset((name,)), resolved=True)) == resolved


def test_an_alternate_identifier_leads_to_its_object(store: Store) -> None:
    assert [one.value for one in connections(store, CITING, "lake")] == [doi(DATA)]


def test_what_a_tombstone_or_a_hidden_record_stated_is_not_there(store: Store) -> None:
    others = {one.value for one in connections(store, DATA)}
    assert doi(GONE) not in others
    assert doi(HIDDEN) not in others
    assert store.links.node(number(store, HIDDEN, "moor")) == 0


def test_filters_narrow_by_relation_and_by_who_says_it(store: Store) -> None:
    cited = connections(store, DATA, relations=frozenset(("IsCitedBy",)))
    assert [one.value for one in cited] == [doi(ARTICLE)]
    by_lake = connections(store, DATA, stated_by="lake")
    assert {one.value for one in by_lake} == {doi(ARTICLE), doi(CITING), doi(LONELY)}
    assert connections(store, DATA, stated_by="nobody") == []


def test_a_page_gets_groups_and_the_chain_of_versions(store: Store) -> None:
    around = store.links.around(number(store, DATA))
    assert [group.name for group in around.groups] == [
        "references", "citations", "parts", "versions", "other",
    ]  # fmt: skip
    assert around.changed_at is not None
    assert [(one.version, one.this, one.latest) for one in around.versions] == [
        ("10.0", False, True), ("2.0", True, False), ("1.0", False, False),
    ]  # fmt: skip


def test_versions_that_go_in_a_circle_end(sqlite_store: Store) -> None:
    reef = making.member(sqlite_store)
    chain = [change(n, resource(doi(n), ("IsNewVersionOf", doi(n % 70 + 1)))) for n in range(1, 71)]
    making.put(sqlite_store, reef, *chain)
    found = sqlite_store.links.around(number(sqlite_store, 1)).versions
    assert len(found) == 50
    assert not any(one.latest for one in found)


def test_copies_say_which_is_preferred_and_why(store: Store) -> None:
    copies = store.links.copies(number(store, DATA))
    assert [(one.record.repository, one.preferred) for one in copies] == [
        ("lake", True), ("reef", False),
    ]  # fmt: skip
    assert copies[0].reason == "its repository has the first rank"
    assert store.links.copies(number(store, OLD)) == ()


@pytest.mark.parametrize(
    ("text", "how", "found"),
    [
        ("https://doi.org/10.5072/O.2", "primary", [COPY]),
        ("hdl:20.500.12345/2", "alternate", [COPY]),
        (hdl(77), "alternate", [COPY, LONELY]),
        ("oai:reef:2", "oai", [DATA]),
        (making.name(DATA), "oai", [DATA]),
        (f"oai:hub.example.org:{making.name(DATA)}", "oai", [DATA]),
        ("https://reef.example.org/d.csv", "object", [COPY]),
        ("https://REEF.example.org:443/d#x", "landing", [COPY, OLD]),
        (doi(GONE), "primary", [GONE]),
        (doi(HIDDEN), "", []),
        ("oai:moor:8", "", []),
        ("nothing at all", "", []),
    ],
)
def test_an_identifier_in_any_form_means_a_record(
    store: Store, text: str, how: str, found: list[int]
) -> None:
    resolution = store.links.resolve(text)
    names = {making.name(n, key): n for n in range(1, 11) for key in ("reef", "lake", "moor")}
    assert sorted(names[one.local_id] for one in resolution.records) == sorted(found)
    assert resolution.how == how


def test_what_is_no_record_here_may_still_be_linked_to(store: Store) -> None:
    assert store.links.resolve(doi(99)).linked
    assert not store.links.resolve(doi(98)).linked
    found = store.links.connections(node_of("DOI", doi(99))).connections
    assert [(one.group, one.relations, one.value) for one in found] == [
        ("parts", ("HasPart",), doi(DATA))
    ]


def test_a_walk_gives_each_connection_turned_to_the_question(store: Store) -> None:
    walked = store.links.walk(Asked(source=End("literature")))
    assert [(one.value, one.connection.value) for one in walked.found] == [(doi(1), doi(2))]
    turned = store.links.walk(Asked(target=End("literature"), relations=frozenset(("IsCitedBy",))))
    assert [(one.value, one.connection.value) for one in turned.found] == [(doi(2), doi(1))]
    every = store.links.walk(Asked(source=End("dataset")))
    seen, after = [], None
    while part := store.links.walk(Asked(source=End("dataset"), limit=2, after=after)).found:
        seen += [one.key for one in part]
        after = seen[-1]
    assert seen == [one.key for one in every.found]
    assert len(seen) == every.total
