"""Logs of the processes, on stderr: a line for people each, or an object of JSON, by structlog.

Whatever logs through `logging` (ours and libraries alike) comes out in the same form, with what it
belongs to: request, job, repository, harvest. Keys and passwords never come out, and of the address
of a client no more than its network.
"""

from __future__ import annotations

import logging
import re
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from structlog.typing import EventDict, Processor

    from app.settings import Logs

QUIET_ONES = ("apscheduler", "alembic", "sqlalchemy", "_granian")
"""Libraries of which only warnings are of interest."""
SILENT_ONES = ("urllib3", "requests")
"""Libraries whose warnings hold whole addresses, with the keys in them."""
HIDDEN = "…"

_ARGUMENT = re.compile(r"([?&;])([^=&?;\s'\"]+)=([^&;\s'\"]*)")
_USER = re.compile(r"(://)[^/\s:@'\"]*:[^/\s@'\"]+@")
_NAMED = re.compile(
    r"(?i)\b(password|passwd|secret|api_?key|access_token|token|authorization|cookie)"
    r"(['\"]?\s*(?:=|:)\s*)((?:Bearer|Basic)\s+\S+|\"[^\"]*\"|'[^']*'|[^\s,;&]+)"
)
_BEARER = re.compile(r"\b(Bearer|Basic)\s+[A-Za-z0-9._~+/=-]{8,}")
_IP = re.compile(
    r"(?<![\w.:])(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,7})"
)


def configure(process: str, logs: Logs | None = None, *, level: int | None = None) -> None:
    """Send all logs of this process to stderr, each naming the process.

    level: wins over the one of the settings.
    """
    import structlog

    asked = logging.getLevelName(logs.level.upper()) if logs else logging.INFO
    least = asked if level is None else level
    before: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *before,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )
    in_json = logs is not None and logs.format == "json"
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=before, processors=_endings(process, in_json=in_json)
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    _begin(handler, least)


def _begin(handler: logging.Handler, least: int) -> None:
    """Let a handler have all logs from a level on, but for what libraries are not to say."""
    logging.basicConfig(handlers=[handler], level=least, force=True)
    for name in QUIET_ONES:
        logging.getLogger(name).setLevel(max(least, logging.WARNING))
    for name in SILENT_ONES:
        logging.getLogger(name).setLevel(logging.CRITICAL)


def configure_when_needed(process: str, *, level: int) -> None:
    """Do the same once something is logged: of a short command that is hardly ever the case."""
    _begin(_WhenNeeded(process, level), level)


class _WhenNeeded(logging.Handler):
    """Sets the logs up for its first record, and hands it on to them."""

    def __init__(self, process: str, level: int) -> None:
        super().__init__()
        self._process, self._least = process, level

    def emit(self, record: logging.LogRecord) -> None:
        """Write the first record as all others will be."""
        configure(self._process, level=self._least)
        logging.getLogger(record.name).handle(record)


def _endings(process: str, *, in_json: bool) -> list[Processor]:
    """Return what makes a line of an event."""
    import structlog

    def veil(_logger: Any, _name: str, event: EventDict) -> EventDict:
        return {key: _veiled(value, of_web=process == "web") for key, value in event.items()}

    def line(_logger: Any, _name: str, event: EventDict) -> str:
        return _line(process, event)

    def document(_logger: Any, _name: str, event: EventDict) -> str:
        return _document(process, event)

    return [
        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
        structlog.processors.TimeStamper("iso" if in_json else "%H:%M:%S", utc=True, key="time"),
        structlog.processors.format_exc_info,
        veil,
        document if in_json else line,
    ]


def _line(process: str, event: EventDict) -> str:
    level = event.pop("level", "info")
    word = "" if level == "info" else f"{level}: "
    trace = event.pop("exception", "")
    words = f"{event.pop('time')}Z {process:<10} {word}{event.pop('event')}"
    more = "".join(f" {key}={value}" for key, value in event.items() if not key.startswith("_"))
    return _one_line(words + more) + (f"\n{trace}" if trace else "")


def _document(process: str, event: EventDict) -> str:
    import json

    head = {"time": event.pop("time"), "level": event.pop("level", "info"), "process": process}
    value = head | {k: v for k, v in event.items() if not k.startswith("_")}
    return json.dumps(value, ensure_ascii=False, default=str)


def _one_line(text: str) -> str:
    return " ".join(text.splitlines())


def _veiled(value: object, *, of_web: bool) -> object:
    """Return a value without what nobody may read in a log."""
    if not isinstance(value, str):
        return value
    text = without_secrets(value)
    return _IP.sub(_cut, text) if of_web else text


def without_secrets(text: str) -> str:
    """Return a text with `…` in place of keys, passwords and tokens."""
    text = _USER.sub(rf"\1{HIDDEN}@", text)
    text = _ARGUMENT.sub(_argument, text)
    text = _NAMED.sub(rf"\1\2{HIDDEN}", text)
    return _BEARER.sub(rf"\1 {HIDDEN}", text)


def _argument(found: re.Match[str]) -> str:
    from app.addresses import is_secret

    value = HIDDEN if is_secret(found[2]) else found[3]
    return f"{found[1]}{found[2]}={value}"


def _cut(found: re.Match[str]) -> str:
    """Return the network of an address, but for those of this machine."""
    import ipaddress

    from app.web.clients import network

    try:
        address = ipaddress.ip_address(found[0])
    except ValueError:
        return found[0]
    return found[0] if address.is_loopback or address.is_unspecified else network(found[0])
