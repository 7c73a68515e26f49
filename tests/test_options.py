"""Options of a repository, its credentials, and its quiet hours."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from app.errors import ConfigurationError
from app.options import (
    OPTIONS,
    Credentials,
    RepositoryOptions,
    changed,
    decoded,
    encoded,
    merged,
)
from app.quiet_hours import parse, quiet_until
from app.settings import Settings

NONE = RepositoryOptions()


def test_options_lie_over_the_settings() -> None:
    settings = Settings()
    assert merged(settings, NONE) is settings
    found = merged(settings, RepositoryOptions(read_timeout=600.0, overlap_days=3, proxy="x"))
    assert (found.harvest.read_timeout, found.harvest.overlap_days) == (600, 3)
    assert found.harvest.connect_timeout == settings.harvest.connect_timeout


def test_options_that_are_settings_have_their_names_and_types() -> None:
    harvest = Settings().harvest
    own = {"requests_per_host", "quiet_hours", "proxy", "verify_tls", "ca_file", "tls_minimum"}
    assert {name for name in OPTIONS if not hasattr(harvest, name)} == own


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("read_timeout", "600", 600.0),
        ("overlap_days", "3", 3),
        ("guard_hold", "0.5", 0.5),
        ("verify_tls", "no", False),
        ("obey_robots", "Yes", True),
        ("tls_minimum", "1.0", "1.0"),
        ("quiet_hours", "22:00-06:00 Europe/Berlin", "22:00-06:00 Europe/Berlin"),
        ("user_agent", "Special/1 (x)", "Special/1 (x)"),
        ("proxy", "http://proxy.example:3128", "http://proxy.example:3128"),
        ("ca_file", "/etc/ssl/own.pem", "/etc/ssl/own.pem"),
        ("requests_per_host", "3", 3),
    ],
)
def test_options_are_read_from_text_and_kept(name: str, text: str, value: Any) -> None:
    found = changed(NONE, {name: text})
    assert found.given() == {name: value}
    assert decoded(encoded(found)) == found
    assert changed(found, {}, (name,)) == NONE
    assert encoded(NONE) == ""


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("read_timeout", "soon"),
        ("read_timeout", "0"),
        ("read_timeout", "-1"),
        ("read_timeout", "nan"),
        ("read_timeout", "null"),
        ("read_timeout", ""),
        ("requests_per_host", "4"),
        ("requests_per_host", "0"),
        ("guard_hold", "15"),
        ("verify_tls", "perhaps"),
        ("tls_minimum", "1.4"),
        ("quiet_hours", "22-6"),
        ("quiet_hours", "25:00-06:00"),
        ("quiet_hours", "06:00-06:00"),
        ("quiet_hours", "22:00-06:00 Mars/Olympus"),
        ("quiet_hours", "22:00-06:00 ../../etc/passwd"),
        ("user_agent", "two\r\nlines: x"),
        ("proxy", "socks5://proxy:1"),
        ("proxy", "http://user:secret@proxy:1"),
        ("ca_file", "own.pem"),
    ],
)
def test_values_that_cannot_be_used_are_refused_by_name(name: str, text: str) -> None:
    with pytest.raises(ConfigurationError, match=r"cannot be|is no|are no|whole|plain"):
        changed(NONE, {name: text})


def test_a_wrong_name_is_told_the_nearest() -> None:
    with pytest.raises(ConfigurationError, match="Did you mean `read_timeout`"):
        changed(NONE, {"read_timout": "5"})
    with pytest.raises(ConfigurationError, match="Did you mean `verify_tls`"):
        changed(NONE, {}, ("verify",))
    with pytest.raises(ConfigurationError, match="There are: connect_timeout, "):
        changed(NONE, {"zzz": "5"})


def test_options_of_another_version_are_passed_over() -> None:
    assert decoded('{"read_timeout":5,"of_tomorrow":true}') == RepositoryOptions(read_timeout=5.0)


def test_what_makes_a_connection_less_safe_is_told() -> None:
    weak = RepositoryOptions(verify_tls=False, tls_minimum="1.0", insecure_redirects=True)
    assert len(weak.weaknesses()) == 3
    assert RepositoryOptions(verify_tls=True, tls_minimum="1.3").weaknesses() == ()


def test_credentials_do_not_show_their_secret() -> None:
    secret = Credentials("basic", "ada", "open sesame", "a.example")
    assert "open sesame" not in f"{secret} {secret!r} {[secret]} {(secret,)}"


# ── quiet hours ──────────────────────────────────────────────────────────────────────────────


def at(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "now", "until"),
    [
        ("22:00-06:00", at(24, 21, 59), None),
        ("22:00-06:00", at(24, 22), at(25, 6)),
        ("22:00-06:00", at(25, 5, 59), at(25, 6)),
        ("22:00-06:00", at(25, 6), None),
        ("9:30 – 17:00", at(25, 12), at(25, 17)),
        ("9:30 – 17:00", at(25, 17), None),
        ("22:00-06:00 Europe/Berlin", at(24, 21), at(25, 5)),
        ("22:00-06:00 Europe/Berlin", at(1, 20, month=7), at(2, 4, month=7)),
        ("08:00-18:00 Asia/Tokyo", at(24, 23), at(25, 9)),
        ("22:00-06:00 America/Los_Angeles", at(25, 6), at(25, 14)),
        ("", at(25, 3), None),
    ],
)
def test_quiet_hours_are_by_their_own_clock(
    text: str, now: datetime, until: datetime | None
) -> None:
    assert quiet_until(text, now) == until


def test_quiet_hours_go_through_a_change_of_clocks() -> None:
    night = parse("22:00-06:00 Europe/Berlin")
    assert night.until(at(24, 21, month=10)) == at(25, 5, month=10)  # clocks go back that night
    assert night.until(at(28, 21, month=3)) == at(29, 4, month=3)  # forward
