from __future__ import annotations

import contextlib
from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from app.options import RepositoryOptions
from app.quirks import QUIRKS
from app.record import Counts, Header
from app.store.quirks import Learned
from app.store.values import Harvest, Repository, Window
from harvesters.answers.repairs import Repair
from harvesters.base import HarvestedRecord, Listing, Page
from harvesters.failures import OaiError, oai_error
from harvesters.learning import Finished, of_run
from harvesters.noticing import Noticed, Sight, TokenLives, Watcher, slowness
from harvesters.prefixes import DAYS, SECONDS
from harvesters.quirks import (
    Heeded,
    asked_by,
    heed,
    lesson,
    looked_at,
    patient,
    window_records,
    wished,
)
from harvesters.runs.plan import Wish
from tests.harvesters.conftest import quick_settings

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
MEMBER = Repository(1, "m", "M", "https://m.example.org/oai", granularity=SECONDS)


def learned(name: str, value: str = "", *, days: int = 1, off: bool = False) -> Learned:
    at = NOW - timedelta(days=days)
    return Learned(name, value, "seen", 1, at, at, off)


# ── what is heeded ───────────────────────────────────────────────────────────────────────────


def test_what_is_off_or_was_not_seen_often_enough_is_not_heeded() -> None:
    known = (learned("slow", off=True), learned("size-wrong", "2"), learned("session-token"))
    assert set(heed(known, NOW).values) == {"session-token"}


def test_once_in_thirty_days_the_plain_way_is_tried() -> None:
    fresh, old = learned("token-verbatim", days=29), learned("prefix-with-token", days=30)
    found = heed((fresh, old), NOW)
    assert set(found.values) == {"token-verbatim"}
    assert found.tried == {"prefix-with-token"}


def test_what_cannot_be_tried_stays_heeded_however_old_it_is() -> None:
    assert "loses-tombstones" in heed((learned("loses-tombstones", days=400),), NOW)


@pytest.mark.parametrize("name", [name for name, row in QUIRKS.items() if row.tried])
def test_a_trial_that_fails_is_put_off_by_a_month_and_one_that_works_ends_it(name: str) -> None:
    times = QUIRKS[name].times
    old = learned(name, str(times) if times > 1 else "", days=31)
    failed = lesson((old,), (Sight(name, evidence="again"),), NOW)
    assert [(one.learned_at, one.tried_at) for one in failed.learned] == [(old.learned_at, NOW)]
    assert not heed(failed.learned, NOW).tried
    assert lesson((old,), (Sight(name, seen=False),), NOW).forgotten == (name,)


# ── what is learned ──────────────────────────────────────────────────────────────────────────


def test_a_new_quirk_is_learned_with_its_evidence_and_its_run() -> None:
    made = lesson((), (Sight("slow", evidence="30 s"),), NOW, harvest=7)
    assert made.learned == (Learned("slow", "", "30 s", 7, NOW, NOW),)


def test_what_a_person_switched_off_is_not_learned_again() -> None:
    made = lesson((learned("slow", off=True),), (Sight("slow"),), NOW)
    assert made == lesson((), (), NOW)


def test_a_wrong_size_is_believed_at_the_third_time_and_forgotten_after_three_right_ones() -> None:
    known: tuple[Learned, ...] = ()
    for _ in range(3):
        assert "size-wrong" not in heed(known, NOW)
        known = lesson(known, (Sight("size-wrong"),), NOW).learned
    right = Sight("size-wrong", seen=False)
    for _ in range(2):
        known = lesson(known, (right,), NOW).learned
        assert "size-wrong" in heed(known, NOW)
    assert lesson(known, (right,), NOW).forgotten == ("size-wrong",)


def test_a_size_that_is_wrong_again_begins_the_count_of_right_ones_anew() -> None:
    known = (learned("size-wrong", "5"),)
    assert lesson(known, (Sight("size-wrong"),), NOW).learned[0].value == "3"


def test_a_suspicion_goes_with_the_first_right_size() -> None:
    made = lesson((learned("size-wrong", "2"),), (Sight("size-wrong", seen=False),), NOW)
    assert made.forgotten == ("size-wrong",)


# ── what it changes ──────────────────────────────────────────────────────────────────────────


def test_a_slow_repository_is_waited_for_three_times_as_long_and_never_less_than_usual() -> None:
    slow = Heeded({"slow": ""})
    for usual, longer in ((60.0, 180.0), (400.0, 600.0), (900.0, 900.0)):
        member = replace(MEMBER, options=RepositoryOptions(read_timeout=usual))
        assert patient(member, quick_settings(), slow).options.read_timeout == longer
        assert patient(member, quick_settings(), Heeded()) == member


