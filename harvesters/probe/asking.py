"""The requests of a probe: through the polite session, the strict reader and the repair ladder.

Few requests, few tries, short waits; the budget of requests and of time is kept here.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

from msgspec.structs import replace

from app.errors import HarvestError
from app.options import merged
from app.settings import Settings
from app.store.values import Repository
from harvesters.answers.response import StrictResponse
from harvesters.failures import ENDS_RUN, failure
from harvesters.noticing import Noticed, Sight, compression
from harvesters.oai_pmh import Pages, StrictSickle, checked
from harvesters.probe.values import Step
from harvesters.transport.access import Access
from harvesters.transport.fetching import Fetcher
from harvesters.transport.hosts import Allowance
from harvesters.transport.http import PoliteSession, Response
from harvesters.transport.patience import Patience
from harvesters.transport.request_log import RequestLog

MOST_REQUESTS = 25
MOST_SECONDS = 60.0
TRIES = 2
LONGEST_WAIT = 5.0
LONGEST_READ = 20.0
SHOWN_BYTES = 2048


class Watched(Fetcher):
    """Knows the last answer, and what all answers said of themselves."""

    def __init__(self, session: PoliteSession, pulse: Callable[[], None]) -> None:
        super().__init__(session, pulse)
        self.last: Response | None = None
        self.media_types: set[str] = set()
        self.packings: set[str] = set()
        """`gzip`, empty for a plain answer, `unlabelled` for one that was packed all the same."""

    def fetch(
        self,
        url: str,
        arguments: Mapping[str, str],
        *,
        verbatim: bool = False,
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        """Return the answer to a request, and look at it."""
        self.last = None
        response = super().fetch(url, arguments, verbatim=verbatim, headers=headers)
        self.last = response
        media = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        if b"OAI-PMH" in response.body[:4096]:
            self.media_types.add(media)
        label = response.headers.get("Content-Encoding", "").strip().lower()
        packed = response.size > response.received > 0
        self.packings.add(label if label or not packed else "unlabelled")
        return response


class Asker:
    """Asks one repository, step by step."""

    def __init__(self, repository: Repository, settings: Settings, access: Access) -> None:
        self.steps: list[Step] = []
        self.noticed = Noticed()
        self._repository = repository
        self._settings = _impatient(merged(settings, repository.options))
        self._access = access
        self.log = RequestLog(self._settings.harvest)
        self._began = time.monotonic()
        self._spent = 0
        self._over = ""
        self.fetcher: Watched
        self.sickle: StrictSickle
        self.session: PoliteSession
        self._open(repository)

    # ── where it is ──────────────────────────────────────────────────────────────────────────

    def move(self, base_url: str) -> None:
        """Go on at another address."""
        self.close()
        self._spent += self.session.requests
        self._open(replace(self._repository, base_url=base_url))

    def _open(self, repository: Repository) -> None:
        harvest = self._settings.harvest
        options = replace(repository.options, connect_timeout=None, read_timeout=None)
        repository = replace(repository, options=replace(options, page_deadline=None))
        allowance = Allowance(harvest.longest_wait)
        self.session = PoliteSession.of(repository, self._settings, self._access, allowance)
        patience = Patience(harvest, self._pulse, pace=self.session.pace, allowance=allowance)
        self.fetcher = Watched(self.session, self._pulse)
        self.sickle = StrictSickle(repository.base_url, self.fetcher, patience, self.log)
        self.sickle.largest = harvest.max_record_bytes
        self.sickle.noticed = self.noticed

    def close(self) -> None:
        """Close all connections."""
        self.fetcher.close()
        self.log.settle()

    # ── the budget ───────────────────────────────────────────────────────────────────────────

    @property
    def requests(self) -> int:
        """Requests so far."""
        return self._spent + self.session.requests

    @property
    def seconds(self) -> float:
        """Seconds so far."""
        return time.monotonic() - self._began

    @property
    def may_go_on(self) -> bool:
        """Whether there are requests and time left, and nothing forbids to ask on."""
        return not self._why_not()

    def stop(self, why: str) -> None:
        """Ask no more."""
        self._over = f"Not looked at: {why}"

    def _why_not(self) -> str:
        if self._over:
            return self._over
        if self.requests >= MOST_REQUESTS:
            return f"Not looked at: the probe has sent its {MOST_REQUESTS} requests."
        if self.seconds >= MOST_SECONDS:
            return f"Not looked at: {MOST_SECONDS:.0f} seconds had gone by."
        return ""

    def _pulse(self) -> None:
        if self.seconds >= MOST_SECONDS:
            raise failure("timed-out", f"The probe ended after {MOST_SECONDS:.0f} seconds.")

    # ── steps and requests ───────────────────────────────────────────────────────────────────

    def step(self, name: str, action: Callable[[], str]) -> HarvestError | None:
        """Do one step; `action` returns its sentence. What fails is written down and returned."""
        why_not = self._why_not()
        if why_not:
            self.steps.append(Step(name, "skipped", why_not))
            return None
        began = time.monotonic()
        error: HarvestError | None = None
        self.fetcher.last = None
        try:
            step = Step(name, "done", action())
        except HarvestError as raised:
            error, step = raised, self._failed(name, raised)
            if raised.cause in ENDS_RUN:
                self.stop("the server does not want to be asked on.")
        spent = round(1000 * (time.monotonic() - began))
        self.steps.append(replace(step, milliseconds=spent))
        return error

    def ask(self, tries: int = TRIES, **arguments: str) -> StrictResponse:
        """Return the answer to a request; raises HarvestError, also for an OAI-PMH error."""
        return checked(self.sickle.ask(arguments, tries=tries))

    def list(self, verb: str, prefix: str, **bounds: str) -> Pages:
        """Return the pages of a list; `from_` stands for `from`."""
        named: dict[str, Any] = {name.rstrip("_"): value for name, value in bounds.items()}
        pages: Pages = getattr(self.sickle, verb)(metadataPrefix=prefix, **named)
        return pages.with_prefix(prefix, TRIES)

    def sights(self) -> tuple[Sight, ...]:
        """Return what was noticed of the repository's ways."""
        packed = "gzip" in self.fetcher.packings
        others = (
            self.noticed.slowness(self._settings.harvest.read_timeout),
            compression(not packed, self.session.damage),
        )
        found = (*self.noticed.sights.values(), *others)
        return tuple(sight for sight in found if sight is not None)

    def _failed(self, name: str, error: HarvestError) -> Step:
        last = self.fetcher.last
        came = last.body[:SHOWN_BYTES].decode("utf-8", "replace") if last is not None else ""
        return Step(
            name,
            "failed",
            str(error),
            cause=error.cause,
            sent=self.sickle.last_request,
            came=came,
        )


def _impatient(settings: Settings) -> Settings:
    """Return settings with which a person is not kept waiting."""
    harvest = settings.harvest
    return replace(
        settings,
        harvest=replace(
            harvest,
            attempts=min(harvest.attempts, TRIES),
            longest_wait=min(harvest.longest_wait, LONGEST_WAIT),
            read_timeout=min(harvest.read_timeout, LONGEST_READ),
            page_deadline=min(harvest.page_deadline, MOST_SECONDS),
            connect_timeout=min(harvest.connect_timeout, LONGEST_READ),
        ),
    )
