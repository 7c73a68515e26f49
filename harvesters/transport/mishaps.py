"""What goes wrong below HTTP, turned into errors with a cause of the register."""

from __future__ import annotations

import errno
import http.client
import socket
import ssl
from collections.abc import Iterator

import requests
import urllib3

from app.errors import HarvestError
from harvesters.failures import failure

_UNREACHABLE = frozenset((errno.ECONNREFUSED, errno.EHOSTUNREACH, errno.ENETUNREACH))


def explained(error: Exception, url: str) -> HarvestError:
    """Turn an error of the transport into one with a cause of the register."""
    chain = tuple(_chain(error))
    for told in chain:
        if isinstance(told, HarvestError):
            return told
    cause, what = next(filter(None, map(_cause_of, chain)), ("connection-reset", ""))
    what = what or f"The connection was dropped: {chain[-1]}."
    return failure(cause, what, url=url)


def _chain(error: BaseException) -> Iterator[BaseException]:
    """Yield an error and what it wraps, the outermost first."""
    pending: list[BaseException] = [error]
    seen: set[int] = set()
    while pending:
        inner = pending.pop(0)
        if id(inner) in seen:
            continue
        seen.add(id(inner))
        yield inner
        wrapped = (getattr(inner, "reason", None), inner.__cause__, *inner.args)
        pending.extend(part for part in wrapped if isinstance(part, BaseException))


def _cause_of(error: BaseException) -> tuple[str, str] | None:
    match error:
        case ssl.SSLCertVerificationError(verify_message=why):
            return "tls-invalid", f"The certificate of the server cannot be trusted: {why}."
        case ssl.SSLError(reason=why):
            return "tls-invalid", f"No TLS connection came about: {why}."
        case requests.ConnectTimeout() | urllib3.exceptions.ConnectTimeoutError():
            return "timed-out", "No connection came about in time."
        case requests.ReadTimeout() | urllib3.exceptions.ReadTimeoutError() | socket.timeout():
            return "timed-out", "The server sent nothing in time."
        case http.client.IncompleteRead() | urllib3.exceptions.IncompleteRead():
            return "body-short", "The answer broke off before its end."
        case requests.exceptions.InvalidURL() | urllib3.exceptions.LocationParseError():
            return "address-unusable", f"The address cannot be used: {error}."
        case OSError(errno=number) if number in _UNREACHABLE:
            return "connection-refused", f"The server takes no connection: {error.strerror}."
    return None
