"""Six searches that show how to search, made of what is frequent here: each finds something."""

from __future__ import annotations

import threading
import time
from itertools import islice
from typing import TYPE_CHECKING

from msgspec import Struct

from app.errors import StoreError
from app.query.folding import words
from app.query.request import Request, read
from app.store import deadline

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.store import Store
    from app.store.search.results import Facet

KEPT = 600.0
"""Seconds for which they hold."""
FIRST, LIMIT = 0.2, 2.0
"""Seconds that finding them may take: before the first page of a process, and behind a page."""
TRIED = 20
"""Candidates for one of them."""
LONGEST, SHORTEST_WORD = 40, 5
"""Characters of a subject that is shown, and of a word whose beginning is looked for."""


class Example(Struct, frozen=True):
    """A query and what it looks for."""

    query: str
    meaning: str


COMMON = (
    Example("water quality", "both words, anywhere in the record"),
    Example('"water quality"', "the words in this order, next to each other"),
    Example("water -river", "without records that say river"),
    Example("title:water OR subject:hydrology", "either of two"),
    Example("geolog* year:2010..2015", "a beginning, and a range of years"),
    Example("type:Software missing:creators.orcid", "software whose creators lack an ORCID"),
)
"""What is shown where nothing is known to be frequent."""


class Examples:
    """The searches on show, for all requests of a process."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._shown: tuple[Example, ...] = COMMON
        self._until = 0.0

    def now(self) -> tuple[Example, ...]:
        """Return the searches, at once but for the very first time."""
        if not self._until:
            self.renew(FIRST)
        return self._shown

    def renew(self, seconds: float = LIMIT) -> None:
        """Look for them anew if they are old; one request at a time does. seconds: for how long."""
        if time.monotonic() >= self._until and self._lock.acquire(blocking=False):
            try:
                found = self._found(seconds)
                self._shown = found or self._shown
                self._until = time.monotonic() + (KEPT if found or seconds == LIMIT else 0.0)
            finally:
                self._lock.release()

    def _found(self, seconds: float) -> tuple[Example, ...]:
        """Return one example of each kind that finds something; none if it takes too long."""
        try:
            with deadline.within(seconds):
                return tuple(self._chosen(*self._frequent()))
        except StoreError:
            return ()

    def _frequent(self) -> tuple[list[str], list[str], list[str]]:
        """Return frequent subjects of two words or more before others, types and years."""
        asked = Request(facets_given="subject,type,year")
        found = {facet.name: facet for facet in self._store.search.facets(asked, seconds=LIMIT)}
        subjects = [one for one in _values(found.get("subject")) if len(one) <= LONGEST]
        subjects.sort(key=lambda one: len(one.split()) < 2)
        return subjects, _values(found.get("type")), sorted(_values(found.get("year")))

    def _chosen(self, subjects: list[str], types: list[str], years: list[str]) -> Iterator[Example]:
        kinds = (
            (Example(one, "all words, anywhere in the record") for one in subjects),
            (Example(f'"{one}"', "the words in this order, next to each other")
             for one in subjects),
            (Example(f"{one} -{other}", f"without records that say {other}")
             for one in subjects for other in _words(subjects) if other not in one),
            (Example(f"title:{other} OR subject:{one.split()[0]}", "either of two")
             for one in subjects for other in _words(subjects) if other not in one),
            (Example(f"{one[: SHORTEST_WORD - 1]}* year:{years[0]}..{years[-1]}",
                     "a beginning, and a range of years")
             for one in _words(subjects) if years and len(one) >= SHORTEST_WORD),
            (Example(f"type:{one} missing:creators.orcid", "of a type, with no ORCID of creators")
             for one in types),
        )  # fmt: skip
        for kind, common in zip(kinds, COMMON, strict=True):
            tried = islice(kind, TRIED)
            yield next((one for one in tried if self._finds(one)), common)

    def _finds(self, example: Example) -> bool:
        asked = read([("q", example.query)])
        return isinstance(asked, Request) and self._store.search.count(asked) > 0


def _values(facet: Facet | None) -> list[str]:
    values = (one.value for one in facet.values) if facet else ()
    return [value for value in values if value not in ("none", "other")]


def _words(subjects: list[str]) -> list[str]:
    """Return the words of subjects, each once."""
    return list(dict.fromkeys(word for one in subjects for word in words(one)))
