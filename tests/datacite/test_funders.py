"""Grants: every worked example, sponsorship texts, and totality."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.datacite.funders import FUNDERS, acronym, funder_name, read_grant
from app.datacite.resource import FundingReference
from app.datacite.vocabularies import CURRENT

GRANT = "info:eu-repo/grantAgreement"
COMMISSION = {
    "funder_name": "European Commission",
    "funder_identifier": "https://doi.org/10.13039/501100000780",
    "funder_identifier_type": "Crossref Funder ID",
}
EXAMPLES = [
    (
        f"{GRANT}/EC/FP7/223344",
        FundingReference(
            **COMMISSION,
            award_number="223344",
            award_uri="https://cordis.europa.eu/project/id/223344",
        ),
    ),
    (
        f"{GRANT}/EC/H2020/998877/EU/Example%20River%20Observatory/EXRIVER",
        FundingReference(
            **COMMISSION,
            award_number="998877",
            award_uri="https://cordis.europa.eu/project/id/998877",
            award_title="Example River Observatory",
        ),
    ),
    (
        f"{GRANT}/FCT/5876/PTDC%2FEX%2F4711%2F2014/PT",
        FundingReference("FCT", award_number="PTDC/EX/4711/2014"),
    ),
    (f"{GRANT}/XYZF//4711", FundingReference("XYZF", award_number="4711")),
]


@pytest.mark.parametrize(("text", "reference"), EXAMPLES)
def test_a_worked_example_reads_as_written(text, reference):
    assert read_grant(text) == reference


def test_an_agreement_without_project_is_a_funder_without_award():
    assert read_grant(f"{GRANT}/EC/FP7/") == FundingReference(**COMMISSION)
    assert read_grant(f"{GRANT}/EC") == FundingReference(**COMMISSION)


def test_an_agreement_without_funder_is_nothing():
    assert read_grant(f"{GRANT}//FP7/223344") is None
    assert read_grant(f"{GRANT}/") is None


def test_the_acronym_is_the_title_where_there_is_no_name():
    assert read_grant(f"{GRANT}/EC/H2020/998877/EU//EXRIVER").award_title == "EXRIVER"


@pytest.mark.parametrize(
    "name",
    [
        "EC", "NSF", "NIH", "NWO", "DFG", "FWF", "SNSF", "ANR", "FCT", "ARC", "NHMRC", "Wellcome",
        "RCUK", "UKRI", "AHRC", "BBSRC", "EPSRC", "ESRC", "MRC", "NERC", "STFC", "AKA", "MESTD",
        "HRZZ",
    ],
)  # fmt: skip
def test_the_table_has_the_funders_of_grant_agreements(name):
    assert re.fullmatch(r"https://doi\.org/10\.13039/1?[0-9]{9,12}", FUNDERS[name].identifier)


def test_a_funder_is_found_by_name_and_by_identifier():
    assert acronym("European Commission") == "EC"
    assert acronym("dfg") == "DFG"
    assert acronym("Example Fund") is None
    assert funder_name("https://doi.org/10.13039/501100001659") == FUNDERS["DFG"].name
    assert funder_name("10.13039/501100001659") == FUNDERS["DFG"].name
    assert funder_name("https://ror.org/04wxnsj81") is None


@pytest.mark.parametrize(
    ("text", "name", "number"),
    [
        ("Funding: Example Fund, Grant No. EX 4711/2-1", "Example Fund", "EX 4711/2-1"),
        ("Sponsorship: Example Fund (EF-4711)", "Example Fund", "EF-4711"),
        ("Funding was provided by the Example Fund under Grant EF-7", "Example Fund", "EF-7"),
        ("Data were created with funding from the Example Fund under grant 9", "Example Fund", "9"),
        ("Example Fund under grant agreement 998877.", "Example Fund", "998877"),
        ("This work was supported by the Example Fund (Grant 12/3)", "Example Fund", "12/3"),
        ("Example Fund (EF)", "Example Fund (EF)", None),
        ("Example Fund", "Example Fund", None),
    ],
)
def test_a_sponsorship_names_the_funder_up_to_the_grant_number(text, name, number):
    found = read_grant(text)
    assert (found.funder_name, found.award_number) == (name, number)
    assert found.funder_identifier is None


@pytest.mark.parametrize("text", ["", "n/a", "4711", "https://example.org/grant/1", "x. " * 200])
def test_what_names_no_funder_is_none(text):
    assert read_grant(text) is None


PIECES = [
    *(text for text, _ in EXAMPLES), "/", "%", "%00", "(", ")", "Grant No. ", "4711", " ",
    "Funded by ", "Example Fund", "FKZ", ":",
]  # fmt: skip


@given(st.text(max_size=300) | st.lists(st.sampled_from(PIECES), max_size=8).map("".join))
def test_reading_is_total_and_gives_only_known_values(text):
    found = read_grant(text)
    if found is None:
        return
    assert found.funder_name.strip()
    assert found.award_number != ""
    assert found.award_title != ""
    assert found.funder_identifier_type in (None, *CURRENT["funderIdentifierType"])
    assert bool(found.funder_identifier) == bool(found.funder_identifier_type)
