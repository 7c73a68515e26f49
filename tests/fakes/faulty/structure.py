"""Faults of namespaces, structure and dates."""

from __future__ import annotations

import re

from tests.fakes.faulty.expectations import (
    COMPLETE,
    INCOMPLETE,
    NUMBERS,
    QUARANTINE,
    identifier,
    repaired,
    without,
)
from tests.fakes.faulty.register import scenario
from tests.fakes.faulty.repository import (
    OAI,
    Answer,
    Query,
    Repository,
    Request,
    plain,
)


@scenario("prefix_ns", "structure", 59)
class PrefixedElements(Repository):
    """The OAI-PMH namespace has a prefix: <oai:record> and so on; that is allowed."""

    def document(self, text: str) -> str:
        text = text.replace(f' xmlns="{OAI}"', f' xmlns:oai="{OAI}"')
        return re.sub(r"<(/?)([A-Za-z-]+)(?=[\s>/])", r"<\1oai:\2", text)


@scenario("ns_https", "structure", 60)
class HttpsNamespace(Repository):
    """The OAI-PMH namespace begins with https instead of http."""

    expect = repaired("namespace")

    def document(self, text: str) -> str:
        return text.replace(f'xmlns="{OAI}"', f'xmlns="{OAI.replace("http:", "https:")}"', 1)


@scenario("error_and_records", "structure", 62)
class ErrorBesideRecords(Repository):
    """An error element, noRecordsMatch, stands before a list that has records."""

    def before_list(self) -> str:
        return '<error code="noRecordsMatch">none</error>'


@scenario("no_metadata", "structure", 63, 101)
class NoMetadata(Repository):
    """r5 is live and has no <metadata>, in lists and by GetRecord."""

    expect = without(5, lost=(5,), outcomes=(QUARANTINE,))

    def metadata(self, number: int) -> str:
        return "" if number == 5 else super().metadata(number)


@scenario("no_header", "structure", 64)
class NoHeader(Repository):
    """The record of r5 has no <header>, in ListRecords and by GetRecord."""

    expect = without(5, optional=(5,), unnamed_losses=1, outcomes=(COMPLETE, QUARANTINE))

    def record(self, number: int) -> str:
        return f"<record>{self.metadata(5)}</record>" if number == 5 else super().record(number)


@scenario("deleted", "structure", 85)
class Deleted(Repository):
    """r5 is deleted, and says so."""

    expect = without(5, deleted=(5,))

    def status(self, number: int) -> str:
        return ' status="deleted"' if number == 5 else ""

    def metadata(self, number: int) -> str:
        return "" if number == 5 else super().metadata(number)


@scenario("bad_datestamp", "structure", 80)
class BadDatestamp(Repository):
    """The datestamp of r5 is no UTCdatetime and lies in the year 11."""

    def stamp(self, number: int) -> str:
        bad = "<datestamp>0011-01-01 00:00</datestamp>"
        return bad if number == 5 else super().stamp(number)


@scenario("poison_page", "structure", 15, 81)
class PoisonPage(Repository):
    """Every list and GetRecord answer that would hold r5 is a 500, header lists too."""

    expect = without(5, unnamed_losses=1, outcomes=(QUARANTINE, INCOMPLETE))

    def gate(self, request: Request) -> Answer | None:
        asked = request.arguments.get("identifier") == identifier(5)
        return plain("boom", 500) if request.verb == "GetRecord" and asked else None

    def bad_page(self, page: list[int]) -> Answer | None:
        return Answer(b"<error/>", 500) if 5 in page else None


@scenario("ignores_dates", "dates", 75)
class IgnoresDates(Repository):
    """from and until are ignored: every list is the whole list."""

    def select(self, query: Query) -> list[int]:
        return list(NUMBERS)


@scenario("day_stamps", "dates", 70)
class DayStamps(Repository):
    """Granularity and datestamps are days."""

    granularity = "YYYY-MM-DD"

    def stamp(self, number: int) -> str:
        return f"<datestamp>{self.days[number]}</datestamp>"

    def earliest(self) -> str:
        return super().earliest()[:10]


@scenario("earliest_empty", "dates", 71)
class EarliestEmpty(Repository):
    """Identify gives an empty earliestDatestamp."""

    def earliest(self) -> str:
        return ""
