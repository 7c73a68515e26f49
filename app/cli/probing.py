"""`garnery repository probe`: a repository looked over, told to a person or as JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec.structs import replace

from app.addresses import veiled
from app.cli import kinds
from app.cli.output import pairs, table
from app.errors import Refused
from app.findings import Finding
from app.store.quirks import note_quirks, quirks_of
from app.store.values import Failure, Repository

if TYPE_CHECKING:
    from app.cli.manners import Call
    from harvesters.probe import Probe

MARKS = {"done": "✓", "failed": "✕", "skipped": "·"}
SHOWN_SETS, SHOWN_RULES, SHOWN_BODY = 5, 8, 300


def looked_over(
    call: Call, repository: Repository, *, samples: int = 20, prefix: str = "auto"
) -> Probe:
    """Probe a repository, as politely as it is harvested; quirks that are known do not count."""
    from harvesters.probe import probe
    from harvesters.transport.access import Access

    secrets = call.store.repositories.credentials(repository.id) if repository.id else None
    access = Access(call.store.hosts, secrets)
    first = prefix.partition(" ")[0]  # the preferred of several
    return probe(repository, call.settings, access, samples=samples, prefix=first)


def keep_quirks(call: Call, repository: Repository, found: Probe) -> None:
    """Make what a probe noticed the quirks of a repository."""
    from harvesters.quirks import lesson

    known = quirks_of(call.store, repository.id)
    made = lesson(known, found.sights, call.store.now())
    note_quirks(call.store, repository.id, made.learned, made.forgotten)


def keep_row(call: Call, repository: Repository, found: Probe, began: datetime) -> None:
    """Write a probe into the list of its member's harvests."""
    from app.jobs import worker_name
    from app.store.probes import note_probe

    hide = _veil(call, repository)
    failed = [step for step in found.steps if step.state == "failed"]
    failures = [
        Failure(0, 0, one.cause, hide(f"{one.name}: {one.sentence}"), url=hide(one.sent))
        for one in failed
    ]
    row = note_probe(
        call.store,
        repository.id,
        worker=worker_name(),
        started_at=began,
        outcome="complete" if found.usable else "failed",
        cause="" if found.usable or not failed else failed[0].cause,
        sentence=hide(_outcome(found)),
        prefix=found.recommended.prefix,
        told=found.speed.told,
        sent=found.sent,
        failures=failures,
    )
    keep_found(call, repository, found, row.id)


def keep_found(call: Call, repository: Repository, found: Probe, harvest: int = 0) -> None:
    """Keep for the report of a member what was looked at and found."""
    from app.store.probes import Check, Probed, keep_probed

    hide = _veil(call, repository)
    checks = tuple(Check(one.name, one.state, hide(one.sentence)) for one in found.steps)
    told = tuple(
        Finding(one.id, one.severity, hide(one.sentence), one.cure) for one in found.findings
    )
    probed = Probed(call.store.now(), found.usable, checks, told, harvest)
    keep_probed(call.store, repository.id, probed, found.software)


def _veil(call: Call, repository: Repository) -> Callable[[str], str]:
    """Return what takes the secrets of a repository out of texts."""
    from harvesters.transport.secrets import Secrets

    credentials = call.store.repositories.credentials(repository.id)
    return Secrets(credentials, repository.base_url).hide


def _outcome(found: Probe) -> str:
    serious = sum(one.severity != "info" for one in found.findings)
    findings = f"{serious} finding{'' if serious == 1 else 's'} to look at"
    if not found.usable:
        first = next((step.sentence for step in found.steps if step.state == "failed"), "")
        return f"It cannot be harvested as it answers now. {first}".strip()
    readable = sum(one.state != "unreadable" for one in found.samples)
    return (
        f"It can be harvested in {found.recommended.prefix}: {readable} of {len(found.samples)} "
        f"samples can be read, {findings}. Nothing was harvested."
    )


def target(call: Call, named: str, *, allow_private: bool) -> Repository:
    """Return what is to be probed: a member by its name, or an address."""
    from app.cli.joining import require_address

    if "/" not in named and "." not in named:
        known = call.store.repositories.get(named)
        if known.kind != kinds.OAI:
            raise Refused(f"{named} is not harvested by OAI-PMH; there is nothing to probe.")
        return replace(known, allow_private=known.allow_private or allow_private)
    require_address(named)
    return Repository(0, "probe", "", named, allow_private=allow_private)


# ── as JSON ──────────────────────────────────────────────────────────────────────────────────


def probe_object(found: Probe) -> dict[str, Any]:
    """Return a probe as JSON; what is empty is left out."""
    value: dict[str, Any] = msgspec.to_builtins(replace(found, sent=()))
    sights = value.pop("sights")
    del value["sent"]
    value["quirks"] = [
        {"name": one["name"], "evidence": one["evidence"]} for one in sights if one["seen"]
    ]
    value["asked"], value["base_url"] = veiled(found.asked), veiled(found.base_url)
    value["recommended"]["options"] = dict(found.recommended.options)
    value["recommended"]["base_url"] = veiled(found.recommended.base_url)
    present: dict[str, Any] = _present(value)
    return {"usable": found.usable, **present}


def _present(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _present(v) for name, v in value.items() if v not in (None, "", [], {})}
    return [_present(one) for one in value] if isinstance(value, list | tuple) else value


