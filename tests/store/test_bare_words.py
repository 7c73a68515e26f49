"""By which parts of a record bare words find it, in which forms of them, and how soon."""

from __future__ import annotations

from typing import Any

from app.datacite.resource import (
    Affiliation,
    AlternateIdentifier,
    Contributor,
    Creator,
    Description,
    FundingReference,
    GeoLocation,
    Publisher,
    RelatedIdentifier,
    RelatedItem,
    Resource,
    Rights,
    Subject,
    Title,
    Types,
    encode,
)
from app.query.indexing import searched
from app.query.request import Request, read
from app.record import Summary
from app.store import Store
from tests.store.making import change, member, put

FOUND_BY = {
    "aalto": "title", "abele": "another title", "acker": "creator", "adler": "contributor",
    "ahorn": "publisher", "aland": "subject", "amsel": "description", "anger": "a method",
    "apfel": "funder", "asche": "award number", "aster": "award title", "auster": "place",
    "backe": "type text", "balken": "doi", "barsch": "alternate identifier",
    "becher": "title of a related item",
}  # fmt: skip
"""Words of a record, and where each stands."""
NOT_FOUND_BY = {
    "besen": "version", "biene": "format", "birke": "size", "blase": "rights",
    "bluete": "affiliation", "bohne": "related identifier", "brache": "creator of a related item",
}  # fmt: skip


def resource(mark: str) -> Resource:
    """A record with each word in its place; mark: makes the words others."""
    w = {word: word + mark for word in (*FOUND_BY, *NOT_FOUND_BY)}
    return Resource(
        doi=f"10.5072/{w['balken']}.x",
        titles=(Title(w["aalto"]), Title(w["abele"], title_type="Subtitle")),
        creators=(Creator(w["acker"], affiliation=(Affiliation(w["bluete"]),)),),
        contributors=(Contributor(w["adler"], contributor_type="Editor"),),
        publisher=Publisher(w["ahorn"]),
        subjects=(Subject(w["aland"]),),
        descriptions=(
            Description(w["amsel"], "Abstract"), Description(f"x<br>{w['anger']}", "Methods"),
        ),
        funding_references=(
            FundingReference(w["apfel"], award_number=w["asche"], award_title=w["aster"]),
        ),
        geo_locations=(GeoLocation(geo_location_place=w["auster"]),),
        types=Types("Dataset", w["backe"]),
        alternate_identifiers=(AlternateIdentifier(w["barsch"], "Local"),),
        related_items=(RelatedItem("Book", "IsPartOf", titles=(Title(w["becher"]),)),),
        version=w["besen"],
        formats=(w["biene"],),
        sizes=(w["birke"],),
        rights_list=(Rights(w["blase"]),),
        related_identifiers=(RelatedIdentifier(f"10.5072/{w['bohne']}", "DOI", "Cites"),),
    )  # fmt: skip


def asked(text: str) -> Request:
    found = read([("q", text)])
    assert isinstance(found, Request), found
    return found


def stored(store: Store, owner: Any, number: int, given: Resource, kind: str = "new") -> None:
    title = given.titles[0].title
    put(store, owner, change(
        number, kind, text=title, resource=encode(given), searched=searched(given),
        summary=Summary(title, doi=given.doi or ""),
    ))  # fmt: skip


def found(store: Store, text: str) -> list[int]:
    rows = store.search.page(asked(text)).rows
    return sorted(int(row.identifier.rpartition(":")[2]) for row in rows)


def test_each_field_is_found_by_its_bare_word_at_once_and_others_are_not(store: Store) -> None:
    owner = member(store)
    stored(store, owner, 1, resource("a"))
    stored(store, owner, 2, resource("b"))
    for word, place in FOUND_BY.items():
        assert found(store, f"{word}a") == [1], place
        assert found(store, f"{word.upper()}B") == [2], place
        assert found(store, f"{word}*") == [1, 2], place
        assert found(store, f"{word}a {word}b") == [], place
    for word, place in NOT_FOUND_BY.items():
        assert found(store, f"{word}a") == [], place
    assert found(store, " ".join(f"{word}a" for word in FOUND_BY)) == [1]
    stored(store, owner, 1, resource("c"), "changed")
    assert found(store, "aaltoa") == []
    assert found(store, "aaltoc becherc") == [1]
    put(store, owner, change(1, "deleted"))
    assert found(store, "aaltoc") == []


WRITTEN = (
    ("Straße in Łódź", ("strasse", "STRASSE", "lodz", "Łódź", "ŁÓDŹ")),
    ("Ærø, Ørsted og Æbleskiver", ("aero", "ærø", "orsted", "ÆBLE*")),
    ("Côte d’Ivoire: déjà-vu", ("cote", "divoire", "ivoire", "deja vu", '"COTE D IVOIRE"')),
    ("地震学 と ひらがな", ("地震学", "震学", "地震", "ひら", '"地震学"', "地学")),
    ("한국어 자료", ("한국", "국어", "한국어")),
    ("Sample 1e5 and -5 in 2010.5", ("1e5", "5", '"-5"', "2010", "2010.5")),
    ("ﬁne ２０２０ Ⅳ x²", ("fine", "2020", "iv", "x2")),
    ("ΣΊΣΥΦΟΣ και Ёлка", ("σισυφος", "σίσυφοσ", "елка", "ЁЛКА")),
    ("The running of the runs", ("the", "running", "run", "runs")),
)
MISSED = {"divoire", "地学", "run"}
"""What is no word of its text: nothing is stemmed, and pairs of characters go one by one."""


def test_words_are_found_in_any_way_of_writing_them(store: Store) -> None:
    owner = member(store)
    for number, (title, _) in enumerate(WRITTEN):
        stored(store, owner, number, Resource(titles=(Title(title),)))
    for number, (_, words) in enumerate(WRITTEN):
        for word in words:
            wanted = [] if word in MISSED else [number]
            assert [n for n in found(store, word) if n == number] == wanted, word
