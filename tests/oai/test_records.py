"""Records and tombstones, formats and provenance."""

from __future__ import annotations

import re

from lxml import etree
from msgspec.structs import replace

from app.crosswalks import FORMATS, MetadataFormat
from app.oai import Provider
from app.record import local_id
from app.store import Store
from tests.oai.filling import DOMAIN, OAI, SETTINGS, Client, Header, change, member, put

DC = "{http://purl.org/dc/elements/1.1/}"
ENVELOPE = "{http://schema.datacite.org/oai/oai-1.1/}"
KERNEL = "{http://datacite.org/schema/kernel-4}"
ORIGIN = "{http://www.openarchives.org/OAI/2.0/provenance}originDescription"


def of(member_key: str, identifier: str) -> str:
    return f"oai:{DOMAIN}:{local_id(member_key, identifier)}"


def record(client: Client, identifier: str, prefix: str = "oai_dc") -> etree._Element:
    answer = client.ask(verb="GetRecord", identifier=identifier, metadataPrefix=prefix)
    found = answer.find(f"{OAI}GetRecord/{OAI}record")
    assert found is not None, etree.tostring(answer)
    return found


def test_identifiers_are_our_own_and_need_no_escaping(reader: Client) -> None:
    headers = reader.headers(verb="ListIdentifiers", metadataPrefix="oai_dc")
    assert len(headers) == 12
    for header in headers:
        assert re.fullmatch(r"oai:hub\.example\.org:[a-z2-7]{16}", header.identifier)


def test_all_three_verbs_agree_on_every_header(reader: Client) -> None:
    bare = reader.headers(verb="ListIdentifiers", metadataPrefix="oai_dc")
    assert reader.headers(verb="ListRecords", metadataPrefix="oai_dc") == bare
    for header in bare:
        single = record(reader, header.identifier).find(OAI + "header")
        assert single is not None
        assert Header(single) == header


def test_a_live_record_has_metadata_and_says_where_it_comes_from(reader: Client) -> None:
    found = record(reader, of("beta", "oai:a:1"))
    assert [etree.QName(child).localname for child in found] == ["header", "metadata", "about"]
    assert found.findtext(f".//{DC}title") == "A pine <beetle> & its wood"
    assert found.findtext(f".//{ORIGIN}/{{*}}identifier") == "oai:a:1"


def test_a_tombstone_is_a_header_alone_and_keeps_its_sets(reader: Client) -> None:
    found = record(reader, of("alpha", "oai:a:1"))
    assert [etree.QName(child).localname for child in found] == ["header"]
    header = Header(found[0])
    assert header.deleted
    assert header.sets == ("member:alpha:x:y", "member:alpha:z", "type:Dataset")


def test_tombstones_are_in_every_list_they_belong_to(reader: Client) -> None:
    for arguments in ({}, {"set": "member:alpha:x"}, {"set": "type:Dataset"}, {"set": "member"}):
        for verb in ("ListRecords", "ListIdentifiers"):
            headers = reader.headers(verb=verb, metadataPrefix="datacite", **arguments)
            dead = {header.identifier for header in headers if header.deleted}
            assert of("alpha", "oai:a:1") in dead


def test_an_item_may_be_dead_in_one_format_and_alive_in_another(reader: Client) -> None:
    item = of("beta", "oai:b:3")
    assert Header(record(reader, item, "datacite")[0]).deleted
    assert Header(record(reader, item, "oai_datacite")[0]).deleted
    assert not Header(record(reader, item, "oai_dc")[0]).deleted
    formats = reader.ask(verb="ListMetadataFormats", identifier=item)
    assert [e.text for e in formats.iter(OAI + "metadataPrefix")] == ["oai_dc"]


def test_a_format_that_the_item_never_had_cannot_be_disseminated(store: Store) -> None:
    put(store, member(store, "m"), [change("m", "only:dc", prefixes=("oai_dc",))])
    client = Client(store)
    request = {"verb": "GetRecord", "identifier": of("m", "only:dc"), "metadataPrefix": "datacite"}
    assert client.codes(**request) == ["cannotDisseminateFormat"]
    assert client.codes(verb="ListRecords", metadataPrefix="datacite") == ["noRecordsMatch"]


