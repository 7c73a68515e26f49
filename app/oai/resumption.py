"""Resumption tokens: the whole state of a list, packed and signed; nothing is kept on the server.

A token is base64url, without padding, of a version byte, the packed state and an HMAC-SHA-256 cut
to 128 bits over both. It holds no chance and no clock but the list start and
the day of expiry, so a request repeated on the same day gives the same token.
"""

from __future__ import annotations

import hmac
from datetime import UTC, datetime, timedelta

import msgspec
from msgspec import Struct

from app import base64url, clock
from app.oai.errors import BAD_TOKEN, LONGEST_ECHO, OaiErrors, refuse

VERSION = b"\x01"
SIGNATURE_BYTES = 16
DAYS = 3
DAY = 86_400
UNCOUNTED = -1

_BEGIN = (
    "Lists are in the order of datestamps: go on without a token, with from= the datestamp of the "
    "last record that you have."
)


class Token(Struct, frozen=True, array_like=True):
    """Where in which list a harvester stands; moments are seconds since 1970."""

    verb: str
    until: int
    """The end of the list, frozen at its first page."""
    after: tuple[int, int] | str | None = None
    """The last key given: (datestamp, id) of a record, or the setSpec of a set."""
    prefix: str = ""
    set_spec: str = ""
    from_: int | None = None
    cursor: int = 0
    """How many have been given before the next page."""
    size: int = 0
    """How many the whole list has, as counted at its start; UNCOUNTED if that took too long."""
    expires: int = 0
    """The day, counted from 1970, at whose beginning the token ends."""


_DECODER = msgspec.msgpack.Decoder(Token)


def expiry_day(now: int) -> int:
    """Return the day at which a token given now ends: the third after today."""
    return now // DAY + DAYS


def expiry(day: int) -> datetime:
    """Return the moment at which tokens of that day end."""
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(days=day)


class Signer:
    """Seals and opens tokens. The first secret signs; tokens of every secret are accepted."""

    def __init__(self, secrets: tuple[str, ...]) -> None:
        self._keys = tuple(secret.encode("utf-8") for secret in secrets)

    def seal(self, token: Token) -> str:
        """Write a token as text of `[A-Za-z0-9_-]`."""
        signed = VERSION + msgspec.msgpack.encode(token)
        return base64url.written(signed + _signature(self._keys[0], signed))

    def open(self, text: str, verb: str, now: int) -> Token:
        """Read a token; raises badResumptionToken, in words, for one that is no longer good."""
        token = self._read(text)
        if token is None:
            raise refuse(BAD_TOKEN, f"This is no token that was given here, or it is cut. {_BEGIN}")
        if token.verb != verb:
            raise refuse(BAD_TOKEN, f"The token was given by {token.verb}; use it with that verb.")
        if now >= token.expires * DAY:
            raise _expired(token)
        return token

    def _read(self, text: str) -> Token | None:
        raw = base64url.read(text)
        if raw is None or raw[:1] != VERSION:
            return None
        signed, signature = raw[:-SIGNATURE_BYTES], raw[-SIGNATURE_BYTES:]
        # Every key is tried, whichever fits, so that time tells nothing.
        fits = [hmac.compare_digest(_signature(key, signed), signature) for key in self._keys]
        return _DECODER.decode(signed[1:]) if any(fits) else None


def withdrawn(token: Token) -> OaiErrors:
    """Return the error for a token whose format is no longer offered."""
    return refuse(BAD_TOKEN, f"The format {token.prefix} of this list is no longer offered.")


def misread(fault: str) -> OaiErrors:
    """Return the error for a token of a search that is no longer understood."""
    return refuse(BAD_TOKEN, f"The search of this list is no longer understood here. {fault}")


def emptied(token: Token) -> OaiErrors:
    """Return the error for a list of which nothing is left."""
    return refuse(BAD_TOKEN, f"Nothing is left of this list; it is complete. {_further(token)}")


def _expired(token: Token) -> OaiErrors:
    when = clock.text(expiry(token.expires))
    return refuse(BAD_TOKEN, f"The token ended at {when}. {_further(token)}")


def _further(token: Token) -> str:
    if not isinstance(token.after, tuple):
        return "Ask for the list again; it is short."
    arguments = f"metadataPrefix={token.prefix}&from={clock.text(token.after[0])}"
    short = len(token.set_spec) <= LONGEST_ECHO
    also = f"&set={token.set_spec}" if token.set_spec and short else "" if short else " and the set"
    return f"Lists are in the order of datestamps; to go on, ask with {arguments}{also}."


def _signature(key: bytes, signed: bytes) -> bytes:
    return hmac.digest(key, signed, "sha256")[:SIGNATURE_BYTES]
