"""The XML of answers: envelope, headers, records, tokens, errors, as bytes that are only joined.

Every text that comes from outside passes the escaping writers of `app.crosswalks.xml`. Identifiers,
datestamps and setSpecs of records hold nothing to escape, by the rules that made them;
stored renderings and abouts are joined as they are.
"""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from itertools import chain

from msgspec import Struct

from app import clock
from app.crosswalks.xml import XSI, attribute, element, escape
from app.oai.errors import Fault
from app.store.served.values import Facts
from app.store.values import PageRow

NAMESPACE = "http://www.openarchives.org/OAI/2.0/"
SCHEMA = NAMESPACE + "OAI-PMH.xsd"

_ROOT = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    f'<OAI-PMH xmlns="{NAMESPACE}" xmlns:xsi="{XSI}" xsi:schemaLocation="{NAMESPACE} {SCHEMA}">'
    "<responseDate>"
)
ENDING = b"</OAI-PMH>\n"
_DIGEST_BYTES = 12

Wrap = Callable[[PageRow], bytes]
"""Gives the metadata of a live row in the format that is asked for."""


class Content(Struct, frozen=True):
    """The verb element of an answer, in pieces; `etag` names what it says, without its moment."""

    pieces: tuple[bytes, ...]
    etag: str = ""
    facts: Facts | None = None
    """For statistics; None: those of the request say enough."""


class NotModified(Exception):
    """The client has this answer already; `etag` is the one it holds."""

    def __init__(self, etag: str, facts: Facts | None = None) -> None:
        super().__init__(etag)
        self.etag = etag
        self.facts = facts


def envelope(
    moment: str, base_url: str, asked: Iterable[tuple[str, str]], pieces: Iterable[bytes]
) -> bytes:
    """Join a whole answer. asked: the attributes of `request`, none with badVerb or badArgument."""
    return b"".join((opening(moment, base_url, asked), *pieces, ENDING))


def opening(moment: str, base_url: str, asked: Iterable[tuple[str, str]]) -> bytes:
    """Return what stands before the verb element; ENDING stands behind it."""
    attributes = "".join(attribute(name, value) or f' {name}=""' for name, value in asked)
    start = f"{_ROOT}{moment}</responseDate><request{attributes}>"
    return f"{start}{escape(base_url)}</request>".encode()


def errors(faults: Iterable[Fault]) -> tuple[bytes, ...]:
    """Return an element for each fault."""
    return tuple(
        element("error", fault.text, attribute("code", fault.code)).encode() for fault in faults
    )


def whole(verb: str, inner: str) -> Content:
    """Return the content of a verb whose answer is made at once; its ETag is that of its bytes."""
    body = f"<{verb}>{inner}</{verb}>".encode()
    return Content((body,), f"0-{_digest(body)}")


# ── records ──────────────────────────────────────────────────────────────────────────────────


def header(row: PageRow, start: str, also: str = "") -> str:
    """Return the header of a row. start: what stands before the local name, `oai:domain:`.

    also: a further setSpec, as `set_spec` writes it.
    """
    return f"{_DELETED if row.deleted else _LIVE}{start}{row.local_id}{_behind(row, also)}"


_LIVE = "<header><identifier>"
_DELETED = '<header status="deleted"><identifier>'


def _behind(row: PageRow, also: str) -> str:
    """Return what stands behind the local name: alike for most records of a page."""
    return (
        f"</identifier><datestamp>{_stamp(row.stamp)}</datestamp>"
        f"{_set_specs(row.sets)}{also}</header>"
    )


def headers(rows: Iterable[PageRow], start: str, also: str = "") -> tuple[bytes, ...]:
    """Return the headers of a page."""
    return ("".join([header(row, start, also) for row in rows]).encode(),)


def records(rows: Iterable[PageRow], start: str, metadata: Wrap, also: str = "") -> list[bytes]:
    """Return the records of a page as pieces: headers are written, all else is joined."""
    pieces: list[bytes] = []
    live, dead = f"<record>{_LIVE}{start}", f"<record>{_DELETED}{start}"
    behind: dict[tuple[int, str], str] = {}
    for row in rows:
        alike = row.stamp, row.sets
        rest = behind.get(alike)
        if rest is None:
            rest = behind[alike] = _behind(row, also)
        if row.deleted:
            pieces.append(f"{dead}{row.local_id}{rest}</record>".encode())
        else:
            pieces += (
                f"{live}{row.local_id}{rest}<metadata>".encode(),
                metadata(row),
                b"</metadata>",
                row.about or b"",
                b"</record>",
            )
    return pieces


@lru_cache(1024)
def _stamp(seconds: int) -> str:
    return clock.text(seconds)


@lru_cache(8192)
def _set_specs(joined: str) -> str:
    return "".join(map(set_spec, joined.split()))


def set_spec(spec: str) -> str:
    """Write a setSpec."""
    return f"<setSpec>{spec}</setSpec>"


# ── tokens and validators ────────────────────────────────────────────────────────────────────


def token(text: str, *, cursor: int, size: int = 0, expires: str = "") -> bytes:
    """Return a resumptionToken element; an empty text ends a list of several pages."""
    attributes = "".join(
        (
            attribute("expirationDate", expires),
            attribute("completeListSize", str(size) if size > 0 else None),
            attribute("cursor", str(cursor)),
        )
    )
    return element("resumptionToken", text, attributes).encode()


def page_etag(rows: Sequence[PageRow], token_element: bytes) -> str:
    """Name a page by its records, their datestamps and its token.

    The number of records stands in front, so that the page can be compared from headers alone.
    """
    keys = array("q", chain.from_iterable([(row.id, row.stamp) for row in rows]))
    return f"{len(rows)}-{_digest(keys.tobytes() + token_element)}"


def _digest(data: bytes) -> str:
    return hashlib.blake2b(data, digest_size=_DIGEST_BYTES).hexdigest()
