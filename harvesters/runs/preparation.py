"""Before the first list: what the repository says of itself, and the prefix to ask with."""

from __future__ import annotations

from collections.abc import Callable

from msgspec.structs import replace

from app.errors import HarvestError
from app.store.values import Repository
from harvesters.base import Description, Harvester
from harvesters.failures import shown
from harvesters.runs.ledger import Ledger
from harvesters.runs.plan import Plan

SKIPPABLE = frozenset(
    (
        *("http-4xx", "http-5xx", "not-xml", "empty-body", "hollow-page", "truncated"),
        *("body-short", "damaged-xml", "doctype-refused", "oai-error"),
    )
)
"""What may go wrong with Identify without ending a run."""
FALLBACK = "oai_dc"

Note = Callable[[HarvestError], None]
"""Writes down what went wrong without ending the run."""


class Preparation:
    """Asks a repository what it is, at most once a run."""

    def __init__(
        self, repository: Repository, harvester: Harvester, ledger: Ledger, note: Note
    ) -> None:
        self._repository = repository
        self._harvester = harvester
        self._ledger = ledger
        self._note = note
        self._said: Description | None = None

    @property
    def granularity(self) -> str:
        """The granularity of its datestamps, as declared now or before."""
        return (self._said.granularity if self._said else "") or self._repository.granularity

    def made(self, plan: Plan) -> Plan:
        """Return the plan with its prefix, and keep what was learned."""
        said = self.description()
        learned = {
            "granularity": said.granularity,
            "deleted_record": said.deleted_record,
            "identify_name": said.name,
            "software": said.software,
        }
        known = self._repository
        changes = {k: v for k, v in learned.items() if v and v != getattr(known, k)}
        if plan.prefix == "auto":
            plan = replace(plan, prefix=self._choose(plan.sets))
            changes["chosen_prefix"] = plan.prefix
        if "granularity" in changes and known.granularity and plan.kind == "incremental":
            plan = replace(plan, from_="")  # another granularity: everything
        if changes:
            self._ledger.learn(**changes)
        return plan

    def description(self) -> Description:
        """Return what the repository says of itself; empty where it cannot say it."""
        if self._said is None:
            self._said = self._describe()
        return self._said

    def _describe(self) -> Description:
        try:
            said = self._harvester.describe()
        except HarvestError as error:
            if error.cause not in SKIPPABLE:
                raise
            self._note(error)
            return Description()
        if said.moved_to:
            words = "The repository has moved for good; give it its new base URL."
            self._note(HarvestError("moved", f"{words} ({shown(said.moved_to)})"))
        return said

    def _choose(self, sets: tuple[str, ...]) -> str:
        try:
            return self._harvester.choose_prefix(sets)
        except HarvestError as error:
            if error.cause not in SKIPPABLE:
                raise
            self._note(error)
            return FALLBACK
