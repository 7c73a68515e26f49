"""Rights: every worked example, forms of licences, and totality."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.datacite.resource import Rights
from app.datacite.rights import ACCESS, LICENCES, is_spdx, read_rights
from app.datacite.uris import uri

CC = "https://creativecommons.org/licenses"
SPDX_NAME = "Creative Commons Attribution"
EXAMPLES = [
    (
        "info:eu-repo/semantics/openAccess",
        "Open Access",
        "info:eu-repo/semantics/openAccess",
        None,
    ),
    (
        "http://purl.org/coar/access_right/c_16ec",
        "Restricted Access",
        "http://purl.org/coar/access_right/c_16ec",
        None,
    ),
    (
        "http://creativecommons.org/licenses/by/4.0/deed.en",
        f"{SPDX_NAME} 4.0 International",
        f"{CC}/by/4.0/",
        "CC-BY-4.0",
    ),
    (
        "//creativecommons.org/licenses/by-sa/4.0/legalcode",
        f"{SPDX_NAME} Share Alike 4.0 International",
        f"{CC}/by-sa/4.0/",
        "CC-BY-SA-4.0",
    ),
    (
        "http://creativecommons.org/licenses/by-nc-sa/3.0/de/",
        f"{SPDX_NAME} Non Commercial Share Alike 3.0 Germany",
        f"{CC}/by-nc-sa/3.0/de/",
        "CC-BY-NC-SA-3.0-DE",
    ),
    (
        "http://creativecommons.org/licenses/by-nc-nd/3.0/us/",
        None,
        f"{CC}/by-nc-nd/3.0/us/",
        None,
    ),
    (
        "CC BY-NC 4.0 https://creativecommons.org/licenses/by-nc/4.0/",
        "CC BY-NC 4.0",
        f"{CC}/by-nc/4.0/",
        "CC-BY-NC-4.0",
    ),
    ("CC-BY-NC-ND 4.0", "CC-BY-NC-ND 4.0", f"{CC}/by-nc-nd/4.0/", "CC-BY-NC-ND-4.0"),
    ("CC BY", "CC BY", None, None),
    (
        "Creative Commons Attribution-NonCommercial-ShareAlike 4.0 International License",
        "Creative Commons Attribution-NonCommercial-ShareAlike 4.0 International License",
        f"{CC}/by-nc-sa/4.0/",
        "CC-BY-NC-SA-4.0",
    ),
    ("CC0", "CC0", "https://creativecommons.org/publicdomain/zero/1.0/", "CC0-1.0"),
    (
        "Apache License, Version 2.0",
        "Apache License, Version 2.0",
        "https://spdx.org/licenses/Apache-2.0.html",
        "Apache-2.0",
    ),
    (
        "http://rightsstatements.org/page/NoC-NC/1.0/?language=en",
        None,
        "http://rightsstatements.org/vocab/NoC-NC/1.0/",
        "NoC-NC",
    ),
    ("© 2019 Ilona Varga", "© 2019 Ilona Varga", None, None),
    ("All rights reserved.", "All rights reserved.", None, None),
]


@pytest.mark.parametrize(("text", "rights", "address", "identifier"), EXAMPLES)
def test_a_worked_example_reads_as_written(text, rights, address, identifier):
    found = read_rights(text).rights
    assert (found.rights, found.rights_uri, found.rights_identifier) == (
        rights, address, identifier,
    )  # fmt: skip


def test_the_licence_of_a_description_is_none_of_what_it_describes():
    text = (
        "This metadata record is licensed under https://creativecommons.org/publicdomain/zero/1.0/"
    )
    assert read_rights(text).rights == Rights(text)


def test_access_that_is_not_constrained_is_open():
    assert read_rights("Access constraints: unrestricted").access == "open"
    assert read_rights("unrestricted").access is None


def test_a_button_word_is_dropped():
    assert read_rights("Download").dropped
    assert read_rights("Download").rights is None


def test_a_copyright_line_names_the_rights_holder():
    assert read_rights("© 2019 Ilona Varga").rights_holder == "Ilona Varga"
    assert read_rights("Copyright 2019 Example Institute").rights_holder == "Example Institute"
    assert (
        read_rights("Copyright (c) 2019 Ilona Varga. All rights reserved.").rights_holder
        == "Ilona Varga"
    )
    assert read_rights("Copyright of the authors").rights_holder is None


@pytest.mark.parametrize(
    ("text", "access"),
    [
        ("info:eu-repo/semantics/openAccess", "open"),
        ("info:eu-repo/semantics/embargoedAccess", "embargoed"),
        ("info:eu-repo/semantics/restrictedAccess", "restricted"),
        ("info:eu-repo/semantics/closedAccess", "closed"),
        ("info:eu-repo/semantics/metadata-onlyAccess", "metadata-only"),
        ("http://purl.org/coar/access_right/c_abf2", "open"),
        ("http://purl.org/coar/access_right/c_f1cf/", "embargoed"),
        ("http://purl.org/coar/access_right/c_14cb", "metadata-only"),
        ("http://publications.europa.eu/resource/authority/access-right/PUBLIC", "open"),
        ("http://publications.europa.eu/resource/authority/access-right/NON_PUBLIC", "closed"),
        ("Open Access", "open"),
        ("openAccess", "open"),
        ("embargoed access", "embargoed"),
        ("metadata only access", "metadata-only"),
        ("the closed archive of the institute", None),
    ],
)
def test_access_is_read_from_its_own_words_only(text, access):
    assert read_rights(text).access == access


def test_an_access_word_has_no_address_and_keeps_its_text():
    found = read_rights("open access").rights
    assert (found.rights, found.rights_uri) == ("open access", None)


@pytest.mark.parametrize(
    ("text", "identifier"),
    [
        ("CC BY 4.0", "CC-BY-4.0"),
        ("cc-by-4.0", "CC-BY-4.0"),
        ("CC-BY-SA 3.0 DE", "CC-BY-SA-3.0-DE"),
        ("CC BY 3.0 US", "CC-BY-3.0-US"),
        ("CC BY-SA 3.0 US", None),
        ("Creative Commons Attribution 3.0 Germany", "CC-BY-3.0-DE"),
        ("Creative Commons Attribution 4.0 International (CC BY 4.0)", "CC-BY-4.0"),
        ("Creative Commons Namensnennung 4.0 International", "CC-BY-4.0"),
        (
            "This work is licensed under a Creative Commons Attribution 4.0 International License.",
            "CC-BY-4.0",
        ),
        ("Attribution 4.0 International", None),
        ("Creative Commons", None),
        ("CC BY-SA-ND 4.0", None),
        ("CC BY 4.0 except figures", None),
        ("CC0 1.0 Universal", "CC0-1.0"),
        ("Creative Commons Zero v1.0 Universal", "CC0-1.0"),
        ("Public Domain Mark 1.0", "CC-PDM-1.0"),
        ("public domain", None),
        ("https://creativecommons.org/publicdomain/mark/1.0/", "CC-PDM-1.0"),
        ("creativecommons.org/licences/by-nd-nc/2.0", "CC-BY-NC-ND-2.0"),
        ("https://www.creativecommons.org/licenses/by/2.5/au/deed.en_US", "CC-BY-2.5-AU"),
        ("https://creativecommons.org/licenses/by/4.0/deed.de", "CC-BY-4.0"),
        ("https://creativecommons.org/licenses/by/", None),
        ("MIT", "MIT"),
        ("MIT License", "MIT"),
        ("The MIT License (MIT)", "MIT"),
        ("https://opensource.org/licenses/MIT", "MIT"),
        ("https://spdx.org/licenses/MIT.html", "MIT"),
        ("Apache-2.0", "Apache-2.0"),
        ("apache 2.0", "Apache-2.0"),
        ("http://www.apache.org/licenses/LICENSE-2.0.txt", "Apache-2.0"),
        ('BSD 3-Clause "New" or "Revised" License', "BSD-3-Clause"),
        ("BSD", None),
        ("GPL-3.0", "GPL-3.0-only"),
        ("GPLv3", "GPL-3.0-only"),
        ("GPL-3.0+", "GPL-3.0-or-later"),
        ("GPL-2.0-or-later", "GPL-2.0-or-later"),
        ("GNU General Public License v3.0", "GPL-3.0-only"),
        ("GNU General Public License v3.0 or later", "GPL-3.0-or-later"),
        ("GPL", None),
        ("ODbL", "ODbL-1.0"),
        ("Open Data Commons Open Database License (ODbL) v1.0", "ODbL-1.0"),
        ("PDDL", "PDDL-1.0"),
        ("ODC-By", "ODC-By-1.0"),
        ("DL-DE-BY-2.0", "DL-DE-BY-2.0"),
        ("OGL-UK-3.0", "OGL-UK-3.0"),
        ("etalab-2.0", "etalab-2.0"),
        ("CECILL-2.1", "CECILL-2.1"),
        ("Net-SNMP", None),
        ("Frameworx-1.0", "Frameworx-1.0"),
    ],
)
def test_a_licence_has_its_spdx_identifier_if_it_is_certain(text, identifier):
    found = read_rights(text).rights
    assert found.rights_identifier == identifier
    assert found.rights_identifier_scheme == ("SPDX" if identifier else None)
    assert found.scheme_uri == ("https://spdx.org/licenses/" if identifier else None)


def test_the_text_beside_an_address_stays():
    found = read_rights(
        "Licensed under CC BY 4.0 (https://creativecommons.org/licenses/by/4.0/)."
    ).rights
    assert found.rights == "Licensed under CC BY 4.0"
    assert found.rights_identifier == "CC-BY-4.0"


def test_an_address_inside_a_sentence_leaves_the_sentence_whole():
    text = "See https://example.org/terms for the terms of use."
    found = read_rights(text).rights
    assert (found.rights, found.rights_uri) == (text, "https://example.org/terms")


def test_an_unknown_address_stays_as_it_came():
    found = read_rights("http://example.org/Terms.html").rights
    assert (found.rights, found.rights_uri) == (None, "http://example.org/Terms.html")


def test_the_deposit_licence_is_dropped():
    assert read_rights("http://repository.example.org/bitstream/1/2/license.txt").dropped


@pytest.mark.parametrize("text", ["", "n/a", ":unav", "-"])
def test_a_null_word_is_absent(text):
    assert read_rights(text).rights is None
    assert not read_rights(text).dropped


def test_every_name_in_the_table_reads_as_its_own_licence():
    wrong = {
        spdx: read_rights(name).rights.rights_identifier
        for spdx, name in LICENCES.items()
        if read_rights(name).rights.rights_identifier != spdx
    }
    assert wrong == {}


def test_every_id_reads_as_itself():
    assert [s for s in LICENCES if read_rights(s).rights.rights_identifier != s] == []


@given(
    st.text(max_size=400)
    | st.lists(
        st.sampled_from(
            [text for text, *_ in EXAMPLES]
            + [" ", "(", ")", "/", "https://", "CC", " BY", "-SA", " 4.0", "3.0/de/", "©", "2019"]
        ),
        max_size=6,
    ).map("".join)
)
def test_reading_is_total_and_gives_only_known_values(text):
    reading = read_rights(text)
    assert reading.access is None or reading.access in ACCESS
    found = reading.rights
    if found is None:
        return
    assert found.rights != ""
    assert found.rights_uri is None or uri(found.rights_uri) is not None
    if found.rights_identifier_scheme == "SPDX":
        assert is_spdx(found.rights_identifier)
