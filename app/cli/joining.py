"""How a repository joins the hub and how it changes: checks first, then one write.

Whether an address may be asked, and who answers there, is the harvesters' to say.
"""

from __future__ import annotations

import contextlib
import re
import socket
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import click
import msgspec
from msgspec import Struct

from app.addresses import veiled
from app.cli import asking, kinds
from app.cli.objects import repository_object
from app.cli.output import coming
from app.cli.probing import found_lines, keep_found, keep_quirks, looked_over
from app.errors import AlreadyExists, ConfigurationError, HarvestError, NotFound, Refused
from app.options import RepositoryOptions
from app.settings import ADDRESS
from app.store.quirks import forget_address
from app.store.values import Repository
from harvesters.base import Description
from harvesters.probe import Probe

if TYPE_CHECKING:
    from app.cli.manners import Call
    from app.settings import Settings

WHOLE_AGAIN = frozenset(("base_url", "prefix", "sets"))
"""Changes after which the next harvest reads everything."""
DOI_PREFIX = re.compile(r"10\.[0-9]{4,9}(\.[0-9]+)*")
DESCRIBES = ("home_page", "description", "metadata_license", "icon_url")
"""What a person says of a repository, for those who harvest from here."""


class Unusable(HarvestError):
    """The repository did not answer as it should, so that it was not added."""

    exit_code = 1

    def __init__(self, error: HarvestError) -> None:
        words = f"{error} Nothing was added; to add it all the same, say --no-probe."
        super().__init__(error.cause, words, url=error.url)


class Joined(Struct, frozen=True):
    """A repository that was added, what it said of itself, and what a probe found."""

    repository: Repository
    identify: Description | None = None
    probe: Probe | None = None


def join(call: Call, name: str, base_url: str, options: dict[str, Any]) -> Joined:
    """Check, ask, add; raises before anything is written."""
    require_name(name)
    base_url = _usable(call, base_url, options)
    store, settings = call.store, call.settings
    every = interval(options["every"]) or settings.harvest.every
    require_reconcile(options["reconcile"])
    _require_new(call, name)
    allow, kind = options["allow_private_address"], options["kind"]
    how = asking.wanted(RepositoryOptions(), options["given"])
    unsaved = Repository(0, name, "", base_url, kind, allow_private=allow, options=how)
    _require_pages(options)
    named = ("prefix", "reconcile", "contact", *DESCRIBES)
    given = {key: options[key] for key in named if options[key]}
    unasked = options["no_probe"] or kind == kinds.FILES
    found = _probed(call, unsaved, given) if kind == kinds.OAI and not unasked else None
    identify = found.identify if found else None if unasked else _ask(call, unsaved)
    repository = store.repositories.add(
        name,
        title=options["title"] or (identify.name if identify else "") or name,
        base_url=found.asked if found else base_url,
        kind=kind,
        sets=options["sets"],
        every=every,
        public=not options["private"],
        paused=options["paused"],
        allow_private=allow,
        options=how,
        next_harvest_at=store.now() if base_url else None,
        **given,
    )
    forget_address(store, repository.id)
    if found is not None:
        keep_quirks(call, repository, found)
        keep_found(call, repository, found)
    return Joined(_with_learned(call, repository, identify), identify, found)


def _usable(call: Call, base_url: str, options: dict[str, Any]) -> str:
    """Return the address of a repository that is to be added, once it may be asked."""
    if options["kind"] != kinds.OAI and options["sets"]:
        raise click.BadParameter("only a repository of the kind oai has sets.", param_hint="--set")
    if options["kind"] == kinds.FILES:
        return kinds.folder(base_url)
    require_address(base_url)
    if not (options["allow_private_address"] or call.settings.harvest.allow_private_addresses):
        _refuse_private(base_url)
    return base_url


def _with_learned(call: Call, added: Repository, said: Description | None) -> Repository:
    if said is None:
        return added
    call.store.repositories.learn(
        added.id,
        granularity=said.granularity,
        deleted_record=said.deleted_record,
        identify_name=said.name,
        **({"software": said.software} if said.software else {}),
    )
    return call.store.repositories.get(added.name)


