"""The roof's register: which part of the program does the jobs of which kind."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from app.jobs import DECISION, HARVEST, REINGEST, Control, Register

if TYPE_CHECKING:
    from app.settings import Settings
    from app.store import Store

log = logging.getLogger(__name__)


def take_over(store: Store, name: str, worker: str) -> None:
    """Become the worker of a harvest that nobody goes on with.

    Whoever holds the job of a repository's host is alone; a harvest that still runs there was left
    by a worker that ended or died, and need not be waited for.
    """
    running = store.harvests.running(store.repositories.get(name).id)
    if running is not None:
        store.harvests.take_over(running.id, worker, lease=0)


def executors(store: Store, settings: Settings) -> Register:
    """Return who does the jobs of each kind, with this store and these settings."""
    from app.reingest import reingest
    from app.store import decisions
    from harvesters.runs.pipeline import harvest
    from harvesters.runs.removals import carry_out

    def run_harvest(arguments: Mapping[str, Any], control: Control) -> None:
        log.info("the harvest of %s begins", arguments["repository"])
        take_over(store, arguments["repository"], control.worker)
        ended = harvest(
            store,
            settings,
            arguments["repository"],
            trigger=arguments.get("trigger", "schedule"),
            worker=control.worker,
            kind=arguments.get("kind", ""),
            full=arguments.get("full", False),
            from_=arguments.get("from"),
            until=arguments.get("until"),
            sets=_sets(arguments),
            limit=arguments.get("limit"),
            progress=lambda _: control.check(),
            yields=True,
        )
        log.info("harvest %d of %s: %s", ended.id, ended.repository, ended.sentence)

    def run_reingest(arguments: Mapping[str, Any], control: Control) -> None:
        repository = store.repositories.get(arguments["repository"])
        done = reingest(
            store,
            repository,
            own_url=f"{settings.base_url}/oai",
            prefix=arguments.get("prefix", ""),
            every=arguments.get("every", False),
            at_batch_end=lambda _: control.check(),
        )
        log.info(
            "%s was read again: %d records, %d changed, %d worse",
            repository.name, done.read, done.changed, done.worse,
        )  # fmt: skip

    def run_decision(arguments: Mapping[str, Any], _: Control) -> None:
        """Go on with what a killed command had begun; what was not approved stays as it is."""
        decision = decisions.get(store, arguments["decision"])
        if decision.state == "approved":
            carry_out(store, decision)

    return {HARVEST: run_harvest, REINGEST: run_reingest, DECISION: run_decision}


def _sets(arguments: Mapping[str, Any]) -> tuple[str, ...] | None:
    return tuple(arguments["sets"]) if arguments.get("sets") else None
