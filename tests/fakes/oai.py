"""A well-behaved OAI-PMH repository on loopback; a test changes its contents, clock and manners."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from html import escape

from tests.fakes.scripted import Asked, Reply, Script, scripted

OAI = "http://www.openarchives.org/OAI/2.0/"
OAI_DC = "http://www.openarchives.org/OAI/2.0/oai_dc/"
DC = "http://purl.org/dc/elements/1.1/"
KERNEL = "http://datacite.org/schema/kernel-4"
SECONDS = "YYYY-MM-DDThh:mm:ssZ"
DAYS = "YYYY-MM-DD"
NAMESPACES = {"oai_dc": OAI_DC, "datacite": KERNEL, "oai_datacite": KERNEL}
BEGINNING = datetime(2026, 1, 1, 12, tzinfo=UTC)


@dataclass(frozen=True)
class Item:
    """One record of the fake."""

    identifier: str
    stamp: datetime
    title: str
    sets: tuple[str, ...] = ()
    deleted: bool = False
    metadata: str | None = None
    """Written in place of the usual metadata."""
    about: str = ""
    formats: tuple[str, ...] = ()
    """The formats that it is there in; none: all."""
    gone_in: tuple[str, ...] = ()
    """The formats in which it is deleted."""

    def is_in(self, prefix: str) -> bool:
        return not self.formats or prefix in self.formats


Spoiling = Callable[[Asked, Reply], Reply]


@dataclass
class Fake:
    """The repository; change its fields at any time."""

    items: dict[str, Item] = field(default_factory=dict)
    clock: datetime = field(default_factory=lambda: BEGINNING + timedelta(days=300))
    page_size: int = 3
    granularity: str = SECONDS
    deleted_record: str = "persistent"
    formats: tuple[str, ...] = ("oai_dc",)
    sizes_told: bool = False
    set_names: dict[str, str] = field(default_factory=dict)
    spoil: Spoiling = field(default=lambda _, reply: reply)
    date_header: datetime | None = None
    robots: bytes = b""
    script: Script = field(init=False)
    most_at_once: int = 0
    _under_way: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    # ── what a test does with it ─────────────────────────────────────────────────────────────

    @property
    def url(self) -> str:
        return self.script.url

    def fill(self, number: int, *, sets: tuple[str, ...] = (), first: int = 1) -> None:
        """Add records r1, r2 …, a day apart."""
        for n in range(first, first + number):
            self.put(f"r{n}", sets=sets, stamp=BEGINNING + timedelta(days=n))

    def put(self, name: str, **changes: object) -> None:
        """Add or change a record; its datestamp is the clock's unless given."""
        identifier = f"oai:fake.example:{name}"
        known = self.items.get(identifier, Item(identifier, self.clock, f"Title of {name}"))
        stamped: dict[str, object] = {"stamp": self.clock, **changes}
        self.items[identifier] = replace(known, **stamped)  # type: ignore[arg-type]

    def delete(self, name: str) -> None:
        self.put(name, deleted=True)

    def drop(self, name: str) -> None:
        """Take a record out without a tombstone."""
        del self.items[f"oai:fake.example:{name}"]

    def asked(self, verb: str) -> list[dict[str, str]]:
        """The arguments of all requests of a verb so far."""
        return [one.arguments for one in self.script.asked if one.arguments.get("verb") == verb]

    @property
    def requests(self) -> list[Asked]:
        """All that was asked of the repository itself."""
        return [one for one in self.script.asked if one.path == "/oai"]

    def forget(self) -> None:
        """Forget what was asked so far."""
        self.script.asked.clear()

    # ── what it answers ──────────────────────────────────────────────────────────────────────

    def __call__(self, asked: Asked) -> Reply:
        if asked.path == "/robots.txt":
            return Reply(self.robots, 200 if self.robots else 404)
        with self._lock:
            self._under_way += 1
            self.most_at_once = max(self.most_at_once, self._under_way)
        try:
            return self.spoil(asked, self._reply(self._inside(asked.arguments)))
        finally:
            with self._lock:
                self._under_way -= 1

    def _reply(self, inside: str) -> Reply:
        text = (
            f'<?xml version="1.0" encoding="UTF-8"?><OAI-PMH xmlns="{OAI}">'
            f"<responseDate>{self.clock:%Y-%m-%dT%H:%M:%SZ}</responseDate>"
            f"<request>{escape(self.url)}</request>{inside}</OAI-PMH>"
        )
        date = format_datetime(self.date_header or self.clock, usegmt=True)
        return Reply(text.encode(), headers=(("Date", date), ("Content-Type", "text/xml")))

    def _inside(self, arguments: dict[str, str]) -> str:
        match arguments.get("verb"):
            case "Identify":
                return self._identify()
            case "ListMetadataFormats":
                return self._formats()
            case "ListSets":
                return self._sets()
            case "GetRecord":
                return self._single(arguments)
            case "ListRecords" | "ListIdentifiers":
                return self._list(arguments)
        return error("badVerb")

    def _identify(self) -> str:
        return (
            f"<Identify><repositoryName>The fake</repositoryName><baseURL>{self.url}</baseURL>"
            "<protocolVersion>2.0</protocolVersion><adminEmail>a@fake.example</adminEmail>"
            f"<earliestDatestamp>{self._stamp(BEGINNING)}</earliestDatestamp>"
            f"<deletedRecord>{self.deleted_record}</deletedRecord>"
            f"<granularity>{self.granularity}</granularity></Identify>"
        )

    def _formats(self) -> str:
        entries = (
            f"<metadataFormat><metadataPrefix>{prefix}</metadataPrefix><schema>s</schema>"
            f"<metadataNamespace>{NAMESPACES.get(prefix, 'urn:x')}</metadataNamespace>"
            "</metadataFormat>"
            for prefix in self.formats
        )
        return f"<ListMetadataFormats>{''.join(entries)}</ListMetadataFormats>"

    def _sets(self) -> str:
        if not self.set_names:
            return error("noSetHierarchy")
        entries = (
            f"<set><setSpec>{spec}</setSpec><setName>{name}</setName></set>"
            for spec, name in self.set_names.items()
        )
        return f"<ListSets>{''.join(entries)}</ListSets>"

    def _single(self, arguments: dict[str, str]) -> str:
        item = self.items.get(arguments.get("identifier", ""))
        if item is None:
            return error("idDoesNotExist")
        prefix = arguments.get("metadataPrefix", "")
        if prefix not in self.formats or not item.is_in(prefix):
            return error("cannotDisseminateFormat")
        return f"<GetRecord>{self.record(item, arguments['metadataPrefix'])}</GetRecord>"

    def _list(self, arguments: dict[str, str]) -> str:
        offset = 0
        if "resumptionToken" in arguments:
            try:
                arguments, offset = read_token(arguments)
            except ValueError:
                return error("badResumptionToken")
        if arguments.get("metadataPrefix") not in self.formats:
            return error("cannotDisseminateFormat")
        for bound in ("from", "until"):
            if len(arguments.get(bound, "")) > len(self._stamp(BEGINNING)):
                return error("badArgument")
        found = [item for item in self._ordered() if self._fits(item, arguments)]
        if not found:
            return error("noRecordsMatch")
        rest = [item for item in found if key_of(item) > arguments.get("after", "")]
        page = rest[: self.page_size]
        write = self.record if arguments["verb"] == "ListRecords" else self.header
        items = "".join(write(item, arguments["metadataPrefix"]) for item in page)
        token = self._token(arguments, offset + len(page), len(found), rest)
        return f"<{arguments['verb']}>{items}{token}</{arguments['verb']}>"

    def _ordered(self) -> list[Item]:
        return sorted(self.items.values(), key=lambda item: (item.stamp, item.identifier))

    def _fits(self, item: Item, arguments: dict[str, str]) -> bool:
        stamp = self._stamp(item.stamp)
        from_, until = arguments.get("from", ""), arguments.get("until", "")
        spec = arguments.get("set", "")
        return (
            item.is_in(arguments["metadataPrefix"])
            and stamp[: len(from_) or None] >= from_
            and (not until or stamp[: len(until)] <= until)
            and (not spec or any(one == spec or one.startswith(f"{spec}:") for one in item.sets))
        )

    def _token(self, arguments: dict[str, str], following: int, size: int, rest: list[Item]) -> str:
        """Tokens go on after the last record, so that changes behind the reader skip nothing."""
        told = f' completeListSize="{size}"' if self.sizes_told else ""
        if len(rest) <= self.page_size:
            return f"<resumptionToken{told}/>" if following > self.page_size else ""
        after = {"after": key_of(rest[self.page_size - 1])}
        parts = [str(following), *((arguments | after).get(name, "") for name in TOKEN_PARTS)]
        return f"<resumptionToken{told}>{escape('|'.join(parts))}</resumptionToken>"

    def _stamp(self, moment: datetime) -> str:
        form = "%Y-%m-%d" if self.granularity == DAYS else "%Y-%m-%dT%H:%M:%SZ"
        return moment.strftime(form)

    def header(self, item: Item, prefix: str = "") -> str:
        status = ' status="deleted"' if item.deleted or prefix in item.gone_in else ""
        sets = "".join(f"<setSpec>{escape(one)}</setSpec>" for one in item.sets)
        return (
            f"<header{status}><identifier>{escape(item.identifier)}</identifier>"
            f"<datestamp>{self._stamp(item.stamp)}</datestamp>{sets}</header>"
        )

    def record(self, item: Item, prefix: str) -> str:
        if item.deleted or prefix in item.gone_in:
            return f"<record>{self.header(item, prefix)}</record>"
        metadata = item.metadata
        if metadata is None:
            metadata = datacite(item) if "datacite" in prefix else dublin_core(item)
        return (
            f"<record>{self.header(item)}<metadata>{metadata}</metadata>"
            f"{f'<about>{item.about}</about>' if item.about else ''}</record>"
        )


