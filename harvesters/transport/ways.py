"""The way of a request: through the one door, with the TLS and the proxy of its repository.

What weakens TLS holds for the repository's own host alone, never for where a redirect leads.
"""

from __future__ import annotations

import ssl
import warnings
from urllib.parse import urlsplit

import requests
from urllib3.util.ssl_ import create_urllib3_context

from app.options import RepositoryOptions
from harvesters.failures import failure
from harvesters.transport.addresses import CheckedAdapter, Door, host_key

VERSIONS = {
    "1.0": ssl.TLSVersion.TLSv1,
    "1.1": ssl.TLSVersion.TLSv1_1,
    "1.2": ssl.TLSVersion.TLSv1_2,
    "1.3": ssl.TLSVersion.TLSv1_3,
}
OLD = ("1.0", "1.1")


class Way:
    """Sends the requests of one session; at most one at a time."""

    def __init__(self, base_url: str, options: RepositoryOptions, *, allow_private: bool) -> None:
        self._own_host = host_key(base_url)
        self._options = options
        self._proxy = options.proxy or ""
        proxy_host = urlsplit(self._proxy).hostname
        self.door = Door(
            allow_private=allow_private, trusted=frozenset((proxy_host,) if proxy_host else ())
        )
        self._others = CheckedAdapter(self.door)
        self._own: CheckedAdapter | None = None

    def send(
        self, request: requests.PreparedRequest, timeout: tuple[float, float]
    ) -> requests.Response:
        """Send a request and return its answer, the body unread."""
        url = request.url or ""
        own = host_key(url) == self._own_host
        if self._proxy:
            parts = urlsplit(url)
            self.door.check(parts.hostname or "", parts.port or 80)
        return (self._adapter() if own else self._others).send(
            request,
            stream=True,
            timeout=timeout,
            verify=not (own and self._options.verify_tls is False),
            proxies={"http": self._proxy, "https": self._proxy} if self._proxy else None,
        )

    def cut(self) -> None:
        """End the connection in use at once."""
        self.door.cut()

    def close(self) -> None:
        """Close all connections."""
        self._others.close()
        if self._own is not None:
            self._own.close()
        self.door.close()

    def _adapter(self) -> CheckedAdapter:
        """Return what sends to the repository's own host; made late, since it may not be usable."""
        if self._own is None:
            context = tls_context(self._options)
            self._own = CheckedAdapter(self.door, context) if context else self._others
        return self._own


def tls_context(options: RepositoryOptions) -> ssl.SSLContext | None:
    """Return the TLS that a repository's options want, None for the usual one.

    Raises HarvestError if its CA file cannot be used.
    """
    if options.verify_tls is not False and not options.ca_file and not options.tls_minimum:
        return None
    context = create_urllib3_context()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # the old versions are wanted
        context.minimum_version = VERSIONS[options.tls_minimum or "1.2"]
    if options.verify_tls is False:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    if options.tls_minimum in OLD:
        context.set_ciphers("DEFAULT:@SECLEVEL=0")
    if options.ca_file:
        try:
            context.load_verify_locations(cafile=options.ca_file)
        except (OSError, ssl.SSLError) as error:
            words = f"The CA file {options.ca_file} cannot be used: {error}."
            raise failure("tls-invalid", words) from error
    return context
