"""Formats beside those that every record has: switched on, passed on, withdrawn, made up."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from lxml import etree
from msgspec.structs import replace

from app import further as rendering
from app import ingest
from app.crosswalks import FORMATS, MetadataFormat, further
from app.crosswalks.further import Renderer, chosen, renderer
from app.crosswalks.schemas import MissingSchema, Schemas
from app.crosswalks.xml import parse
from app.datacite.resource import decode
from app.errors import ConfigurationError, NotFound
from app.ingest import Incoming
from app.oai import Provider
from app.oai.errors import BAD_TOKEN, NO_FORMAT
from app.record import Change, Header
from app.settings import Oai, Settings
from app.store.further import done, reached, switch
from harvesters import scheduler
from tests.oai.filling import DOMAIN, OAI, SETTINGS, XSI, Client, Page, member, put, visible
from tests.oai.serving import serving
from tests.oai.test_from_outside import BLIND, conformance
from tests.shared import SHARED, needs_shared

if TYPE_CHECKING:
    from app.store import Store

MODS = "http://www.loc.gov/mods/v3"
ANNOUNCED = FORMATS["mods"].schema
OLDER = "http://www.loc.gov/standards/mods/v3/mods-3-4.xsd"
DC = FORMATS["oai_dc"].namespace
PROVENANCE = "{http://www.openarchives.org/OAI/2.0/provenance}"
TODAY = datetime.date(2026, 1, 1)
ON = Settings(
    base_url=SETTINGS.base_url,
    oai=Oai(
        domain=DOMAIN, formats=("mods", "source_oai_dc"), schemas=str(SHARED / "xsd"),
        records_per_page=2,
    ),
)  # fmt: skip
OFF = replace(ON, oai=replace(ON.oai, formats=()))


def mods(title: str, *, schema: str = ANNOUNCED, more: str = "") -> bytes:
    """A MODS record as a source sends it."""
    location = f' xsi:schemaLocation="{MODS} {schema}"' if schema else ""
    return (
        f'<m:mods xmlns:m="{MODS}" xmlns:xsi="{XSI}"{location}>'
        f"<m:titleInfo><m:title>{title}</m:title></m:titleInfo>{more}"
        '<m:name type="personal"><m:namePart>Roe, Jo</m:namePart></m:name>'
        '<m:identifier type="doi">10.5072/x</m:identifier>'
        "<m:originInfo><m:dateIssued>2020</m:dateIssued><m:publisher>P</m:publisher>"
        "</m:originInfo></m:mods>"
    ).encode()


def dublin_core(title: str) -> bytes:
    """A Dublin Core record as a source sends it, without a schemaLocation."""
    return (
        f'<dc xmlns="{DC}" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{title}</dc:title>'
        "<dc:creator>Roe, Jo</dc:creator><dc:date>2020</dc:date></dc>"
    ).encode()


SENT = {
    "whole": mods("Wood"),
    "older": mods("Pine", schema=OLDER),
    "bare": mods("Oak", schema=""),
    "invalid": mods("Ash", more="<m:nosuch/>"),
    "plain": dublin_core("Elm"),
}


def decided(
    store: Store, number: int, name: str, data: bytes | None, using: Renderer | None
) -> Change:
    """A record as a harvest brings it; None: it is deleted."""
    one = Incoming(Header(name, deleted=data is None), parse(data) if data else None, data)
    found = ingest.decide(
        one, None, origin=ingest.origin_of(store.repositories.by_id(number)), prefix="any",
        today=TODAY, base_url="http://hub.test/oai", further=using,
    )  # fmt: skip
    assert found is not None
    return found


def fill(store: Store, using: Renderer | None, sent: Mapping[str, bytes] = SENT) -> int:
    """A member with the records of `sent`."""
    number = member(store, "reef", title="Reef")
    put(store, number, [decided(store, number, name, data, using) for name, data in sent.items()])
    return number


def names(client: Client, prefix: str) -> dict[str, bool]:
    """The source's identifiers in a list, and whether each is deleted."""
    found = {}
    for header in client.headers(verb="ListIdentifiers", metadataPrefix=prefix):
        stored = client.store.records.get(header.identifier.rpartition(":")[2])
        assert stored is not None
        found[stored.identifier] = header.deleted
    return found


