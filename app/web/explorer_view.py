"""What the page of an answer of OAI-PMH shows: links, words and forms around its values. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from msgspec import Struct

from app.datacite.resource import is_missing
from app.web import foreign, words

if TYPE_CHECKING:
    from app.crosswalks import MetadataFormat
    from app.oai.arguments import Pairs
    from app.oai.readable import Field, Readable, Shown

START_TITLE = "Harvest this hub by OAI-PMH"
ERROR_TITLE = "That request could not be answered so"
UNREAD_TITLE = "An answer for programs"
LONGEST_ARGUMENT, MOST_ARGUMENTS = 200, 20
VERBS = ("Identify", "ListMetadataFormats", "ListSets", "ListIdentifiers", "ListRecords")
"""Those that can be asked without an identifier."""
SELECTIVE = ("ListIdentifiers", "ListRecords")


class Around(Struct, frozen=True):
    """What the page has to know beside the answer."""

    base_url: str
    formats: tuple[MetadataFormat, ...]
    prefix: str
    """The prefix of this list, or of links to records."""
    public: frozenset[str]
    """Member keys whose records have pages."""


class Link(Struct, frozen=True):
    """A text that leads somewhere; without an address it is a text."""

    text: str
    href: str = ""
    current: bool = False


class Line(Struct, frozen=True):
    """A label with its values: (text, address, detail) each; `more` were left out."""

    label: str
    values: tuple[tuple[str, str, str], ...]
    more: int = 0


class Record(Struct, frozen=True):
    """A record, or a header, as the page shows it."""

    title: str
    page: str
    """The address of its page here; empty if it has none."""
    identifier: Link
    datestamp: str
    deleted: bool
    sets: tuple[Link, ...]
    lines: tuple[Line, ...]
    more: int
    way: tuple[Line, ...]
    rights: tuple[Link, ...]


class Input(Struct, frozen=True):
    """A field of a form."""

    name: str
    hint: str = ""
    required: bool = False
    choices: tuple[str, ...] = ()
    listed: bool = False
    """The main sets are proposed."""


class Counted(Struct, frozen=True):
    """A set with the number of its records; None where that is not known."""

    spec: Link
    name: str
    records: int | None


class Form(Struct, frozen=True):
    """A form that asks by one verb."""

    verb: str
    words: str
    inputs: tuple[Input, ...] = ()


class View(Struct, frozen=True):
    """The page of an answer."""

    title: str
    start: bool
    """It is the page of who asked for nothing."""
    asked: tuple[tuple[str, str], ...]
    verbs: tuple[Link, ...]
    position: str
    next: str
    facts: tuple[Line, ...]
    descriptions: tuple[tuple[str, tuple[Line, ...]], ...]
    formats: tuple[tuple[Link, Link, str], ...]
    sets: dict[str, tuple[Line, ...]]
    """What is said of each set that is listed."""
    records: tuple[Record, ...]
    samples: tuple[tuple[str, str], ...]
    forms: tuple[Form, ...]


def view(shown: Readable, pairs: Pairs, *, around: Around) -> View:
    """Return what the page of an answer shows."""
    start = not pairs
    helps = start or shown.verb == "Identify" or bool(shown.errors)
    return View(
        title=_title(shown, start=start),
        start=start,
        asked=tuple((_told(name), _told(value)) for name, value in pairs[:MOST_ARGUMENTS]),
        verbs=tuple(Link(verb, _start(verb, around), verb == shown.verb) for verb in VERBS),
        position=_position(shown),
        next=_next(shown),
        facts=tuple(Line(_label(name), ((text, "", ""),)) for name, text in shown.facts),
        descriptions=tuple((one.name, _lines(one.fields)) for one in shown.descriptions),
        formats=_formats(shown, around),
        sets={one.spec: _lines(one.about) for one in shown.sets},
        records=tuple(_record(one, around) for one in shown.records),
        samples=samples(around.base_url) if shown.verb == "Identify" else (),
        forms=forms(tuple(f.name for f in around.formats)) if helps else (),
    )


def _told(text: str) -> str:
    """Return what was asked as it can be shown: cut, and what is no UTF-8 replaced."""
    whole = text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return words.cut(whole, LONGEST_ARGUMENT)


def _title(shown: Readable, *, start: bool) -> str:
    if start:
        return START_TITLE
    if shown.errors:
        return ERROR_TITLE
    return shown.verb or UNREAD_TITLE


def address(**arguments: str) -> str:
    """Return the path of a request; `from_` stands for `from`."""
    return "/oai?" + urlencode({name.rstrip("_"): value for name, value in arguments.items()})


def _start(verb: str, around: Around) -> str:
    if verb in SELECTIVE:
        return address(verb=verb, metadataPrefix=around.prefix)
    return address(verb=verb)


@lru_cache(4096)
def _in_set(spec: str) -> str:
    return address(verb="ListIdentifiers", metadataPrefix="oai_dc", set=spec)


def _next(shown: Readable) -> str:
    token = shown.token
    return address(verb=shown.verb, resumptionToken=token.text) if token and token.text else ""


def _position(shown: Readable) -> str:
    """Say which part of the list this is."""
    number = len(shown.records) or len(shown.sets)
    noun = "set" if shown.sets else "record"
    if not number or shown.verb == "GetRecord":
        return ""
    cursor = int(shown.token.cursor or 0) if shown.token else 0
    size = int(shown.token.size or 0) if shown.token else 0
    if not size and not cursor and not (shown.token and shown.token.text):
        return f"{words.plural(number, noun)}, the whole list."
    of = f" of {size:,}" if size else ""
    end = "" if shown.token and shown.token.text else " This is the last page."
    return f"{noun.title()}s {cursor + 1:,} to {cursor + number:,}{of}.{end}"


def _formats(shown: Readable, around: Around) -> tuple[tuple[Link, Link, str], ...]:
    """Return the formats of the answer; Identify shows all there are."""
    if shown.verb == "Identify":
        return tuple(_format(f.name, f.schema, f.namespace) for f in around.formats)
    names = ("metadataPrefix", "schema", "metadataNamespace")
    return tuple(_format(*(said.get(name, "") for name in names)) for said in shown.formats)


def _format(prefix: str, schema: str, namespace: str) -> tuple[Link, Link, str]:
    records = Link(prefix, address(verb="ListRecords", metadataPrefix=prefix))
    return records, Link(schema, foreign.href(schema)), namespace


def counted(spec: str, name: str, records: int | None) -> Counted:
    """Return a set with the number of its records; None where that is not known."""
    return Counted(Link(spec, _in_set(spec)), name, records)


# ── records ──────────────────────────────────────────────────────────────────────────────────


def _record(one: Shown, around: Around) -> Record:
    local = one.identifier.rpartition(":")[2]
    members = {s.split(":")[1] for s in one.sets if s.startswith("member:")}
    get = address(verb="GetRecord", identifier=one.identifier, metadataPrefix=around.prefix)
    return Record(
        title=_main_title(one),
        page=f"/records/{local}" if members & around.public else "",
        identifier=Link(one.identifier, get),
        datestamp=one.datestamp,
        deleted=one.deleted,
        sets=tuple(Link(spec, _in_set(spec)) for spec in one.sets),
        lines=_lines(one.fields),
        more=one.more,
        way=tuple(_way(one)),
        rights=tuple(Link(text, foreign.href(text)) for text in one.rights),
    )


def _main_title(one: Shown) -> str:
    """Return the first title of a record; one that has metadata is never without."""
    found = (v.text for f in one.fields if f.name in ("title", "titles") for v in f.values)
    title = next((text for text in found if text and not is_missing(text)), "")
    return words.cut(title, 200) or ("Untitled" if one.format else "")


def _way(one: Shown) -> Iterator[Line]:
    for place, step in enumerate(one.way):
        detail = (
            step.identifier,
            f"dated there {step.datestamp}",
            f"taken {step.harvest_date}",
            "and changed" if step.altered else "and left as it was",
        )
        label = "Before that" if place else "This hub has it from"
        yield Line(label, (_value(step.base_url, " · ".join(detail)),))


def _lines(fields: Iterable[Field]) -> tuple[Line, ...]:
    return tuple(
        Line(_label(one.name), tuple(_value(v.text, v.detail) for v in one.values), one.more)
        for one in fields
    )


def _value(text: str, detail: str = "") -> tuple[str, str, str]:
    return text, foreign.href(text), detail


@lru_cache(4096)
def _label(name: str) -> str:
    word = words.term(name).replace("URL", " URL").replace("url", "URL").replace("  ", " ").strip()
    return word[:1].upper() + word[1:]


# ── ways in ──────────────────────────────────────────────────────────────────────────────────


_SICKLE = """from sickle import Sickle