# ── for people ───────────────────────────────────────────────────────────────────────────────


def probe_lines(found: Probe) -> Iterator[str]:
    """Say what was looked at, what was found, and what is recommended."""
    verdict = "can be harvested" if found.usable else "cannot be harvested"
    yield f"{veiled(found.base_url)} {verdict}."
    yield ""
    yield from _steps(found)
    yield from _facts(found)
    yield from _formats(found)
    yield from _samples(found)
    yield from _findings(found)
    yield from _recommended(found)


def found_lines(found: Probe) -> Iterator[str]:
    """Say in short what was found, for one that joins."""
    name = found.identify.name if found.identify else ""
    yield f"{veiled(found.base_url)} answers{f' as “{name}”' if name else ''}."
    best = next((one for one in found.formats if one.prefix == found.recommended.prefix), None)
    if best is not None and best.samples:
        yield f"In {best.prefix}, {best.readable} of {best.samples} samples can be read."
    for one in found.findings:
        if one.severity != "info":
            yield f"{one.severity}: {one.sentence}"


def _steps(found: Probe) -> Iterator[str]:
    width = max((len(step.name) for step in found.steps), default=0)
    for step in found.steps:
        took = f"{step.milliseconds:,} ms" if step.milliseconds else ""
        yield f"{MARKS[step.state]} {step.name:<{width}}  {took:>9}  {step.sentence}"
        if step.state == "failed":
            yield f"    sent: {step.sent}"
            if step.came:
                yield f"    came: {' '.join(step.came.split())[:SHOWN_BODY]}"


def _facts(found: Probe) -> Iterator[str]:
    said, speed = found.identify, found.speed
    more = "more than " if found.more_sets else ""
    names = ", ".join(one.spec for one in found.sets[:SHOWN_SETS])
    ellipsis = " …" if len(found.sets) > SHOWN_SETS else ""
    yield ""
    yield from pairs(
        (
            ("Calls itself", said.name if said else ""),
            ("Contact", found.contact),
            ("Software", found.software),
            ("Granularity", said.granularity if said else ""),
            ("Deleted records", _deletions(found)),
            ("Earliest", said.earliest if said else ""),
            ("Records", speed.told),
            ("Sets", f"{more}{len(found.sets):,}: {names}{ellipsis}" if found.sets else ""),
            ("Speed", _speed(found)),
            ("Full harvest", _forecast(found)),
            ("Compressed", speed.compressed if speed.milliseconds else None),
            ("Requests", f"{found.requests} in {found.seconds:.1f} s"),
        )
    )


def _deletions(found: Probe) -> str:
    policy = found.identify.deleted_record if found.identify else ""
    seen = f"{found.tombstones:,} seen" if found.tombstones else ""
    return ", ".join(filter(None, (policy, seen)))


def _speed(found: Probe) -> str:
    speed = found.speed
    if not speed.milliseconds and not speed.records_a_page:
        return ""
    return (
        f"{speed.milliseconds:,} ms a page of {speed.records_a_page:,}, "
        f"{speed.records_a_second:,.0f} records a second"
    )


def _forecast(found: Probe) -> str:
    from app.web.words import duration

    seconds = found.speed.forecast
    return "" if seconds is None else f"about {duration(timedelta(seconds=max(seconds, 1)))}"


def _formats(found: Probe) -> Iterator[str]:
    if not found.formats:
        return
    yield ""
    rows = [
        (
            "→" if one.prefix == found.recommended.prefix else "",
            one.prefix,
            f"{one.readable} of {one.samples}" if one.asked else "–",
            "–" if one.told is None else one.told,
            _verdict(one.reason, asked=one.asked, known=one.known),
        )
        for one in found.formats
    ]
    yield from table(("", "Format", "Readable", "Records", ""), rows, right=(3,))


def _verdict(reason: str, *, asked: bool, known: bool) -> str:
    if reason:
        return "cannot be had"
    if asked:
        return ""
    return "not asked for" if known else "not known here"


def _samples(found: Probe) -> Iterator[str]:
    if not found.samples:
        return
    counts = [(state, sum(one.state == state for one in found.samples)) for state in STATES]
    told = ", ".join(f"{number} {STATES[state]}" for state, number in counts if number)
    yield ""
    yield f"Of {len(found.samples)} samples {told}."
    best = next((one for one in found.formats if one.prefix == found.recommended.prefix), None)
    rules = best.problems[:SHOWN_RULES] if best else ()
    if rules:
        rows = [(one.rule, one.severity, one.records) for one in rules]
        yield from table(("Rule", "Severity", "Samples"), rows, right=(2,))


STATES = {"fine": "are fine", "problems": "have problems", "unreadable": "cannot be read"}


def _findings(found: Probe) -> Iterator[str]:
    if found.findings:
        yield ""
    for one in found.findings:
        yield f"{one.severity:<8} {one.sentence}"
        if one.cure:
            yield f"{'':<8} → {one.cure}"


def _recommended(found: Probe) -> Iterator[str]:
    if not found.usable:
        return
    wanted = found.recommended
    yield ""
    yield "Recommended"
    yield from pairs(
        (
            ("Base URL", veiled(wanted.base_url)),
            ("Prefix", wanted.prefix),
            ("Granularity", wanted.granularity),
            ("Compared", wanted.reconcile),
            ("Options", " ".join(f"{name}={value}" for name, value in wanted.options)),
        )
    )
