"""Which general types are literature; every other known type counts as data."""

from __future__ import annotations

LITERATURE = frozenset(
    (
        "Book", "BookChapter", "ConferencePaper", "ConferenceProceeding", "DataPaper",
        "Dissertation", "Journal", "JournalArticle", "PeerReview", "Poster", "Preprint",
        "Presentation", "Report", "Text",
    )
)  # fmt: skip
"""Values of resourceTypeGeneral."""


def is_literature(general: str) -> bool:
    """Tell whether a resourceTypeGeneral is a work to be read."""
    return general in LITERATURE