for record in Sickle("{base_url}").ListRecords(metadataPrefix="datacite"):
    print(record.header.identifier, record.deleted)"""


def samples(base_url: str) -> tuple[tuple[str, str], ...]:
    """Return sample requests: a label and the text to copy."""
    return (
        ("With curl: the first page", f"curl '{base_url}?verb=ListRecords&metadataPrefix=oai_dc'"),
        (
            "With Sickle, in Python: every record",
            _SICKLE.format(base_url=base_url),
        ),
        (
            "With metha: a copy that is kept up to date",
            f"metha-sync -format datacite {base_url}\nmetha-cat -format datacite {base_url}",
        ),
    )


_DATE = "2026-01-31, or with a time: 2026-01-31T00:00:00Z"


def forms(prefixes: tuple[str, ...]) -> tuple[Form, ...]:
    """Return a form for each verb."""
    prefix = Input("metadataPrefix", required=True, choices=prefixes)
    selective = (
        prefix,
        Input("set", "a setSpec; none means everything", listed=True),
        Input("from", _DATE),
        Input("until", _DATE),
    )
    identifier = Input("identifier", "as ListIdentifiers gives it")
    needed = Input("identifier", "as ListIdentifiers gives it", required=True)
    return (
        Form("ListRecords", "Whole records, all or some.", selective),
        Form("ListIdentifiers", "Their headers alone.", selective),
        Form("GetRecord", "One record.", (needed, prefix)),
        Form("ListMetadataFormats", "The formats, or those of one record.", (identifier,)),
        Form("ListSets", "The sets."),
        Form("Identify", "Who this hub is."),
    )