def offered(client: Client, **arguments: str) -> list[str]:
    """The prefixes that ListMetadataFormats tells."""
    answer = client.ask(verb="ListMetadataFormats", **arguments)
    return [element.text or "" for element in answer.iter(OAI + "metadataPrefix")]


def identifier(store: Store, name: str) -> str:
    """Our identifier of a source's."""
    return f"oai:{DOMAIN}:{store.records.find(name)[0].local_id}"


# ── what can be switched on ──────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("oai_dc", "always there"),
        ("ris", "no XML"),
        ("schema_org", "no XML"),
        ("qdc", "without a published XML schema"),
        ("dim", "without a published XML schema"),
        ("source_mods", "the same as mods"),
        ("source_nosuch", "no format"),
        ("oai_ddi25", "Did you mean ddi?"),
        ("mods", "needs the setting oai.schemas"),
    ],
)
def test_what_cannot_be_switched_on_is_refused_in_words(
    sqlite_store: Store, name: str, told: str
) -> None:
    with pytest.raises(ConfigurationError, match=r"oai\.formats names") as error:
        Provider(sqlite_store, Settings(oai=Oai(formats=(name,))))
    assert told in str(error.value)


def test_a_format_without_its_schema_is_refused_when_the_hub_starts(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"mods-3-7.xsd is not in .* docs/operating.md"):
        renderer(Oai(formats=("mods",), schemas=str(tmp_path)))
    with pytest.raises(ConfigurationError, match="There is no folder"):
        renderer(Oai(formats=("mods",), schemas=str(tmp_path / "nosuch")))
    assert renderer(Oai()) is None


# ── a folder of schemas ──────────────────────────────────────────────────────────────────────

WHOLE = (
    '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:toy"'
    ' xmlns="urn:toy"><xs:include schemaLocation="{place}"/><xs:element name="toy" type="T"/>'
    "</xs:schema>"
)
PART = (
    '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">'
    '<xs:simpleType name="T"><xs:restriction base="xs:string"><xs:minLength value="1"/>'
    "</xs:restriction></xs:simpleType></xs:schema>"
)
TOY = "https://toy.example.org/a/toy.xsd"


@pytest.mark.parametrize("place", ["part.xsd", "http://toy.example.org/a/part.xsd"])
def test_schemas_lie_as_on_the_web_and_includes_come_from_there(tmp_path: Path, place: str) -> None:
    folder = tmp_path / "sche mas" / "toy.example.org" / "a"
    folder.mkdir(parents=True)
    (folder / "toy.xsd").write_text(WHOLE.format(place=place))
    with pytest.raises(MissingSchema, match=r"needs what is not in .*part\.xsd"):
        Schemas(tmp_path / "sche mas").require(TOY)
    (folder / "part.xsd").write_text(PART)
    schemas = Schemas(tmp_path / "sche mas")
    assert schemas.complaint(TOY, parse(b'<toy xmlns="urn:toy">x</toy>')) == ""
    assert "minLength" in schemas.complaint(TOY, parse(b'<toy xmlns="urn:toy"/>'))
    (folder / "part.xsd").write_text("<xs:schema")
    with pytest.raises(MissingSchema, match="cannot be used"):
        Schemas(tmp_path / "sche mas").require(TOY)


def test_a_catalogue_tells_which_file_stands_for_an_address(tmp_path: Path) -> None:
    (tmp_path / "one.xsd").write_text(WHOLE.format(place="http://any.example.org/p"))
    (tmp_path / "two.xsd").write_text(PART)
    (tmp_path / "catalog.xml").write_text(
        '<catalog xmlns="urn:oasis:names:tc:entity:xmlns:xml:catalog">'
        f'<uri name="{TOY}" uri="one.xsd"/>'
        '<system systemId="http://any.example.org/p" uri="two.xsd"/></catalog>'
    )
    Schemas(tmp_path).require(TOY)
    (tmp_path / "catalog.xml").write_text("<catalog")
    with pytest.raises(MissingSchema, match="catalogue"):
        Schemas(tmp_path)


