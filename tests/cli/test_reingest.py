"""`garnery reingest`: newer crosswalks reach what was kept, and nothing else is touched."""

from __future__ import annotations

import json
from typing import Any

import pytest
from msgspec.structs import replace

from app import reingest
from app.crosswalks import CROSSWALK, presenting, provenance
from app.datacite.resource import Resource, Title, decode, encode
from app.record import Change
from app.store import Store, open_store
from app.store.keeping import kept
from tests.cli.conftest import Hub
from tests.store.making import stamps, wait_until_after
from tests.system.source import Source

OLDER = CROSSWALK - 1


@pytest.fixture
def opened(harvested: Hub) -> Any:
    store = open_store(harvested.environ["GARNERY_DATABASE_URL"])
    yield store
    store.dispose()


def read_by_an_older_crosswalk(store: Store, count: int) -> list[str]:
    """Make records look as an older crosswalk left them: the first `count` with another title."""
    repository = store.repositories.get("m")
    changes = []
    for n, one in enumerate(kept(store, repository.id, not_by=None, limit=100)):
        if one.resource is None:
            continue
        resource = decode(one.resource)
        if n < count:
            resource = replace(resource, titles=(Title("as it was read once"),))
        changes.append(_older(store, one.record.local_id, one.original or b"", resource))
    store.records.apply(repository.id, None, "", changes)
    wait_until_after(store, store.visible_after())
    return [change.local_id for change in changes[:count]]


def _older(store: Store, local_id: str, original: bytes, resource: Resource) -> Change:
    record = store.records.get(local_id)
    assert record is not None
    before = store.records.previous([local_id])[local_id]
    row = store.records.row(local_id, "oai_dc")
    same = resource.titles[0].title != "as it was read once"
    return Change(
        kind="retouched" if same else "changed",
        local_id=local_id,
        identifier=record.identifier,
        datestamp=record.datestamp,
        source_sets=record.source_sets,
        sets=record.sets,
        format=record.format,
        prefix=record.prefix,
        crosswalk=OLDER,
        fingerprint=before.fingerprint,
        resource_fingerprint=before.resource_fingerprint if same else b"older",
        original=original,
        resource=encode(resource),
        renderings=presenting.render(resource, store.now().date()),
        about=row.about if row else None,
        summary=presenting.summary(resource),
    )


def titles(store: Store, ids: list[str]) -> list[str]:
    return [json.loads(store.records.resource(i) or b"{}")["titles"][0]["title"] for i in ids]


def test_only_what_differs_gets_a_new_datestamp(
    harvested: Hub, opened: Store, member: Source
) -> None:
    other = read_by_an_older_crosswalk(opened, 3)
    before = stamps(opened)
    ran = harvested("reingest", "--json")
    assert ran.code == 0, ran.err
    found = ran.document
    assert (found["read"], found["changed"], found["worse"]) == (25, 3, 0)
    assert (found["unchanged"], found["fields"]) == (22, {"titles": 3})
    assert "as it was read once" not in titles(opened, other)
    after = stamps(opened)
    assert {name for name, stamp in after.items() if stamp != before[name]} == set(other)
    again = harvested("reingest")
    assert "Nothing to read" in again.out
    whole = harvested("harvest", "m", "--full", "--json").document
    assert (whole["changed"], whole["new"]) == (0, 0)


def test_a_record_read_again_keeps_the_date_of_its_harvest(harvested: Hub, opened: Store) -> None:
    [one, *_] = read_by_an_older_crosswalk(opened, 1)
    shown = opened.records.row(one, "oai_dc")
    assert shown is not None
    harvested("reingest", "-q")
    now = opened.records.row(one, "oai_dc")
    assert now is not None
    assert now.body != shown.body
    assert provenance.chains((now.about or b"",)) == provenance.chains((shown.about or b"",))


def test_a_dry_run_writes_nothing(harvested: Hub, opened: Store) -> None:
    other = read_by_an_older_crosswalk(opened, 2)
    ran = harvested("reingest", "--dry-run")
    assert ran.code == 0
    assert "2 would change" in ran.out
    assert "  titles: 2" in ran.lines
    assert set(titles(opened, other)) == {"as it was read once"}


def test_what_was_read_by_todays_crosswalks_is_read_again_only_if_asked(harvested: Hub) -> None:
    assert harvested("reingest", "--json").document["read"] == 0
    every = harvested("reingest", "--every", "--json").document
    assert (every["read"], every["changed"], every["unchanged"]) == (26, 0, 25)
    assert (every["unreadable"], every["worse"]) == (1, 0)


def test_a_run_that_was_ended_goes_on_where_it_was(harvested: Hub, opened: Store) -> None:
    read_by_an_older_crosswalk(opened, 4)
    repository = opened.repositories.get("m")
    size, reingest.BATCH = reingest.BATCH, 10

    class Killed(BaseException):
        pass

    def die(_: reingest.Outcome) -> None:
        raise Killed

    try:
        with pytest.raises(Killed):
            reingest.reingest(opened, repository, own_url="", at_batch_end=die)
    finally:
        reingest.BATCH = size
    assert harvested("reingest", "--json").document["read"] == 15


def test_what_can_be_read_no_more_stays_as_it_is_and_is_named(
    harvested: Hub, opened: Store
) -> None:
    repository = opened.repositories.get("m")
    one = kept(opened, repository.id, not_by=None, limit=1)[0]
    before = opened.records.previous([one.record.local_id])[one.record.local_id]
    broken = replace(one, original=b"<oai_dc:dc")
    found = reingest.read_again(broken, before, repository, own_url="", today=opened.now().date())
    assert (found.change, found.kind) == (None, "unreadable")
    assert found.worse.startswith("It can be read no more: ")


def test_a_reading_with_new_errors_is_worse(harvested: Hub, opened: Store) -> None:
    repository = opened.repositories.get("m")
    one = kept(opened, repository.id, not_by=None, limit=1)[0]
    before = opened.records.previous([one.record.local_id])[one.record.local_id]
    title = b'<dc xmlns="http://purl.org/dc/elements/1.1/"><subject>alone</subject></dc>'
    poor = replace(one, original=title, problems=())
    found = reingest.read_again(poor, before, repository, own_url="", today=opened.now().date())
    assert found.kind == "changed"
    assert "titles.missing" in found.worse


def test_a_harvest_in_progress_is_not_disturbed(harvested: Hub, opened: Store) -> None:
    read_by_an_older_crosswalk(opened, 1)
    from harvesters.transport.http import host_key

    lock = host_key(opened.repositories.get("m").base_url)
    opened.jobs.hold("harvest", {"repository": "m"}, lock, "somebody")
    ran = harvested("reingest")
    assert ran.code == 5
    assert "somebody" in ran.err


def test_the_work_can_be_left_to_the_workers(harvested: Hub, opened: Store) -> None:
    other = read_by_an_older_crosswalk(opened, 1)
    assert "queued" in harvested("reingest", "--queue").out
    assert harvested("work", "--once").code == 0
    assert "as it was read once" not in titles(opened, other)


def test_an_unknown_repository_is_named(hub: Hub) -> None:
    ran = hub("reingest", "--repository", "nobody")
    assert ran.code == 3
    assert "nobody" in ran.err
