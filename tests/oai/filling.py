"""Fills a store with records for the provider's tests, through the one way in that it has."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from html import escape
from typing import Any

from lxml import etree

from app import clock
from app.oai import Answer, Provider
from app.record import Change, Counts, Summary, local_id, member_set
from app.settings import Hub, Oai, Settings
from app.store import Store

BASE = "http://hub.test"
DOMAIN = "hub.example.org"
SETTINGS = Settings(base_url=BASE, hub=Hub(title="A < B & C"), oai=Oai(domain=DOMAIN))
OAI = "{http://www.openarchives.org/OAI/2.0/}"
XSI = "http://www.w3.org/2001/XMLSchema-instance"

_OAI_DC = (
    '<oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/"'
    f' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xsi="{XSI}"'
    ' xsi:schemaLocation="http://www.openarchives.org/OAI/2.0/oai_dc/'
    ' http://www.openarchives.org/OAI/2.0/oai_dc.xsd">'
    "<dc:title>{title}</dc:title><dc:identifier>https://doi.org/{doi}</dc:identifier></oai_dc:dc>"
)
_DATACITE = (
    f'<resource xmlns="http://datacite.org/schema/kernel-4" xmlns:xsi="{XSI}"'
    ' xsi:schemaLocation="http://datacite.org/schema/kernel-4'
    ' https://schema.datacite.org/meta/kernel-4.7/metadata.xsd">'
    '<identifier identifierType="DOI">{doi}</identifier>'
    "<creators><creator><creatorName>Roe, Jo</creatorName></creator></creators>"
    "<titles><title>{title}</title></titles><publisher>Sample</publisher>"
    "<publicationYear>2020</publicationYear>"
    '<resourceType resourceTypeGeneral="Dataset">Data</resourceType></resource>'
)
_ABOUT = (
    '<about><provenance xmlns="http://www.openarchives.org/OAI/2.0/provenance"'
    f' xmlns:xsi="{XSI}" xsi:schemaLocation="http://www.openarchives.org/OAI/2.0/provenance'
    ' http://www.openarchives.org/OAI/2.0/provenance.xsd">'
    '<originDescription harvestDate="2026-01-02T03:04:05Z" altered="true">'
    "<baseURL>http://source.example.org/oai</baseURL><identifier>{identifier}</identifier>"
    "<datestamp>2020-01-01</datestamp>"
    "<metadataNamespace>http://www.openarchives.org/OAI/2.0/oai_dc/</metadataNamespace>"
    "</originDescription></provenance></about>"
)


def change(
    member: str,
    identifier: str,
    *,
    kind: str = "new",
    title: str = "A pine <beetle> & its wood",
    sets: Sequence[str] = (),
    general: str = "Dataset",
    prefixes: Sequence[str] = ("oai_dc", "datacite"),
) -> Change:
    """A change to one record of a member; sets are the source's setSpecs."""
    words = {"title": escape(title), "doi": f"10.5555/{local_id(member, identifier)}"}
    made = {"oai_dc": _OAI_DC.format(**words), "datacite": _DATACITE.format(**words)}
    specs = [member_set(member, spec) for spec in sets] or [member_set(member)]
    own = [spec for spec in specs if not any(other.startswith(spec + ":") for other in specs)]
    digest = hashlib.blake2b(repr((kind, title, sets)).encode(), digest_size=16).digest()
    common: dict[str, Any] = {
        "kind": kind,
        "local_id": local_id(member, identifier),
        "identifier": identifier,
        "datestamp": "2020-01-01",
        "source_sets": tuple(sets),
        "sets": (*own, f"type:{general}"),
        "prefix": "oai_dc",
        "format": "oai_dc",
        "fingerprint": digest,
    }
    if kind == "deleted":
        return Change(**common)
    return Change(
        **common,
        resource_fingerprint=digest,
        original=made["oai_dc"].encode(),
        resource=b"{}",
        renderings={prefix: made[prefix].encode() for prefix in prefixes},
        about=_ABOUT.format(identifier=escape(identifier)).encode(),
        summary=Summary(title=title, year=2020, type=general, doi=words["doi"]),
    )


def member(store: Store, name: str, *, title: str = "", public: bool = True) -> int:
    """Add a member repository."""
    added = store.repositories.add(
        name,
        title=title or name.title(),
        base_url=f"http://{name}.example.org/oai",
        every="1d",
        public=public,
    )
    return added.id


def put(store: Store, repository: int, changes: Iterable[Change]) -> None:
    """Bring changes in, as a harvest of its own."""
    harvest = store.harvests.begin(
        repository, kind="full", trigger="person", worker="test", prefix="oai_dc", from_=""
    )
    changes = tuple(changes)
    counts = Counts(seen=len(changes))
    store.records.apply(repository, harvest.id, "test", changes, counts=counts, checkpoint=None)
    store.harvests.end(harvest.id, "test", outcome="complete", sentence="Done.")


def later(store: Store) -> datetime:
    """A moment at which all that was put in is visible."""
    newest = store.records.newest() or 0
    return max(store.now(), clock.moment(newest)) + timedelta(seconds=5)


def visible(store: Store) -> datetime:
    """Wait until all that was put in is visible; datestamps lie two seconds ahead."""
    while (now := store.now()).timestamp() < (store.records.newest() or 0) + 1:
        time.sleep(0.02)
    return now


class Client:
    """Asks a provider without HTTP, at a moment of its choice."""

    def __init__(self, store: Store, settings: Settings = SETTINGS) -> None:
        self.store = store
        self.provider = Provider(store, settings)
        self.now = later(store)

    def answer(self, *known: str, **arguments: str) -> Answer:
        """Ask; `from_` stands for `from`."""
        pairs = [(name.rstrip("_"), value) for name, value in arguments.items()]
        return self.provider.answer(pairs, now=self.now, known=known)

    def ask(self, **arguments: str) -> etree._Element:
        """Ask and parse."""
        return etree.fromstring(self.answer(**arguments).body)

    def codes(self, **arguments: str) -> list[str]:
        """The codes of the errors that answer."""
        return [error.get("code", "") for error in self.ask(**arguments).iter(OAI + "error")]

    def headers(self, **arguments: str) -> list[Header]:
        """Walk a list to its end."""
        return [header for page in self.pages(**arguments) for header in page.headers]

    def pages(self, **arguments: str) -> list[Page]:
        """Walk a list to its end, page by page."""
        pages = [Page(self.ask(**arguments))]
        while pages[-1].token:
            request = {"verb": arguments["verb"], "resumptionToken": pages[-1].token}
            pages.append(Page(self.ask(**request)))
        return pages


class Header:
    """A header as it was given."""

    def __init__(self, element: etree._Element) -> None:
        self.identifier = element.findtext(OAI + "identifier") or ""
        self.datestamp = element.findtext(OAI + "datestamp") or ""
        self.deleted = element.get("status") == "deleted"
        self.sets = tuple(spec.text or "" for spec in element.iter(OAI + "setSpec"))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Header) and vars(self) == vars(other)

    def __hash__(self) -> int:
        return hash(self.identifier)

    def __repr__(self) -> str:
        return repr(vars(self))


class Page:
    """A page of a list as it was given."""

    def __init__(self, document: etree._Element) -> None:
        self.document = document
        self.headers = [Header(element) for element in document.iter(OAI + "header")]
        self.element = next(document.iter(OAI + "resumptionToken"), None)
        self.token = "" if self.element is None else self.element.text or ""

    def said(self, name: str) -> str | None:
        """An attribute of the token."""
        return None if self.element is None else self.element.get(name)
