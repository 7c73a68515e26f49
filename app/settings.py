"""Every setting of the hub, as one frozen value made once at start and passed on.

Read in this order, the later wins: the defaults below, a TOML file, `GARNERY_*` variables, flags.
Unknown keys are refused with the nearest known one; nothing is read at import.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

import msgspec
from msgspec import Struct

from app.errors import ConfigurationError
from app.setting_sources import DEFAULT, Gathered, Known, Source, gathered

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
    logo: str = ""
    accent: str = ""
    imprint_url: str = ""
    privacy_url: str = ""


class Database(Section, frozen=True):
    """Where all state is kept."""

    url: str = "sqlite:///garnery.sqlite3"
    read_url: str = ""
    read_lag: float = 10.0
    copy_before_upgrade: bool = True


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
    ready_with: tuple[str, ...] = ("scheduler", "worker")


MOST_HARVESTS = 1000
"""Harvests that one worker process can have under way."""


class Limits(Section, frozen=True):
    """How often one client may ask for pages and the API; 0 is any number."""

    anonymous: int = 600
    identified: int = 1500
    pages: int = 3000
    exports: int = 2


class Work(Section, frozen=True):
    """Workers and the scheduler."""

    workers: int = 1
    harvests: int = 16
    poll_seconds: float = 1.0
    tick_seconds: float = 5.0
    lease_seconds: float = 50.0


class Dumps(Section, frozen=True):
    """Files with everything, for those who want all of it."""

    folder: str = ""
    every: str = "1d"


class Records(Section, frozen=True):
    """What is kept of records."""

    keep_versions: str = "400d"


class Search(Section, frozen=True):
    """The search for people."""

    facet_timeout: float = 1.0


class Statistics(Section, frozen=True):
    """What is kept of requests to the provider, and for how long."""

    keep_requests: str = "90d"
    keep_harvests: str = "400d"
    broken_off_after: str = "6h"


class Logs(Section, frozen=True):
    """What the processes say, on stderr."""

    format: str = "console"
    level: str = "info"


class Metrics(Section, frozen=True):
    """Numbers for Prometheus, at /metrics."""

    access: str = "loopback"
    token: str = ""


class Alerts(Section, frozen=True):
    """Who is told when the state of a repository or of the hub changes."""

    mail: tuple[str, ...] = ()
    webhook: str = ""
    webhook_secret: str = ""
    allow_private_addresses: bool = False
    gather: str = "10m"
    keep: str = "400d"


class Smtp(Section, frozen=True):
    """The mail server that alerts are handed to."""

    host: str = ""
    port: int = 587
    security: str = "starttls"
    user: str = ""
    password: str = ""
    sender: str = ""


class Settings(Section, frozen=True):
    """All settings. Paths in messages and variables are `section.key`, `GARNERY_SECTION_KEY`."""

    base_url: str = "http://127.0.0.1:8080"
    hub: Hub = Hub()
    database: Database = Database()
    oai: Oai = Oai()
    harvest: Harvest = Harvest()
    web: Web = Web()
    limits: Limits = Limits()
    work: Work = Work()
    dumps: Dumps = Dumps()
    records: Records = Records()
    search: Search = Search()
    statistics: Statistics = Statistics()
    logs: Logs = Logs()
    metrics: Metrics = Metrics()
    alerts: Alerts = Alerts()
    smtp: Smtp = Smtp()


SECRETS = (
    "database.url", "oai.secret", "oai.previous_secrets", "metrics.token", "alerts.webhook",
    "alerts.webhook_secret", "smtp.password",
)  # fmt: skip
"""Settings that are never shown. Each may lie in a file that `section.key_file` names."""
CHOICES = {
    "logs.format": ("console", "json"),
    "logs.level": ("debug", "info", "warning", "error"),
    "metrics.access": ("loopback", "token", "public"),
    "smtp.security": ("starttls", "tls", "none"),
}
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


def load(
    path: str | None = None, environ: Mapping[str, str] | None = None, flags: Sequence[str] = ()
) -> Settings:
    """Return the settings; raises ConfigurationError that names the key and the cure.

    path: a TOML file; without one `GARNERY_CONFIG`, then the first of `PLACES` that exists.
    flags: `section.key=value`, as given on the command line.
    """
    tree = _gathered(path, environ, flags).tree
    try:
        settings = msgspec.convert(tree, Settings, strict=False)
    except msgspec.ValidationError as error:
        raise ConfigurationError(f"The settings cannot be used: {error}.") from error
    return _checked(settings)


def sources(
    path: str | None = None, environ: Mapping[str, str] | None = None, flags: Sequence[str] = ()
) -> dict[str, Source]:
    """Return where each setting comes from, by its dotted name."""
    found = _gathered(path, environ, flags).sources
    return {dotted: found.get(dotted, Source(DEFAULT)) for dotted, _, _ in known()}


def file_in_use(path: str | None, environ: Mapping[str, str] | None = None) -> str | None:
    """Return the file that the settings are read from; None if there is none."""
    variables = os.environ if environ is None else environ
    return path or variables.get("GARNERY_CONFIG") or next(filter(os.path.exists, PLACES), None)


def value_of(settings: Settings, dotted: str) -> Any:
    """Return the value of a setting by its dotted name."""
    value: Any = settings
    for part in dotted.split("."):
        value = getattr(value, part)
    return value


def _gathered(
    path: str | None, environ: Mapping[str, str] | None, flags: Sequence[str]
) -> Gathered:
    all_known = Known({dotted: kind for dotted, kind, _ in known()}, SECRETS)
    variables = os.environ if environ is None else environ
    return gathered(all_known, file_in_use(path, variables), variables, flags)


def _checked(settings: Settings) -> Settings:
    _check_fair_use(settings)
    _check_operations(settings)
    contact = settings.hub.contact
    if not MAIL.fullmatch(contact) or contact.lower().endswith(LOCAL):
        raise ConfigurationError(
            f"hub.contact `{contact}` is no mail address that OAI-PMH allows; "
            "it needs a full domain, such as hub@example.org."
        )
    for name in ("icon_url", "imprint_url", "privacy_url"):
        address = getattr(settings.hub, name)
        if address and not ADDRESS.fullmatch(address):
            raise ConfigurationError(
                f"hub.{name} `{address}` is no address; write it as https://hub.example.org/page."
            )
    if not DOMAIN.fullmatch(settings.oai.domain):
        raise ConfigurationError(
            f"oai.domain `{settings.oai.domain}` cannot stand in OAI identifiers; "
            "each part of it must begin with a letter, such as hub.example.org."
        )
    kept = ("keep_raw", "keep_raw_damaged", "keep_requests", "keep_history")
    for name in (*(f"harvest.{one}" for one in kept), "records.keep_versions"):
        if not KEPT.fullmatch(value_of(settings, name).strip()):
            raise ConfigurationError(
                f"{name} `{value_of(settings, name)}` is no length of time; "
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
        **{
            f"limits.{name}": getattr(settings.limits, name)
            for name in settings.limits.__struct_fields__
        },
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


def _check_operations(settings: Settings) -> None:
    for name, words in CHOICES.items():
        if value_of(settings, name) not in words:
            raise ConfigurationError(
                f"{name} `{value_of(settings, name)}` is none of {', '.join(words)}."
            )
    if settings.metrics.access == "token" and not settings.metrics.token:
        raise ConfigurationError("metrics.access is token, and metrics.token is empty.")
    alerts, smtp = settings.alerts, settings.smtp
    for name in ("gather", "keep"):
        if not KEPT.fullmatch(getattr(alerts, name).strip()):
            raise ConfigurationError(
                f"alerts.{name} `{getattr(alerts, name)}` is no length of time; write it as 10m."
            )
    if alerts.webhook and not ADDRESS.fullmatch(alerts.webhook):
        raise ConfigurationError("alerts.webhook is no address; write it as https://HOST/PATH.")
    wrong = next((one for one in alerts.mail if "@" not in one.strip("@")), "")
    if wrong:
        raise ConfigurationError(f"alerts.mail: `{wrong}` is no mail address.")
    if alerts.mail and not smtp.host:
        raise ConfigurationError("alerts.mail has addresses, and smtp.host is empty.")
    strange = set(settings.web.ready_with) - {"scheduler", "worker"}
    if strange:
        raise ConfigurationError(
            f"web.ready_with: `{min(strange)}` is neither scheduler nor worker."
        )
