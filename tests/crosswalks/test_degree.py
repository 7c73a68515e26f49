"""What a degree makes of a record."""

from __future__ import annotations

import pytest

from app.crosswalks.degree import Degree, put, thesis
from app.crosswalks.draft import Draft
from app.crosswalks.reading import Circumstances
from tests.crosswalks.cases import TODAY


@pytest.mark.parametrize(
    ("level", "name", "said"),
    [
        ("doctoral", "PhD", "Doctoral thesis (PhD)"),
        ("2", "Doctor of Philosophy", "Doctoral thesis (Doctor of Philosophy)"),
        ("1", "", "Master thesis"),
        ("0", "B.A.", "Bachelor thesis (B.A.)"),
        ("Master's", "M.Sc.", "Master thesis (M.Sc.)"),
        ("thesis.doctoral", "", "Doctoral thesis"),
        ("thesis.habilitation", "", "habilitation"),
        ("Doctoral Dissertation", "Ph. D.", "Doctoral thesis (Ph. D.)"),
        ("Ph.D.", "", "Doctoral thesis"),
        ("Dissertation", "PhD", "Doctoral thesis (PhD)"),
        ("Doctoral", "doctoral", "Doctoral thesis"),
        ("", "博士（工学）", "Doctoral thesis (博士（工学）)"),
        ("", "Professional Certificate", "Professional Certificate"),
        ("postdoctoral", "", "postdoctoral"),
        ("other", "n/a", ""),
    ],
)
def test_level_and_name_say_what_the_thesis_is(level: str, name: str, said: str) -> None:
    assert thesis(level, name) == said


def test_grantor_hosts_the_thesis_and_publishes_it_if_nobody_does() -> None:
    draft = Draft(Circumstances(TODAY))
    draft.text("title", "On gravel")
    put(Degree("doctoral", "PhD", "Hydrology", "University of Exampleton"), draft)
    put(Degree(grantor="University of Exampleton"), draft)
    resource = draft.reading("oai_etdms", "").resource
    assert resource is not None
    assert resource.publisher is not None
    assert resource.publisher.name == "University of Exampleton"
    assert [one.contributor_type for one in resource.contributors] == ["HostingInstitution"]
    assert resource.subjects[0].subject_scheme == "discipline"
    assert resource.types is not None
    assert resource.types.resource_type_general == "Dissertation"


def test_a_grantor_alone_makes_no_thesis() -> None:
    draft = Draft(Circumstances(TODAY))
    draft.text("title", "Readings of a gauge")
    draft.text("type", "Dataset")
    put(Degree(grantor="University of Exampleton"), draft)
    types = draft.reading("dim", "").resource.types  # type: ignore[union-attr]
    assert types is not None
    assert types.resource_type_general == "Dataset"
