"""The one way in: what each record becomes, and what an unchanged one costs."""

from __future__ import annotations

import datetime
import json
import time
import timeit
from typing import Any

import pytest
from msgspec.structs import replace

from app import crosswalks
from app.crosswalks import provenance
from app.crosswalks.presenting import PREFIXES_STORED
from app.crosswalks.provenance import OriginDescription
from app.crosswalks.xml import local_name, parse, serialised
from app.datacite.problem import problem
from app.datacite.resource import decode
from app.ingest import Incoming, decide, fingerprint
from app.record import Change, Header, Origin, Previous, local_id, sets_of
from tests.crosswalks.cases import xml_paths
from tests.crosswalks.schemas import complaints
from tests.shared import needs_shared

TODAY = datetime.date(2026, 1, 15)
ORIGIN = Origin("rivers", "River archive", "https://rivers.example.org/oai", "2026-01-14T05:06:07Z")
OWN = "https://hub.example.org/oai"
HEADER = Header("oai:rivers.example.org:1", "2020-02-03", ("a:b", "c"))
DC = (
    '<oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{title}</dc:title>'
    "<dc:creator>Varga, Ilona</dc:creator><dc:type>dataset</dc:type><dc:date>2008</dc:date>"
    "<dc:identifier>10.5072/r.1</dc:identifier></oai_dc:dc>"
)


def incoming(title: str = "Rivers", header: Header = HEADER, **more: Any) -> Incoming:
    """A record as it is harvested."""
    data = DC.format(title=title).encode()
    return Incoming(header, parse(data), data, **more)


def decided(record: Incoming, previous: Previous | None = None) -> Change | None:
    """What is decided about a record."""
    return decide(record, previous, origin=ORIGIN, prefix="oai_dc", today=TODAY, base_url=OWN)


def change_of(record: Incoming, previous: Previous | None = None) -> Change:
    """The change that a record makes."""
    change = decided(record, previous)
    assert change is not None
    return change


def held(change: Change, state: str = "live") -> Previous:
    """What a store holds after a change."""
    return Previous(
        1, change.local_id, state, change.fingerprint, change.resource_fingerprint,
        change.crosswalk, change.quarantine,
    )  # fmt: skip


# ── what a record becomes ────────────────────────────────────────────────────────────────────


def test_a_new_record_is_read_rendered_and_summed_up() -> None:
    change = change_of(incoming())
    assert change.kind == "new"
    assert change.local_id == local_id("rivers", HEADER.identifier)
    assert (change.identifier, change.datestamp) == (HEADER.identifier, "2020-02-03")
    assert change.source_sets == ("a:b", "c")
    assert change.sets == ("member:rivers:a:b", "member:rivers:c", "type:Dataset")
    assert (change.format, change.prefix) == ("oai_dc", "oai_dc")
    assert tuple(change.renderings) == PREFIXES_STORED
    assert change.summary.title == "Rivers"
    assert (change.summary.creators, change.summary.year) == ("Varga, Ilona", 2008)
    assert (change.summary.doi, change.summary.type) == ("10.5072/r.1", "Dataset")
    assert change.summary.url == "https://doi.org/10.5072/r.1"
    assert (
        decode(change.resource or b"").publisher
        == decode(b'{"publisher": {"name": "River archive"}}').publisher
    )
    assert change.original == DC.format(title="Rivers").encode()


def test_what_was_inferred_is_kept_beside_the_record() -> None:
    inferences = json.loads(change_of(incoming()).inferences)
    assert ["/publisher/name", "publisher.repository", "River archive"] in inferences


def test_problems_of_harvesting_reading_and_checking_are_joined_once() -> None:
    mended = problem("xml.recovered")
    change = change_of(incoming(problems=(mended,)))
    rules = [found.rule for found in change.problems]
    assert rules[0] == "xml.recovered"
    assert "publisher.inferred" in rules
    assert "recommended.absent" not in rules
    assert len({(p.rule, p.path) for p in change.problems}) == len(change.problems)


