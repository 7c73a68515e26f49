"""The processes of a hub: `up` runs all of them; `serve`, `work`, `schedule` run one kind.

Each ends within ten seconds after SIGINT or SIGTERM, with exit code 0.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from app.cli.ending import end
from app.cli.manners import Call, command

if TYPE_CHECKING:
    from app.cli.supervisor import Child

HOST = click.option("--host", help="The address to listen on; default: setting web.host.")
PORT = click.option("--port", type=click.IntRange(1, 65535), help="Default: setting web.port.")


@command("up", short_help="Run a whole hub on this machine.")
@HOST
@PORT
@click.option("--workers", type=click.IntRange(0, 64), help="Default: setting work.workers.")
@click.option("--demo", is_flag=True, help="Add three sample repositories, served from loopback.")
def up(call: Call, host: str | None, port: int | None, workers: int | None, *, demo: bool) -> None:
    """Run a whole hub on this machine: web, workers and scheduler; Ctrl-C ends it.

    Makes the database if there is none and brings its schema up to date. Adds the repositories of
    repositories.toml beside the settings, when that file is new or has changed.
    """
    from app.cli import beginning, hub, logs
    from app.cli.supervisor import Supervisor, stop_on_signals

    logs.configure("up", call.settings.logs, level=_level(call))
    plan = hub.plan(call, host=host, port=port, workers=workers)
    hub.require_free(plan.host, plan.port)
    hub.require_formats(call)
    hub.bring_up_to_date(call)
    beginning.apply(call)
    stop = stop_on_signals()
    with Supervisor(stop) as supervisor:
        if demo:
            plan = hub.start_demo(call, plan, supervisor, stop)
        supervisor.start(*hub.children(plan))
        code = supervisor.run(lambda: hub.announce(call, plan))
    end(code)


@command("serve", short_help="Run the web server only.")
@HOST
@PORT
@click.option("--threads", type=click.IntRange(1, 256), help="Default: setting web.threads.")
def serve(call: Call, host: str | None, port: int | None, threads: int | None) -> None:
    """Run the web server only: the pages and the OAI-PMH provider."""
    from app.cli import hub, logs, web
    from app.cli.supervisor import leave_on_signals, watch_parent

    logs.configure("web", call.settings.logs, level=_level(call))
    leave_on_signals()
    watch_parent()
    plan = hub.plan(call, host=host, port=port, workers=0)
    hub.require_free(plan.host, plan.port)
    hub.require_formats(call)
    call.store.ping()
    call.store.dispose()
    _say_started(call, listening=plan.settings.base_url)
    web.serve(plan, threads or call.settings.web.threads)


@command("work", short_help="Run workers only.")
@click.option(
    "--concurrency", type=click.IntRange(1, 64), default=1, help="How many worker processes."
)
@click.option("--once", is_flag=True, help="Do what waits, then end.")
def work(call: Call, concurrency: int, *, once: bool) -> None:
    """Run workers only: processes that harvest what is due.

    With --once the exit code is 1 when a job failed.
    """
    from app.cli import logs
    from app.cli.supervisor import Supervisor, stop_on_signals

    logs.configure("work", call.settings.logs, level=_level(call))
    stop = stop_on_signals()
    if concurrency == 1:
        end(_work_here(call, stop, once=once))
    words = ("work", "--once") if once else ("work",)
    with Supervisor(stop) as supervisor:
        supervisor.start(*(_child(call, f"work-{n + 1}", words) for n in range(concurrency)))
        _say_started(call, role="worker", workers=concurrency)
        end(supervisor.run_to_end() if once else supervisor.run())


@command("schedule", short_help="Run the scheduler only.")
def schedule(call: Call) -> None:
    """Run the scheduler only: it queues the harvests that are due, and keeps the database tidy."""
    from app.cli import hub, logs
    from app.cli.supervisor import stop_on_signals, watch_parent
    from app.jobs import presence
    from harvesters import scheduler

    logs.configure("schedule", call.settings.logs, level=_level(call))
    watch_parent()
    stop = stop_on_signals()
    hub.require_formats(call)
    _say_started(call, role=presence.SCHEDULER)
    with presence.present(call.store, presence.SCHEDULER):
        scheduler.run(call.store, call.settings, stop)


@command("demo", hidden=True)
@click.option("--port", type=click.IntRange(1, 65535), required=True)
def demo(_call: Call, port: int) -> None:
    """Serve the sample repositories on loopback."""
    from app.cli.supervisor import stop_on_signals, watch_parent
    from harvesters.demo import serve as serve_demo

    watch_parent()
    stop = stop_on_signals()
    server = serve_demo("127.0.0.1", port)
    stop.wait()
    server.close()


def _work_here(call: Call, stop: Any, *, once: bool) -> int:
    """Work in this process; returns the exit code."""
    from app.cli.executors import executors
    from app.cli.supervisor import aside, leave_in_time, share_memory, watch_parent
    from app.jobs import presence, worker_name
    from app.jobs.engines import engine_for

    share_memory()
    watch_parent()
    settings, store = call.settings, call.store
    engine = engine_for(
        store,
        executors(store, settings),
        worker=worker_name(),
        poll=settings.work.poll_seconds,
        lease=settings.work.lease_seconds,
        most=settings.work.harvests,
    )
    leave_in_time(stop, engine.release)
    if not once:
        _say_started(call, role=presence.WORKER, workers=1)
    with presence.present(store, presence.WORKER):
        tally = aside(lambda: engine.run(stop, once=once))
    if once and call.json:
        call.document({"done": tally.done, "failed": tally.failed, "given_up": tally.given_up})
    return 1 if once and tally.failed else 0


def _say_started(call: Call, **what: object) -> None:
    """With `--json`: the one document of a process that runs until it is ended."""
    import os

    if call.json:
        call.document({"state": "running", "pid": os.getpid(), **what})


def _child(call: Call, name: str, words: tuple[str, ...]) -> Child:
    from app.cli.supervisor import Child

    return Child(name, words, call.environ)


def _level(call: Call) -> int | None:
    """Return the level that -q or -v asks for; None leaves it to the settings."""
    import logging

    if call.quiet:
        return logging.WARNING
    return logging.DEBUG if call.verbose else None
