"""The processes of a hub as real processes: they serve, they end when asked, they come back."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from app.jobs import presence
from tests.system.processes import Garnery, alive, family, fetch, free_port, garnery, until
from tests.system.source import source

END = 10.0


@pytest.fixture
def hub(database_url: str, tmp_path: Path) -> Iterator[Garnery]:
    with garnery(database_url, tmp_path) as made:
        yield made


@pytest.fixture
def small(sqlite_url: str, tmp_path: Path) -> Iterator[Garnery]:
    """Where one kind of database is enough."""
    with garnery(sqlite_url, tmp_path) as made:
        yield made


def start_up(hub: Garnery, *words: str) -> tuple[subprocess.Popen[bytes], str]:
    port = free_port()
    up = hub.start("up", "--port", str(port), *words)
    base = f"http://127.0.0.1:{port}"
    until(lambda: f"The hub is at {base}" in hub.output(up), "the address")
    return up, base


@pytest.mark.parametrize(
    ("database_url", "number"),
    [("sqlite", signal.SIGINT), ("postgresql", signal.SIGTERM)],
    indirect=["database_url"],
)
def test_up_serves_pages_and_the_provider_and_ends_cleanly(hub: Garnery, number: int) -> None:
    """On each database; the signal is none of its business, and other tests send the other one."""
    up, base = start_up(hub)
    assert b"<h1" in (fetch(base + "/") or b"")
    assert b"<Identify>" in (fetch(base + "/oai?verb=Identify") or b"")
    assert f"<baseURL>{base}/oai<".encode() in (fetch(base + "/oai?verb=Identify") or b"")
    children = family(up.pid)
    os.kill(up.pid, number)
    assert up.wait(END) == 0
    assert not any(map(alive, children))
    assert fetch(base + "/healthz") is None


def test_up_makes_the_database_if_there_is_none(tmp_path: Path) -> None:
    hub = Garnery(f"sqlite:///{tmp_path}/new.sqlite3", tmp_path)
    try:
        _, base = start_up(hub)
        until(lambda: fetch(base + "/readyz"), "scheduler and worker")
    finally:
        hub.end()


def test_up_with_json_prints_one_document(small: Garnery) -> None:
    port = free_port()
    up = small.start("up", "--json", "--port", str(port))
    until(lambda: small.output(up), "the document")
    assert json.loads(small.output(up))["oai"] == f"http://127.0.0.1:{port}/oai"


@pytest.mark.parametrize("words", [("serve",), ("work", "--concurrency", "2"), ("schedule",)])
def test_processes_with_json_print_one_document(small: Garnery, words: tuple[str, ...]) -> None:
    options = ("--port", str(free_port())) if words == ("serve",) else ()
    process = small.start(*words, "--json", *options)
    until(lambda: small.output(process).endswith("}\n"), "the document")
    process.terminate()
    assert process.wait(END) == 0
    assert json.loads(small.output(process))["pid"] == process.pid


def test_what_dies_is_started_again(small: Garnery) -> None:
    up, base = start_up(small)
    for words in ("serve", "work", "schedule"):
        victim = child(up.pid, words)
        os.kill(victim, signal.SIGKILL)
        until(lambda v=victim, w=words: child(up.pid, w) not in (0, v), f"another {words}")
    until(lambda: fetch(base + "/healthz"), "the web server")
    assert "started again" in small.output(up, "err")
    up.terminate()
    assert up.wait(END) == 0


def child(pid: int, word: str) -> int:
    """The process below `pid` that runs a command; 0 while there is none."""
    for one in family(pid):
        try:
            words = psutil.Process(one).cmdline()
        except psutil.NoSuchProcess:
            continue
        if word in words and psutil.Process(one).ppid() == pid:
            return one
    return 0


def test_a_port_in_use_is_told_with_the_cure(small: Garnery) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        for words in ("up", "serve"):
            code, _ = small.run(words, "--port", str(port))
            assert code == 4
            said = small.output(small.started[-1], "err")
            assert f"Port {port}" in said
            assert "--port" in said
            assert "Traceback" not in said


@pytest.mark.parametrize("words", ["up", "serve", "work", "schedule", "status"])
def test_a_database_that_cannot_be_used_is_told(tmp_path: Path, words: str) -> None:
    hub = Garnery(f"sqlite:///{tmp_path}/no/such/folder/x.sqlite3", tmp_path)
    try:
        code, _ = hub.run(words)
        assert code == 4
        assert "Traceback" not in hub.output(hub.started[0], "err")
    finally:
        hub.end()


@pytest.mark.parametrize(
    ("words", "number"),
    [
        (("serve",), signal.SIGTERM),
        (("serve",), signal.SIGINT),
        (("work",), signal.SIGTERM),
        (("work", "--concurrency", "2"), signal.SIGINT),
        (("schedule",), signal.SIGTERM),
    ],
)
def test_every_process_ends_cleanly_when_asked(
    small: Garnery, words: tuple[str, ...], number: int
) -> None:
    options = ("--port", str(free_port())) if words == ("serve",) else ()
    process = small.start(*words, *options)
    until(lambda: _settled(small, process, words), "its start")
    children = family(process.pid)
    os.kill(process.pid, number)
    assert process.wait(END) == 0
    assert not any(map(alive, children))


def _settled(hub: Garnery, process: subprocess.Popen[bytes], words: tuple[str, ...]) -> bool:
    if words == ("serve",):
        return len(family(process.pid)) >= 1
    if words == ("schedule",):
        return signed(hub, presence.SCHEDULER)
    return signed(hub, presence.WORKER) and len(family(process.pid)) == (2 if words[1:] else 0)


def signed(hub: Garnery, role: str) -> bool:
    """Whether a process of this role has given a sign of life."""
    return presence.last_sign(hub.watched, role) is not None


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_harvest_here_ends_after_its_page_and_the_next_goes_on(
    small: Garnery, number: int, code: int
) -> None:
    with source() as member:
        small.join("m", member.url())
        member.hold(3)
        running = small.start("harvest", "m")
        member.wait_for(3)
        os.kill(running.pid, number)
        member.release(3)
        assert running.wait(END) == code
        first = small.document("harvests", "show", "1")
        assert (first["outcome"], first["cause"]) == ("incomplete", "stopped-by-operator")
        assert small.run("harvest", "m")[0] == 10
        assert small.document("repository", "show", "m")["state"] == "ok"


def test_a_second_harvest_of_one_host_is_refused_and_names_the_holder(small: Garnery) -> None:
    with source() as member:
        for name in ("m", "n"):
            small.join(name, member.url(name))
        member.hold(1)
        first = small.start("harvest", "m")
        member.wait_for(1)
        for name in ("m", "n"):
            code, _ = small.run("harvest", name)
            assert code == 5
            assert str(first.pid) in small.output(small.started[-1], "err")
            assert str(first.pid) in small.document("harvest", name)["error"]["detail"]
        member.release(1)
        assert first.wait(30) == 10
        assert small.run("harvest", "n")[0] == 10


def test_a_running_harvest_stops_when_a_person_asks(small: Garnery) -> None:
    with source() as member:
        small.join("m", member.url())
        member.hold(2)
        first = small.start("harvest", "m")
        member.wait_for(2)
        assert small.here("harvests", "stop", "1").code == 0
        member.release(2)
        assert first.wait(30) == 11
        assert small.here("harvests", "stop", "1").code == 5


def test_the_demonstration_harvests_three_repositories(small: Garnery) -> None:
    up, base = start_up(small, "--demo")
    until(lambda: _ended(small) >= 3, "three harvests")
    shown = small.document("repository", "list")
    assert shown["total"] == 3
    assert all(repository["live"] > 0 for repository in shown["items"])
    listed = f"{base}/oai?verb=ListRecords&metadataPrefix=oai_dc"
    until(lambda: b"<record>" in (fetch(listed) or b""), "records that are past the horizon")
    up.terminate()
    assert up.wait(END) == 0
    again, _ = start_up(small, "--demo")
    until(lambda: _ended(small) >= 6, "three harvests more")
    assert small.document("repository", "list")["total"] == 3
    again.terminate()
    assert again.wait(END) == 0


def _ended(hub: Garnery) -> int:
    return sum(h.state == "ended" for h in hub.harvests())


def test_what_is_due_is_harvested_by_the_hub_itself(small: Garnery) -> None:
    with source() as member:
        small.join("m", member.url())
        start_up(small)
        until(lambda: _ended(small), "the harvest")
        shown = small.document("repository", "show", "m")
        assert shown["state"] == "ok"
        assert shown["harvests"][0]["trigger"] == "schedule"
