"""Lists in windows: too large, doubtful, broken, left open; over HTTP and into the real store."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from app import jobs
from app.store import Store, open_store
from app.store.quirks import quirks_of
from app.store.set_aside import set_aside
from app.store.values import Harvest, Window
from harvesters.runs.again import RUNS, THEN, is_due
from harvesters.runs.limits import MOST_IN_A_ROW
from harvesters.runs.plan import leaves
from harvesters.runs.progress import Progress
from harvesters.transport.addresses import host_key
from tests.fakes.oai import BEGINNING, DAYS, SECONDS, Fake, error, fake_repository
from tests.fakes.scripted import Asked, Reply
from tests.harvesters.conftest import Hub, quick_settings
from tests.harvesters.test_resuming import Killed

ALL = {f"r{n}": f"Title of r{n}" for n in range(1, 10)}


@pytest.fixture
def hub(sqlite_store: Store, fake: Fake) -> Hub:
    made = Hub(sqlite_store, fake.url)
    made.join()
    return made


def windows(hub: Hub, run: Harvest) -> tuple[Window, ...]:
    return hub.store.harvests.windows(run.id)


def is_list(asked: Asked) -> bool:
    return asked.arguments.get("verb", "").startswith("List") and "Formats" not in asked.target


class Poison:
    """Whatever holds certain records is an error 500; so are their GetRecords, unless spared."""

    def __init__(self, *names: str, verbs: tuple[str, ...] = ("ListRecords", "GetRecord")) -> None:
        self.names = tuple(f"oai:fake.example:{name}<".encode() for name in names)
        self.verbs = verbs

    def __call__(self, asked: Asked, reply: Reply) -> Reply:
        hurt = asked.arguments.get("verb") in self.verbs
        if hurt and any(name in reply.body for name in self.names):
            return Reply(b"boom", 500)
        return reply


# ── a page that cannot be had ────────────────────────────────────────────────────────────────


def test_a_record_that_breaks_its_page_is_set_aside_by_name_and_no_other_is_lost(
    hub: Hub, fake: Fake
) -> None:
    fake.spoil = Poison("r5")
    run = hub.run()
    assert (run.outcome, run.cause) == ("complete-with-quarantine", "record-unreadable")
    assert hub.titles() == {name: title for name, title in ALL.items() if name != "r5"}
    assert hub.set_aside() == {"r5": "record-unreadable"}
    assert (run.counts.seen, run.counts.new, run.counts.quarantined) == (9, 8, 1)
    assert "1 record that could not be read" in run.sentence
    assert hub.repository.checkpoint
    assert all(window.state == "closed" for window in leaves(windows(hub, run)))


def test_a_record_that_breaks_only_its_page_is_got_by_itself(hub: Hub, fake: Fake) -> None:
    fake.spoil = Poison("r5", verbs=("ListRecords",))
    run = hub.run()
    assert run.outcome == "complete"
    assert hub.titles() == ALL
    assert len(fake.asked("GetRecord")) >= 1


def test_a_part_without_headers_is_named_as_the_loss(hub: Hub, fake: Fake) -> None:
    fake.granularity = DAYS
    fake.spoil = Poison("r5", verbs=("ListRecords", "ListIdentifiers", "GetRecord"))
    run = hub.run()
    assert (run.outcome, run.cause) == ("complete-with-quarantine", "window-lost")
    lost = [window for window in windows(hub, run) if window.reason == "window-lost"]
    stamp = f"{BEGINNING + timedelta(days=5):%Y-%m-%d}"
    assert lost
    assert all(window.from_ <= stamp <= window.until for window in lost)
    told = [f.sentence for f in hub.store.harvests.failures(run.id) if f.cause == "window-lost"]
    assert any(stamp in words for words in told)
    assert len(hub.titles()) >= 6  # a window of days holds the neighbours of r5, a day apart
    assert "part" in run.sentence


def test_a_server_that_is_down_loses_no_part(hub: Hub, fake: Fake) -> None:
    lists = 0

    def dying(asked: Asked, reply: Reply) -> Reply:
        nonlocal lists
        lists += is_list(asked)
        return Reply(b"boom", 500) if lists > 1 else reply

    fake.spoil = dying
    run = hub.run()
    assert (run.outcome, run.cause) == ("incomplete", "gave-up")
    assert f"{MOST_IN_A_ROW} pages in a row did not come" in run.sentence
    assert len(hub.titles()) == 3
    assert hub.repository.checkpoint == ""


def test_extra_requests_have_a_limit(hub: Hub, fake: Fake) -> None:
    hub.settings = quick_settings(extra_requests=5)
    fake.spoil = Poison("r5")
    run = hub.run()
    assert (run.outcome, run.cause) == ("incomplete", "gave-up")
    assert "5 extra requests" in run.sentence


def test_a_first_page_that_breaks_is_gone_round_if_a_day_answers(hub: Hub, fake: Fake) -> None:
    def too_much(asked: Asked, reply: Reply) -> Reply:
        bounded = {"from", "until", "resumptionToken"} & set(asked.arguments)
        return reply if bounded or not is_list(asked) else Reply(b"boom", 500)

    fake.spoil = too_much
    assert hub.run().outcome == "complete"
    assert hub.titles() == ALL


@pytest.mark.parametrize(
    ("reply", "cause"),
    [(Reply(b"<html><title>Login</title><br>"), "not-xml"), (Reply(b"boom", 500), "http-5xx")],
)
def test_a_first_page_that_never_comes_is_asked_for_no_more_than_needed(
    hub: Hub, fake: Fake, reply: Reply, cause: str
) -> None:
    fake.spoil = lambda asked, sound: reply if is_list(asked) else sound
    run = hub.run()
    assert (run.outcome, run.cause) == ("failed", cause)
    assert len(fake.asked("ListRecords")) <= 7


def test_dates_that_are_ignored_stop_the_splitting(hub: Hub, fake: Fake) -> None:
    fake.fill(20, first=10)

    def ignoring(asked: Asked, reply: Reply) -> Reply:
        if {"from", "until"} & set(asked.arguments):
            kept = {k: v for k, v in asked.arguments.items() if k not in ("from", "until")}
            reply = fake._reply(fake._inside(kept))
        return Poison("r15", verbs=("ListRecords", "ListIdentifiers"))(asked, reply)

    fake.spoil = ignoring
    run = hub.run()
    assert run.outcome == "incomplete"
    assert len(fake.asked("ListRecords")) < 100


# ── doubtful ends ────────────────────────────────────────────────────────────────────────────


def looping(fake: Fake, at: int) -> None:
    """The page after so many records hands out its own token for ever."""

    def again(asked: Asked, reply: Reply) -> Reply:
        token = asked.arguments.get("resumptionToken", "")
        following = int(token.partition("|")[0]) if token else 0
        if following < at:
            return reply
        start, sep, rest = reply.body.partition(b"<resumptionToken>")
        if not sep:
            return reply
        _, end, tail = rest.partition(b"</resumptionToken>")
        return Reply(start + sep + token.encode() + end + tail, headers=reply.headers)

    fake.spoil = again


@pytest.mark.parametrize("at", [3, 6])
@pytest.mark.parametrize("granularity", [DAYS, "YYYY-MM-DDThh:mm:ssZ"])
def test_a_list_that_leads_round_is_read_in_halves(
    hub: Hub, fake: Fake, at: int, granularity: str
) -> None:
    fake.granularity = granularity
    fake.fill(9, first=10)
    looping(fake, at)
    run = hub.run()
    assert run.outcome == "complete"
    assert len(hub.titles()) == 18
    assert run.counts.seen == 18
    assert "page-repeated" in hub.causes(run)


def test_records_of_one_moment_that_lead_round_are_not_proved(hub: Hub, fake: Fake) -> None:
    for name in ALL:
        fake.put(name, stamp=BEGINNING)
    looping(fake, 3)
    run = hub.run()
    assert (run.outcome, run.cause) == ("incomplete", "page-repeated")


def test_a_surplus_token_is_verified_by_reading_once_more(hub: Hub, fake: Fake) -> None:
    def surplus(asked: Asked, reply: Reply) -> Reply:
        if asked.arguments.get("resumptionToken") == "end":
            return fake._reply(error("noRecordsMatch"))
        if b"<resumptionToken>" in reply.body or b"<record>" not in reply.body:
            return reply
        body = reply.body.replace(b"<resumptionToken/>", b"").replace(
            b"</ListRecords>", b"<resumptionToken>end</resumptionToken></ListRecords>"
        )
        return Reply(body, headers=reply.headers)

    fake.spoil = surplus
    run = hub.run()
    assert run.outcome == "complete"
    assert len([w for w in windows(hub, run) if w.state == "closed"]) == 2
    assert len(fake.asked("ListRecords")) <= 12


def test_a_record_that_falls_between_two_pages_is_found(hub: Hub, fake: Fake) -> None:
    fake.sizes_told = True

    def skipping(asked: Asked, reply: Reply) -> Reply:
        if len(fake.asked("ListRecords")) != 2:
            return reply
        start, _, rest = reply.body.partition(b"<record>")
        return Reply(start + rest.partition(b"</record>")[2], headers=reply.headers)

    fake.spoil = skipping
    run = hub.run()
    assert run.outcome == "complete"
    assert hub.titles() == ALL
    assert "list-short" in hub.causes(run)


def test_a_size_that_stays_wrong_is_not_explained_by_reading_again(hub: Hub, fake: Fake) -> None:
    fake.sizes_told = True

    def lying(_: Asked, reply: Reply) -> Reply:
        size = f'completeListSize="{len(fake.items) + 3}"'
        body = reply.body
        for number in range(1, 10):
            body = body.replace(f'completeListSize="{number}"'.encode(), size.encode())
        return Reply(body, headers=reply.headers)

    fake.spoil = lying
    run = hub.run()
    assert (run.outcome, run.cause) == ("incomplete", "list-short")
    assert hub.titles() == ALL
    assert len(fake.asked("ListRecords")) < 15


# ── giants ───────────────────────────────────────────────────────────────────────────────────


def test_a_giant_is_read_in_windows_newest_first(hub: Hub, fake: Fake) -> None:
    fake.fill(51, first=10)
    fake.sizes_told = True
    hub.settings = quick_settings(window_records=10)
    run = hub.run()
    assert run.outcome == "complete"
    assert len(hub.titles()) == 60
    read = [window for window in windows(hub, run) if window.state == "closed"]
    assert len(read) > 3
    assert all((window.told or 0) <= 20 for window in read)
    assert [window.until for window in read if not window.until]
    assert {w.reason for w in windows(hub, run) if w.state == "split"} == {"window-large"}
    froms = [asked.get("from", "") for asked in fake.asked("ListRecords") if "from" in asked]
    newest = [from_ for from_, before in zip(froms[1:], froms, strict=False) if from_ > before]
    assert len(newest) < len(froms) / 2


def test_a_giant_that_is_known_is_split_before_it_is_asked_for(hub: Hub, fake: Fake) -> None:
    fake.fill(51, first=10)
    hub.run()
    fake.forget()
    hub.settings = quick_settings(window_records=10)
    run = hub.run(full=True)
    assert run.outcome == "complete"
    assert all({"from", "until", "resumptionToken"} & set(a) for a in fake.asked("ListRecords"))
    assert run.counts.unchanged >= 60


def test_an_exclusive_until_loses_no_record_between_windows(hub: Hub, fake: Fake) -> None:
    fake.fill(51, first=10)
    fake.sizes_told = True
    inside = fake._fits
    fake._fits = lambda item, arguments: (  # type: ignore[method-assign]
        inside(item, arguments)
        and not (arguments.get("until") and fake._stamp(item.stamp).startswith(arguments["until"]))
    )
    hub.settings = quick_settings(window_records=10)
    fake.granularity = DAYS
    assert hub.run().outcome == "complete"
    assert len(hub.titles()) == 60
    assert "until-exclusive" in {one.name for one in quirks_of(hub.store, hub.repository.id)}


# ── what a run leaves open ───────────────────────────────────────────────────────────────────


def test_the_next_run_takes_the_open_windows_and_catches_up(hub: Hub, fake: Fake) -> None:
    fake.fill(51, first=10)
    fake.sizes_told = True
    hub.settings = quick_settings(window_records=10)
    beginning = fake.clock = BEGINNING + timedelta(days=62)
    asked_for = 0

    def dying(asked: Asked, reply: Reply) -> Reply:
        nonlocal asked_for
        asked_for += is_list(asked)
        return Reply(b"gone", 404) if asked_for > 17 else reply

    fake.spoil = dying
    first = hub.run()
    assert first.outcome == "incomplete"
    had = len(hub.titles())
    assert 10 < had < 50
    fake.spoil = lambda _, reply: reply
    fake.clock += timedelta(hours=5)
    fake.put("r60", title="Changed meanwhile")
    fake.forget()
    second = hub.run()
    assert (second.outcome, second.kind) == ("complete", "full")
    assert second.counts.seen < 60 - had + 15
    assert hub.titles()["r60"] == "Changed meanwhile"
    assert len(hub.titles()) == 60
    assert hub.repository.checkpoint == f"{beginning:%Y-%m-%dT%H:%M:%SZ}"
    assert hub.run().kind == "incremental"


def test_everything_is_read_anew_where_that_is_asked_for(hub: Hub, fake: Fake) -> None:
    fake.spoil = Poison("r9")
    hub.settings = quick_settings(extra_requests=2)
    assert hub.run().outcome == "incomplete"
    fake.spoil = lambda _, reply: reply
    run = hub.run(full=True)
    assert (run.outcome, run.counts.seen) == ("complete", 9)
    assert [window.parent for window in windows(hub, run)] == [None]


def test_a_deferred_run_is_gone_on_with_from_its_token(hub: Hub, fake: Fake) -> None:
    def busy(asked: Asked, reply: Reply) -> Reply:
        if asked.arguments.get("resumptionToken", "").startswith("6"):
            return Reply(b"busy", 503, (("Retry-After", "86400"),))
        return reply

    fake.spoil = busy
    assert hub.run().outcome == "deferred"
    fake.spoil = lambda _, reply: reply
    fake.forget()
    hub.store.hosts.change(host_key(fake.url), lambda host: replace(host, not_before=None))
    run = hub.run()
    assert run.outcome == "complete"
    assert fake.asked("ListRecords")[0]["resumptionToken"].startswith("6")
    assert hub.titles() == ALL


# ── what was set aside ───────────────────────────────────────────────────────────────────────


def test_what_is_set_aside_is_asked_for_again_in_the_next_runs(hub: Hub, fake: Fake) -> None:
    fake.spoil = Poison("r5")
    hub.run()
    tries = []
    for _ in range(RUNS + 2):
        fake.clock += timedelta(days=1)
        fake.forget()
        run = hub.run()
        tries.append(len(fake.asked("GetRecord")))
        assert run.counts.quarantined == bool(tries[-1])
    assert [bool(number) for number in tries] == [True] * RUNS + [False] * 2
    (one,) = set_aside(hub.store, hub.repository.id)
    assert (one.identifier, one.tries) == ("oai:fake.example:r5", RUNS + 1)


def test_what_is_set_aside_leaves_when_it_can_be_read(hub: Hub, fake: Fake) -> None:
    fake.spoil = Poison("r5")
    hub.run()
    fake.spoil = lambda _, reply: reply
    run = hub.run()
    assert run.outcome == "complete"
    assert hub.titles() == ALL
    assert hub.set_aside() == {}


def test_a_retry_asks_for_everything_that_is_set_aside(hub: Hub, fake: Fake) -> None:
    fake.spoil = Poison("r4", "r8")
    hub.run()
    checkpoint = hub.repository.checkpoint
    fake.spoil = Poison("r8")
    fake.clock += timedelta(days=1)
    fake.forget()
    run = hub.run(kind="retry")
    assert (run.kind, run.outcome) == ("retry", "complete-with-quarantine")
    assert (run.counts.seen, run.counts.new, run.counts.quarantined) == (2, 1, 1)
    assert fake.asked("ListRecords") == []
    assert hub.set_aside() == {"r8": "record-unreadable"}
    assert hub.repository.checkpoint == checkpoint
    fake.spoil = lambda _, reply: reply
    assert hub.run(kind="retry").outcome == "complete"
    assert hub.titles() == ALL


def test_a_single_record_that_is_set_aside_is_asked_for_alone(sqlite_hub: Hub, fake: Fake) -> None:
    hub = sqlite_hub
    fake.spoil = Poison("r4", "r8")
    hub.run()
    fake.spoil = Poison("r8")
    for name, outcome in (("r8", "complete-with-quarantine"), ("r4", "complete")):
        fake.forget()
        run = hub.run(kind="retry", only=f"oai:fake.example:{name}")
        assert (run.kind, run.outcome, run.counts.seen) == ("retry", outcome, 1)
        assert {asked["identifier"] for asked in fake.asked("GetRecord")} == {
            f"oai:fake.example:{name}"
        }
    assert hub.set_aside() == {"r8": "record-unreadable"}


def test_a_retry_reads_lost_parts_again(hub: Hub, fake: Fake) -> None:
    fake.granularity = DAYS
    fake.spoil = Poison("r5", verbs=("ListRecords", "ListIdentifiers", "GetRecord"))
    hub.run()
    assert "r5" not in hub.titles()
    fake.spoil = lambda _, reply: reply
    run = hub.run(kind="retry")
    assert run.outcome == "complete"
    assert hub.titles() == ALL
    fake.forget()
    hub.run(kind="retry")
    assert fake.asked("ListRecords") == []


@pytest.mark.parametrize(
    ("tries", "days", "due"),
    [(0, 0, True), (RUNS, 0, True), (RUNS + 1, 0, False), (RUNS + 1, 29, False), (99, 30, True)],
)
def test_what_is_set_aside_is_due_five_times_then_monthly(tries: int, days: int, due: bool) -> None:
    assert timedelta(days=30) == THEN
    assert is_due(tries, BEGINNING, BEGINNING + timedelta(days=days)) is due


# ── whatever comes ───────────────────────────────────────────────────────────────────────────

DAYS_OF_RECORDS = st.lists(st.integers(0, 40), min_size=1, max_size=14)


@settings(
    max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    days=DAYS_OF_RECORDS,
    loops_at=st.sampled_from([0, 3, 6]),
    poison=st.sets(st.integers(1, 14), max_size=2),
    verbs=st.sampled_from([("ListRecords",), ("ListRecords", "GetRecord")]),
    granularity=st.sampled_from([DAYS, SECONDS]),
    told=st.booleans(),
)
def test_a_whole_run_has_or_names_every_record(
    sqlite_template: Path,
    days: list[int],
    loops_at: int,
    poison: set[int],
    verbs: tuple[str, ...],
    granularity: str,
    told: bool,
) -> None:
    with fresh_store(sqlite_template) as store, fake_repository() as fake:
        fake.granularity, fake.sizes_told = granularity, told
        for number, day in enumerate(days, 1):
            fake.put(f"r{number}", stamp=BEGINNING + timedelta(days=day))
        if loops_at:
            looping(fake, loops_at)
        around, hurt = fake.spoil, Poison(*(f"r{number}" for number in poison), verbs=verbs)
        fake.spoil = lambda asked, reply: hurt(asked, around(asked, reply))
        hub = Hub(store, fake.url)
        hub.join()
        run = hub.run()
        wanted = {f"r{number}" for number in range(1, len(days) + 1)}
        got, aside = set(hub.titles()), set(hub.set_aside())
        assert got <= wanted
        if run.outcome == "complete":
            assert got == wanted
        elif run.outcome == "complete-with-quarantine":
            lost = any(w.reason == "window-lost" for w in windows(hub, run))
            assert lost or got | aside == wanted
        if not loops_at and run.cause != "gave-up":
            assert got >= wanted - {f"r{number}" for number in poison}


@contextmanager
def fresh_store(template: Path) -> Iterator[Store]:
    folder = Path(tempfile.mkdtemp())
    shutil.copyfile(template, folder / "db.sqlite3")
    store = open_store(f"sqlite:///{folder}/db.sqlite3")
    try:
        yield store
    finally:
        store.dispose()
        shutil.rmtree(folder, ignore_errors=True)


# ── crashes in the middle of it ──────────────────────────────────────────────────────────────


@pytest.mark.parametrize("page", [1, 2, 3, 4, 5, 6, 7])
def test_a_kill_in_the_middle_of_halving_ends_with_the_same_records(
    hub: Hub, fake: Fake, page: int
) -> None:
    fake.spoil = Poison("r5")

    def kill(progress: Progress) -> None:
        if progress.pages == page:
            raise Killed

    with pytest.raises(Killed):
        hub.run(progress=kill, worker="lost")
    hub.settings = quick_settings(lease=0.0)
    run = hub.run(worker="next")
    assert len(hub.store.harvests.list()) == 1
    assert run.outcome == "complete-with-quarantine"
    assert set(hub.titles()) == set(ALL) - {"r5"}
    assert hub.set_aside() == {"r5": "record-unreadable"}


@pytest.mark.parametrize("page", [2, 3, 4, 5])
def test_a_kill_in_the_middle_of_verifying_proves_nothing_too_early(
    hub: Hub, fake: Fake, page: int
) -> None:
    fake.fill(9, first=10)
    looping(fake, 3)

    def kill(progress: Progress) -> None:
        if progress.pages == page:
            raise Killed

    with pytest.raises(Killed):
        hub.run(progress=kill, worker="lost")
    hub.settings = quick_settings(lease=0.0)
    run = hub.run(worker="next")
    assert run.outcome == "complete"
    assert len(hub.titles()) == 18


# ── others wait ──────────────────────────────────────────────────────────────────────────────


def test_a_run_lets_others_go_first_and_goes_on_as_the_same_run(hub: Hub, fake: Fake) -> None:
    hub.settings = quick_settings(slice=0.0)
    assert hub.run(yields=True).outcome == "complete"  # nobody waits
    jobs.submit(hub.store, jobs.HARVEST, {"repository": "other"}, lock="other.example")
    fake.clock += timedelta(days=1)
    pages = 0
    while True:
        try:
            run = hub.run(yields=True, kind="full", worker=f"w{pages}")
            break
        except jobs.GivenUp:
            pages += 1
            running = hub.store.harvests.running(hub.repository.id)
            assert running is not None
            hub.store.harvests.take_over(running.id, f"w{pages}", lease=0)
    assert pages >= 1
    assert run.outcome == "complete"
    assert run.counts.seen == 9
    assert len(hub.store.harvests.list()) == 2
    assert "worker-lost" not in hub.causes(run)


def test_a_list_that_is_longer_than_told_is_whole_and_the_wrong_size_is_noted(
    sqlite_hub: Hub, fake: Fake
) -> None:
    fake.sizes_told = True

    def fewer(_: Asked, reply: Reply) -> Reply:
        return Reply(reply.body.replace(b'Size="9"', b'Size="7"'), headers=reply.headers)

    fake.spoil = fewer
    run = sqlite_hub.run()
    assert run.outcome == "complete"
    (note,) = (
        one for one in sqlite_hub.store.harvests.failures(run.id) if one.cause == "list-long"
    )
    assert note.sentence == "The list told of 7 records, and 9 came."
