"""The web server: Granian around the plain WSGI application, one process and a few threads."""

from __future__ import annotations

import functools
import gc
import logging
import os
from typing import TYPE_CHECKING, Any

from app.cli.supervisor import follow

if TYPE_CHECKING:
    from flask import Flask

    from app.cli.hub import Plan

KILL_AFTER = 7
"""Seconds that requests in hand have when the server ends."""

log = logging.getLogger(__name__)


def serve(plan: Plan, threads: int) -> None:
    """Serve until SIGINT or SIGTERM."""
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    server = Granian(
        "app",
        address=plan.host,
        port=plan.port,
        interface=Interfaces.WSGI,
        blocking_threads=threads,
        respawn_failed_workers=True,
        workers_kill_timeout=KILL_AFTER,
        log_level=LogLevels.warning,
        log_dictconfig=_LOGGING,
    )
    log.info("listening on %s port %d", plan.host, plan.port)
    server.serve(target_loader=functools.partial(_load, plan, os.getpid()), wrap_loader=False)


def _load(plan: Plan, server: int) -> Flask:
    """Make the application, in the process that answers requests; it ends with the server."""
    from app import create_app
    from app.cli import logs

    logs.configure("web", plan.settings.logs)
    follow(server)
    made = create_app(plan.settings)
    gc.collect()
    gc.freeze()  # what is there by now stays: nothing of it needs to be looked through again
    return made


_LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {},
    "handlers": {},
    "loggers": {},
}
"""Granian's own handlers write to stdout; without them its words go where all logs go."""
