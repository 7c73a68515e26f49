"""How a repository joins the hub and how it changes: checks first, then one write.

Whether an address may be asked, and who answers there, is the harvesters' to say.
"""

from __future__ import annotations

import contextlib
import re
import socket
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import click
import msgspec
from msgspec import Struct

from app.cli.objects import repository_object
from app.cli.output import coming
from app.errors import AlreadyExists, ConfigurationError, HarvestError, NotFound, Refused
from app.store.values import Repository
from harvesters.base import Description

if TYPE_CHECKING:
    from app.cli.manners import Call
    from app.settings import Settings

WHOLE_AGAIN = frozenset(("base_url", "prefix", "sets"))
"""Changes after which the next harvest reads everything."""


class Unusable(HarvestError):
    """The repository did not answer as it should, so that it was not added."""

    exit_code = 1

    def __init__(self, error: HarvestError) -> None:
        words = f"{error} Nothing was added; to add it all the same, say --no-probe."
        super().__init__(error.cause, words, url=error.url)


class Joined(Struct, frozen=True):
    """A repository that was added, and what it said of itself."""

    repository: Repository
    identify: Description | None = None


def join(call: Call, name: str, base_url: str, options: dict[str, Any]) -> Joined:
    """Check, ask, add; raises before anything is written."""
    _require_name(name)
    _require_address(base_url)
    store, settings = call.store, call.settings
    every = interval(options["every"]) or settings.harvest.every
    _require_new(call, name)
    allow = options["allow_private_address"]
    if not (allow or settings.harvest.allow_private_addresses):
        _refuse_private(base_url)
    identify = None if options["no_probe"] else _ask(call, name, base_url, allow=allow)
    given = {key: options[key] for key in ("prefix", "reconcile", "contact") if options[key]}
    repository = store.repositories.add(
        name,
        title=options["title"] or (identify.name if identify else "") or name,
        base_url=base_url,
        sets=options["sets"],
        every=every,
        public=not options["private"],
        paused=options["paused"],
        allow_private=allow,
        next_harvest_at=store.now(),
        **given,
    )
    return Joined(_with_learned(call, repository, identify), identify)


def _with_learned(call: Call, added: Repository, said: Description | None) -> Repository:
    if said is None:
        return added
    call.store.repositories.learn(
        added.id,
        granularity=said.granularity,
        deleted_record=said.deleted_record,
        identify_name=said.name,
    )
    return call.store.repositories.get(added.name)


def joined_object(joined: Joined, now: datetime) -> dict[str, Any]:
    """Return the JSON of a repository that was added."""
    return repository_object(joined.repository, now)


def joined_lines(joined: Joined) -> Iterator[str]:
    """Say what was found and what comes next."""
    r, identify = joined.repository, joined.identify
    if identify is not None:
        yield f"{r.base_url} answers as “{identify.name}”."
    yield f"{r.name} is added."
    if r.paused:
        yield f"It is paused; harvest it with: garnery repository resume {r.name}"
    else:
        yield f"Its first harvest is due; start it here with: garnery harvest {r.name}"


def changes(call: Call, before: Repository, options: dict[str, Any]) -> dict[str, Any]:
    """Return what is to change, by field; values that are as before are left out."""
    wanted = {k: options[k] for k in ("base_url", "prefix", "every", "reconcile", "title",
                                      "contact", "public")}  # fmt: skip
    wanted["allow_private"] = options["allow_private_address"]
    wanted["sets"] = () if options["all_sets"] else (options["sets"] or None)
    wanted["every"] = interval(wanted["every"])
    if wanted["base_url"] is not None:
        _require_address(wanted["base_url"])
        allowed = wanted["allow_private"] or before.allow_private
        if not (allowed or call.settings.harvest.allow_private_addresses):
            _refuse_private(wanted["base_url"])
    return {k: v for k, v in wanted.items() if v is not None and v != getattr(before, k)}


def change(call: Call, before: Repository, wanted: dict[str, Any]) -> Repository:
    """Write the changes; another interval moves the next harvest."""
    from harvesters.schedule import next_harvest_at

    after = call.store.repositories.edit(before.name, **wanted)
    if "every" in wanted:
        last = before.last_whole_at or call.store.now()
        call.store.repositories.set_next(
            before.id, next_harvest_at(after.every, last, name=after.name)
        )
        after = call.store.repositories.get(before.name)
    return after


def changed_lines(before: Repository, after: Repository, now: datetime) -> Iterator[str]:
    """Say what changed, from what to what, and what will follow."""
    changed = [f for f in before.__struct_fields__ if getattr(before, f) != getattr(after, f)]
    for field in changed:
        if field != "next_harvest_at":
            yield f"{field}: {_shown(getattr(before, field))} → {_shown(getattr(after, field))}"
    if WHOLE_AGAIN.intersection(changed):
        yield "The next harvest reads everything."
    if not after.paused:
        yield f"Next harvest: {coming(after.next_harvest_at, now)}."


def interval(text: str | None) -> str | None:
    """Check an interval, and return it in the form that is kept: cron text as its five fields."""
    from harvesters.schedule import parse_every

    if text is None:
        return None
    plain = text.strip().removeprefix("cron").strip().strip("\"'").strip()
    try:
        parse_every(plain)
    except ConfigurationError as error:
        raise click.BadParameter(str(error), param_hint="--every") from error
    return plain


def _require_name(name: str) -> None:
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,62}", name):
        raise click.BadParameter(
            f"`{name}` cannot be a permanent name: up to 63 characters of a-z, 0-9 and -, "
            "the first a letter or digit.",
            param_hint="NAME",
        )


def _require_new(call: Call, name: str) -> None:
    with contextlib.suppress(NotFound):
        call.store.repositories.get(name)
        raise AlreadyExists(
            f"There is a repository {name} already. Change it with: garnery repository edit {name}"
        )


def _require_address(base_url: str) -> None:
    parts = urlsplit(base_url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise click.BadParameter(
            f"`{base_url}` is no address; write it as https://repository.example.org/oai.",
            param_hint="BASE_URL",
        )


def _refuse_private(base_url: str) -> None:
    """Refuse an address inside a private network; a name that does not resolve is let pass."""
    from harvesters.addresses import inward

    parts = urlsplit(base_url)
    try:
        found = socket.getaddrinfo(parts.hostname, parts.port or 80, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return
    for *_, where in found:
        if inward(str(where[0])):
            raise Refused(
                f"{parts.hostname} has the address {where[0]}, inside a private network. "
                "If that is meant, add --allow-private-address."
            )


def _ask(call: Call, name: str, base_url: str, *, allow: bool) -> Description:
    """Ask the repository who it is, in a few seconds; raises Unusable."""
    from harvesters import HARVESTERS

    unsaved = Repository(id=0, name=name, title="", base_url=base_url, allow_private=allow)
    harvester = HARVESTERS["oai"](unsaved, _impatient(call.settings), lambda: None)
    try:
        return harvester.describe()
    except HarvestError as error:
        if error.cause == "private-address":
            raise Refused(f"{error} If that is meant, add --allow-private-address.") from error
        raise Unusable(error) from error
    finally:
        harvester.close()


def _impatient(settings: Settings) -> Settings:
    """Return settings with which a person is not kept waiting."""
    replace = msgspec.structs.replace
    return replace(settings, harvest=replace(settings.harvest, attempts=2, longest_wait=5.0))


def _shown(value: object) -> str:
    if isinstance(value, tuple):
        return " ".join(map(str, value)) or "all"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value) or "–"
