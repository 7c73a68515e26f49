"""The plain citation in DataCite's form; these lines decide disputes."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from app.crosswalks import write
from app.datacite.resource import (
    AlternateIdentifier,
    Creator,
    Publisher,
    Resource,
    Title,
    Types,
)

PERSON = "Personal"
TWO = Resource(
    doi="10.5072/two",
    creators=(
        Creator("Varga, Ilona", PERSON, None, "Ilona", "Varga"),
        Creator("Rossi, Marco", PERSON, None, "Marco", "Rossi"),
    ),
    titles=(Title("Sediments of the river"), Title("Subtitle", "Subtitle")),
    publisher=Publisher("Example Institute, Exampleton"),
    publication_year=2009,
    types=Types("Dataset"),
    version="version 2.1",
)
MANY = tuple(
    Creator(f"Author{n}, Given M.", PERSON, None, "Given M.", f"Author{n}") for n in range(1, 26)
)


@pytest.mark.parametrize(
    ("resource", "line"),
    [
        (
            TWO,
            (
                "Varga, Ilona; Rossi, Marco (2009): Sediments of the river. V. 2.1."
                " Example Institute, Exampleton. (dataset). https://doi.org/10.5072/two"
            ),
        ),
        (
            replace(TWO, creators=(Creator("Example operator"),), version=None),
            (
                "Example operator (2009): Sediments of the river. Example Institute, Exampleton."
                " (dataset). https://doi.org/10.5072/two"
            ),
        ),
        (
            replace(TWO, titles=(Title("Any more stones?"),), types=Types("JournalArticle")),
            (
                "Varga, Ilona; Rossi, Marco (2009): Any more stones? V. 2.1. Example Institute,"
                " Exampleton. (journal article). https://doi.org/10.5072/two"
            ),
        ),
        (
            replace(TWO, creators=(Creator(":unkn"),), version=None, publisher=Publisher("P.")),
            "Sediments of the river (2009). P. (dataset). https://doi.org/10.5072/two",
        ),
        (
            replace(
                TWO,
                creators=(Creator("李, 明", PERSON, None, "明", "李"),),
                titles=(Title("地震目录"),),
                version=None,
                doi=None,
                publication_year=None,
                alternate_identifiers=(AlternateIdentifier("20.500.1/77", "Handle"),),
            ),
            (
                "李明 (n.d.): 地震目录. Example Institute, Exampleton. (dataset)."
                " https://hdl.handle.net/20.500.1/77"
            ),
        ),
        (
            replace(TWO, publisher=Publisher(":unav"), types=Types("Other"), version=None),
            (
                "Varga, Ilona; Rossi, Marco (2009): Sediments of the river."
                " https://doi.org/10.5072/two"
            ),
        ),
    ],
)
def test_a_citation_is_written_to_the_letter(resource: Resource, line: str) -> None:
    assert write("citation", resource).decode() == f"{line}\n"


def test_twenty_creators_are_named() -> None:
    line = write("citation", replace(TWO, creators=MANY)).decode()
    assert "Author20, Given M.; et al. (2009)" in line
    assert "Author21" not in line
