from __future__ import annotations

from datetime import UTC, datetime

import pytest

from app.errors import HarvestError
from app.settings import Harvest
from harvesters.failures import failure, oai_error, shown
from harvesters.transport.hosts import retry_after
from harvesters.transport.http import Response
from harvesters.transport.patience import Patience, refusal

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("120", 120.0),
        (" 1 ", 1.0),
        ("Tue, 24 Nov 2026 12:02:00 GMT", 120.0),
        ("Tue, 24 Nov 2026 11:00:00 GMT", None),
        ("0", None),
        ("-5", None),
        ("1.5", None),
        ("soon", None),
        ("", None),
        ("99999999", 604800.0),
        ("Wed, 24 Nov 2027 12:00:00 GMT", 604800.0),
    ],
)
def test_retry_after_is_read_in_both_forms(value: str, expected: float | None) -> None:
    assert retry_after(value, NOW) == expected


@pytest.mark.parametrize(
    ("status", "headers", "body", "cause"),
    [
        (200, {}, b"x", None),
        (404, {}, b"", "http-404"),
        (410, {}, b"", "http-410"),
        (401, {}, b"", "http-401"),
        (403, {}, b"", "http-403"),
        (403, {"Cf-Mitigated": "challenge"}, b"", "blocked"),
        (202, {}, b"", "blocked"),
        (200, {"x-amzn-waf-action": "challenge"}, b"", "blocked"),
        (418, {}, b"", "http-4xx"),
        (502, {}, b"", "http-5xx"),
        (503, {}, b"", "asked-to-wait"),
        (429, {}, b"", "asked-to-wait"),
        (422, {"Retry-After": "60"}, b"", "asked-to-wait"),
    ],
)
def test_a_status_is_put_into_a_cause(
    status: int, headers: dict[str, str], body: bytes, cause: str | None
) -> None:
    found = refusal(Response(body, status, headers, "http://x/oai"))
    assert (found.cause if found else None) == cause


class Clock:
    """Sleeps without waiting."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 0.0
        monkeypatch.setattr("harvesters.transport.patience.time.monotonic", lambda: self.now)

    def sleep(self, seconds: float) -> None:
        self.now += seconds


def waits(monkeypatch: pytest.MonkeyPatch, error: HarvestError) -> tuple[list[float], HarvestError]:
    """The pauses between the tries of a request that always fails so, and the last error."""
    time = Clock(monkeypatch)
    patience = Patience(Harvest(), lambda: None, sleep=time.sleep)
    found: list[float] = []
    for attempt in range(1, 100):
        before = time.now
        try:
            patience.after(error, attempt)
        except HarvestError as last:
            return found, last
        found.append(time.now - before)
    raise AssertionError("it never ends")


def test_server_errors_are_tried_five_times_with_growing_pauses(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found, last = waits(monkeypatch, failure("http-5xx", "The server answered 500."))
    assert last.cause == "http-5xx"
    assert len(found) == 4
    for wait, base in zip(found, (1, 2, 4, 8), strict=True):
        assert 0.5 * base <= wait <= 1.5 * base + 0.001


@pytest.mark.parametrize(
    ("cause", "tries"), [("timed-out", 3), ("not-xml", 3), ("blocked", 1), ("http-404", 1)]
)
def test_other_failures_are_tried_less_often(
    monkeypatch: pytest.MonkeyPatch, cause: str, tries: int
) -> None:
    assert len(waits(monkeypatch, failure(cause, "It failed."))[0]) == tries - 1


def test_a_refusal_without_a_time_is_never_repeated_within_a_second(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found, last = waits(monkeypatch, failure("asked-to-wait", "The server answered 429."))
    assert len(found) == 4
    assert min(found) >= 1
    assert last.wait == 3600


def test_what_the_server_asks_for_is_waited(monkeypatch: pytest.MonkeyPatch) -> None:
    found, _ = waits(monkeypatch, failure("asked-to-wait", "Busy.", wait=100.0))
    assert found == pytest.approx([100.0] * 4)


def test_a_long_wait_is_not_waited_out(monkeypatch: pytest.MonkeyPatch) -> None:
    found, last = waits(monkeypatch, failure("asked-to-wait", "Busy.", wait=301.0))
    assert (found, last.wait) == ([], 301.0)


def test_a_run_waits_a_quarter_of_an_hour_in_all(monkeypatch: pytest.MonkeyPatch) -> None:
    time = Clock(monkeypatch)
    patience = Patience(Harvest(), lambda: None, sleep=time.sleep)
    error = failure("asked-to-wait", "Busy.", wait=290.0)
    for _ in range(3):
        patience.after(error, 1)
    with pytest.raises(HarvestError):
        patience.after(error, 1)
    assert time.now <= 900


def test_addresses_are_shown_without_keys_and_with_short_tokens() -> None:
    url = "https://u:p@x.example/oai?api_key=abc&verb=ListRecords&resumptionToken=" + "t" * 99
    told = shown(url)
    assert told.startswith("https://x.example/oai?api_key=…&verb=ListRecords&resumptionToken=ttt")
    assert told.endswith("t…")
    assert len(told) < 150


@pytest.mark.parametrize("code", ["", "  ", "strange", "noRecordsMatch", "BADARGUMENT"])
def test_any_error_code_makes_an_error(code: str) -> None:
    error = oai_error(code, "text", url="http://x/", token=False)
    assert error.kind == code.strip().lower()
    assert str(error).startswith("The server answered ")
