"""Records of a first page, read as a harvest would read them: what becomes of each, and why.

Pure.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date

from msgspec import Struct

from app.crosswalks import Defaults, read_element
from app.datacite.problem import Problem
from app.datacite.validation import check
from harvesters.base import HarvestedRecord, Page
from harvesters.probe.values import Rule, Sample


class Reader(Struct, frozen=True):
    """How samples of one format are read."""

    prefix: str
    publisher: str
    """Stands in where a record names none."""
    today: date

    def sample(self, record: HarvestedRecord) -> Sample:
        """Return what becomes of a record."""
        header = record.header
        if header.deleted:
            return Sample(header.identifier, header.datestamp, "deleted")
        if record.metadata is None:
            reason = record.reason or "It came without metadata."
            return Sample(header.identifier, header.datestamp, "unreadable", reason=reason)
        reading = read_element(
            record.metadata,
            header=header,
            defaults=Defaults(publisher=self.publisher),
            announced=self.prefix,
            today=self.today,
        )
        resource = reading.resource
        found = (*record.problems, *reading.problems)
        if resource is None:
            reason = next((p.message for p in found if p.severity == "error"), "")
            state, title = "unreadable", ""
        else:
            found = (*found, *check(resource, today=self.today))
            reason, title = "", resource.titles[0].title if resource.titles else ""
            state = "problems" if any(p.severity != "info" for p in found) else "fine"
        return Sample(
            header.identifier,
            header.datestamp,
            state,
            reading.format,
            title,
            _broken(found),
            reason,
        )


def samples_of(pages: Iterable[Page], reader: Reader, most: int) -> tuple[Sample, ...]:
    """Return the first live records of some pages, read; tombstones are left out."""
    records = (one for page in pages for one in page.records if not one.header.deleted)
    return tuple(reader.sample(record) for record, _ in zip(records, range(most), strict=False))


def readable(samples: Iterable[Sample]) -> int:
    """Return how many samples could be read."""
    return sum(sample.state in ("fine", "problems") for sample in samples)


def summed(samples: Iterable[Sample]) -> tuple[Rule, ...]:
    """Return the rules that samples break together, each with its number of records."""
    return _counted((one.rule, one.severity) for sample in samples for one in sample.problems)


def _broken(problems: Iterable[Problem]) -> tuple[Rule, ...]:
    return _counted({(problem.rule, problem.severity) for problem in problems})


def _counted(broken: Iterable[tuple[str, str]]) -> tuple[Rule, ...]:
    ordered = sorted(Counter(broken).items(), key=lambda item: (-item[1], item[0]))
    return tuple(Rule(rule, severity, number) for (rule, severity), number in ordered)
