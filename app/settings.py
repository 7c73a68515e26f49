"""Every setting of the hub, as one frozen value made once at start and passed on.

Read in this order, the later wins: the defaults below, a TOML file, `GARNERY_*` variables.
Unknown keys are refused with the nearest known one; nothing is read at import.
"""

from __future__ import annotations

import difflib
import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from app.errors import ConfigurationError

PLACES = ("config/garnery.toml", "/etc/garnery/garnery.toml")
MAIL = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@([A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z]{2,}"
)
LOCAL = (".localhost", ".local", ".localdomain")
"""Ends of host names that mean nothing to others."""
ADDRESS = re.compile(
    r"https?://(?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?"
    r"(?:/(?:[A-Za-z0-9._~!$&'()*+,;=:@/?-]|%[0-9A-Fa-f]{2})*)?"
)
"""An address of the web that may stand wherever XML wants a URI."""
KEPT = re.compile(r"0|[1-9][0-9]{0,3} ?[mhdw]")
DOMAIN = re.compile(r"([A-Za-z][A-Za-z0-9-]*)(\.[A-Za-z][A-Za-z0-9-]*)+")


class Section(Struct, frozen=True, forbid_unknown_fields=True):
    """Base of the sections of the settings."""


class Hub(Section, frozen=True):
    """Who runs this hub."""

    title: str = "Garnery"
    about: str = "A metadata hub: it harvests research repositories and hands their records on."
    contact: str = "hub@example.org"
    metadata_license: str = "https://creativecommons.org/publicdomain/zero/1.0/"
    icon_url: str = ""


class Database(Section, frozen=True):
    """Where all state is kept."""

    url: str = "sqlite:///garnery.sqlite3"


class Oai(Section, frozen=True):
    """The OAI-PMH data provider."""

    domain: str = "hub.example.org"
    records_per_page: int = 250
    headers_per_page: int = 500
    page_bytes: int = 4 * 1024 * 1024
    secret: str = ""
    previous_secrets: tuple[str, ...] = ()
    pace: int = 3000
    at_once: int = 3
    formats: tuple[str, ...] = ()
    schemas: str = ""


class Harvest(Section, frozen=True):
    """How the harvesters go out."""

    every: str = "1d"
    connect_timeout: float = 15.0
    read_timeout: float = 60.0
    page_deadline: float = 900.0
    max_page_bytes: int = 512 * 1024 * 1024
    max_record_bytes: int = 64 * 1024 * 1024
    spool_bytes: int = 8 * 1024 * 1024
    spool_folder: str = ""
    keep_raw: str = "14d"
    keep_raw_damaged: str = "90d"
    keep_requests: str = "90d"
    keep_history: str = "365d"
    attempts: int = 5
    backoff_base: float = 1.0
    longest_wait: float = 300.0
    longest_outage: float = 900.0
    minimum_interval: float = 0.0
    overlap_seconds: int = 600
    overlap_days: int = 1
    quarantine_limit: float = 0.10
    extra_requests: int = 200
    slice: float = 1800.0
    guard_floor: int = 20
    guard_hold: float = 0.15
    guard_stop: float = 0.30
    window_records: int = 50_000
    obey_robots: bool = False
    insecure_redirects: bool = False
    user_agent: str = ""
    allow_private_addresses: bool = False


class Web(Section, frozen=True):
    """The web server."""

    host: str = "127.0.0.1"
    port: int = 8080
    threads: int = 4
    trusted_proxies: int = 0


MOST_HARVESTS = 1000
"""Harvests that one worker process can have under way."""


class Work(Section, frozen=True):
    """Workers and the scheduler."""

    workers: int = 1
    harvests: int = 16
    poll_seconds: float = 1.0
    tick_seconds: float = 5.0
    lease_seconds: float = 60.0


class Dumps(Section, frozen=True):
    """Files with everything, for those who want all of it."""

    folder: str = ""
    every: str = "1d"


class Statistics(Section, frozen=True):
    """What is kept of requests to the provider, and for how long."""

    keep_requests: str = "90d"
    keep_harvests: str = "400d"
    broken_off_after: str = "6h"


class Settings(Section, frozen=True):
    """All settings. Paths in messages and variables are `section.key`, `GARNERY_SECTION_KEY`."""

    base_url: str = "http://127.0.0.1:8080"
    hub: Hub = Hub()
    database: Database = Database()
    oai: Oai = Oai()
    harvest: Harvest = Harvest()
    web: Web = Web()
    work: Work = Work()
    dumps: Dumps = Dumps()
    statistics: Statistics = Statistics()


_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def length_of(text: str) -> timedelta:
    """Return the length of time that a setting such as `14d` names; 0 is none."""
    number, unit = text.strip()[:-1], text.strip()[-1:]
    return timedelta(**{_UNITS[unit]: int(number)}) if unit in _UNITS else timedelta(0)


def known() -> Iterator[tuple[str, Any, Any]]:
    """Yield each setting as (dotted name, type, default), in the order of the file."""
    for field in msgspec.structs.fields(Settings):
        if isinstance(field.default, Section):
            for inner in msgspec.structs.fields(field.default):
                yield f"{field.name}.{inner.name}", inner.type, inner.default
        else:
            yield field.name, field.type, field.default