def test_the_granularity_that_works_is_asked_by() -> None:
    assert asked_by(MEMBER, Heeded({"day-granularity": ""})).granularity == DAYS
    days = replace(MEMBER, granularity=DAYS)
    assert asked_by(days, Heeded({"second-granularity": ""})).granularity == SECONDS
    assert asked_by(MEMBER, Heeded()) == MEMBER


def test_looks_come_every_week_where_records_vanish_but_never_stays_never() -> None:
    loses = Heeded({"loses-tombstones": ""})
    assert looked_at(MEMBER, loses).reconcile == "7d"
    for text in ("never", "1d"):
        assert looked_at(replace(MEMBER, reconcile=text), loses).reconcile == text


def test_where_dates_are_ignored_everything_is_asked_for_as_everything() -> None:
    ignores = Heeded({"ignores-dates": ""})
    assert wished(Wish(), ignores).kind == "full"
    window = Wish(from_="2026-01-01")
    assert wished(window, ignores) == window
    assert wished(Wish(kind="sweep"), Heeded({"no-list-identifiers": "3"})).kind == "full"


# ── what is noticed on the way ───────────────────────────────────────────────────────────────


def watched(listing: Listing, *answers: Page | OaiError, noticed: Noticed | None = None) -> Noticed:
    noticed = noticed or Noticed()
    watch(Watcher(noticed), listing, *answers)
    return noticed


def watch(watcher: Watcher, listing: Listing, *answers: Page | OaiError) -> None:
    def pages():  # type: ignore[no-untyped-def]
        for answer in answers:
            if isinstance(answer, OaiError):
                raise answer
            yield answer

    with contextlib.suppress(OaiError):
        list(watcher.over(listing, pages()))


def test_one_token_for_pages_with_new_records_is_a_session() -> None:
    page = Page(token="s", names=3)
    assert watched(Listing("oai_dc"), page, page, page).sights["session-token"].seen


def test_a_last_page_that_repeats_its_token_is_no_session() -> None:
    pages = (Page(token=token, names=names) for token, names in (("a", 3), ("b", 3), ("b", 3)))
    assert not watched(Listing("oai_dc"), *pages).sights["session-token"].seen


def test_the_form_of_dates_that_is_taken_after_the_other_was_refused_is_noticed() -> None:
    noticed = Noticed()
    watcher = Watcher(noticed)
    refused = oai_error("badArgument", "from", url="https://m.example.org/oai", token=False)

    def refusing():  # type: ignore[no-untyped-def]
        raise refused
        yield

    with pytest.raises(OaiError):
        list(watcher.over(Listing("oai_dc", from_="2026-01-01T00:00:00Z"), refusing()))
    list(watcher.over(Listing("oai_dc", from_="2026-01-01"), iter((Page(),))))
    assert noticed.sights["day-granularity"].seen
    assert "badArgument" in noticed.sights["day-granularity"].evidence


def test_dates_that_are_taken_at_once_deny_the_other_form() -> None:
    seen = watched(Listing("oai_dc", from_="2026-01-01T00:00:00Z"), Page()).sights
    assert not seen["day-granularity"].seen
    empty = oai_error("noRecordsMatch", "", url="", token=False)
    seen = watched(Listing("oai_dc", from_="2026-01-01"), empty).sights
    assert not seen["second-granularity"].seen


def at_bound(*names: str) -> Page:
    headers = (Header(name, "2026-01-05T08:00:00Z") for name in names)
    other = Header("other", "2026-01-04T00:00:00Z")
    return Page(tuple(map(HarvestedRecord, (*headers, other))))


@pytest.mark.parametrize(
    ("above", "below", "seen"),
    [
        (("a", "b"), ("a", "b", "deleted since"), False),
        (("a", "b"), ("a",), True),
        (("a",), (), True),
        ((), ("a",), None),
        (tuple(map(str, range(300))), (), None),
    ],
)
@pytest.mark.parametrize("newest_first", [True, False])
def test_a_record_at_a_bound_has_to_come_in_both_parts(
    above: tuple[str, ...], below: tuple[str, ...], seen: bool | None, newest_first: bool
) -> None:
    noticed = Noticed()
    watcher = Watcher(noticed)
    lists = [
        (Listing("oai_dc", from_="2026-01-05"), at_bound(*above)),
        (Listing("oai_dc", until="2026-01-05"), at_bound(*below)),
    ]
    for listing, page in lists if newest_first else reversed(lists):
        watch(watcher, listing, page)
    sight = noticed.sights.get("until-exclusive")
    assert (sight.seen if sight else None) is seen


def test_a_part_that_says_it_is_empty_and_one_that_was_not_read_whole() -> None:
    for token, seen in (("", True), ("stored", None)):
        noticed = Noticed()
        watcher = Watcher(noticed)
        watch(watcher, Listing("oai_dc", from_="2026-01-05"), at_bound("a"))
        empty = oai_error("noRecordsMatch", "", url="", token=False)
        below = Listing("oai_dc", until="2026-01-05", token=token)
        watch(watcher, below, at_bound() if token else empty)
        sight = noticed.sights.get("until-exclusive")
        assert (sight.seen if sight else None) is seen