# ── one that is made up ──────────────────────────────────────────────────────────────────────


def toy_register() -> Mapping[str, MetadataFormat]:
    """The register with one more format, marked for OAI-PMH."""

    def write(resource: Any, _: object) -> bytes:
        text = resource.titles[0].title
        return f'<toy xmlns="urn:toy" xmlns:xsi="{XSI}">{text}</toy>'.encode()

    toy = MetadataFormat("toy", "Toy", "urn:toy", TOY, oai=True, writer=write)
    return {**FORMATS, "toy": toy}


def test_a_format_that_is_registered_is_rendered_and_offered(store: Store) -> None:
    register = toy_register()
    before = Client(store, SETTINGS)
    before.provider = Provider(store, SETTINGS, register=register)
    assert "toy" not in offered(before)
    assert before.codes(verb="ListRecords", metadataPrefix="toy") == [NO_FORMAT]
    fill(store, Renderer(chosen(Oai(), register), None, register))
    client = Client(store, SETTINGS)
    client.provider = before.provider
    assert "toy" in offered(client)
    assert names(client, "toy") == dict.fromkeys(SENT, False)
    answer = client.ask(verb="ListRecords", metadataPrefix="toy")
    assert {element.text for element in answer.iter("{urn:toy}toy")} >= {"Wood", "Elm"}
    assert "toy" not in offered(Client(store, SETTINGS))


# ── what a source sent, passed on ────────────────────────────────────────────────────────────


@needs_shared
def test_what_is_passed_on_is_valid_and_says_whether_it_was_altered(store: Store) -> None:
    number = fill(store, renderer(ON.oai))
    client = Client(store, ON)
    assert offered(client)[-2:] == ["mods", "source_oai_dc"]
    assert names(client, "mods") == {"whole": False, "older": False, "bare": False}
    assert names(client, "source_oai_dc") == {"plain": False}
    assert names(client, "oai_dc") == dict.fromkeys(SENT, False)
    altered = {}
    for name in ("whole", "older", "bare"):
        for prefix in ("mods", "oai_dc"):
            ours = identifier(store, name)
            answer = client.ask(verb="GetRecord", metadataPrefix=prefix, identifier=ours)
            (origin,) = answer.iter(PROVENANCE + "originDescription")
            altered[name, prefix] = origin.get("altered")
            (root,) = next(answer.iter(OAI + "metadata"))
            told = (root.get(f"{{{XSI}}}schemaLocation") or "").split()
            assert told[:2] == [FORMATS[prefix].namespace, FORMATS[prefix].schema]
    assert altered == {
        ("whole", "mods"): "false", ("older", "mods"): "true", ("bare", "mods"): "true",
        ("whole", "oai_dc"): "true", ("older", "oai_dc"): "true", ("bare", "oai_dc"): "true",
    }  # fmt: skip
    row = store.records.row(store.records.find("whole")[0].local_id, "mods")
    assert row is not None
    assert row.body == SENT["whole"]
    reasons = {
        one.record.identifier: one.reason
        for one in client.provider.missing(number, "mods", limit=9)
    }
    assert set(reasons) == {"invalid", "plain"}
    assert "not valid as it came" in reasons["invalid"]
    assert "nosuch" in reasons["invalid"]
    assert f"It came in {DC}" in reasons["plain"]


