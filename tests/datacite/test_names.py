"""Names: every worked example, the rules one by one, and totality."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.datacite.name_roles import AUTHOR, FUNDER, read_role
from app.datacite.names import Name, complete, read_names
from app.datacite.resource import Affiliation, Contributor, Creator, NameIdentifier
from app.datacite.vocabularies import CURRENT

ORCID = NameIdentifier("https://orcid.org/0000-0003-1417-2201", "ORCID", "https://orcid.org")


def person(name, family, given, **more):
    return Name(name, "Personal", family, given, **more)


def organisation(name, **more):
    return Name(name, "Organizational", **more)


EXAMPLES = [
    ("Varga, Ilona", [person("Varga, Ilona", "Varga", "Ilona")]),
    (
        "van der Meulen, Pieter J.",
        [person("van der Meulen, Pieter J.", "van der Meulen", "Pieter J.")],
    ),
    (
        "Meulen, Pieter J. van der",
        [person("Meulen, Pieter J. van der", "van der Meulen", "Pieter J.")],
    ),
    ("Okafor, C.N. (Chidi)", [person("Okafor, C.N. (Chidi)", "Okafor", "Chidi")]),
    (
        "Vries Sr., K.L. (Karel) de",
        [person("Vries Sr., K.L. (Karel) de", "de Vries Sr.", "Karel")],
    ),
    ("King, Samuel, Jr.", [person("King, Samuel, Jr.", "King Jr.", "Samuel")]),
    ("Lindqvist E.M.", [person("Lindqvist, E.M.", "Lindqvist", "E.M.")]),
    ("Ilona Varga", [Name("Ilona Varga")]),
    ("Hypatia", [Name("Hypatia")]),
    ("陈伟", [Name("陈伟")]),
    (
        "Haddad, Leila (University of Exampleton)",
        [
            person(
                "Haddad, Leila", "Haddad", "Leila",
                affiliation=(Affiliation("University of Exampleton"),),
            )
        ],
    ),
    (
        "Hill, C.C., University of Exampleton. Institute of Ferries",
        [
            person(
                "Hill, C.C.", "Hill", "C.C.",
                affiliation=(Affiliation("University of Exampleton. Institute of Ferries"),),
            )
        ],
    ),
    (
        "Rossi, Marco, 0000-0003-1417-2201",
        [person("Rossi, Marco", "Rossi", "Marco", name_identifiers=(ORCID,))],
    ),
    (
        "Marco Rossi (https://orcid.org/0000-0003-1417-2201)",
        [Name("Marco Rossi", "Personal", name_identifiers=(ORCID,))],
    ),
    (
        "Varga, Ilona; Rossi, Marco et al.",
        [
            person("Varga, Ilona", "Varga", "Ilona"),
            person("Rossi, Marco", "Rossi", "Marco", et_al=True),
        ],
    ),
    (
        "Smith, A.B., Jones, C.D. and Brown, E.F.",
        [
            person("Smith, A.B.", "Smith", "A.B."),
            person("Jones, C.D.", "Jones", "C.D."),
            person("Brown, E.F.", "Brown", "E.F."),
        ],
    ),
    (
        "Department of Geography, University of Exampleton",
        [organisation("Department of Geography, University of Exampleton")],
    ),
    ("Bank, Steven A.", [person("Bank, Steven A.", "Bank", "Steven A.")]),
    ("Bank of Exampleland", [organisation("Bank of Exampleland")]),
    ("NOAA/NCEI", [organisation("NOAA/NCEI")]),
    ("Expedition 301 Scientists", [organisation("Expedition 301 Scientists")]),
    ("Helmholtz-Zentrum Beispielstadt", [organisation("Helmholtz-Zentrum Beispielstadt")]),
    (
        "Brentano, Clemens Maria von, 1778-1842",
        [person("Brentano, Clemens Maria von", "von Brentano", "Clemens Maria")],
    ),
    ("Prof. Dr. Schulz, Petra", [person("Schulz, Petra", "Schulz", "Petra")]),
    ("Jane Roe <jane.roe@example.org>", [Name("Jane Roe")]),
    (
        "Müller, Anna (Betreuerin)",
        [person("Müller, Anna", "Müller", "Anna", role="Supervisor", role_text="Betreuerin")],
    ),
    (
        "Nordström, Åsa (ed.)",
        [person("Nordström, Åsa", "Nordström", "Åsa", role="Editor", role_text="ed.")],
    ),
    ("Alexander, of Aphrodisias", [Name("Alexander, of Aphrodisias")]),
    ("(:unav)", []),
]  # fmt: skip


@pytest.mark.parametrize(("text", "names"), EXAMPLES)
def test_a_worked_example_reads_as_written(text, names):
    assert list(read_names(text)) == names


AROUND = [
    ('"Crane, Richard, 1851-, photographer."', "Crane, Richard", "Other", None),
    ("Harvey, John Henry 1855-1938 photographer.", "Harvey, John Henry", "Other", None),
    ("West, Richard, 1765-1836, del.", "West, Richard", "Other", None),
    ("Stein, Ruth [Convenor]", "Stein, Ruth", "Other", None),
    ("Ian Combs (6924684)", "Ian Combs", None, None),
    ("Boole '99, Patrick", "Boole, Patrick", None, None),
    ("Renswouw, J. van (VBR-HBS)", "Renswouw, J. van", None, "VBR-HBS"),
    ("Sharan, Itay [UC Exampleton]", "Sharan, Itay", None, "UC Exampleton"),
]


@pytest.mark.parametrize(("text", "name", "role", "place"), AROUND)
def test_what_stands_around_a_name_is_taken_off(text, name, role, place):
    (found,) = read_names(text)
    assert (found.name, found.role) == (name, role)
    assert [one.name for one in found.affiliation] == ([place] if place else [])


SEVERAL = [
    ("Varga, Ilona and Rossi, Marco", ["Varga, Ilona", "Rossi, Marco"]),
    ("Varga, Ilona & Rossi, Marco", ["Varga, Ilona", "Rossi, Marco"]),
    ("Varga, Ilona und Rossi, Marco", ["Varga, Ilona", "Rossi, Marco"]),
    ("Varga, Ilona\nRossi, Marco", ["Varga, Ilona", "Rossi, Marco"]),
    ("Varga,\n  Ilona", ["Varga, Ilona"]),
    ("Varga, Ilona;", ["Varga, Ilona"]),
    ("Ministry of Lakes and Rivers, Exampleton", ["Ministry of Lakes and Rivers, Exampleton"]),
    ("Varga, Ilona, Marco", ["Varga, Ilona, Marco"]),
    ("Haddad, Leila (Dept; University)", ["Haddad, Leila"]),
    ("Smith, A.B., Jones, C.D. et al.", ["Smith, A.B.", "Jones, C.D."]),
]


@pytest.mark.parametrize(("text", "names"), SEVERAL)
def test_a_text_is_parted_only_where_it_is_sure(text, names):
    assert [name.name for name in read_names(text)] == names


ORGANISATIONS = [
    "Example Hydrology Group", "Universität Beispielstadt", "Institut für Beispiele",
    "Example Working Group", "Beispiel e.V.", "Editora Exemplo S.A.", "Umweltbundesamt",
    "Landesbibliothek", "Museum, Exampleton", "Church Council, Example", "CERN",
    "Voices for Rivers and Lakes", "Rivers & Lakes", "3rd Conference", "Example Inc.",
    "Exampleland Railways", "Lower Example District", "Photographic Co.", "Redaktion, BEX",
]  # fmt: skip
PEOPLE = [
    ("Church, John", "Church", "John"), ("House, A. B.", "House", "A. B."),
    ("Garcia, S.A.", "Garcia", "S.A."), ("Varga,Ilona", "Varga", "Ilona"),
    ("VARGA, ILONA", "VARGA", "ILONA"), ("Amt, Emilie", "Amt", "Emilie"),
    ("García Márquez, Gabriel José", "García Márquez", "Gabriel José"),
    ("Silva, João da", "da Silva", "João"), ("Lee, Robert E. (Robert Edward)", "Lee", "Robert E."),
    ("King, Samuel Jr.", "King Jr.", "Samuel"), ("Doe, John, III", "Doe III", "John"),
    ("Schulz, Prof. Dr. Petra", "Schulz", "Petra"), ("Schulz, Petra, PhD", "Schulz", "Petra"),
    ("Schulz, M.D.", "Schulz", "M.D."), ("Grimm, Jacob (1785–1863)", "Grimm", "Jacob"),
    ("Grimm, Jacob, b. 1785", "Grimm", "Jacob"), ("O'Brien, Flann", "O'Brien", "Flann"),
    ("Smith-Jones, Anne-Marie", "Smith-Jones", "Anne-Marie"),
]  # fmt: skip
UNDECIDED = [
    "Ilona Varga", "Beatles, The", "J. Smith", "Example One, Two Three Four Five Six Seven",
    "Varga, Ilona, Marco", "Vodafone UK", "Anonymous",
]  # fmt: skip


@pytest.mark.parametrize("text", ORGANISATIONS)
def test_an_organisation_is_known_by_its_words(text):
    assert read_names(text) == (organisation(text),)


@pytest.mark.parametrize(("text", "family", "given"), PEOPLE)
def test_a_person_is_known_by_the_comma(text, family, given):
    (name,) = read_names(text)
    assert (name.name_type, name.family_name, name.given_name) == ("Personal", family, given)


@pytest.mark.parametrize("text", UNDECIDED)
def test_what_cannot_be_told_is_not_guessed(text):
    assert read_names(text) == (Name(text),)


def test_an_acronym_among_shouted_people_is_no_organisation():
    assert read_names("VARGA", others=["ROSSI, MARCO"]) == (Name("VARGA"),)
    assert read_names("VARGA", others=["Rossi, Marco"])[0].name_type == "Organizational"


IDENTIFIERS = [
    ("Rossi, Marco (ORCID: 0000-0003-1417-2201)", "ORCID", "https://orcid.org/0000-0003-1417-2201"),
    ("Rossi, Marco (DE-588)118540238", "GND", "118540238"),
    ("Rossi, Marco https://d-nb.info/gnd/118540238", "GND", "https://d-nb.info/gnd/118540238"),
    ("Rossi, Marco (VIAF: 12345678)", "VIAF", "12345678"),
    ("Rossi, Marco, Scopus Author ID: 7004212771", "Scopus Author ID", "7004212771"),
    ("Rossi, Marco (ResearcherID: A-1234-2010)", "ResearcherID", "A-1234-2010"),
]


@pytest.mark.parametrize(("text", "scheme", "value"), IDENTIFIERS)
def test_an_identifier_is_taken_off_the_name(text, scheme, value):
    (name,) = read_names(text)
    assert name.name == "Rossi, Marco"
    (found,) = name.name_identifiers
    assert (found.name_identifier_scheme, found.name_identifier) == (scheme, value)


def test_a_ror_makes_an_organisation():
    (name,) = read_names("Example Rivers https://ror.org/04wxnsj81")
    assert name.name_type == "Organizational"
    assert name.name == "Example Rivers"


def test_a_wrong_check_digit_is_told_and_not_kept():
    (name,) = read_names("Rossi, Marco, 0000-0003-1417-2202")
    assert name.name_identifiers == ()
    assert name.rejected == ("0000-0003-1417-2202",)


@pytest.mark.parametrize(
    ("word", "role"),
    [
        ("ed.", "Editor"), ("Eds.", "Editor"), ("Hrsg.", "Editor"), ("Herausgeber(in)", "Editor"),
        ("a cura di", "Editor"), ("supervisor", "Supervisor"), ("directeur de thèse", "Supervisor"),
        ("orientador", "Supervisor"), ("committee member", "Supervisor"), ("Übers.", "Translator"),
        ("contact person", "ContactPerson"), ("Ansprechpartner", "ContactPerson"),
        ("funder", FUNDER), ("Geldgeber", FUNDER), ("data collector", "DataCollector"),
        ("curator", "DataCurator"), ("data manager", "DataManager"), ("producer", "Producer"),
        ("distributor", "Distributor"), ("rights holder", "RightsHolder"),
        ("principal investigator", "ProjectLeader"), ("PI", "ProjectLeader"),
        ("project manager", "ProjectManager"), ("project member", "ProjectMember"),
        ("investigator", "Researcher"), ("Verfasser", AUTHOR), ("photographer", "Other"),
        ("edt", "Editor"), ("trl", "Translator"), ("HostingInstitution", "HostingInstitution"),
        ("ed. and transl.", "Editor"), ("Exampleton", None), ("", None),
    ],
)  # fmt: skip
def test_a_role_word_has_its_contributor_type(word, role):
    assert read_role(word) == role


def test_a_role_stands_behind_the_last_comma_or_in_front_too():
    assert read_names("Varga, Ilona, editor")[0].role == "Editor"
    assert read_names("Supervisor: Varga, Ilona")[0].name == "Varga, Ilona"
    assert read_names("Varga, Ilona, editor")[0].name == "Varga, Ilona"


def test_an_author_is_no_role_of_a_creator():
    assert read_names("Varga, Ilona (author)")[0].role is None
    assert read_names("Varga, Ilona (author)", element="contributor")[0].role == AUTHOR


def test_an_affiliation_in_brackets_leaves_a_name_without_comma_too():
    (name,) = read_names("Jane Roe (University of Exampleton)")
    assert name == Name("Jane Roe", affiliation=(Affiliation("University of Exampleton"),))


@pytest.mark.parametrize("text", ["", " ", ";", "n/a", "unknown", "et al.", "-", "(:unkn) unknown"])
def test_a_null_word_is_no_name(text):
    assert read_names(text) == ()


def test_anonymous_is_a_name():
    assert read_names("Anonymous") == (Name("Anonymous"),)


def test_completing_fills_what_is_absent():
    assert complete(Creator("Varga, Ilona")) == Creator(
        "Varga, Ilona", "Personal", given_name="Ilona", family_name="Varga"
    )
    full = complete(Creator("Jane Roe", given_name="Jane", family_name="Roe"))
    assert (full.name, full.name_type) == ("Roe, Jane", "Personal")
    assert complete(Creator(given_name="Jane", family_name="Roe")).name == "Roe, Jane"


def test_completing_never_contradicts_the_source():
    given = Creator("Doe, Jane", "Organizational")
    assert complete(given) == given
    helper = Contributor("Bank, of Rivers", "Personal", contributor_type="Editor")
    assert complete(helper).name_type == "Personal"
    several = Creator("Varga, Ilona; Rossi, Marco")
    assert complete(several) == several


def test_completing_reads_a_bank_that_is_said_to_be_a_person():
    found = complete(Creator("Museum, Anna", "Personal"))
    assert (found.family_name, found.given_name) == ("Museum", "Anna")


PIECES = [
    *(text for text, _ in EXAMPLES), ", ", "; ", " and ", "(", ")", "[", "]", " ", "\n", "Jr.", "@",
    "1778-1842", "A.B.", "et al.", "Prof.", "ISNI 0000 0001 2103 4996", "ed.", "&amp;", "<b>", "…",
]  # fmt: skip


@given(
    st.text(max_size=300) | st.lists(st.sampled_from(PIECES), max_size=8).map("".join),
    st.sampled_from(["creator", "contributor"]),
)
def test_reading_is_total_and_gives_only_known_values(text, element):
    roles = {*CURRENT["contributorType"], AUTHOR, FUNDER, None}
    for name in read_names(text, element=element, others=[text]):
        assert name.name
        assert name.name == name.name.strip()
        assert name.name_type in (None, "Personal", "Organizational")
        assert name.role in roles
        assert name.family_name != ""
        assert name.given_name != ""
        assert name.family_name is None or name.name_type == "Personal"


@given(st.text(max_size=60), st.sampled_from([None, "Personal", "Organizational"]))
def test_completing_is_total(text, kind):
    found = complete(Creator(text, kind))
    assert kind is None or found.name_type == kind


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Koninklijke Exempel Bond (KEB)", [("Koninklijke Exempel Bond (KEB)", None, None)]),
        ("Ludwig II", [("Ludwig II", None, None)]),
        ("陈伟；王芳", [("陈伟", None, None), ("王芳", None, None)]),
        ("حداد، ليلى", [("حداد، ليلى", "Personal", "حداد")]),
        ("北京例子大学", [("北京例子大学", "Organizational", None)]),
        ("Институт примеров", [("Институт примеров", "Organizational", None)]),
        (
            "Example Institute, Centre for Polar and Marine Research, Exampleton",
            [
                (
                    "Example Institute, Centre for Polar and Marine Research, Exampleton",
                    "Organizational",
                    None,
                )
            ],
        ),
    ],
)
def test_names_of_all_scripts_and_their_marks(
    text: str, names: list[tuple[str, str | None, str | None]]
) -> None:
    assert [(n.name, n.name_type, n.family_name) for n in read_names(text)] == names