def joined_object(joined: Joined, now: datetime) -> dict[str, Any]:
    """Return the JSON of a repository that was added."""
    return repository_object(joined.repository, now)


def joined_lines(joined: Joined) -> Iterator[str]:
    """Say what was found and what comes next."""
    r, identify = joined.repository, joined.identify
    if joined.probe is not None:
        yield from found_lines(joined.probe)
    elif identify is not None:
        yield f"{veiled(r.base_url)} answers as “{identify.name}”."
    yield f"{r.name} is added."
    if not r.base_url:
        yield f"Put records into it with: garnery import records {r.name} PATH"
    elif r.paused:
        yield f"It is paused; harvest it with: garnery repository resume {r.name}"
    else:
        yield f"Its first harvest is due; start it here with: garnery harvest {r.name}"


def changes(call: Call, before: Repository, options: dict[str, Any]) -> dict[str, Any]:
    """Return what is to change, by field; values that are as before are left out."""
    wanted = {k: options[k] for k in ("base_url", "prefix", "every", "reconcile", "title",
                                      "contact", "public", *DESCRIBES)}  # fmt: skip
    _require_pages(options)
    wanted["allow_private"] = options["allow_private_address"]
    wanted["rank"] = options["rank"]
    wanted["doi_prefixes"] = _doi_prefixes(options["doi_prefixes"])
    wanted["sets"] = () if options["all_sets"] else (options["sets"] or None)
    wanted["options"] = asking.wanted(before.options, options["given"], options["unset"])
    wanted["every"] = interval(wanted["every"])
    require_reconcile(wanted["reconcile"])
    if wanted["base_url"] is not None and before.kind == kinds.FILES:
        wanted["base_url"] = kinds.folder(wanted["base_url"])
    elif wanted["base_url"] is not None:
        require_address(wanted["base_url"])
        allowed = wanted["allow_private"] or before.allow_private
        if not (allowed or call.settings.harvest.allow_private_addresses):
            _refuse_private(wanted["base_url"])
    unfinished = {"public"} if before.switching else set()
    return {
        k: v
        for k, v in wanted.items()
        if v is not None and (v != getattr(before, k) or k in unfinished)
    }


def change(call: Call, before: Repository, wanted: dict[str, Any]) -> Repository:
    """Write the changes; another interval moves the next harvest."""
    from app.schedule import next_harvest_at

    after = call.store.repositories.edit(before.name, **wanted)
    if "base_url" in wanted:
        forget_address(call.store, before.id)
    if "every" in wanted or bool(before.base_url) != bool(after.base_url):
        last = before.last_whole_at or call.store.now()
        due = next_harvest_at(after.every, last, name=after.name) if after.base_url else None
        call.store.repositories.set_next(before.id, due)
        after = call.store.repositories.get(before.name)
    return after


def changed_lines(before: Repository, after: Repository, now: datetime) -> Iterator[str]:
    """Say what changed, from what to what, and what will follow."""
    changed = [f for f in before.__struct_fields__ if getattr(before, f) != getattr(after, f)]
    for field in changed:
        if field != "next_harvest_at":
            values = (_shown(_told(one, field)) for one in (before, after))
            yield f"{field}: {' → '.join(values)}"
    if WHOLE_AGAIN.intersection(changed):
        yield "The next harvest reads everything."
    if not after.paused:
        yield f"Next harvest: {coming(after.next_harvest_at, now)}."


def interval(text: str | None) -> str | None:
    """Check an interval, and return it in the form that is kept: cron text as its five fields."""
    from app.schedule import parse_every

    if text is None:
        return None
    plain = text.strip().removeprefix("cron").strip().strip("\"'").strip()
    try:
        parse_every(plain)
    except ConfigurationError as error:
        raise click.BadParameter(str(error), param_hint="--every") from error
    return plain