@needs_shared
def test_every_rendering_is_valid_in_an_empty_envelope(sqlite_store: Store) -> None:
    from schemas import Schemas as Official

    fill(sqlite_store, renderer(ON.oai))
    judge = Official().responses()
    for name in SENT:
        local = sqlite_store.records.find(name)[0].local_id
        for prefix, _ in sqlite_store.records.prefixes(local):
            row = sqlite_store.records.row(local, prefix)
            assert row is not None
            body = row.body or b""
            assert not body.startswith(b"<?")
            spliced = (
                b'<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><responseDate>'
                b'2026-01-01T00:00:00Z</responseDate><request verb="GetRecord">http://h.test/oai'
                b"</request><GetRecord><record><header><identifier>oai:h.test:a</identifier>"
                b"<datestamp>2026-01-01T00:00:00Z</datestamp></header><metadata>"
            )
            end = b"</metadata>" + (row.about or b"") + b"</record></GetRecord></OAI-PMH>"
            document = etree.fromstring(spliced + body + end)
            assert judge.validate(document), (name, prefix, judge.error_log)


@needs_shared
def test_an_invalid_rendering_is_a_problem_of_its_record_and_not_shown(
    sqlite_store: Store,
) -> None:
    using = Renderer((), Schemas(SHARED / "xsd"))
    change = decided(sqlite_store, member(sqlite_store, "reef"), "whole", SENT["whole"], using)
    assert set(change.renderings) == {"oai_dc", "datacite"}
    assert further.INVALID not in {one.rule for one in change.problems}
    broken = change.renderings["datacite"].replace(b"<titles>", b"<nosuch/><titles>")
    made = using.with_further(
        {**change.renderings, "datacite": broken}, decode(change.resource or b""), None, TODAY
    )
    assert set(made.renderings) == {"oai_dc"}
    ((path, rule),) = [(one.path, one.rule) for one in made.problems]
    assert (path, rule) == ("/datacite", further.INVALID)


# ── switched on, changed and off again ───────────────────────────────────────────────────────


class Enough(Exception):
    """Ends a run as a kill would."""


@needs_shared
def test_a_format_is_rendered_for_records_that_are_there(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rendering, "BATCH", 2)
    number = fill(store, None)
    using = renderer(ON.oai)
    assert using is not None
    stamps = {h.identifier: h for h in Client(store, ON).headers(
        verb="ListIdentifiers", metadataPrefix="oai_dc")}  # fmt: skip
    assert offered(Client(store, ON))[-1] == "oai_dc"
    reef = store.repositories.by_id(number)
    assert scheduler.submit_formats(store, ON) == ("reef",)
    switched = switch(store, using.prefixes)

    def enough(_: object) -> None:
        raise Enough

    with pytest.raises(Enough):
        rendering.apply(store, reef, using, switched, at_batch_end=enough)
    client = Client(store, ON)
    assert names(client, "mods") == {"whole": False, "older": False}
    assert client.provider.missing(number, "mods", limit=1)[0].reason == (
        "It can be written; that is done when it is next read."
    )
    outcome = rendering.apply(store, reef, using, switched)
    assert (outcome.read, outcome.rendered, outcome.lacking) == (3, 2, 4)
    assert reached(store, number, switched) is None
    assert done(store, switched) == {number}
    assert scheduler.submit_formats(store, ON) == ()
    after = Client(store, ON)
    assert names(after, "mods") == {"whole": False, "older": False, "bare": False}
    same = {h.identifier: h for h in after.headers(verb="ListIdentifiers", metadataPrefix="oai_dc")}
    assert same == stamps
    newest = store.records.newest()
    again = rendering.apply(store, reef, using, switched, every=True)
    assert (again.read, again.rendered) == (5, 4)
    assert store.records.newest() == newest
    harvested = decided(store, number, "whole", SENT["whole"], using)
    body = store.records.row(harvested.local_id, "mods")
    assert body is not None
    assert body.body == harvested.renderings["mods"]
    assert body.about == harvested.abouts["mods"]


