"""Every relation of the schema has its inverse, its class and its Scholix name."""

from __future__ import annotations

import pytest

from app.datacite.relation_classes import CLASSES, RELATIONS, inverse_group, relation
from app.datacite.vocabularies import CURRENT

WITHOUT_INVERSE = {"IsPublishedIn", "Other"}
SCHOLIX_NAMES = {
    "IsReferencedBy", "References", "IsSupplementTo", "IsSupplementedBy", "IsRelatedTo",
}  # fmt: skip


def test_the_table_is_the_list_of_the_schema() -> None:
    assert set(RELATIONS) == set(CURRENT["relationType"])


@pytest.mark.parametrize("name", sorted(RELATIONS))
def test_each_relation_is_the_inverse_of_its_inverse(name: str) -> None:
    found = RELATIONS[name]
    assert (found.inverse is None) == (name in WITHOUT_INVERSE)
    assert found.group in CLASSES
    assert found.scholix in SCHOLIX_NAMES
    if found.inverse:
        assert RELATIONS[found.inverse].inverse == name


@pytest.mark.parametrize("name", sorted(RELATIONS))
def test_references_mirror_citations_and_all_other_classes_themselves(name: str) -> None:
    mirrored = {"references": "citations", "citations": "references"}
    group = RELATIONS[name].group
    assert inverse_group(name) == mirrored.get(group, group)


@pytest.mark.parametrize(
    ("name", "inverse", "group", "scholix"),
    [
        ("Cites", "IsCitedBy", "references", "References"),
        ("IsCitedBy", "Cites", "citations", "IsReferencedBy"),
        ("IsSupplementTo", "IsSupplementedBy", "citations", "IsSupplementTo"),
        ("IsSupplementedBy", "IsSupplementTo", "references", "IsSupplementedBy"),
        ("IsPartOf", "HasPart", "parts", "IsRelatedTo"),
        ("Obsoletes", "IsObsoletedBy", "versions", "IsRelatedTo"),
        ("Documents", "IsDocumentedBy", "other", "IsReferencedBy"),
        ("IsDocumentedBy", "Documents", "other", "References"),
        ("IsIdenticalTo", "IsIdenticalTo", "other", "IsRelatedTo"),
        ("IsPublishedIn", None, "other", "IsRelatedTo"),
    ],
)
def test_what_is_known_of_a_relation(
    name: str, inverse: str | None, group: str, scholix: str
) -> None:
    found = relation(name)
    assert (found.inverse, found.group, found.scholix) == (inverse, group, scholix)


def test_a_word_that_is_no_relation_is_merely_related() -> None:
    assert relation("Likes").scholix == "IsRelatedTo"
    assert inverse_group("Likes") == "other"
