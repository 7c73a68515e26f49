"""Roles of library formats: codes, terms and addresses, and what becomes of who has them."""

from __future__ import annotations

import pytest

from app.crosswalks.draft import Draft
from app.crosswalks.reading import Circumstances
from app.crosswalks.relators import agent, put, relator, relators
from tests.crosswalks.cases import TODAY

ROLES = [
    ("aut", "Author"), ("cre", "Author"), ("author", "Author"), ("Creator", "Author"),
    ("prg", "Maker"), ("pht", "Maker"), ("cmp", "Maker"), ("art", "Maker"), ("ive", "Maker"),
    ("ivr", "Maker"), ("photographer", "Maker"), ("composer.", "Maker"), ("interviewer", "Maker"),
    ("edt", "Editor"), ("com", "Editor"), ("editor,", "Editor"), ("compiler", "Editor"),
    ("ths", "Supervisor"), ("dgs", "Supervisor"), ("opn", "Supervisor"), ("dgc", "Supervisor"),
    ("Thesis advisor", "Supervisor"), ("opponent", "Supervisor"),
    ("degree committee member", "Supervisor"), ("Betreuer", "Supervisor"),
    ("trl", "Translator"), ("translator", "Translator"), ("Übers.", "Translator"),
    ("fnd", "Funder"), ("funder", "Funder"), ("spn", "Sponsor"), ("sponsor", "Sponsor"),
    ("pbl", "Publisher"), ("isb", "Publisher"), ("issuing body", "Publisher"),
    ("dst", "Distributor"), ("pro", "Producer"), ("fmp", "Producer"), ("res", "Researcher"),
    ("col", "DataCollector"), ("dtc", "DataCollector"), ("cur", "DataCurator"),
    ("dtm", "DataManager"), ("pdr", "ProjectLeader"), ("rth", "ProjectLeader"),
    ("rtm", "ProjectMember"), ("cph", "RightsHolder"), ("copyright holder", "RightsHolder"),
    ("his", "HostingInstitution"), ("own", "HostingInstitution"), ("cot", "ContactPerson"),
    ("dgg", "Grantor"), ("degree granting institution", "Grantor"),
    ("rev", "Other"), ("ill", "Other"), ("ctb", "Other"), ("contributor", "Other"),
    ("rcp", "Other"), ("Addressee", "Other"), ("no such role", "Other"),
    ("http://id.loc.gov/vocabulary/relators/aut", "Author"),
    ("https://id.loc.gov/vocabulary/relators/dgg/", "Grantor"),
]  # fmt: skip


@pytest.mark.parametrize(("word", "role"), ROLES)
def test_a_word_means_a_role(word: str, role: str) -> None:
    assert relator(word) == role


@pytest.mark.parametrize(
    ("words", "roles"),
    [
        ((), ()),
        (("", " "), ()),
        (("rcp", "Addressee"), ("Other",)),
        (("cre", "Creator"), ("Author",)),
        (("singer", "cmp", "edt"), ("Maker", "Editor")),
    ],
)
def test_known_roles_outweigh_others(words: tuple[str, ...], roles: tuple[str, ...]) -> None:
    assert relators(words) == roles


def placed(*given: tuple[str, str], publisher: str = "", bare: str = "Author") -> Draft:
    draft = Draft(Circumstances(TODAY))
    draft.text("publisher", publisher)
    found = [agent(name, None, relators([role])) for name, role in given]
    put([one for one in found if one is not None], draft, bare=bare)
    return draft


def creators(draft: Draft) -> list[str]:
    return [person.name for person in draft.creators]


def contributors(draft: Draft) -> list[tuple[str, str]]:
    return [(person.name, person.contributor_type) for person in draft.contributors]


def test_who_has_no_role_is_what_the_format_says() -> None:
    assert creators(placed(("Varga, Ilona", ""))) == ["Varga, Ilona"]
    assert contributors(placed(("Varga, Ilona", ""), bare="Other")) == [("Varga, Ilona", "Other")]


def test_a_maker_creates_where_no_author_does() -> None:
    assert creators(placed(("Okafor, Chidi", "pht"))) == ["Okafor, Chidi"]
    both = placed(("Okafor, Chidi", "pht"), ("Varga, Ilona", "aut"))
    assert creators(both) == ["Varga, Ilona"]
    assert contributors(both) == [("Okafor, Chidi", "Other")]


def test_who_granted_a_degree_hosts_and_may_publish_but_never_creates() -> None:
    draft = placed(("University of Exampleton", "dgg"))
    assert creators(draft) == []
    assert contributors(draft) == [("University of Exampleton", "HostingInstitution")]
    assert draft.publishers == ["University of Exampleton"]


def test_a_publisher_by_role_stands_back_behind_one_by_name() -> None:
    alone = placed(("Example Press", "pbl"))
    assert [value.text for value in alone.untold["publisher"]] == ["Example Press"]
    assert contributors(alone) == []
    second = placed(("Example Press", "pbl"), publisher="Other Press")
    assert contributors(second) == [("Example Press", "Distributor")]
    assert contributors(placed(("Example Press", "pbl"), publisher="Example Press")) == []


def test_a_name_without_role_that_only_repeats_another_is_left_out() -> None:
    again = placed(("Example Press", ""), publisher="Example Press", bare="Other")
    assert contributors(again) == []


@pytest.mark.parametrize(
    ("name", "kind", "found"),
    [
        ("Brentano, Clemens Maria von, 1778-1842", "Personal", "Brentano, Clemens Maria von"),
        ("Sparks, Jared, 1789-1866, collector.", "Personal", "Sparks, Jared"),
        ("Example Congress (1636-1780)", "Organizational", "Example Congress (1636-1780)"),
        ("Example Press ,", "Organizational", "Example Press"),
        ("Jane Roe", None, "Jane Roe"),
    ],
)
def test_what_stands_round_a_name_is_no_part_of_it(name: str, kind: str | None, found: str) -> None:
    one = agent(name, kind, ())
    assert one is not None
    assert one.person.name == found
    assert one.person.name_type == kind


def test_a_role_inside_a_name_counts_where_none_is_told() -> None:
    inside = agent("Sparks, Jared, 1789-1866, collector.", "Personal", ())
    assert inside is not None
    assert inside.roles == ("DataCollector",)
    assert agent(" ", "Personal", ()) is None