TOKEN_PARTS = ("verb", "metadataPrefix", "set", "from", "until", "after")


def key_of(item: Item) -> str:
    return f"{item.stamp.isoformat()} {item.identifier}"


def read_token(arguments: dict[str, str]) -> tuple[dict[str, str], int]:
    offset, *parts = arguments["resumptionToken"].split("|")
    values = zip(TOKEN_PARTS, parts, strict=True)
    return {name: value for name, value in values if value}, int(offset)


def error(code: str) -> str:
    return f'<error code="{code}">refused by the fake</error>'


def dublin_core(item: Item) -> str:
    name = item.identifier.rpartition(":")[2]
    return (
        f'<oai_dc:dc xmlns:oai_dc="{OAI_DC}" xmlns:dc="{DC}"><dc:title>{escape(item.title)}'
        "</dc:title><dc:creator>Lovelace, Ada</dc:creator><dc:publisher>The fake</dc:publisher>"
        "<dc:date>2020-02-29</dc:date><dc:type>Dataset</dc:type>"
        f"<dc:identifier>https://doi.org/10.5072/{name}</dc:identifier></oai_dc:dc>"
    )


def datacite(item: Item) -> str:
    name = item.identifier.rpartition(":")[2]
    return (
        f'<resource xmlns="{KERNEL}"><identifier identifierType="DOI">10.5072/{name}</identifier>'
        "<creators><creator><creatorName>Lovelace, Ada</creatorName></creator></creators>"
        f"<titles><title>{escape(item.title)}</title></titles><publisher>The fake</publisher>"
        "<publicationYear>2020</publicationYear>"
        '<resourceType resourceTypeGeneral="Dataset">Dataset</resourceType></resource>'
    )


@contextmanager
def fake_repository(number: int = 0) -> Iterator[Fake]:
    """A fake with so many records, on loopback while the context lasts."""
    fake = Fake()
    with scripted(fake) as fake.script:
        fake.fill(number)
        yield fake