@needs_shared
def test_a_record_may_be_dead_in_one_format_alone(store: Store) -> None:
    using = renderer(ON.oai)
    number = fill(store, using)
    ours = identifier(store, "whole")
    first = Client(store, ON)
    token = Page(first.ask(verb="ListRecords", metadataPrefix="mods")).token
    put(store, number, [
        decided(store, number, "whole", dublin_core("Wood"), using),
        decided(store, number, "older", None, using),
    ])  # fmt: skip
    client = Client(store, ON)
    assert names(client, "mods") == {"whole": True, "older": True, "bare": False}
    assert names(client, "source_oai_dc") == {"plain": False, "whole": False}
    assert names(client, "oai_dc") == {**dict.fromkeys(SENT, False), "older": True}
    living = offered(client, identifier=ours)
    assert "source_oai_dc" in living
    assert "mods" not in living
    answer = client.ask(verb="GetRecord", metadataPrefix="mods", identifier=ours)
    assert next(answer.iter(OAI + "header")).get("status") == "deleted"
    put(store, number, [decided(store, number, "whole", mods("Wood again"), using)])
    back = Client(store, ON)
    assert names(back, "mods")["whole"] is False
    off = Client(store, OFF)
    assert off.codes(verb="ListRecords", metadataPrefix="mods") == [NO_FORMAT]
    assert off.codes(verb="GetRecord", metadataPrefix="mods", identifier=ours) == [NO_FORMAT]
    assert off.codes(verb="ListRecords", resumptionToken=token) == [BAD_TOKEN]
    with pytest.raises(NotFound):
        off.provider.missing(number, "mods", limit=1)


@needs_shared
def test_what_is_pruned_leaves_tombstones_and_comes_back(store: Store) -> None:
    using = renderer(ON.oai)
    assert using is not None
    number = fill(store, using)
    reef = store.repositories.by_id(number)
    assert scheduler.submit_formats(store, ON) == ("reef",)
    first = switch(store, using.prefixes)
    assert scheduler.submit_formats(store, OFF) == ()
    assert rendering.prune(store, reef, "mods").ended == 3
    assert rendering.prune(store, reef, "mods").ended == 0
    assert names(Client(store, ON), "mods") == dict.fromkeys(("whole", "older", "bare"), True)
    again = switch(store, using.prefixes)
    assert again.number == first.number + 2
    assert rendering.apply(store, reef, using, again).rendered == 4
    assert names(Client(store, ON), "mods") == dict.fromkeys(("whole", "older", "bare"), False)
    with pytest.raises(NotFound):
        rendering.require_stored(store, "marc21")


@needs_shared
def test_what_a_private_member_has_is_rendered_and_withheld(store: Store) -> None:
    using = renderer(ON.oai)
    assert using is not None
    number = fill(store, None)
    store.repositories.edit("reef", public=False)
    rendering.apply(store, store.repositories.by_id(number), using, switch(store, using.prefixes))
    assert "mods" not in offered(Client(store, ON))
    store.repositories.edit("reef", public=True)
    assert names(Client(store, ON), "mods") == dict.fromkeys(("whole", "older", "bare"), False)
    assert names(Client(store, ON), "oai_dc") == dict.fromkeys(SENT, False)


# ── from outside ─────────────────────────────────────────────────────────────────────────────


@needs_shared
@pytest.mark.slow
def test_the_checker_finds_no_fault_with_several_formats(sqlite_store: Store, shared: Path) -> None:
    store, oai = sqlite_store, replace(ON.oai, formats=("mods", "marc21", "source_oai_dc"))
    using, number = renderer(oai), member(store, "reef", title="Reef")
    sent = {f"{name} {n}": data for n in range(30) for name, data in SENT.items()}
    put(store, number, [decided(store, number, name, data, using) for name, data in sent.items()])
    put(store, number, [
        decided(store, number, "whole 1", dublin_core("Wood"), using),
        decided(store, number, "older 2", None, using),
    ])  # fmt: skip
    visible(store)
    variables = {
        "GARNERY_OAI_FORMATS": " ".join(oai.formats),
        "GARNERY_OAI_SCHEMAS": oai.schemas,
    }
    with serving(str(store.url), **variables) as base:
        failed = conformance(shared, base)
    assert [one for one in failed if one["rule"] not in BLIND] == []
