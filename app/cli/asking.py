"""How a repository is asked, for the commands: its options, its host, what is less safe than usual.

Secrets are told of, never told.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from app import clock
from app.cli.credentials import credentials_object, credentials_words
from app.options import RepositoryOptions, changed

if TYPE_CHECKING:
    from app.store import Store
    from app.store.values import Host, Repository


def wanted(
    before: RepositoryOptions, given: Sequence[str], unset: Sequence[str] = ()
) -> RepositoryOptions:
    """Return options changed by KEY=VALUE texts and names to take back."""
    pairs = [text.partition("=") for text in given]
    for name, equals, _ in pairs:
        if not equals:
            raise click.UsageError(f"`{name}` sets nothing; write --option {name}=VALUE.")
    after = changed(before, {name.strip(): value for name, _, value in pairs}, tuple(unset))
    if after.ca_file and after.ca_file != before.ca_file:
        from harvesters.transport.ways import tls_context

        tls_context(after)
    return after


def options_words(options: RepositoryOptions) -> str:
    """Return options as KEY=VALUE texts."""
    return " ".join(f"{name}={_word(value)}" for name, value in options.given().items())


def marked(repository: Repository) -> str:
    """Return the title of a repository, with marks: private, connections less safe than usual."""
    weak = repository.options.weaknesses()
    title = repository.title if repository.public else f"{repository.title} (private)"
    return f"{title} ⚠ {', '.join(weak)}" if weak else title


def asked_object(store: Store, repository: Repository) -> dict[str, Any]:
    """Return how a repository is asked, as JSON; what is as usual is left out."""
    secrets = credentials_object(store.repositories.credentials(repository.id), repository)
    host = _host_object(_host(store, repository), repository.base_url)
    return {name: v for name, v in (("credentials", secrets), ("host", host)) if v}


def asked_pairs(
    store: Store, repository: Repository, now: datetime
) -> Iterator[tuple[str, object]]:
    """Yield the same as labels and values."""
    if repository.base_url.lower().startswith("http://"):
        yield "Connection", "not encrypted"
    yield "Unsafe", "; ".join(repository.options.weaknesses())
    yield "Options", options_words(repository.options)
    secrets = store.repositories.credentials(repository.id)
    yield "Credentials", credentials_words(secrets, repository)
    host = _host(store, repository)
    barred = host.not_before is not None and host.not_before > now
    yield "Not asked before", host.not_before if barred else None
    yield "Interval", f"{host.interval:g} s" if host.interval else ""
    yield "Crawl-delay", f"{host.crawl_delay:g} s" if host.crawl_delay else ""
    yield "robots.txt", _forbidding(host, repository.base_url)


def _host(store: Store, repository: Repository) -> Host:
    from harvesters.transport.addresses import host_key

    return store.hosts.get(host_key(repository.base_url))


def _host_object(host: Host, base_url: str) -> dict[str, Any]:
    found = {
        "not_before": clock.text(host.not_before) if host.not_before else "",
        "interval": host.interval,
        "crawl_delay": host.crawl_delay,
        "robots": _forbidding(host, base_url),
    }
    return {name: value for name, value in found.items() if value}


def _forbidding(host: Host, base_url: str) -> str:
    from harvesters.transport.robots import forbidding

    return forbidding(host.robots, base_url)


def _word(value: object) -> str:
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)