def require_reconcile(text: str | None) -> None:
    """Refuse what is no interval at which everything is compared, and not `never`."""
    from app.schedule import Interval, parse_every

    if not text or text.strip().lower() == "never":
        return
    try:
        usable = isinstance(parse_every(text), Interval)
    except ConfigurationError:
        usable = False
    if not usable:
        raise click.BadParameter(
            f"`{text[:60]}` is no interval: 7d, 30d, 12w, or never.", param_hint="--reconcile"
        )


def require_name(name: str) -> None:
    """Refuse what cannot be a permanent name."""
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,62}", name):
        raise click.BadParameter(
            f"`{name}` cannot be a permanent name: up to 63 characters of a-z, 0-9 and -, "
            "the first a letter or digit.",
            param_hint="NAME",
        )


def _doi_prefixes(given: Sequence[str]) -> tuple[str, ...] | None:
    """Return prefixes of DOIs; one empty text takes all back."""
    for prefix in filter(None, given):
        if not DOI_PREFIX.fullmatch(prefix):
            raise click.BadParameter(
                f"`{prefix}` is no prefix of DOIs; write it as 10.5072.", param_hint="--doi-prefix"
            )
    return tuple(filter(None, given)) if given else None


def _require_new(call: Call, name: str) -> None:
    with contextlib.suppress(NotFound):
        call.store.repositories.get(name)
        raise AlreadyExists(
            f"There is a repository {name} already. Change it with: garnery repository edit {name}"
        )


def require_address(base_url: str) -> None:
    """Refuse what is no address of the web."""
    parts = urlsplit(base_url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise click.BadParameter(
            f"`{base_url}` is no address; write it as https://repository.example.org/oai.",
            param_hint="BASE_URL",
        )


def _require_pages(options: dict[str, Any]) -> None:
    """Refuse what is no address where one is wanted; an empty text takes one back."""
    for name in ("home_page", "metadata_license", "icon_url"):
        value = options.get(name) or ""
        if value and not ADDRESS.fullmatch(value):
            raise click.BadParameter(
                f"`{value}` is no address; write it as https://repository.example.org/about.",
                param_hint=f"--{name.replace('_', '-')}",
            )


def _refuse_private(base_url: str) -> None:
    """Refuse an address inside a private network; a name that does not resolve is let pass."""
    from harvesters.transport.addresses import inward

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


def _probed(call: Call, unsaved: Repository, given: dict[str, Any]) -> Probe:
    """Look a repository over, and fill in what it recommends; raises Unusable."""
    found = looked_over(call, unsaved, prefix=given.get("prefix", "auto"))
    failed = next((step for step in found.steps if step.cause), None)
    if any(step.cause == "private-address" for step in found.steps):
        raise Refused("It leads into a private network; if that is meant, add "
                      "--allow-private-address.")  # fmt: skip
    if found.base_url != found.asked:
        words = next(one.sentence for one in found.findings if one.id == "found-elsewhere")
        raise Unusable(HarvestError("moved", words, url=found.asked))
    if not found.usable:
        first = next((one for one in found.findings), None)
        cause = failed.cause if failed else "format-unknown"
        raise Unusable(HarvestError(cause, first.sentence if first else "", url=found.asked))
    given.setdefault("reconcile", found.recommended.reconcile)
    if found.contact:
        given.setdefault("contact", found.contact)
    return found


def _ask(call: Call, unsaved: Repository) -> Description:
    """Ask the repository who it is, in a few seconds; raises Unusable."""
    from harvesters import HARVESTERS
    from harvesters.transport.access import Access

    access = Access(call.store.hosts)
    harvester = HARVESTERS[unsaved.kind](unsaved, _impatient(call.settings), lambda: None, access)
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


def _told(repository: Repository, field: str) -> object:
    value = getattr(repository, field)
    return veiled(value) if field == "base_url" else value


def _shown(value: object) -> str:
    if isinstance(value, RepositoryOptions):
        return asking.options_words(value) or "–"
    if isinstance(value, tuple):
        return " ".join(map(str, value)) or "all"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value) or "–"