def test_a_token_that_dies_young_in_a_list_that_went_on_is_noticed() -> None:
    for pages, wait, seen in ((2, 599.0, True), (2, 601.0, False), (1, 5.0, False)):
        noticed = Noticed()
        lives = TokenLives(noticed)
        for number in range(pages):
            lives.page(Page(token=str(number), names=3), 1000.0)
        lives.page(Page(token="0", names=3, restarted=True), 1000.0 + wait)
        assert ("short-lived-token" in noticed.sights) is seen
        once = lesson((), noticed.sights.values(), NOW).learned
        twice = lesson(once, noticed.sights.values(), NOW).learned
        for known, size in ((once, 50_000), (twice, 5_000 if seen else 50_000)):
            assert window_records(50_000, heed(known, NOW)) == size


def test_the_same_encoding_mended_on_three_pages_is_a_habit() -> None:
    damaged, whole = Page(repairs=(Repair("encoding", 1, "", "x"),)), Page()
    listing = Listing("oai_dc")
    assert "encoding" not in watched(listing, damaged, damaged, whole).sights
    assert watched(listing, damaged, damaged, damaged).sights["encoding"].seen
    assert not watched(listing, whole, whole, whole).sights["encoding"].seen


def test_a_server_is_slow_by_its_slowest_tenth() -> None:
    fast, slow = [500] * 17, [25_000] * 3
    found = slowness(fast + slow)
    assert found is not None
    assert found.seen
    assert slowness([*fast, 15_000, 15_000, 15_000]) is None
    found = slowness(fast)
    assert found is not None
    assert not found.seen
    assert slowness([500]) is None


# ── what a whole run shows ───────────────────────────────────────────────────────────────────


def run(outcome: str = "complete", kind: str = "full", **changes: object) -> Harvest:
    return replace(Harvest(7, "m", 1, kind, state="ended", outcome=outcome), **changes)


def window(**changes: object) -> Window:
    usual = Window(1, 7, "", "oai_dc", "", "", "closed", "", "", None, "", None, 3, 9, "")
    return replace(usual, **changes)


def shown(finished: Finished) -> dict[str, bool]:
    return {sight.name: sight.seen for sight in of_run(finished)}


def test_a_run_since_a_date_that_brings_less_than_everything_heeds_dates() -> None:
    part = run(kind="incremental", from_="2026-11-01", counts=Counts(seen=3))
    assert shown(Finished(part, live=100))["ignores-dates"] is False
    all_of_it = run(kind="incremental", from_="2026-11-01", counts=Counts(seen=100))
    assert "ignores-dates" not in shown(Finished(all_of_it, live=100))
    assert shown(Finished(all_of_it, causes={"ignores-dates": "x"}, live=100))["ignores-dates"]


def test_sizes_are_judged_by_whole_runs_only() -> None:
    wrong, right = (window(told=3),), (window(told=9),)
    assert shown(Finished(run(), wrong))["size-wrong"]
    assert shown(Finished(run(), right))["size-wrong"] is False
    assert "size-wrong" not in shown(Finished(run("incomplete"), wrong))
    assert "size-wrong" not in shown(Finished(run(), (window(),)))


def test_a_surplus_token_is_one_only_where_the_end_was_proved() -> None:
    causes = {"surplus-token": "x"}
    assert shown(Finished(run(), (window(),), causes))["surplus-token"]
    assert "surplus-token" not in shown(Finished(run("incomplete"), (window(),), causes))
    assert shown(Finished(run(), (window(),)))["surplus-token"] is False


def test_windows_are_begun_with_where_a_list_was_too_large() -> None:
    split = window(state="split", reason="window-large", told=900)
    parts = (window(id=2, parent=1, attempts=2), window(id=3, parent=1, attempts=1))
    found = of_run(Finished(run(), (split, *parts), window_records=100))
    assert {one.name: one.value for one in found}["windows"] == "50"


def test_a_sweep_that_gets_no_headers_tells_of_list_identifiers() -> None:
    failed = run("failed", "sweep", cause="http-5xx", sentence="Failed.")
    assert shown(Finished(failed))["no-list-identifiers"]
    away = run("failed", "sweep", cause="connection-refused")
    assert "no-list-identifiers" not in shown(Finished(away))
    assert shown(Finished(run(kind="sweep")))["no-list-identifiers"] is False


def test_lost_tombstones_and_records_of_our_own_are_told_by_their_causes() -> None:
    seen = shown(Finished(run(), causes={"tombstones-lost": "x", "mirrors-us": "y"}))
    assert seen["loses-tombstones"]
    assert seen["mirrors-us"]
    assert shown(Finished(run()))["mirrors-us"] is False
