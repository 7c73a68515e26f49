"""`garnery repository credentials`: secrets for a repository's server, from stdin or a prompt.

A secret is never an argument, since arguments are seen by everyone on the machine, and is never
printed.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from app.errors import ConfigurationError
from app.options import Credentials

if TYPE_CHECKING:
    from app.store.values import Repository

LONGEST = 4096
_ARGUMENT = re.compile(r"[A-Za-z0-9._~-]{1,100}")
WORDS = {"basic": "user and password", "bearer": "a bearer token", "query": "a key in the address"}


def wanted(
    repository: Repository, *, basic: str | None, bearer: bool, query_key: str | None, clear: bool
) -> Credentials | None:
    """Return what the options ask for, its secret read; None to forget what there is."""
    chosen = [basic is not None, bearer, query_key is not None, clear]
    if sum(chosen) != 1:
        raise click.UsageError("Name one of --basic, --bearer, --query-key and --clear.")
    if clear:
        return None
    from harvesters.transport.addresses import host_key

    host = host_key(repository.base_url)
    if basic is not None:
        _require(":" not in basic and basic.isprintable(), "A user name holds no colon.")
        return Credentials("basic", basic, _secret("Password"), host)
    if bearer:
        secret = _secret("Token")
        _require(secret.isascii(), "A bearer token holds plain characters only.")
        return Credentials("bearer", "", secret, host)
    _require(_ARGUMENT.fullmatch(query_key or ""), f"`{query_key}` cannot name an argument.")
    return Credentials("query", query_key or "", _secret("Key"), host)


def credentials_object(found: Credentials | None, repository: Repository) -> dict[str, Any]:
    """Return what may be told of credentials: everything but the secret; empty without any."""
    if found is None:
        return {}
    from harvesters.transport.addresses import host_key

    value = {"kind": found.kind, "host": found.host}
    used = host_key(repository.base_url) == found.host
    return value | ({"name": found.name} if found.name else {}) | {"used": used}


def credentials_words(found: Credentials | None, repository: Repository) -> str:
    """Return the same for people."""
    told = credentials_object(found, repository)
    if found is None:
        return ""
    name = f" ({found.name})" if found.name else ""
    unused = "" if told["used"] else "; not sent, since the repository has moved to another host"
    return f"{WORDS[found.kind]}{name}, for {found.host} alone{unused}"


def lines(name: str, found: Credentials | None, repository: Repository) -> Iterator[str]:
    """Say what is kept now."""
    if found is None:
        yield f"{name} is asked without credentials."
    else:
        yield f"{name} is asked with {credentials_words(found, repository)}."


def _secret(label: str) -> str:
    """Return a secret: asked for on a terminal, else the first line of stdin."""
    if sys.stdin.isatty():
        text = str(click.prompt(label, hide_input=True, err=True))
    else:
        text = sys.stdin.readline(LONGEST + 2).rstrip("\r\n")
    _require(text, f"There is no {label.lower()}: write it to stdin, on one line.")
    _require(text.isprintable() and len(text) <= LONGEST, f"That {label.lower()} cannot be sent.")
    return text


def _require(good: object, words: str) -> None:
    if not good:
        raise ConfigurationError(words)
