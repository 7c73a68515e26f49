"""Why a record is, or is not, here: an answer for any identifier, at every stage of its life."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from app.store import decisions
from app.store.set_aside import dismiss
from app.why import Answer, why
from tests.fakes.oai import BEGINNING, Fake, fake_repository
from tests.fakes.scripted import Asked, Reply
from tests.harvesters.conftest import Hub


@pytest.fixture
def fake() -> Iterator[Fake]:
    with fake_repository(9) as made:
        yield made


@pytest.fixture
def hub(sqlite_store: object, fake: Fake) -> Hub:
    made = Hub(sqlite_store, fake.url)  # type: ignore[arg-type]
    made.join()
    return made


def of(hub: Hub, name: str) -> Answer:
    return why(hub.store, hub.repository, f"oai:fake.example:{name}")


def test_a_record_has_an_answer_from_first_to_last(hub: Hub, fake: Fake) -> None:
    assert of(hub, "r1").state == "not-reached"
    fake.put("r0", stamp=BEGINNING, deleted=True)
    hub.run(limit=4)
    assert (of(hub, "r1").state, of(hub, "r9").state) == ("here", "not-reached")
    assert "is not read to its end" in of(hub, "r9").sentence
    fake.put("r5", stamp=BEGINNING + timedelta(days=5), metadata="<x>&nope</x>")
    run = hub.run(full=True)
    assert of(hub, "r0").state == "never-had"
    assert of(hub, "r9").state == "here"
    aside = of(hub, "r5")
    assert (aside.state, run.outcome) == ("set-aside", "complete-with-quarantine")
    assert "It was tried in 1 harvest." in aside.sentence
    assert aside.record
    never = of(hub, "nothing")
    assert (never.state, never.harvest) == ("never-listed", run.id)
    fake.clock += timedelta(days=1)
    fake.delete("r1")
    fake.drop("r2")
    run = hub.run()
    gone = of(hub, "r1")
    assert (gone.state, gone.harvest) == ("deleted", run.id)
    assert gone.sentence.endswith(f"The repository has deleted it. Harvest {run.id} did it.")
    hub.run(kind="sweep")
    assert "though the last whole reading of its list did not list it" in of(hub, "r2").sentence
    hub.run(kind="sweep")
    assert of(hub, "r2").state == "deleted"


def test_what_waits_for_a_person_says_so(hub: Hub, fake: Fake) -> None:
    hub.run()
    for n in range(1, 5):
        fake.drop(f"r{n}")
    hub.run(kind="sweep")
    hub.run(kind="sweep")
    (asked,) = decisions.found(hub.store)
    held = of(hub, "r2")
    assert (held.state, held.decision) == ("held", asked.id)
    assert asked.reason in held.sentence


def test_the_newest_version_of_a_record_that_is_here_may_be_set_aside(hub: Hub, fake: Fake) -> None:
    hub.run()
    fake.clock += timedelta(days=1)
    fake.put("r3", metadata="<x>&nope</x>")
    hub.run()
    assert of(hub, "r3").state == "here-set-aside"
    assert "last good version" in of(hub, "r3").sentence


def test_a_run_under_way_has_not_reached_it(hub: Hub, fake: Fake) -> None:
    states: list[str] = []

    def ask(asked: Asked, reply: Reply) -> Reply:
        if asked.arguments.get("resumptionToken"):
            states.append(of(hub, "r9").state)
        return reply

    fake.spoil = ask
    hub.run()
    assert states[0] == "not-reached"


def test_what_a_person_dismissed_is_quiet_until_it_changes(hub: Hub, fake: Fake) -> None:
    fake.put("r5", stamp=BEGINNING + timedelta(days=5), metadata="<x>nope</x>")
    assert hub.run().outcome == "complete-with-quarantine"
    record = hub.records("unread")["r5"]
    assert dismiss(hub.store, record.id)
    assert not dismiss(hub.store, record.id)
    assert hub.repository.quarantined == 0
    fake.forget()
    run = hub.run(full=True)
    assert (run.outcome, run.counts.quarantined) == ("complete", 0)
    assert fake.asked("GetRecord") == []
    assert "dismissed by a person until it changes" in of(hub, "r5").sentence
    fake.clock += timedelta(days=1)
    fake.put("r5", metadata="<y>nope</y>")
    assert hub.run().counts.quarantined == 1
    assert (of(hub, "r5").state, hub.repository.quarantined) == ("set-aside", 1)
    fake.clock += timedelta(days=1)
    fake.put("r5", metadata=None)
    hub.run()
    assert (of(hub, "r5").state, hub.repository.quarantined) == ("here", 0)


def test_an_older_version_that_differs_is_taken_as_after_a_restored_backup(
    hub: Hub, fake: Fake
) -> None:
    hub.run()
    fake.put("r4", stamp=BEGINNING - timedelta(days=400), title="From the backup")
    run = hub.run(full=True)
    assert (hub.titles()["r4"], run.counts.changed) == ("From the backup", 1)