def test_a_record_as_before_is_no_change() -> None:
    first = change_of(incoming())
    assert decided(incoming(), held(first)) is None


def test_a_newer_crosswalk_reads_an_unchanged_record_again() -> None:
    older = replace(held(change_of(incoming())), crosswalk=crosswalks.CROSSWALK - 1)
    assert change_of(incoming(), older).kind == "retouched"


def test_another_title_is_a_change() -> None:
    first = change_of(incoming())
    change = change_of(incoming("Streams"), held(first))
    assert change.kind == "changed"
    assert change.resource_fingerprint != first.resource_fingerprint


def test_other_bytes_of_the_same_meaning_only_retouch() -> None:
    first = change_of(incoming())
    data = DC.format(title=" Rivers\n").encode()
    change = change_of(Incoming(HEADER, parse(data), data), held(first))
    assert change.kind == "retouched"
    assert change.fingerprint != first.fingerprint


def test_another_set_is_a_change() -> None:
    first = change_of(incoming())
    moved = incoming(header=replace(HEADER, sets=("a:b",)))
    assert change_of(moved, held(first)).kind == "changed"


def test_the_order_of_sets_is_no_change() -> None:
    first = change_of(incoming())
    turned = incoming(header=replace(HEADER, sets=("c", "a:b")))
    assert decided(turned, held(first)) is None


def test_a_deleted_record_is_a_deletion_even_if_it_was_never_seen() -> None:
    gone = Incoming(replace(HEADER, deleted=True))
    for previous in (None, held(change_of(incoming()))):
        change = change_of(gone, previous)
        assert (change.kind, change.resource, change.original) == ("deleted", None, None)
        assert change.reason


@pytest.mark.parametrize("state", ["deleted", "unseen"])
def test_a_record_deleted_before_is_no_change(state: str) -> None:
    gone = Incoming(replace(HEADER, deleted=True))
    assert decided(gone, held(change_of(gone), state)) is None


def test_a_record_that_comes_back_unchanged_is_a_change() -> None:
    first = change_of(incoming())
    assert change_of(incoming(), held(first, "deleted")).kind == "changed"


def test_a_record_first_seen_deleted_and_then_alive_is_new() -> None:
    gone = change_of(Incoming(replace(HEADER, deleted=True)))
    assert change_of(incoming(), held(gone, "unseen")).kind == "new"


def test_a_record_without_year_or_identifier_is_served_as_dublin_core_only() -> None:
    data = b'<dc xmlns="http://purl.org/dc/elements/1.1/"><title>A</title></dc>'
    change = change_of(Incoming(Header("oai:x:1", "never"), parse(data), data))
    assert tuple(change.renderings) == ("oai_dc",)


def test_the_year_is_that_of_the_datestamp_as_a_last_resort() -> None:
    data = b'<dc xmlns="http://purl.org/dc/elements/1.1/"><title>A</title></dc>'
    change = change_of(Incoming(HEADER, parse(data), data))
    assert change.summary.year == 2020
    assert b"<publicationYear>2020</publicationYear>" in change.renderings["datacite"]


# ── quarantine ───────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("record", "cause"),
    [
        (Incoming(HEADER), "record-without-metadata"),
        (Incoming(HEADER, parse(b"<metadata/>"), b"<metadata/>"), "record-without-metadata"),
        (Incoming(HEADER, parse(b"<dc/>"), b"<dc/>"), "record-without-metadata"),
        (Incoming(HEADER, parse(b"<lido/>"), b"<mods/>"), "format-unknown"),
        (Incoming(Header(""), parse(b"<dc/>"), b"<dc/>"), "record-without-name"),
        (
            Incoming(HEADER, None, b"<dc>", quarantine="record-unreadable", reason="Line 1."),
            "record-unreadable",
        ),
    ],
)
def test_what_cannot_be_read_is_set_aside_with_cause_and_sentence(
    record: Incoming, cause: str
) -> None:
    change = change_of(record)
    assert (change.kind, change.quarantine) == ("quarantined", cause)
    assert change.reason.endswith(".")
    assert change.original == record.original
    assert change.resource is None
    assert change.renderings == {}
    assert change.about is None


