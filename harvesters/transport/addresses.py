"""The one door to the network: resolve a name, check every address, connect to a checked one.

The connection goes to the address that was checked, with the name in Host and SNI, so that a
second answer of the DNS cannot swap it. Nothing else opens connections.
"""

from __future__ import annotations

import contextlib
import ipaddress
import socket
import ssl
import time
from typing import Any
from urllib.parse import urlsplit

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.poolmanager import PoolManager, ProxyManager

from app.errors import HarvestError
from harvesters.failures import failure

Address = tuple[int, int, int, str, Any]
"""What `socket.getaddrinfo` gives: family, type, protocol, name, socket address."""

_IPV4_INSIDE = tuple(
    ipaddress.IPv6Network(text) for text in ("::ffff:0:0/96", "::/96", "2002::/16", "2001::/32")
)
_TRANSLATED = ipaddress.IPv6Network("64:ff9b::/96")


class UnknownName(HarvestError):
    """A host name that cannot be resolved here."""


def inward(address: str) -> bool:
    """Tell whether an IP address leads anywhere but to the public network."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        if any(ip in network for network in _IPV4_INSIDE):
            return True
        if ip in _TRANSLATED:  # how networks without IPv4 reach the public one
            return inward(str(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)))
    return not ip.is_global or ip.is_multicast or ip.is_reserved


def host_key(base_url: str) -> str:
    """Return what one request at a time is counted by: host, and port if it is not the scheme's."""
    parts = urlsplit(base_url)
    usual = {"http": 80, "https": 443}.get(parts.scheme.lower())
    port = parts.port
    host = (parts.hostname or "").rstrip(".")
    return host if port in (None, usual) else f"{host}:{port}"


class Door:
    """Opens connections; knows the last one that was used, so that it can be cut.

    trusted: hosts that an operator named, such as a proxy; they may lie anywhere.
    """

    def __init__(self, *, allow_private: bool, trusted: frozenset[str] = frozenset()) -> None:
        self.allow_private = allow_private
        self.trusted = trusted
        self.current: HTTPConnection | None = None
        self._opened: socket.socket | None = None

    def open(self, host: str, port: int, timeout: float | None) -> socket.socket:
        """Connect to a host by one of its checked addresses."""
        addresses = self._resolve(host, port)
        if host not in self.trusted:
            self._refuse_inward(host, addresses)
        made = _connect(addresses, timeout)
        self.close()
        self._opened = made.dup()  # what TLS makes of it during a handshake is not in our hands
        return made

    def check(self, host: str, port: int) -> None:
        """Refuse a host that is asked by a proxy, if we know that it lies inside."""
        with contextlib.suppress(UnknownName):
            self._refuse_inward(host, self._resolve(host, port))

    def using(self, connection: HTTPConnection) -> None:
        """Note the connection on which a request is sent."""
        self.current = connection
        self.close()

    def cut(self) -> None:
        """End the connection in use at once; whoever reads from it gets no more bytes."""
        inner = self.current.sock if self.current is not None else None
        for one in (inner, self._opened):
            if one is not None:
                with contextlib.suppress(OSError):
                    socket.socket.shutdown(one, socket.SHUT_RDWR)

    def close(self) -> None:
        """Let go of the connection that was being made."""
        if self._opened is not None:
            self._opened.close()
            self._opened = None

    def _refuse_inward(self, host: str, addresses: list[Address]) -> None:
        inner = [where[4][0] for where in addresses if inward(where[4][0])]
        if inner and not self.allow_private:
            raise failure(
                "private-address",
                f"{host} has the address {inner[0]}, which lies inside a private network.",
            )

    @staticmethod
    def _resolve(host: str, port: int) -> list[Address]:
        try:
            found = socket.getaddrinfo(host.strip("[]"), port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise UnknownName(
                "name-not-found", f"The host name {host} cannot be resolved: {error}."
            ) from error
        return [(int(a), int(b), c, d, e) for a, b, c, d, e in found]


def _connect(addresses: list[Address], timeout: float | None) -> socket.socket:
    """Try the addresses in turn; together they take no longer than the time-out."""
    end = None if timeout is None else time.monotonic() + timeout
    last: OSError = OSError("the name has no address")
    for tried, (family, kind, protocol, _, where) in enumerate(addresses):
        made = socket.socket(family, kind, protocol)
        try:
            if end is not None:
                left = max(end - time.monotonic(), 0.1)
                made.settimeout(left / (len(addresses) - tried))
            made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            made.connect(where)
        except OSError as error:
            made.close()
            last = error
        else:
            made.settimeout(timeout)
            return made
    raise last


class _Through:
    """Makes a connection go through a door; mixed into the two connection classes."""

    door: Door

    def _new_conn(self: Any) -> socket.socket:
        made: socket.socket = self.door.open(self._dns_host, self.port, self.timeout)
        return made

    def request(self: Any, *arguments: Any, **options: Any) -> None:
        """Send a request, and remember this connection as the one in use."""
        self.door.using(self)
        self.base.request(self, *arguments, **options)


class _Plain(_Through, HTTPConnection):
    base = HTTPConnection


class _Secure(_Through, HTTPSConnection):
    base = HTTPSConnection


class _PlainPool(HTTPConnectionPool):
    ConnectionCls = _Plain


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _Secure

    def _validate_conn(self, conn: Any) -> None:
        """Connect, without a warning where a repository's certificate is not verified.

        Whoever looks at that repository is told; the log of each request need not be.
        """
        if conn.is_closed:
            conn.connect()


class _Pools(PoolManager):
    """Pools whose connections go through one door."""

    def __init__(self, door: Door, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.pool_classes_by_scheme = {
            "http": _through(door, _PlainPool),
            "https": _through(door, _SecurePool),
        }


def _through(door: Door, pool: type[HTTPConnectionPool]) -> type[HTTPConnectionPool]:
    connection = type(pool.ConnectionCls.__name__, (pool.ConnectionCls,), {"door": door})
    return type(pool.__name__, (pool,), {"ConnectionCls": connection})


class CheckedAdapter(HTTPAdapter):
    """A requests adapter whose connections all go through one door; it never retries."""

    def __init__(self, door: Door, context: ssl.SSLContext | None = None) -> None:
        self.door = door
        self._context = context
        super().__init__(pool_connections=4, pool_maxsize=2, max_retries=0)

    def init_poolmanager(self, connections: int, maxsize: int, *_: Any, **options: Any) -> None:
        """Make the pools."""
        self.poolmanager = _Pools(self.door, num_pools=connections, maxsize=maxsize, **options)

    def proxy_manager_for(self, proxy: str, **_: Any) -> ProxyManager:
        """Return the pools that go through a proxy, by the same door."""
        made: ProxyManager | None = self.proxy_manager.get(proxy)
        if made is None:
            made = ProxyManager(proxy, num_pools=4, maxsize=2)
            made.pool_classes_by_scheme = self.poolmanager.pool_classes_by_scheme
            self.proxy_manager[proxy] = made
        return made

    def build_connection_pool_key_attributes(self, *arguments: Any, **options: Any) -> Any:
        """Return where a request goes and how, with our TLS where it is another than usual."""
        where, how = super().build_connection_pool_key_attributes(*arguments, **options)
        return where, how if self._context is None else how | {"ssl_context": self._context}
