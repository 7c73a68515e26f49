"""A hub over real HTTP, for those who look at the provider from outside."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(database_url: str, **variables: str) -> Iterator[str]:
    """Serve the hub of a database by Granian, one worker; yields the provider's base URL."""
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    environ = os.environ | {
        "GARNERY_DATABASE_URL": database_url,
        "GARNERY_BASE_URL": base,
        **variables,
    }
    command = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws", "--log-level", "error",
        "--host", "127.0.0.1", "--port", str(port), "app.wsgi:application",
    ]  # fmt: skip
    process = subprocess.Popen(command, cwd=ROOT, env=environ)
    try:
        _wait_for(f"{base}/oai?verb=Identify", process)
        yield f"{base}/oai"
    finally:
        process.terminate()
        process.wait(15)


def _wait_for(url: str, process: subprocess.Popen[bytes], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while True:
        try:
            urllib.request.urlopen(url, timeout=5).close()
        except OSError:
            assert process.poll() is None, "the server ended"
            assert time.monotonic() < deadline, "the server does not answer"
            time.sleep(0.05)
        else:
            return
