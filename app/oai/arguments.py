"""The arguments of a request: raw bytes to pairs, pairs to a judged Request.

Pairs stay a list to the end of the judgement, since a repeated argument is an error that a mapping
cannot show. What passes here fits its type in the schema of answers, so that it may be echoed.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from urllib.parse import unquote_to_bytes

from msgspec import Struct

from app.oai import datestamps, querysets
from app.oai.errors import BAD_ARGUMENT, BAD_VERB, Fault, OaiErrors, quoted, refuse

Pairs = Sequence[tuple[str, str]]

TOKEN = "resumptionToken"  # noqa: S105 - the name of an argument, not a secret

MOST_FAULTS = 50
"""Faults listed in one answer; a request of a megabyte could have half a million."""


class Shape(Struct, frozen=True):
    """What a verb takes (OAI-PMH 2.0, section 4)."""

    required: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    resumable: bool = False

    @property
    def known(self) -> tuple[str, ...]:
        """Every argument the verb has."""
        return (*self.required, *self.optional, *((TOKEN,) if self.resumable else ()))


_SELECTIVE = Shape(("metadataPrefix",), ("from", "until", "set"), resumable=True)
VERBS: Mapping[str, Shape] = {
    "Identify": Shape(),
    "ListMetadataFormats": Shape((), ("identifier",)),
    "ListSets": Shape(resumable=True),
    "GetRecord": Shape(("identifier", "metadataPrefix")),
    "ListIdentifiers": _SELECTIVE,
    "ListRecords": _SELECTIVE,
}


class Request(Struct, frozen=True):
    """A request that passed the first three stages; `pairs` are its arguments as they came."""

    verb: str
    pairs: tuple[tuple[str, str], ...] = ()
    identifier: str = ""
    metadata_prefix: str = ""
    set_spec: str = ""
    from_: int | None = None
    until: int | None = None
    token: str | None = None
    """None without a resumptionToken; an empty one is judged with the tokens."""


def read(*parts: bytes) -> list[tuple[str, str]]:
    """Read a query string, and the body of a POST, as one list of pairs.

    Bytes that are no UTF-8 become lone surrogates, which `judge` refuses with the other
    characters that XML forbids.
    """
    pieces = (piece for part in parts for piece in part.split(b"&") if piece)
    return [(_decoded(name), _decoded(value)) for name, _, value in map(_cut, pieces)]


def _cut(piece: bytes) -> tuple[bytes, bytes, bytes]:
    return piece.replace(b"+", b" ").partition(b"=")


def _decoded(raw: bytes) -> str:
    return (unquote_to_bytes(raw) if b"%" in raw else raw).decode("utf-8", "surrogateescape")


def judge(pairs: Pairs) -> Request:
    """Return the request, or raise all faults of the first stage that finds one."""
    verb = _verb([value for name, value in pairs if name == "verb"])
    given = tuple((name, value) for name, value in pairs if name != "verb")
    faults = list(islice(_faults(VERBS[verb], verb, given), MOST_FAULTS + 1))
    if len(faults) > MOST_FAULTS:
        faults[-1] = Fault(BAD_ARGUMENT, "There are further faults, which are not listed.")
    if faults:
        raise OaiErrors(faults)
    return _request(verb, given)


# ── stage 2: the verb ────────────────────────────────────────────────────────────────────────


def _verb(values: Sequence[str]) -> str:
    choice = "; it is one of " + ", ".join(VERBS) + "."
    if not values:
        raise refuse(BAD_VERB, "The argument verb is missing" + choice)
    if len(values) > 1:
        raise refuse(BAD_VERB, "The argument verb is given more than once; give it once.")
    if values[0] not in VERBS:
        raise refuse(BAD_VERB, f"There is no verb {quoted(values[0])}" + choice)
    return values[0]


# ── stage 3: all other arguments ─────────────────────────────────────────────────────────────


def _faults(shape: Shape, verb: str, given: Pairs) -> Iterator[Fault]:
    for text in (
        *_unknown(shape, verb, given),
        *_repeated(given),
        *_missing(shape, verb, given),
        *_illegal(shape, given),
        *_ranges(dict(given)),
    ):
        yield Fault(BAD_ARGUMENT, text)


def _unknown(shape: Shape, verb: str, given: Pairs) -> Iterator[str]:
    takes = "takes " + ", ".join(shape.known) if shape.known else "takes no arguments"
    for name in dict.fromkeys(name for name, _ in given):
        if name not in shape.known:
            yield f"{verb} has no argument {quoted(name)}; it {takes}."


def _repeated(given: Pairs) -> Iterator[str]:
    for name, count in Counter(name for name, _ in given).items():
        if count > 1:
            yield f"The argument {quoted(name)} is given more than once; give it once."


def _missing(shape: Shape, verb: str, given: Pairs) -> Iterator[str]:
    names = {name for name, _ in given}
    if TOKEN in names and shape.resumable:
        for name in shape.known:
            if name in names and name != TOKEN:
                yield f"{TOKEN} stands alone beside the verb; leave {name} out."
        return
    for name in shape.required:
        if name not in names:
            yield f"{verb} needs the argument {name}."


def _illegal(shape: Shape, given: Pairs) -> Iterator[str]:
    for name, value in given:
        if name not in shape.known:
            continue
        if _FORBIDDEN.search(value):
            yield f"The value of {name} is no UTF-8, or holds a character that XML does not allow."
        elif name in _RULES:
            accepts, wanted = _RULES[name]
            if not accepts(value):
                yield f"{quoted(value)} cannot be the value of {name}; {wanted}."
            elif name == "set":
                yield from querysets.faults(value)


def _ranges(given: Mapping[str, str]) -> Iterator[str]:
    begin, end = (datestamps.read(given.get(name, "")) for name in ("from", "until"))
    if begin is None or end is None:
        return
    if begin.day != end.day:
        yield "from and until are of different granularity; give both as days or both as seconds."
    elif begin.first > end.first:
        yield "from is later than until; nothing can lie between them."


# ── what fits its type in the schema of answers ────────────────────────────────────────

_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_WORD = r"[A-Za-z0-9\-_.!~*'()]+"
_PREFIX = re.compile(_WORD)
_SET = re.compile(f"{_WORD}(?::{_WORD})*")

_HOST = r"(?:[A-Za-z0-9\-_.!~*'();&=+$,]++|%[0-9A-Fa-f]{2})*+"
_USER = r"(?:[A-Za-z0-9\-_.!~*'();:&=+$,]++|%[0-9A-Fa-f]{2})*+"
_URIC = r"(?:[A-Za-z0-9\-_.!~*'();/?:@&=+$,]++|%[0-9A-Fa-f]{2})*+"
_URI = re.compile(
    rf"[A-Za-z][A-Za-z0-9+.\-]*:(?:(?!//){_URIC}"
    rf"|//(?:{_USER}@)?{_HOST}(?::(?P<port>[0-9]+))?(?:[/?]{_URIC})?)"
)
HIGHEST_PORT = 2**31 - 1
"""Beyond it validators refuse the address."""


def is_uri(text: str) -> bool:
    """Tell whether a text is a URI without fragment that any validator takes as an anyURI."""
    found = _URI.fullmatch(text)
    if found is None:
        return False
    port = (found["port"] or "0").lstrip("0")
    return len(port) <= len(str(HIGHEST_PORT)) and int(port or 0) <= HIGHEST_PORT


def _is_datestamp(text: str) -> bool:
    return datestamps.read(text) is not None


_DATE = (_is_datestamp, "write a day as YYYY-MM-DD or a second as YYYY-MM-DDThh:mm:ssZ, in UTC")
_RULES: Mapping[str, tuple[Callable[[str], object], str]] = {
    "from": _DATE,
    "until": _DATE,
    "metadataPrefix": (
        _PREFIX.fullmatch,
        "a prefix is of letters, digits and - _ . ! ~ * ' ( ), as ListMetadataFormats gives it",
    ),
    "set": (
        _SET.fullmatch,
        "a setSpec is of words joined by colons, as ListSets gives it",
    ),
    "identifier": (
        is_uri,
        "an identifier is a URI, such as ListIdentifiers gives it",
    ),
}


def _request(verb: str, given: tuple[tuple[str, str], ...]) -> Request:
    values = dict(given)
    begin, end = (datestamps.read(values.get(name, "")) for name in ("from", "until"))
    return Request(
        verb,
        given,
        identifier=values.get("identifier", ""),
        metadata_prefix=values.get("metadataPrefix", ""),
        set_spec=values.get("set", ""),
        from_=begin.first if begin else None,
        until=end.last if end else None,
        token=values.get(TOKEN),
    )


def echo(request: Request) -> Iterable[tuple[str, str]]:
    """Return the attributes of the `request` element, the verb first."""
    return (("verb", request.verb), *request.pairs)
