"""A hub on one machine, as `garnery up` runs it: where it listens, which processes it needs.

Nothing here runs anything but the sample repositories; the supervisor keeps the processes.
"""

from __future__ import annotations

import contextlib
import http.client
import logging
import os
import socket
import threading
import time
from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from app.cli.supervisor import LOOK, Child, Supervisor
from app.errors import ConfigurationError
from app.settings import Settings

if TYPE_CHECKING:
    from app.cli.manners import Call
    from app.store import Store

ANYWHERE = {"": "127.0.0.1", "0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 compared, not bound
DEMO_PORT = "demo-port"
"""Key of the store under which the port of the sample repositories is remembered."""
DEMO_EVERY = "1m"
"""Often, so that a demonstration shows what an incremental harvest brings."""
DEMO_START = 15.0
"""Seconds that the sample repositories have to start."""

log = logging.getLogger(__name__)


class Plan(Struct, frozen=True):
    """How the processes of this hub are started."""

    settings: Settings
    host: str
    port: int
    workers: int
    environ: Mapping[str, str]


def plan(call: Call, *, host: str | None, port: int | None, workers: int | None) -> Plan:
    """Return the plan; a base_url that nobody has set follows the host and port."""
    settings = call.settings
    host, port = host or settings.web.host, port or settings.web.port
    environ = call.environ
    if settings.base_url == Settings().base_url:
        settings = msgspec.structs.replace(settings, base_url=_address(host, port))
        environ["GARNERY_BASE_URL"] = settings.base_url
    count = settings.work.workers if workers is None else workers
    return Plan(settings, host, port, count, environ)


def children(plan: Plan) -> tuple[Child, ...]:
    """Return the processes of a hub: web, workers, scheduler."""
    web = ("serve", "--host", plan.host, "--port", str(plan.port))
    names = ["work"] if plan.workers == 1 else [f"work-{n + 1}" for n in range(plan.workers)]
    return (
        Child("web", web, plan.environ),
        *(Child(name, ("work",), plan.environ) for name in names),
        Child("schedule", ("schedule",), plan.environ),
    )


def require_free(host: str, port: int) -> None:
    """Raise ConfigurationError when nobody can listen there."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host, port))
        except OSError as error:
            raise ConfigurationError(
                f"Port {port} of {host} cannot be used: {error.strerror}. "
                f"Choose another with --port, such as --port {port + 1}."
            ) from error


def require_formats(call: Call) -> None:
    """Raise ConfigurationError for a format that is switched on and cannot be."""
    from app.crosswalks.further import renderer

    renderer(call.settings.oai)


def bring_up_to_date(call: Call) -> None:
    """Make the database if there is none, and upgrade its schema."""
    from app.cli.upgrading import upgrade

    steps, _ = upgrade(call)
    for step in steps:
        log.info("the database is upgraded: %s", step)


def announce(call: Call, plan: Plan) -> bool:
    """Tell the addresses once the web server answers; returns whether it does."""
    if not _answers(plan.host, plan.port):
        return False
    base = plan.settings.base_url
    here = _address(plan.host, plan.port)
    value = {
        "state": "running",
        "pid": os.getpid(),
        "url": base,
        "oai": f"{base}/oai",
        "listening": here,
        "workers": plan.workers,
    }
    call.show(value, lambda: (f"The hub is at {base}", f"OAI-PMH: {base}/oai?verb=Identify"))
    return True


def start_demo(call: Call, plan: Plan, supervisor: Supervisor, stop: threading.Event) -> Plan:
    """Start the sample repositories, add those that are missing, and queue their harvests.

    Returns the plan in which the processes may harvest them.
    """
    port = _demo_port(call.store)
    supervisor.start(Child("demo", ("demo", "--port", str(port)), plan.environ))
    deadline = time.monotonic() + DEMO_START
    while not _listens("127.0.0.1", port) and not stop.wait(LOOK):
        if time.monotonic() > deadline:
            raise ConfigurationError("The sample repositories do not start; see the log above.")
    _add_demo(call.store, f"http://127.0.0.1:{port}")
    return plan


def _add_demo(store: Store, base: str) -> None:
    from app.errors import AlreadyExists
    from app.jobs import HARVEST, submit
    from harvesters.demo import REPOSITORIES
    from harvesters.transport.http import host_key

    later = store.now() + timedelta(days=1)
    for sample in REPOSITORIES:
        url = base + sample.path
        try:
            store.repositories.add(
                sample.name,
                title=sample.title,
                base_url=url,
                every=DEMO_EVERY,
                allow_private=True,
                next_harvest_at=later,
            )
        except AlreadyExists:
            store.repositories.edit(sample.name, base_url=url)
        submit(store, HARVEST, {"repository": sample.name}, lock=host_key(url))


def _demo_port(store: Store) -> int:
    """Return the port of the last time if it is free, else any free one."""
    for wanted in (int(store.hub.get(DEMO_PORT) or 0), 0):
        with socket.socket() as trial, contextlib.suppress(OSError):
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            trial.bind(("127.0.0.1", wanted))
            port = int(trial.getsockname()[1])
            store.hub.put(DEMO_PORT, str(port))
            return port
    raise ConfigurationError("No port of this machine is free.")


def _address(host: str, port: int) -> str:
    reachable = ANYWHERE.get(host, host)
    return f"http://[{reachable}]:{port}" if ":" in reachable else f"http://{reachable}:{port}"


def _listens(host: str, port: int) -> bool:
    try:
        socket.create_connection((host, port), timeout=1).close()
    except OSError:
        return False
    return True


def _answers(host: str, port: int) -> bool:
    """Ask our own web server whether it lives; the one connection that is no harvest."""
    own = http.client.HTTPConnection(ANYWHERE.get(host, host), port, timeout=1)
    try:
        own.request("GET", "/healthz")
        return own.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        own.close()
