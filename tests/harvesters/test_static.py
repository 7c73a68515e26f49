"""OAI static repositories: one document at a plain address, on a real server and real databases."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from app.store import Store
from tests.fakes.scripted import Asked, Reply, Script, scripted
from tests.harvesters.conftest import Hub
from tests.harvesters.static_documents import datacite, dublin_core, plain, static_repository


@dataclass
class Served:
    """A document on a server that knows conditional requests."""

    text: str = field(default_factory=lambda: static_repository(plain("a", "b", "c")))
    etag: str = ""
    modified: str = ""
    status: int = 200
    replies: list[Reply] = field(default_factory=list)
    script: Script = field(init=False)

    def __call__(self, asked: Asked) -> Reply:
        if self.replies:
            return self.replies.pop(0)
        headers = (("ETag", self.etag), ("Last-Modified", self.modified))
        given = tuple((name, value) for name, value in headers if value)
        same = (self.etag and asked.headers.get("If-None-Match") == self.etag) or (
            self.modified and asked.headers.get("If-Modified-Since") == self.modified
        )
        if same:
            return Reply(b"", 304, given)
        return Reply(self.text.encode(), self.status, (("Content-Type", "text/xml"), *given))

    @property
    def conditions(self) -> list[tuple[str | None, str | None]]:
        names = ("If-None-Match", "If-Modified-Since")
        asked = [one for one in self.script.asked if one.path == "/oai"]
        return [tuple(map(one.headers.get, names)) for one in asked]  # type: ignore[misc]


@pytest.fixture
def served() -> Iterator[Served]:
    made = Served()
    with scripted(made) as made.script:
        yield made


@pytest.fixture
def hub(store: Store, served: Served) -> Hub:
    made = Hub(store, served.script.url)
    made.join(kind="static")
    return made


@pytest.fixture
def sqlite_hub(sqlite_store: Store, served: Served) -> Hub:
    made = Hub(sqlite_store, served.script.url)
    made.join(kind="static")
    return made


def test_a_static_repository_is_read_whole_in_one_request(hub: Hub, served: Served) -> None:
    run = hub.run()
    assert (run.outcome, run.kind, run.counts.new) == ("complete", "full", 3)
    assert hub.titles() == {"a": "a", "b": "b", "c": "c"}
    assert len(served.conditions) == 1
    assert [one.query for one in served.script.asked if one.path == "/oai"] == [""]
    known = hub.repository
    assert (known.identify_name, known.deleted_record) == ("A static one", "no")
    again = hub.run()
    assert (again.outcome, again.counts.unchanged, again.counts.changed) == ("complete", 3, 0)


@pytest.mark.parametrize("validator", ["etag", "modified"])
def test_an_unchanged_document_is_complete_and_no_look(
    hub: Hub, served: Served, validator: str
) -> None:
    setattr(served, validator, '"v1"' if validator == "etag" else "Tue, 24 Nov 2026 10:00:00 GMT")
    hub.run()
    run = hub.run()
    assert (run.outcome, run.cause, run.counts.seen) == ("complete", "not-modified", 0)
    assert "nothing had changed" in run.sentence
    assert len(hub.titles()) == 3
    assert any(served.conditions[1])
    # what is gone is gone after two looks, and an unchanged document is none
    served.text, served.etag, served.modified = static_repository(plain("a", "b")), "", ""
    assert len(hub.titles()) == 3
    hub.run()
    assert len(hub.titles()) == 3
    hub.run()
    assert hub.titles() == {"a": "a", "b": "b"}


def test_unchanged_answers_between_two_looks_count_as_none(hub: Hub, served: Served) -> None:
    hub.run()
    served.text, served.etag = static_repository(plain("a", "b")), '"v2"'
    hub.run()
    for _ in range(3):
        assert hub.run().cause == "not-modified"
    assert len(hub.titles()) == 3
    assert hub.run(full=True).outcome == "complete"
    assert hub.titles() == {"a": "a", "b": "b"}


def test_asked_for_in_full_there_are_no_conditions(sqlite_hub: Hub, served: Served) -> None:
    served.etag = '"v1"'
    sqlite_hub.run()
    run = sqlite_hub.run(full=True)
    assert (run.counts.unchanged, served.conditions[-1]) == (3, (None, None))


def test_conditions_are_kept_by_whole_runs_alone(sqlite_hub: Hub, served: Served) -> None:
    hub = sqlite_hub
    served.etag, whole = '"v1"', served.text
    served.text = whole[: whole.index(">c</dc:title>")]
    run = hub.run()
    assert (run.outcome, run.cause) == ("incomplete", "truncated")
    assert set(hub.titles()) == {"a", "b"}
    served.text = whole
    run = hub.run()
    assert (run.outcome, run.counts.new) == ("complete", 1)
    assert not any(any(one) for one in served.conditions)


def test_another_prefix_makes_the_next_run_unconditional(sqlite_hub: Hub, served: Served) -> None:
    served.etag = '"v1"'
    sqlite_hub.run()
    sqlite_hub.store.repositories.edit("fake", prefix="oai_dc")
    assert sqlite_hub.run().counts.unchanged == 3


def test_a_cut_document_deletes_nothing_however_often_it_comes(hub: Hub, served: Served) -> None:
    hub.run()
    served.text = served.text[: served.text.index(">c</dc:title>")]
    for _ in range(3):
        assert hub.run().outcome == "incomplete"
    assert len(hub.titles()) == 3


def test_a_document_without_records_deletes_nothing(hub: Hub, served: Served) -> None:
    hub.run()
    served.text = static_repository({"oai_dc": {}})
    run = hub.run()
    assert (run.outcome, run.cause) == ("incomplete", "repository-empty")
    assert len(hub.titles()) == 3


def test_a_damaged_document_goes_up_the_ladder(hub: Hub, served: Served) -> None:
    served.text = served.text.replace(">b</dc:title>", ">b & &uuml;</dc:title>")
    run = hub.run()
    assert (run.outcome, run.counts.repaired) == ("complete", 1)
    assert hub.titles()["b"] == "b & ü"
    assert "repaired" in hub.causes(run)
    assert hub.run().outcome == "complete"


def test_one_broken_record_is_set_aside_by_name(hub: Hub, served: Served) -> None:
    served.text = served.text.replace(">b</dc:title>", ">b</dc:titel>")
    assert hub.run().outcome == "complete-with-quarantine"
    assert set(hub.titles()) == {"a", "c"}
    assert hub.set_aside() == {"b": "record-unreadable"}


def test_the_richest_format_that_has_a_record_wins(hub: Hub, served: Served) -> None:
    lists = plain("a", "b", "c") | {"oai_datacite": {"a": datacite("a"), "b": ""}}
    served.text = static_repository(lists)
    for _ in range(2):
        assert hub.run().outcome == "complete"
        found = {name: (one.prefix, one.format) for name, one in hub.records().items()}
        plain_one = ("oai_dc", "oai_dc")
        assert found == {"a": ("oai_datacite", "datacite"), "b": plain_one, "c": plain_one}
    assert hub.run().counts.unchanged == 3


def test_a_format_that_the_document_lacks_is_gone(sqlite_hub: Hub) -> None:
    sqlite_hub.store.repositories.edit("fake", prefix="oai_datacite")
    run = sqlite_hub.run()
    assert (run.outcome, run.cause) == ("failed", "format-gone")


def test_a_web_page_is_no_static_repository(sqlite_hub: Hub, served: Served) -> None:
    whole = served.text
    served.text = "<html><title>Please log in</title></html>"
    run = sqlite_hub.run()
    assert (run.outcome, run.cause) == ("failed", "not-xml")
    served.text, served.replies = whole, [Reply(b"<html/>"), Reply(b"", 500)]
    assert sqlite_hub.run().outcome == "complete"


def test_a_document_type_is_cut_out(sqlite_hub: Hub, served: Served) -> None:
    served.text = served.text.replace("?>\n", '?>\n<!DOCTYPE x [<!ENTITY e "boom">]>\n', 1)
    served.text = served.text.replace(">b</dc:title>", ">b &e;</dc:title>")
    assert sqlite_hub.run().outcome == "complete"
    assert sqlite_hub.titles()["b"] == "b &e;"


def test_a_large_document_is_spooled(sqlite_hub: Hub, served: Served) -> None:
    names = [f"r{n}" for n in range(450)]
    lists = {"oai_dc": {name: dublin_core(name) for name in names}}
    served.text = static_repository(lists)
    sqlite_hub.settings = sqlite_hub.settings.__class__(
        harvest=sqlite_hub.settings.harvest.__class__(
            spool_bytes=10_000, backoff_base=0.01, allow_private_addresses=True
        )
    )
    run = sqlite_hub.run()
    assert (run.outcome, run.counts.new) == ("complete", 450)
