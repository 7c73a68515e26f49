"""What differs for one repository: how it wants to be asked, and the secrets for its server.

Every option is absent until a person sets it; `merged` lays those that are also settings of the hub
over them, and whoever harvests reads the result.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct
from msgspec.structs import replace

from app import quiet_hours
from app.errors import ConfigurationError
from app.settings import Settings

Seconds = Annotated[float, Meta(gt=0, le=86400)]
Pause = Annotated[float, Meta(ge=0, le=3600)]
Size = Annotated[int, Meta(ge=1024, le=2**40)]
Share = Annotated[float, Meta(ge=0, le=1)]
Number = Annotated[int, Meta(ge=0, le=10_000_000)]
TlsVersion = Literal["1.0", "1.1", "1.2", "1.3"]

PROXY = re.compile(r"https?://[^\s/?#@]+/?")
AGENT = re.compile(r"[ -~]{1,300}")
_YES_NO = {"yes": "true", "on": "true", "no": "false", "off": "false"}


class RepositoryOptions(Struct, frozen=True, omit_defaults=True):
    """The options of a repository; None: as the hub's settings have it."""

    connect_timeout: Seconds | None = None
    read_timeout: Seconds | None = None
    page_deadline: Seconds | None = None
    max_page_bytes: Size | None = None
    max_record_bytes: Size | None = None
    minimum_interval: Pause | None = None
    requests_per_host: Annotated[int, Meta(ge=1, le=3)] | None = None
    """How many requests at a time its host has agreed to."""
    overlap_seconds: Annotated[int, Meta(ge=0, le=30 * 86400)] | None = None
    overlap_days: Annotated[int, Meta(ge=0, le=30)] | None = None
    quarantine_limit: Share | None = None
    guard_floor: Number | None = None
    guard_hold: Share | None = None
    guard_stop: Share | None = None
    window_records: Annotated[int, Meta(ge=1, le=10_000_000)] | None = None
    quiet_hours: str | None = None
    """`22:00-06:00`, in UTC or with a zone behind it: then it is not asked."""
    obey_robots: bool | None = None
    user_agent: str | None = None
    proxy: str | None = None
    """The way out for this repository: `http://HOST:PORT`."""
    insecure_redirects: bool | None = None
    """A redirect from https to http is followed."""
    verify_tls: bool | None = None
    ca_file: str | None = None
    """Certificates, beside the usual ones, that vouch for its server."""
    tls_minimum: TlsVersion | None = None

    def given(self) -> dict[str, Any]:
        """Return what is set, by name."""
        return {name: value for name, value in _items(self) if value is not None}

    def weaknesses(self) -> tuple[str, ...]:
        """Return what makes its connections less safe than usual, for people."""
        found = []
        if self.verify_tls is False:
            found.append("its certificate is not verified")
        if self.tls_minimum in ("1.0", "1.1"):
            found.append(f"TLS {self.tls_minimum} is accepted")
        if self.insecure_redirects:
            found.append("redirects to plain http are followed")
        return tuple(found)


OPTIONS = RepositoryOptions.__struct_fields__
_TYPES = {field.name: field.type for field in msgspec.structs.fields(RepositoryOptions)}
_ENCODE = msgspec.json.Encoder(order="deterministic").encode


class Credentials(Struct, frozen=True):
    """A secret for a repository's server; it goes to that host alone, and is never shown."""

    kind: Literal["basic", "bearer", "query"]
    name: str
    """The user, or the name of the argument; empty with a bearer token."""
    secret: str
    host: str
    """The only host that gets it, as `harvesters.transport.addresses.host_key` writes hosts."""

    def __repr__(self) -> str:
        return f"Credentials({self.kind!r}, {self.name!r}, …)"

    __str__ = __repr__


def merged(settings: Settings, options: RepositoryOptions) -> Settings:
    """Return the settings as they are for a repository with these options."""
    known = settings.harvest.__struct_fields__
    given = {name: value for name, value in options.given().items() if name in known}
    if not given:
        return settings
    return replace(settings, harvest=replace(settings.harvest, **given))


def changed(
    options: RepositoryOptions, given: Mapping[str, str], unset: tuple[str, ...] = ()
) -> RepositoryOptions:
    """Return options with some set from text and some taken back; raises ConfigurationError."""
    for name in (*given, *unset):
        _require_known(name)
    values: dict[str, Any] = {name: _value(name, text) for name, text in given.items()}
    return replace(options, **(values | dict.fromkeys(unset)))


def decoded(text: str) -> RepositoryOptions:
    """Return options as they are kept; what this version does not know is left out."""
    return _decoded(text) if text else RepositoryOptions()


def encoded(options: RepositoryOptions) -> str:
    """Return the text that is kept."""
    return _ENCODE(options).decode() if options.given() else ""


@lru_cache(1024)
def _decoded(text: str) -> RepositoryOptions:
    return msgspec.json.decode(text, type=RepositoryOptions)


def _items(options: RepositoryOptions) -> Iterator[tuple[str, Any]]:
    for name in OPTIONS:
        yield name, getattr(options, name)


def _require_known(name: str) -> None:
    if name not in OPTIONS:
        near = difflib.get_close_matches(name, OPTIONS, 1, 0.4)
        hint = f" Did you mean `{near[0]}`?" if near else f" There are: {', '.join(OPTIONS)}."
        raise ConfigurationError(f"A repository has no option `{name}`.{hint}")


def _value(name: str, text: str) -> Any:
    plain = text.strip()
    if "bool" in str(_TYPES[name]):
        plain = _YES_NO.get(plain.lower(), plain)
    try:
        value = msgspec.convert(plain, _TYPES[name], strict=False)
    except msgspec.ValidationError as error:
        raise ConfigurationError(f"{name} cannot be `{text}`: {_said(error)}.") from None
    if value is None:
        raise ConfigurationError(f"{name} cannot be `{text}`; to take it back, unset it.")
    _CHECKS.get(name, _anything)(plain)
    return value


def _said(error: msgspec.ValidationError) -> str:
    words = str(error).replace("`", "").replace(" | null", "")
    return words[:1].lower() + words[1:]


def _check_proxy(text: str) -> None:
    if not PROXY.fullmatch(text):
        raise ConfigurationError(
            f"`{text}` is no proxy; write http://HOST:PORT, without user and password."
        )


def _check_agent(text: str) -> None:
    if not AGENT.fullmatch(text):
        raise ConfigurationError("A user_agent is one line of up to 300 plain characters.")


def _check_file(text: str) -> None:
    if not text.startswith("/"):
        raise ConfigurationError(f"ca_file is a whole path, beginning with /, not `{text}`.")


def _anything(_: str) -> None:
    """Most types say enough."""


_CHECKS = {
    "quiet_hours": quiet_hours.parse,
    "proxy": _check_proxy,
    "user_agent": _check_agent,
    "ca_file": _check_file,
}
