"""What the benches share: the synthetic source, a stopwatch for whole process trees, ratios.

Records, the source that serves them and the peers come from the tools folder beside the project
(`../shared/tools/bench`, or GARNERY_SHARED_FOLDER); without it a bench says so and stops.
"""

from __future__ import annotations

import contextlib
import json
import os
import resource
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
OUT = Path(os.environ.get("GARNERY_BENCH_FOLDER", ROOT / "bench" / "out"))
SHARED = Path(os.environ.get("GARNERY_SHARED_FOLDER", ROOT.parent / "shared"))
TOOLS = SHARED / "tools" / "bench"


@dataclass(frozen=True)
class Cost:
    """What a run cost: CPU seconds of the whole process tree, wall seconds, megabytes at most."""

    cpu: float
    wall: float
    megabytes: float
    output: str


def need_tools() -> None:
    if not (TOOLS / "fast_source.py").is_file():
        sys.exit(f"The benches need the tools folder at {TOOLS}; set GARNERY_SHARED_FOLDER.")
    OUT.mkdir(parents=True, exist_ok=True)


def source_data(records: int) -> Path:
    """Make the synthetic records once; the same number gives the same records."""
    folder = OUT / f"source-{records}"
    if not (folder / "meta.json").is_file():
        tool = [sys.executable, str(TOOLS / "generate_source.py")]
        subprocess.run([*tool, "--n", str(records), "--out", str(folder)], check=True, stdout=2)
    return folder


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def free_ports(number: int) -> range:
    """So many free ports in a row, outside of what the system gives out by itself."""
    for first in range(20000, 32000, number):
        with contextlib.ExitStack() as trials, contextlib.suppress(OSError):
            for port in range(first, first + number):
                trials.enter_context(socket.socket()).bind(("127.0.0.1", port))
            return range(first, first + number)
    sys.exit(f"There are no {number} free ports in a row.")


def wait_for(url: str, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while True:
        try:
            urllib.request.urlopen(url, timeout=5).close()
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
        else:
            return


@contextlib.contextmanager
def running(command: list[str], url: str, **environ: str) -> Iterator[subprocess.Popen[bytes]]:
    """A server process that answers at `url`; ended with its children afterwards."""
    process = subprocess.Popen(
        command,
        env={**os.environ, **environ},
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        wait_for(url)
        yield process
    finally:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, 9)


@contextlib.contextmanager
def source(records: int) -> Iterator[str]:
    """The synthetic source; yields its base URL without the page size."""
    port = free_port()
    tool = [sys.executable, str(TOOLS / "fast_source.py")]
    command = [*tool, "--data", str(source_data(records)), "--port", str(port)]
    with running(command, f"http://127.0.0.1:{port}/oai/100?verb=Identify"):
        yield f"http://127.0.0.1:{port}/oai"


Command = tuple[list[str], dict[str, str]]
"""The words of a command and what its environment has beside ours."""


def cost(command: list[str], **environ: str) -> Cost:
    """Run a command to its end and tell what its process tree cost."""
    return costs([(command, environ)])[0]


def costs(commands: list[Command]) -> list[Cost]:
    """Run commands at the same time; the wall seconds of each are those until all have ended."""
    began = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        started = [_started(command, Path(folder, str(n))) for n, command in enumerate(commands)]
        usages = [_ended(process) for process in started]
        wall = time.perf_counter() - began
        for n, (process, (command, _)) in enumerate(zip(started, commands, strict=True)):
            if process.returncode:
                complaints = Path(folder, f"{n}.err").read_text()
                sys.exit(f"{' '.join(command)} ended with {process.returncode}:\n{complaints}")
        outputs = [Path(folder, f"{n}.out").read_text() for n in range(len(commands))]
    return [
        Cost(usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss / 1024, output)
        for usage, output in zip(usages, outputs, strict=True)
    ]


def _started(command: Command, path: Path) -> subprocess.Popen[bytes]:
    words, environ = command
    with path.with_suffix(".out").open("wb") as out, path.with_suffix(".err").open("wb") as err:
        return subprocess.Popen(
            words, env={**os.environ, **environ}, cwd=ROOT, stdout=out, stderr=err
        )


def _ended(process: subprocess.Popen[bytes]) -> resource.struct_rusage:
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return usage


def peer(name: str, *arguments: str) -> list[str]:
    return [sys.executable, str(TOOLS / name), *arguments]


def median(values: list[float]) -> float:
    return round(statistics.median(values), 2)


def clean(*paths: Path) -> None:
    for path in paths:
        shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink(missing_ok=True)


def report(**figures: object) -> None:
    """Print the one JSON line that a bench ends with."""
    print(json.dumps(figures), flush=True)
