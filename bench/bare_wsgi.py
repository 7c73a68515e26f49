"""The least that can send a list's bytes: a WSGI application under Granian, nothing behind it.

    python -m bench.bare_wsgi PORT THREADS PAGES

PAGES is a file of pickled answers by query string; the server around it is set up as ours is.
"""

from __future__ import annotations

import functools
import pickle
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any


def application(path: str, _target: str = "") -> Callable[..., list[bytes]]:
    answers: dict[str, bytes] = pickle.loads(Path(path).read_bytes())

    def answer(environ: dict[str, Any], start: Callable[..., Any]) -> list[bytes]:
        body = answers[environ["QUERY_STRING"]]
        kind, length = ("Content-Type", "text/xml; charset=UTF-8"), str(len(body))
        start("200 OK", [kind, ("Content-Length", length)])
        return [body]

    return answer


def main() -> None:
    from granian import Granian
    from granian.constants import Interfaces

    port, threads, path = sys.argv[1:]
    server = Granian(
        "bench", port=int(port), interface=Interfaces.WSGI, blocking_threads=int(threads)
    )
    server.serve(target_loader=functools.partial(application, path), wrap_loader=False)


if __name__ == "__main__":
    main()
