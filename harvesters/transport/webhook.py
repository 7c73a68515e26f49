"""A message to an address that an operator named: one POST through the checked door.

No redirect is followed, and of the answer only its status is looked at. Sentences of errors hold no
more of the address than its host: the rest may be a secret.
"""

from __future__ import annotations

import requests
import urllib3

from app.errors import HarvestError, Undelivered
from harvesters.transport.addresses import CheckedAdapter, Door, host_key

CONNECT, READ = 10.0, 20.0
"""Seconds to wait for a connection, and for the next bytes of an answer."""
REFUSED = frozenset((400, 401, 403, 404, 405, 410, 413, 415, 422))
"""Statuses after which the same message is sent in vain."""


def post(url: str, body: bytes, headers: dict[str, str], *, allow_private: bool) -> None:
    """Send a body; raises Undelivered unless the answer is a 2xx."""
    host = host_key(url)
    with requests.Session() as session:
        session.trust_env = False
        door = Door(allow_private=allow_private)
        for scheme in ("http://", "https://"):
            session.mount(scheme, CheckedAdapter(door))
        try:
            status = _status(session, url, body, headers)
        except HarvestError as error:
            if error.cause == "private-address":
                words = f"{host} lies inside a private network; see alerts.allow_private_addresses."
                raise Undelivered(words, final=True) from None
            raise Undelivered(f"{host}: {error}") from None
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
            raise Undelivered(f"{host} did not take it: {_what(error)}.") from None
        finally:
            door.close()
    if not 200 <= status < 300:
        sentence = f"{host} answered with the status {status}."
        raise Undelivered(sentence, final=status in REFUSED)


def _status(session: requests.Session, url: str, body: bytes, headers: dict[str, str]) -> int:
    with session.post(
        url, data=body, headers=headers, timeout=(CONNECT, READ), allow_redirects=False,
        stream=True,
    ) as answer:  # fmt: skip
        return answer.status_code


def _what(error: Exception) -> str:
    """Name what went wrong; the text of the error would hold the whole address."""
    if isinstance(error, requests.Timeout):
        return "no answer came in time"
    if isinstance(error, requests.exceptions.SSLError):
        return "its certificate cannot be trusted"
    return "the connection could not be made, or broke"
