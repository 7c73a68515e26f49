"""The synthetic source under many ports, each of which counts as a host of its own.

    python -m bench.many_hosts --data FOLDER --first PORT --number 200 [--delay 0.1]

One process serves them all, so that the source costs little and its CPU is not counted.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from types import SimpleNamespace
from typing import Any

from bench.tools import TOOLS


async def serve(source: Any, ports: range) -> None:
    loop = asyncio.get_running_loop()
    servers = [await loop.create_server(source.P, "127.0.0.1", port, backlog=64) for port in ports]
    await asyncio.gather(*(server.serve_forever() for server in servers))


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--data", required=True)
    parser.add_argument("--first", type=int, required=True)
    parser.add_argument("--number", type=int, default=200)
    parser.add_argument("--delay", type=float, default=0.0)
    options = parser.parse_args()
    sys.path.insert(0, str(TOOLS))
    import fast_source

    source: Any = fast_source
    source.OPT = SimpleNamespace(gzip=0, delay=options.delay)
    source.C, source.STAT, source.CACHE = source.Corpus(options.data), [0, 0], {}
    asyncio.run(serve(source, range(options.first, options.first + options.number)))


if __name__ == "__main__":
    main()