def load(path: str | None = None, environ: Mapping[str, str] | None = None) -> Settings:
    """Return the settings; raises ConfigurationError that names the key and the cure.

    path: a TOML file; without one `GARNERY_CONFIG`, then the first of `PLACES` that exists.
    """
    variables = os.environ if environ is None else environ
    chosen = path or variables.get("GARNERY_CONFIG") or next(filter(os.path.exists, PLACES), None)
    tree = _read_file(chosen) if chosen else {}
    _refuse_unknown(tree)
    for dotted, kind, _ in known():
        value = variables.get("GARNERY_" + dotted.replace(".", "_").upper())
        if value is not None:
            _put(tree, dotted, _from_text(value, kind))
    try:
        settings = msgspec.convert(tree, Settings, strict=False)
    except msgspec.ValidationError as error:
        raise ConfigurationError(f"The settings cannot be used: {error}.") from error
    return _checked(settings)


def _read_file(path: str) -> dict[str, Any]:
    try:
        return tomllib.loads(Path(path).read_text("utf-8"))
    except OSError as error:
        raise ConfigurationError(f"{path} cannot be read: {error.strerror}.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{path} is not TOML: {error}.") from error


def _refuse_unknown(tree: Mapping[str, Any]) -> None:
    names = [dotted for dotted, _, _ in known()]
    for dotted in _flatten(tree):
        if dotted not in names:
            near = difflib.get_close_matches(dotted, names, 1)
            hint = f" Did you mean `{near[0]}`?" if near else ""
            raise ConfigurationError(f"There is no setting `{dotted}`.{hint}")


def _flatten(tree: Mapping[str, Any], before: str = "") -> Iterator[str]:
    for key, value in tree.items():
        if isinstance(value, dict):
            yield from _flatten(value, f"{before}{key}.")
        else:
            yield before + key


def _put(tree: dict[str, Any], dotted: str, value: object) -> None:
    *sections, key = dotted.split(".")
    for section in sections:
        tree = tree.setdefault(section, {})
    tree[key] = value


def _from_text(value: str, kind: object) -> object:
    return [part for part in re.split(r"[\s,]+", value) if part] if "tuple" in str(kind) else value


def _checked(settings: Settings) -> Settings:
    _check_fair_use(settings)
    contact = settings.hub.contact
    if not MAIL.fullmatch(contact) or contact.lower().endswith(LOCAL):
        raise ConfigurationError(
            f"hub.contact `{contact}` is no mail address that OAI-PMH allows; "
            "it needs a full domain, such as hub@example.org."
        )
    icon = settings.hub.icon_url
    if icon and not ADDRESS.fullmatch(icon):
        raise ConfigurationError(
            f"hub.icon_url `{icon}` is no address; write it as https://hub.example.org/icon.png."
        )
    if not DOMAIN.fullmatch(settings.oai.domain):
        raise ConfigurationError(
            f"oai.domain `{settings.oai.domain}` cannot stand in OAI identifiers; "
            "each part of it must begin with a letter, such as hub.example.org."
        )
    for name in ("keep_raw", "keep_raw_damaged", "keep_requests", "keep_history"):
        if not KEPT.fullmatch(getattr(settings.harvest, name).strip()):
            raise ConfigurationError(
                f"harvest.{name} `{getattr(settings.harvest, name)}` is no length of time; "
                "write it as 14d, or 0 for not at all."
            )
    if not 1 <= settings.work.harvests <= MOST_HARVESTS:
        raise ConfigurationError(
            f"work.harvests is {settings.work.harvests}; a worker has between 1 and "
            f"{MOST_HARVESTS} harvests under way."
        )
    base = settings.base_url
    if not ADDRESS.fullmatch(base) or base.endswith("/") or "?" in base:
        raise ConfigurationError(
            f"base_url `{settings.base_url}` is no address; write it as https://hub.example.org, "
            "without a slash at its end."
        )
    return settings


def _check_fair_use(settings: Settings) -> None:
    limits = {
        "oai.pace": settings.oai.pace,
        "oai.at_once": settings.oai.at_once,
        "web.trusted_proxies": settings.web.trusted_proxies,
    }
    for name, number in limits.items():
        if number < 0:
            raise ConfigurationError(f"{name} is {number}; it is a number from 0 on.")
    kept = settings.statistics
    for name in kept.__struct_fields__:
        if not KEPT.fullmatch(getattr(kept, name).strip()):
            raise ConfigurationError(
                f"statistics.{name} `{getattr(kept, name)}` is no length of time; write it as 90d."
            )
    if not length_of(kept.broken_off_after):
        raise ConfigurationError("statistics.broken_off_after is at least a minute, such as 6h.")
    if length_of(kept.keep_harvests) < length_of(kept.keep_requests):
        raise ConfigurationError(
            "statistics.keep_harvests may not be shorter than statistics.keep_requests: requests "
            "belong to harvests."
        )