def test_what_was_never_visible_does_not_exist(store: Store) -> None:
    kept = replace(change("m", "a:1", kind="quarantined"), quarantine="record-unreadable")
    put(store, member(store, "m"), [kept, change("m", "a:2", kind="deleted")])
    client = Client(store)
    for name in ("a:1", "a:2"):
        request = {"verb": "GetRecord", "identifier": of("m", name), "metadataPrefix": "oai_dc"}
        assert client.codes(**request) == ["idDoesNotExist"]
    assert client.codes(verb="ListRecords", metadataPrefix="oai_dc") == ["noRecordsMatch"]


def test_a_record_that_comes_back_is_the_same_item_alive_and_newer(store: Store) -> None:
    repository = member(store, "m")
    put(store, repository, [change("m", "a:1")])
    put(store, repository, [change("m", "a:1", kind="deleted")])
    gone = Header(record(Client(store), of("m", "a:1"))[0])
    put(store, repository, [change("m", "a:1", kind="changed", title="Back")])
    back = Header(record(Client(store), of("m", "a:1"))[0])
    assert (gone.deleted, back.deleted) == (True, False)
    assert back.datestamp >= gone.datestamp


def test_the_envelope_holds_the_datacite_record_its_version_and_its_member(reader: Client) -> None:
    item = of("beta", "oai:a:1")
    bare = record(reader, item, "datacite").find(f"{OAI}metadata")
    wrapped = record(reader, item, "oai_datacite").find(f"{OAI}metadata/{ENVELOPE}oai_datacite")
    assert bare is not None
    assert wrapped is not None
    assert wrapped.findtext(f"{ENVELOPE}schemaVersion") == "4.7"
    assert wrapped.findtext(f"{ENVELOPE}datacentreSymbol") == "BETA"
    payload = wrapped.find(f"{ENVELOPE}payload/{KERNEL}resource")
    assert payload is not None
    assert etree.tostring(payload, method="c14n", exclusive=True) == etree.tostring(
        bare[0], method="c14n", exclusive=True
    )


def test_the_formats_are_those_of_the_register_with_schema_and_namespace(reader: Client) -> None:
    announced = {
        found.findtext(OAI + "metadataPrefix"): (
            found.findtext(OAI + "schema"),
            found.findtext(OAI + "metadataNamespace"),
        )
        for found in reader.ask(verb="ListMetadataFormats").iter(OAI + "metadataFormat")
    }
    assert set(announced) == {"oai_dc", "datacite", "oai_datacite"}
    for prefix, (schema, namespace) in announced.items():
        root = record(reader, of("beta", "oai:a:1"), prefix or "").find(f"{OAI}metadata/*")
        assert root is not None
        location = root.get("{http://www.w3.org/2001/XMLSchema-instance}schemaLocation", "").split()
        assert etree.QName(root).namespace == namespace
        assert (namespace, schema) in zip(location[::2], location[1::2], strict=True)


def test_a_new_prefix_in_the_register_is_offered_and_a_withdrawn_one_is_not(store: Store) -> None:
    toy = MetadataFormat("toy", "Toy", "urn:toy", "http://toy.example.org/toy.xsd", oai=True)
    made = replace(change("m", "a:1"), renderings={"toy": b'<toy xmlns="urn:toy"/>'})
    put(store, member(store, "m"), [made])
    client = Client(store)
    assert client.codes(verb="ListRecords", metadataPrefix="toy") == ["cannotDisseminateFormat"]
    client.provider = Provider(store, SETTINGS, register={**FORMATS, "toy": toy})
    assert record(client, of("m", "a:1"), "toy").find(f"{OAI}metadata/{{urn:toy}}toy") is not None
    formats = client.ask(verb="ListMetadataFormats", identifier=of("m", "a:1"))
    assert [e.text for e in formats.iter(OAI + "metadataPrefix")] == ["toy"]