def test_a_record_set_aside_before_and_unchanged_is_no_change() -> None:
    record = Incoming(HEADER, parse(b"<lido/>"), b"<mods/>")
    assert decided(record, held(change_of(record), "unread")) is None


def test_records_without_a_name_do_not_overwrite_one_another() -> None:
    one, two = (Incoming(Header(""), parse(data), data) for data in (b"<a/>", b"<b/>"))
    assert change_of(one).local_id != change_of(two).local_id


def test_a_fault_of_our_own_sets_the_record_aside_and_never_stops_its_page() -> None:
    no_element: Any = object()
    change = change_of(Incoming(HEADER, no_element, b"<dc/>"))
    assert (change.kind, change.quarantine) == ("quarantined", "record-unreadable")
    assert change.reason.startswith("A fault of the hub")
    assert change.original == b"<dc/>"


# ── fingerprints and sets ────────────────────────────────────────────────────────────────────


def test_a_fingerprint_is_sixteen_bytes_of_payload_sets_and_deletion() -> None:
    first = fingerprint(incoming())
    assert len(first) == 16
    assert fingerprint(incoming()) == first
    assert fingerprint(incoming("Streams")) != first
    assert fingerprint(incoming(header=replace(HEADER, deleted=True))) != first
    assert fingerprint(incoming(header=replace(HEADER, sets=()))) != first
    assert fingerprint(incoming(header=replace(HEADER, datestamp="2021-01-01"))) == first


def test_without_bytes_the_element_is_written_anew() -> None:
    element = parse(DC.format(title="Rivers").encode())
    change = change_of(Incoming(HEADER, element))
    assert change.original == serialised(element)


@pytest.mark.parametrize(
    ("source", "ours"),
    [
        ((), ("member:rivers",)),
        (("a", "a:b", "a"), ("member:rivers:a:b",)),
        (("ab", "a"), ("member:rivers:ab", "member:rivers:a")),
        (("ü b",), ("member:rivers:!C3!BC!20b",)),
        (("a::b",), ("member:rivers:a:!:b",)),
    ],
)
def test_only_the_minimal_sets_are_named(source: tuple[str, ...], ours: tuple[str, ...]) -> None:
    assert sets_of("rivers", source) == ours


# ── provenance ───────────────────────────────────────────────────────────────────────────────


def about(*steps: OriginDescription) -> bytes:
    """An about as a source sends it."""
    return provenance.about(steps)


EARLIER = OriginDescription(
    "http://first.example.org/oai", "oai:first.example.org:9", "2019-01-02",
    "http://www.loc.gov/mods/v3", "2019-05-06T07:08:09Z", altered=False,
)  # fmt: skip


def test_provenance_says_where_the_record_comes_from() -> None:
    change = change_of(incoming())
    assert provenance.chains((change.about or b"",)) == (
        (
            OriginDescription(
                ORIGIN.base_url,
                HEADER.identifier,
                "2020-02-03",
                "http://www.openarchives.org/OAI/2.0/oai_dc/",
                ORIGIN.response_date,
            ),
        ),
    )
    assert (change.about or b"").startswith(b"<about><provenance ")


def test_an_earlier_origin_is_nested_inside_ours_unchanged() -> None:
    before = replace(EARLIER, base_url="http://before.example.org/oai")
    change = change_of(incoming(about=(about(EARLIER, before),)))
    ((ours, *rest),) = provenance.chains((change.about or b"",))
    assert ours.base_url == ORIGIN.base_url
    assert rest == [EARLIER, before]
    assert change.source_about == about(EARLIER, before)


