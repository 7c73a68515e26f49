"""The language of the metadata is read where a format has a place for it, and nowhere else."""

from __future__ import annotations

import pytest

from app.crosswalks.own_language import language_of

GMD = "http://www.isotc211.org/2005/gmd"
GCO = "http://www.isotc211.org/2005/gco"
MARC = "http://www.loc.gov/MARC21/slim"


@pytest.mark.parametrize(
    ("form", "body", "told"),
    [
        (
            "iso19139",
            (
                f'<MD_Metadata xmlns="{GMD}" xmlns:gco="{GCO}"><language><gco:CharacterString>ger'
                "</gco:CharacterString></language></MD_Metadata>"
            ),
            "de",
        ),
        (
            "marc21",
            (
                f'<record xmlns="{MARC}"><leader>x</leader><datafield tag="040" ind1=" " ind2=" ">'
                '<subfield code="a">DE-1</subfield><subfield code="b">ger</subfield></datafield>'
                "</record>"
            ),
            "de",
        ),
        (
            "mods",
            (
                '<mods xmlns="http://www.loc.gov/mods/v3"><recordInfo><languageOfCataloging>'
                '<languageTerm authority="iso639-2b">fre</languageTerm></languageOfCataloging>'
                "</recordInfo></mods>"
            ),
            "fr",
        ),
        ("ddi", '<codeBook xmlns="ddi:codebook:2_5" xml:lang="sv"><stdyDscr/></codeBook>', "sv"),
        (
            "lom",
            (
                '<lom xmlns="http://ltsc.ieee.org/xsd/LOM"><general/><metaMetadata><language>it'
                "</language></metaMetadata></lom>"
            ),
            "it",
        ),
        ("marc21", f'<record xmlns="{MARC}"><leader>x</leader></record>', ""),
        ("iso19139", "<broken", ""),
        ("datacite", '<resource xmlns="http://datacite.org/schema/kernel-4" xml:lang="en"/>', ""),
    ],
)
def test_the_language_of_the_metadata_is_what_they_say(form: str, body: str, told: str) -> None:
    assert language_of(body.encode(), form) == told
