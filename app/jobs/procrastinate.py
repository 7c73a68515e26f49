"""The engine for PostgreSQL: procrastinate brings the numbers of jobs, the rows decide.

procrastinate wakes a worker on any host within milliseconds of a commit, hands each carrier to one
worker, the most urgent first, and comes by what was put off. Whether a job may begin, who holds its
lock and how it ended stands in its row, as with the embedded engine; so a carrier that is lost,
doubled or late costs time and nothing else.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import threading
import time
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from pathlib import Path

import procrastinate
from procrastinate.exceptions import ConnectorException, ProcrastinateException
from procrastinate.jobs import DeleteJobCondition, Status
from procrastinate.schema import SchemaManager
from procrastinate.worker import Worker

from app.errors import StoreError
from app.jobs import Tally
from app.jobs.doing import LONGEST_PAUSE, LOOK, Worked, add
from app.jobs.lease import BEATS, LOOKS
from app.store import Store, carrier

CONNECTIONS = 3
"""To the database, beside those of the store: one listens, two fetch and end carriers."""
STARTS = 10.0
"""Seconds that the first connection may take."""

OTHERS = logging.getLogger("procrastinate")
"""It tells of each carrier that comes and goes; our own log tells of the jobs."""

log = logging.getLogger(__name__)


class ProcrastinateEngine(Worked):
    """Takes the jobs of the registered kinds that procrastinate brings; threads do them."""

    _broken: StoreError | None = None
    """What the database ended the work by."""

    def run(self, stop: threading.Event, *, once: bool = False) -> Tally:
        """Work until `stop` is set; with `once`, until nothing waits (a lost database raises)."""
        self._tally = Tally()
        OTHERS.setLevel(max(logging.WARNING, OTHERS.level))
        pause = self._poll
        while not stop.is_set():
            began = time.monotonic()
            try:
                self._work_on(stop, once=once)
            except StoreError as error:
                if once:
                    raise
                pause = self._poll if time.monotonic() - began > pause + STARTS else pause
                log.error("the database does not answer; next try in %.0f s: %s", pause, error)
                stop.wait(pause)
                pause = min(2 * pause, LONGEST_PAUSE)
                continue
            if once and not self._store.jobs.wait(tuple(self._doing.register), self._store.now()):
                break
        return self._tally

    def _work_on(self, stop: threading.Event, *, once: bool) -> None:
        """Work until `stop` is set, nothing waits, or the database is lost: then StoreError."""
        prepare(self._store)
        self._broken = None
        try:
            asyncio.run(self._worked(stop, once=once))
        except ProcrastinateException as error:
            raise StoreError(f"procrastinate lost its database: {_told(error)}.") from error
        if self._broken is not None:
            raise self._broken

    async def _worked(self, stop: threading.Event, *, once: bool) -> None:
        with ThreadPoolExecutor(self._most + 1, "job") as threads:
            async with _opened(self._store.url) as app:
                worker = self._worker(app, threads, stop, once=once)
                await self._tend_once(app, threads)
                beside = asyncio.create_task(self._tend(app, threads))
                watching = asyncio.create_task(self._watch(worker, stop))
                try:
                    await worker.run()  # type: ignore[no-untyped-call]
                finally:
                    await ended(beside, watching)

    def _worker(
        self,
        app: procrastinate.App,
        threads: ThreadPoolExecutor,
        stop: threading.Event,
        *,
        once: bool,
    ) -> Worker:
        async def execute(number: int) -> None:
            loop = asyncio.get_running_loop()
            how = await loop.run_in_executor(threads, self._execute, number, stop)
            self._tally = add(self._tally, how) if how else self._tally

        app.task(name=carrier.TASK)(execute)
        return Worker(
            app,
            queues=sorted(self._doing.register),
            name=self._doing.name(),
            concurrency=self._most,
            wait=not once,
            fetch_job_polling_interval=self._poll,
            abort_job_polling_interval=3600.0,  # who wants a job to end writes it into its row
            delete_jobs=DeleteJobCondition.ALWAYS,  # the row tells what became of it
            install_signal_handlers=False,
            update_heartbeat_interval=self._lease / BEATS,
            stalled_worker_timeout=self._lease,
        )

    def _execute(self, number: int, stop: threading.Event) -> str:
        """Do the job of this number if it may begin; returns how it ended, empty if it may not."""
        name = self._doing.name()
        try:
            kinds = tuple(self._doing.register)
            job = None
            if not stop.is_set():
                job = self._store.jobs.take(number, name, kinds, self._store.now())
            return self._doing.do(job, name, stop) if job else ""
        except StoreError as error:  # its row is taken up again, by whoever has a database
            self._broken = error
            return "given_up"

    async def _watch(self, worker: Worker, stop: threading.Event) -> None:
        """End the worker when this process is asked to end, or has lost the database."""
        while not stop.is_set() and self._broken is None:
            await asyncio.sleep(LOOK)
        worker.stop()  # type: ignore[no-untyped-call]

    async def _tend(self, app: procrastinate.App, threads: ThreadPoolExecutor) -> None:
        """Look again and again for what silent workers left."""
        while True:
            await asyncio.sleep(self._lease / LOOKS)
            try:
                await self._tend_once(app, threads)
            except (StoreError, ProcrastinateException) as error:
                log.warning("what silent workers left could not be looked for: %s", error)

    async def _tend_once(self, app: procrastinate.App, threads: ThreadPoolExecutor) -> None:
        """Let go of carriers whose worker is gone, and take up the jobs of silent workers."""
        for lost in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=self._lease):
            with contextlib.suppress(ConnectorException):  # another worker does the same
                await app.job_manager.finish_job(lost, Status.FAILED, delete_job=True)
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(threads, self._take_up)

    def _take_up(self) -> None:
        self._doing.reclaim()
        missed = carrier.carry_missed(self._store.database)
        if missed:
            log.info("%d jobs had lost their carriers", missed)


def prepare(store: Store) -> bool:
    """Bring procrastinate's tables and our trigger up to date; tell whether that was needed.

    Raises StoreError, as where this database user may not make tables: then let one who may run
    `garnery db upgrade`.
    """
    folder = Path(procrastinate.__file__).parent / "sql"
    steps = sorted((folder / "migrations").glob("*.sql"))
    scripts = {step.name: step.read_text("utf-8") for step in steps}
    return carrier.install(store.database, scripts, SchemaManager.get_schema())


async def ended(*tasks: asyncio.Task[None]) -> None:
    """Cancel tasks until each has ended: who waits for a connection may lose a cancellation."""
    while left := [task for task in tasks if not task.done()]:
        for task in left:
            task.cancel()
        await asyncio.wait(left, timeout=LOOK)
    await asyncio.gather(*tasks, return_exceptions=True)


@asynccontextmanager
async def _opened(url: str) -> AsyncIterator[procrastinate.App]:
    """Yield procrastinate at a database; raises ConnectorException where it does not answer."""
    connector = procrastinate.PsycopgConnector(
        conninfo=_conninfo(url), min_size=1, max_size=CONNECTIONS, timeout=STARTS,
        kwargs={"options": "-c jit=off", "connect_timeout": 10},
    )  # fmt: skip
    app = procrastinate.App(connector=connector)
    async with app.open_async():
        yield app


def _conninfo(url: str) -> str:
    """Return a database URL as libpq reads it."""
    scheme, _, rest = url.partition("://")
    return f"{scheme.partition('+')[0]}://{rest}"


def _told(error: BaseException) -> str:
    return str(error.__cause__ or error).strip().rstrip(".") or type(error).__name__
