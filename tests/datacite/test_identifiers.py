"""Identifiers: the worked examples, each kind's forms, links that lead back, no false claims."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.datacite.identifiers import (
    Identifier,
    doi,
    fits,
    isni,
    link,
    of_scheme,
    orcid,
    recognise,
    ror,
)
from app.datacite.vocabularies import CURRENT
from tests.datacite.value_strategies import NASTY, RELATED

WORKED = [
    ("https://doi.org/10.5072/EX.4711", "DOI", "10.5072/ex.4711"),
    ("http://dx.doi.org/10.5072%2FEX.4711", "DOI", "10.5072/ex.4711"),
    ("DOI 10.5072/ex.4711.", "DOI", "10.5072/ex.4711"),
    ("https://doi.org/10.5072/ex(2020)4711", "DOI", "10.5072/ex(2020)4711"),
    ("10.5072/ex&lt;4711&gt;1", "DOI", "10.5072/ex<4711>1"),
    ("https://journal.example.org/doi/abs/10.5072/ex.4711", "URL", None),
    ("https://hdl.handle.net/10999/4711", "Handle", "10999/4711"),
    ("20.500.99999/4711", "Handle", "20.500.99999/4711"),
    ("https://repository.example.org/handle/123456789/4711", "URL", None),
    ("2019/12", "local", None),
    ("https://nbn-resolving.org/urn:nbn:de:0000-4711", "URN", "urn:nbn:de:0000-4711"),
    ("ISBN 979-10-651-2345-2", "ISBN", "9791065123452"),
    ("3-16-148410-1", "local", None),
    ("e-ISSN: 2049-3673", "EISSN", "2049-3673"),
    ("2049-3673", "ISSN", None),
    ("1357-2468", "local", None),
    ("https://n2t.net/ark:/99999/fk4711", "ARK", "ark:/99999/fk4711"),
    ("https://arxiv.org/pdf/2101.99999v2.pdf", "arXiv", "arXiv:2101.99999v2"),
    ("99999999", "local", None),
    ("PMID: 99999999", "PMID", "99999999"),
    ("PMC9999999", "URL", "https://www.ncbi.nlm.nih.gov/pmc/articles/PMC9999999"),
    ("www.example.org/page", "URL", "http://www.example.org/page"),
    ("Study number: 4711", "Study number", "4711"),
    ("oai:repository.example.org:4711", "oai", None),
]
FURTHER = [
    ("doi:10.5072/EX.1", "DOI", "10.5072/ex.1"),
    ("https://doi.org/doi:10.5072/ex", "DOI", "10.5072/ex"),
    ("doi.org/10.5072/ex", "DOI", "10.5072/ex"),
    ("urn:doi:10.5072/ex", "DOI", "10.5072/ex"),
    ("info:doi/10.5072/ex", "DOI", "10.5072/ex"),
    ("<https://doi.org/10.5072/ex>", "DOI", "10.5072/ex"),
    ('"10.5072/ex"', "DOI", "10.5072/ex"),
    ("10.5072.11/ex", "DOI", "10.5072.11/ex"),
    ("https://doi.org/10.5072/(a)1:8%3C9::x%3E2-o", "DOI", "10.5072/(a)1:8<9::x>2-o"),
    ("info:eu-repo/semantics/altIdentifier/doi/10.5072/ex", "DOI", "10.5072/ex"),
    ("https://hdl.handle.net/10.5072/EX", "DOI", "10.5072/ex"),
    ("doi:about", "local", None),
    ("hdl:10999/4711", "Handle", "10999/4711"),
    ("info:hdl/10999/4711", "Handle", "10999/4711"),
    ("Handle: 10999/4711", "Handle", "10999/4711"),
    ("info:eu-repo/semantics/altIdentifier/hdl/10999/4711", "Handle", "10999/4711"),
    ("123456789/4711", "local", None),
    ("https://hdl.handle.net/123456789/4711", "URL", None),
    ("10.12.2008/5", "local", None),
    ("978-3-16-148410-0", "ISBN", "9783161484100"),
    ("ISBN: 3-16-148410-X", "ISBN", "9783161484100"),
    ("3-16-148410-X", "ISBN", "9783161484100"),
    ("ISBN-13: 978-3-16-148410-0 (pbk.)", "ISBN", "9783161484100"),
    ("urn:isbn:9783161484100", "ISBN", "9783161484100"),
    ("316148410X", "local", None),
    ("ISSN (online): 2049-3673", "EISSN", "2049-3673"),
    ("p-ISSN 2049-3673", "ISSN", "2049-3673"),
    ("ISSN=2049-3673", "ISSN", "2049-3673"),
    ("ISSN-L 2049-3673", "LISSN", "2049-3673"),
    ("urn:issn:2049-3673", "ISSN", "2049-3673"),
    ("https://portal.issn.org/resource/ISSN/2049-3673", "ISSN", "2049-3673"),
    ("info:eu-repo/semantics/altIdentifier/eissn/2049-3673", "EISSN", "2049-3673"),
    ("1998-2007", "local", None),
    ("URN:NBN:de:0000-4711", "URN", "urn:nbn:de:0000-4711"),
    ("URN: urn:nbn:de:0000-4711", "URN", "urn:nbn:de:0000-4711"),
    ("https://example.org/r?urn=urn%3Anbn%3Ade%3A0000-4711&x=1", "URN", "urn:nbn:de:0000-4711"),
    ("urn:uuid:4711", "URN", None),
    ("urn:lsid:example.org:names:4711", "LSID", None),
    ("ark:99999/fk4711", "ARK", None),
    ("arXiv:hep-th/9901001", "arXiv", None),
    ("hep-th/9901001", "local", None),
    ("arXiv:2101.99999 [cs.DL]", "arXiv", "arXiv:2101.99999"),
    ("2101.99999v2", "arXiv", "arXiv:2101.99999v2"),
    ("641.5", "local", None),
    ("info:pmid/99999999", "PMID", "99999999"),
    ("https://pubmed.ncbi.nlm.nih.gov/99999999/", "PMID", "99999999"),
    ("https://www.ncbi.nlm.nih.gov/pubmed/99999999", "PMID", "99999999"),
    ("RRID: AB_4711", "RRID", "RRID:AB_4711"),
    ("igsn:EXAMPLE4711", "IGSN", "EXAMPLE4711"),
    ("2008ApJ...684..999V", "bibcode", None),
    ("https://w3id.org/example/x", "w3id", None),
    ("http://purl.org/example/x", "PURL", None),
    ("EAN 4006381333931", "EAN13", "4006381333931"),
    ("4006381333931", "local", None),
    ("call number=QH 301", "call number", "QH 301"),
    ("hal:hal-4711", "local", None),
    ("https://example.org/a).", "URL", "https://example.org/a"),
    ("https://example.org/a_(b)", "URL", None),
    ("info:eu-repo/grantAgreement/EC/FP7/4711", "local", None),
    ("Journal 12 (2001): 1-5", "local", None),
    ("Rivers: a history", "local", None),
    ("javascript:alert(1)", "local", None),
    ("", "local", None),
]


@pytest.mark.parametrize(("text", "kind", "value"), WORKED + FURTHER)
def test_an_identifier_is_recognised(text: str, kind: str, value: str | None) -> None:
    assert recognise(text) == Identifier(kind, text if value is None else value)


@given(st.one_of(st.text(), st.text(NASTY), st.text("10.5072/ex:=%()<>[] \"'&;nbdoisr")))
def test_every_text_is_something(text: str) -> None:
    found = recognise(text)
    assert found.kind
    link(found.kind, found.value)


@pytest.mark.parametrize("kind", sorted(RELATED))
def test_a_canonical_value_fits_its_kind_and_its_scheme_finds_it(kind: str) -> None:
    assert kind in CURRENT["relatedIdentifierType"]

    @given(RELATED[kind])
    def holds(value: str) -> None:
        assert fits(kind, value)
        assert of_scheme(kind, value) == Identifier(kind, value)

    holds()


@pytest.mark.parametrize("kind", sorted(RELATED))
def test_a_link_leads_back_to_its_identifier(kind: str) -> None:
    @given(RELATED[kind])
    def holds(value: str) -> None:
        address = link(kind, value)
        if address is not None:
            assert recognise(address) == Identifier(kind, value)

    holds()


@given(st.text('abcxyz019._-()/;<>&#%é?"', min_size=1, max_size=12))
def test_a_doi_link_leads_back_to_the_doi(suffix: str) -> None:
    name = f"10.5072/x{suffix}z"
    if doi(name) == name:
        assert doi(link("DOI", name) or "") == name


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        ("DOI", "10.5072/ex<1>", "https://doi.org/10.5072/ex%3C1%3E"),
        ("PMID", "12345678", "https://pubmed.ncbi.nlm.nih.gov/12345678/"),
        ("URN", "urn:nbn:fi:4711", "https://urn.fi/urn:nbn:fi:4711"),
        ("URN", "urn:uuid:4711", None),
        ("ISBN", "9783161484100", None),
        ("ISSN", "2049-3673", None),
        ("URL", "javascript:alert(1)", None),
        ("local", "4711", None),
        ("ORCID", "0000-0003-1417-2201", "https://orcid.org/0000-0003-1417-2201"),
        ("ROR", "02mhbdp94", "https://ror.org/02mhbdp94"),
    ],
)
def test_links_are_for_people(kind: str, value: str, expected: str | None) -> None:
    assert link(kind, value) == expected


@pytest.mark.parametrize(
    "text",
    ["0000-0003-1417-2201", "https://orcid.org/0000-0003-1417-2201", "ORCID: 0000-0003-1417-2201",
     "http://www.orcid.org/0000-0003-1417-2201/", "0000000314172201",
     " orcid.org/0000-0003-1417-2201"],
)  # fmt: skip
def test_an_orcid_has_one_spelling(text: str) -> None:
    assert orcid(text) == "https://orcid.org/0000-0003-1417-2201"


@pytest.mark.parametrize(
    "text", ["0000-0003-1417-2202", "https://isni.org/isni/0000000121032683", "Ilona", ""]
)
def test_what_is_no_orcid_is_none(text: str) -> None:
    assert orcid(text) is None


@pytest.mark.parametrize(
    "text",
    ["0000 0001 2103 2683", "https://isni.org/isni/0000000121032683", "ISNI: 0000000121032683"],
)
def test_an_isni_has_one_spelling(text: str) -> None:
    assert isni(text) == "0000000121032683"


@pytest.mark.parametrize("text", ["02mhbdp94", "https://ror.org/02MHBDP94", "ror.org/02mhbdp94/"])
def test_a_ror_has_one_spelling(text: str) -> None:
    assert ror(text) == "https://ror.org/02mhbdp94"


def test_a_ror_with_a_wrong_checksum_is_none() -> None:
    assert ror("https://ror.org/02mhbdp93") is None


@pytest.mark.parametrize(
    ("kind", "value"),
    [("DOI", "https://example.org"), ("ISSN", "1357-2468"), ("Handle", "x"), ("URL", "page 4"),
     ("PMID", "PMC12"), ("ARK", "99999"), ("SWHID", "swh:1:dir:0")],
)  # fmt: skip
def test_a_value_that_does_not_look_like_its_type_does_not_fit(kind: str, value: str) -> None:
    assert not fits(kind, value)


def test_an_unknown_scheme_is_the_kind() -> None:
    assert of_scheme("wos", "000123") == Identifier("wos", "000123")
    assert recognise("info:eu-repo/semantics/altIdentifier/wos/000123") == Identifier(
        "wos", "000123"
    )


@pytest.mark.parametrize(
    "text",
    ["https://orcid.org/https://orcid.org/0000-0003-1417-2201", "0000‐0003‐1417‐2201"],
)
def test_an_orcid_is_read_behind_a_second_host_and_with_other_hyphens(text: str) -> None:
    assert orcid(text) == "https://orcid.org/0000-0003-1417-2201"
