"""Logs of the processes: one line each on stderr, `time process sentence`, by structlog.

Whatever logs through `logging` (ours and libraries alike) comes out in the same form.
"""

from __future__ import annotations

import logging
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from structlog.typing import EventDict, WrappedLogger

QUIET_ONES = ("apscheduler", "alembic", "sqlalchemy", "_granian")
"""Libraries of which only warnings are of interest."""
SILENT_ONES = ("urllib3", "requests")
"""Libraries whose warnings hold whole addresses, with the keys in them."""


def configure(process: str, *, level: int = logging.INFO) -> None:
    """Send all logs of this process to stderr, each line naming the process."""
    import structlog

    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            structlog.stdlib.add_log_level,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[structlog.stdlib.add_log_level],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.TimeStamper("%H:%M:%S", utc=True, key="time"),
            structlog.processors.format_exc_info,
            lambda logger, name, event: _line(process, logger, name, event),
        ],
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    logging.basicConfig(handlers=[handler], level=level, force=True)
    for name in QUIET_ONES:
        logging.getLogger(name).setLevel(max(level, logging.WARNING))
    for name in SILENT_ONES:
        logging.getLogger(name).setLevel(logging.CRITICAL)


def _line(process: str, _logger: WrappedLogger, _name: str, event: EventDict) -> str:
    level = event.pop("level", "info")
    word = "" if level == "info" else f"{level}: "
    trace = event.pop("exception", "")
    words = f"{event.pop('time')}Z {process:<10} {word}{event.pop('event')}"
    more = "".join(f" {key}={value}" for key, value in event.items() if not key.startswith("_"))
    return _one_line(words + more) + (f"\n{trace}" if trace else "")


def _one_line(text: str) -> str:
    return " ".join(text.splitlines())
