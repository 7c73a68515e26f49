"""The roof's register: which part of the program does the jobs of which kind."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from app.jobs import DECISION, DUMP, FORMATS, HARVEST, REINGEST, Control, Executor, Register

if TYPE_CHECKING:
    from app.settings import Settings
    from app.store import Store
    from app.store.values import Job

log = logging.getLogger(__name__)


def take_over(store: Store, name: str, worker: str) -> None:
    """Become the worker of a harvest that nobody goes on with.

    Whoever holds the job of a repository's host is alone; a harvest that still runs there was left
    by a worker that ended or died, and need not be waited for.
    """
    running = store.harvests.running(store.repositories.get(name).id)
    if running is not None:
        store.harvests.take_over(running.id, worker, lease=0)


def is_done(store: Store, arguments: Mapping[str, Any], job: Job) -> bool:
    """Tell whether a harvest has ended already whose worker could no longer say so.

    A worker may be killed between the end of its harvest and that of its job; whoever takes the job
    up then has nothing left to do. What ended must have begun since the job was submitted.
    """
    submitted = store.jobs.get(job.id).submitted_at
    last = store.harvests.list(repository=arguments["repository"], limit=1, probes=False)
    if job.attempts < 2 or submitted is None or not last or last[0].state != "ended":
        return False
    began, trigger = last[0].started_at, arguments.get("trigger", "schedule")
    asked = arguments.get("kind") or ("full" if arguments.get("full") else last[0].kind)
    same = (last[0].trigger, last[0].kind) == (trigger, asked)
    return same and began is not None and began >= submitted


def unless_done(store: Store, run: Executor) -> Executor:
    """Return an executor that leaves out harvests that are done."""

    def run_unless_done(arguments: Mapping[str, Any], control: Control) -> None:
        if is_done(store, arguments, control.job):
            log.info("the harvest of %s has ended already", arguments["repository"])
        else:
            run(arguments, control)

    return run_unless_done


def executors(store: Store, settings: Settings) -> Register:
    """Return who does the jobs of each kind, with this store and these settings.

    Raises ConfigurationError for a format that cannot be switched on.
    """
    from app.crosswalks.further import renderer
    from app.store import decisions
    from harvesters.runs.pipeline import harvest
    from harvesters.runs.removals import carry_out

    renderer(settings.oai)

    def run_harvest(arguments: Mapping[str, Any], control: Control) -> None:
        log.info("the harvest of %s begins", arguments["repository"])
        take_over(store, arguments["repository"], control.worker)
        ended = harvest(
            store, settings, arguments["repository"],
            trigger=arguments.get("trigger", "schedule"), worker=control.worker,
            kind=arguments.get("kind", ""), full=arguments.get("full", False),
            from_=arguments.get("from"), until=arguments.get("until"), sets=_sets(arguments),
            limit=arguments.get("limit"), only=arguments.get("only", ""),
            progress=lambda _: control.check(), yields=True, processor=control.processor,
        )  # fmt: skip
        log.info("harvest %d of %s: %s", ended.id, ended.repository, ended.sentence)

    def run_reingest(arguments: Mapping[str, Any], control: Control) -> None:
        with control.processor.held():
            _reingest(store, settings, arguments, control)

    def run_decision(arguments: Mapping[str, Any], _: Control) -> None:
        """Go on with what a killed command had begun; what was not approved stays as it is."""
        decision = decisions.get(store, arguments["decision"])
        if decision.state == "approved":
            carry_out(store, decision)

    def run_formats(arguments: Mapping[str, Any], control: Control) -> None:
        with control.processor.held():
            _formats(store, settings, arguments, control)

    def run_dump(_: Mapping[str, Any], control: Control) -> None:
        with control.processor.held():
            _dump(store, settings, control)

    return {
        HARVEST: unless_done(store, run_harvest),
        REINGEST: run_reingest,
        DECISION: run_decision,
        DUMP: run_dump,
        FORMATS: run_formats,
    }


def _reingest(
    store: Store, settings: Settings, arguments: Mapping[str, Any], control: Control
) -> None:
    from app.crosswalks.further import renderer
    from app.reingest import reingest

    def at_batch_end(_: object) -> None:
        control.check()
        control.processor.give_way()

    repository = store.repositories.get(arguments["repository"])
    done = reingest(
        store,
        repository,
        own_url=f"{settings.base_url}/oai",
        prefix=arguments.get("prefix", ""),
        every=arguments.get("every", False),
        further=renderer(settings.oai),
        at_batch_end=at_batch_end,
    )
    log.info(
        "%s was read again: %d records, %d changed, %d worse",
        repository.name, done.read, done.changed, done.worse,
    )  # fmt: skip


def _formats(
    store: Store, settings: Settings, arguments: Mapping[str, Any], control: Control
) -> None:
    from app.crosswalks.further import renderer
    from app.further import apply
    from app.store.further import current

    def at_batch_end(_: object) -> None:
        control.check()
        control.processor.give_way()

    rendering = renderer(settings.oai)
    switched, name = current(store), arguments["repository"]
    if rendering is None or set(rendering.prefixes) != set(switched.names):
        log.warning("%s: this worker has other oai.formats than the hub", name)
        return
    repository = store.repositories.get(name)
    every = bool(arguments.get("every", False))
    done = apply(store, repository, rendering, switched, every=every, at_batch_end=at_batch_end)
    log.info(
        "%s has its formats: %d records, %d renderings, %d that cannot be",
        repository.name, done.read, done.rendered, done.lacking,
    )  # fmt: skip


def _dump(store: Store, settings: Settings, control: Control) -> None:
    from app.bulk.dumping import dump

    def check() -> None:
        control.check()
        control.processor.give_way()

    done = dump(store, settings, check=check)
    log.info(
        "the dumps hold %d records up to %s: %d files are new, %d stayed",
        done.records, done.until, done.written, done.kept,
    )  # fmt: skip


def _sets(arguments: Mapping[str, Any]) -> tuple[str, ...] | None:
    return tuple(arguments["sets"]) if arguments.get("sets") else None
