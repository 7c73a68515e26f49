"""A hub filled for the tests of pages, through the store's own way in."""

from __future__ import annotations

from msgspec import Struct

from app.datacite.problem import problem
from app.datacite.resource import Resource, encode, is_missing
from app.query.indexing import searched
from app.record import Change, Counts, Summary, local_id, member_set
from app.store import Store
from app.store.values import Failure, Harvest, Repository
from tests.web import samples

WORKER = "test:1"
ORIGINAL = b"<dc:title xmlns:dc='urn:x'>Fog &amp; <![CDATA[<script>alert(1)</script>]]></dc:title>"


class Filled(Struct, frozen=True):
    """What stands in the hub, by the names that tests use."""

    store: Store
    repository: Repository
    hidden: Repository
    harvest: Harvest
    ids: dict[str, str]


def change(repository: str, name: str, resource: Resource | None, kind: str = "new") -> Change:
    """A change as the way in makes it, with renderings short enough to be told apart."""
    identifier = f"oai:{repository}.example.org:{name}"
    body = f"<x>{name}</x>".encode()
    return Change(
        kind=kind,
        local_id=local_id(repository, identifier),
        identifier=identifier,
        datestamp="2026-11-20",
        source_sets=("a:b",),
        sets=(member_set(repository, "a:b"), "type:Dataset"),
        format="oai_dc",
        prefix="oai_dc",
        crosswalk=1,
        fingerprint=name.encode().ljust(16, b"\0")[:16],
        resource_fingerprint=name.encode().ljust(16, b"\1")[:16],
        original=ORIGINAL,
        resource=encode(resource) if resource else None,
        renderings={"oai_dc": body, "datacite": body} if resource else {},
        problems=(problem("date.syntax", "/dates/0", "<b>sometime</b>"),) if resource else (),
        inferences=b'[["/types/resourceTypeGeneral","types.table","<i>article</i>"]]',
        summary=summary(resource) if resource else Summary(),
        searched=searched(resource) if resource else None,
        quarantine="record-unreadable" if kind == "quarantined" else "",
        reason="Line 3: the element “dc:title” is not closed." if kind == "quarantined" else "",
    )


def summary(resource: Resource) -> Summary:
    """The facts for lists."""
    title = resource.titles[0].title if resource.titles else ""
    return Summary(
        title="" if is_missing(title) else title[:500],
        creators="; ".join(c.name for c in resource.creators[:3] if not is_missing(c.name))[:500],
        year=resource.publication_year,
        type=resource.types.resource_type_general if resource.types else "",
        doi=resource.doi or "",
        url=resource.url or "",
    )


def fill(store: Store) -> Filled:
    """Fill a hub with two repositories, one of them hidden, and a harvest that ended."""
    shown = _repository(store, "tideland", "Tideland Data Archive")
    hidden = _repository(store, "backroom", "The Back Room", public=False)
    resources = {
        "dataset": samples.DATASET,
        "arabic": samples.ARABIC,
        "chinese": samples.CHINESE,
        "article": samples.ARTICLE,
        "untitled": samples.UNTITLED,
        "hostile": samples.HOSTILE,
        "crowd": samples.crowded(10_000, 5_000, 25_000),
        "gone": samples.ARTICLE,
    }
    changes = [change("tideland", name, resource) for name, resource in resources.items()]
    changes.append(change("tideland", "unread", None, "quarantined"))
    harvest = _harvest(store, shown, changes)
    _harvest(store, shown, [change("tideland", "gone", None, "deleted")])
    _harvest(store, hidden, [change("backroom", "secret", samples.CHINESE)])
    ids = {one.identifier.rpartition(":")[2]: one.local_id for one in changes}
    ids["secret"] = local_id("backroom", "oai:backroom.example.org:secret")
    return Filled(store, store.repositories.get("tideland"), hidden, harvest, ids)


def _repository(store: Store, name: str, title: str, *, public: bool = True) -> Repository:
    return store.repositories.add(
        name,
        title=title,
        base_url=f"https://{name}.example.org/oai",
        every="1d",
        contact="person@example.org",
        public=public,
    )


def _harvest(store: Store, repository: Repository, changes: list[Change]) -> Harvest:
    begun = store.harvests.begin(
        repository.id, kind="full", trigger="person", worker=WORKER, prefix="oai_dc", from_=""
    )
    failure = Failure(
        0, begun.id, "record-unreadable", "Line 3: <b>not closed</b>.", "oai:x:<i>1</i>"
    )
    store.records.apply(
        repository.id,
        begun.id,
        WORKER,
        changes,
        counts=Counts(seen=len(changes), new=len(changes), requests=1),
        checkpoint=None,
        failures=(failure,),
    )
    return store.harvests.end(
        begun.id, WORKER, outcome="complete", sentence=f"Complete: {len(changes)} records seen."
    )