def test_an_origin_of_three_levels_is_nested_with_what_it_lacks() -> None:
    steps = (EARLIER, replace(EARLIER, altered=True), replace(EARLIER, datestamp="2001"))
    change = change_of(incoming(about=(about(*steps), b"<about><rights/></about>")))
    ((_, *rest),) = provenance.chains((change.about or b"",))
    assert rest == [*steps[:2], replace(steps[2], datestamp=provenance.UNKNOWN)]
    assert b"<rights" not in (change.about or b"")
    assert b"<about><rights/></about>" in (change.source_about or b"")


def test_the_licence_of_the_members_metadata_follows_the_provenance() -> None:
    licensed = replace(ORIGIN, rights="https://creativecommons.org/publicdomain/zero/1.0/")
    change = decide(
        incoming(about=(about(EARLIER),)), None, origin=licensed, prefix="oai_dc", today=TODAY,
        base_url=OWN,
    )  # fmt: skip
    assert change is not None
    parts = parse(b"<abouts>" + (change.about or b"") + b"</abouts>")
    assert [local_name(holder[0]) for holder in parts] == ["provenance", "rights"]
    assert len(provenance.chains((change.about or b"",))[0]) == 2
    assert parts[1][0][0].get("ref") == licensed.rights
    assert provenance.rights("") == provenance.rights("ask us, please") == b""


@needs_shared
def test_rights_are_valid() -> None:
    for licence in ("https://creativecommons.org/licenses/by/4.0/", "urn:x:y", 'http://x/<&>"%zz'):
        said = provenance.rights(licence)
        if said:
            assert complaints(serialised(parse(said)[0])) == []


@pytest.mark.parametrize(
    "address", [OWN, "http://HUB.example.org:80/oai/", "https://hub.example.org:443/oai"]
)
@pytest.mark.parametrize("place", [0, 1])
def test_our_own_record_come_home_is_not_taken_in(address: str, place: int) -> None:
    chain = [EARLIER, EARLIER]
    chain[place] = replace(EARLIER, base_url=address)
    assert decided(incoming(about=(about(*chain),))) is None


def test_an_about_that_is_no_provenance_or_no_xml_does_no_harm() -> None:
    change = change_of(incoming(about=(b"<about><rights/></about>", b"<about><originDescription")))
    assert len(provenance.chains((change.about or b"",))[0]) == 1


@needs_shared
@pytest.mark.parametrize(
    "datestamp",
    [
        "2020-02-03", "2020-02-03T04:05:06Z", "", "yesterday", "2020-02-03T04:05:06+0200",
        "2020-02-03 04:05:06",
    ],
)  # fmt: skip
@pytest.mark.parametrize("identifier", ["oai:x:1", "ein Name mit %zz & <b>", "10", "http://[x"])
def test_provenance_is_valid(datestamp: str, identifier: str) -> None:
    header = Header(identifier, datestamp)
    for earlier in ((), (EARLIER,), (EARLIER, EARLIER, EARLIER)):
        abouts = (about(*earlier),) if earlier else ()
        change = change_of(incoming(header=header, about=abouts))
        (inner,) = parse(change.about or b"")
        assert complaints(serialised(inner)) == []


@needs_shared
@pytest.mark.parametrize("path", xml_paths(), ids=lambda path: path.stem)
def test_every_rendering_of_every_case_stands_alone_and_is_valid(path: Any) -> None:
    data = path.read_bytes()
    change = change_of(Incoming(HEADER, parse(data), data))
    for rendering in change.renderings.values():
        assert not rendering.startswith(b"<?xml")
        assert complaints(rendering) == []


# ── speed ────────────────────────────────────────────────────────────────────────────────────


def test_an_unchanged_record_costs_little() -> None:
    record, previous = incoming(), held(change_of(incoming()))
    timer = time.process_time
    best = min(timeit.repeat(lambda: decided(record, previous), number=200, repeat=9, timer=timer))
    assert best / 200 < 0.000_03
