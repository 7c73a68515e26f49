"""What is to be said about a repository after a probe: how grave, in a sentence, with the cure.

Pure. Identifiers are causes of `app.causes` or names of `app.quirks` where there is one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from urllib.parse import urlsplit

from app.causes import cause as cause_of
from app.errors import HarvestError
from app.quirks import QUIRKS
from harvesters.answers.reading import seconds
from harvesters.base import Page
from harvesters.failures import OaiError, shown
from harvesters.prefixes import DAYS, SECONDS
from harvesters.probe.places import same_place
from harvesters.probe.seen import Seen
from harvesters.probe.values import ERROR, INFO, SEVERITIES, WARNING, Finding, Speed

SLOW_PAGE = 5000
"""Milliseconds that a page should take at most."""
CLOCK_OFF = 86400
SAID_OTHERWISE = frozenset(("ignores-dates", "no-list-identifiers", "size-wrong", "mirrors-us"))
"""Quirks that have a finding of their own, or need to be seen more often."""


def findings(seen: Seen, speed: Speed) -> tuple[Finding, ...]:
    """Return what was found, the gravest first."""
    found = (
        *_of_address(seen),
        *_of_side_verbs(seen),
        *_of_formats(seen),
        *_of_samples(seen),
        *_of_walk(seen),
        *_of_troubles(seen),
        *_of_pages(seen.walk.pages),
        *_of_dates(seen),
        *_of_identify(seen),
        *_of_sights(seen),
        *_of_transport(seen, speed),
    )
    unique = {(one.id, one.sentence): one for one in found}
    return tuple(sorted(unique.values(), key=lambda one: SEVERITIES.index(one.severity)))


def _finding(cause: str, severity: str, sentence: str, cure: str = "") -> Finding:
    row = cause_of(cause)
    return Finding(cause, severity, sentence, cure or row.member or row.operator)


def _of_error(error: HarvestError, severity: str, before: str = "") -> Finding:
    return _finding(error.cause, severity, f"{before}{error}")


# ── who it is, what it offers ────────────────────────────────────────────────────────────────


def _of_address(seen: Seen) -> Iterator[Finding]:
    if seen.base_url != seen.asked:
        words = f"There is no OAI-PMH service at {shown(seen.asked)}; there is one at "
        cure = "Give the repository this address."
        yield Finding("found-elsewhere", ERROR, f"{words}{shown(seen.base_url)}.", cure)
    said = seen.said
    if said is not None and said.moved_to:
        words = f"It answers from another address for good: {shown(said.moved_to)}."
        yield _finding("moved", WARNING, words, "Give the repository this address.")
    elif said is not None and said.base_url and not same_place(said.base_url, seen.base_url):
        words = f"It calls itself {shown(said.base_url)}, another address than the one asked."
        cure = "Correct baseURL in Identify."
        yield Finding("base-url-differs", INFO, words, cure)
    if urlsplit(seen.base_url).scheme == "http":
        yield Finding("plain-http", INFO, "It is asked by plain http.", "Offer https.")


def _of_side_verbs(seen: Seen) -> Iterator[Finding]:
    grave = WARNING if seen.chosen else ERROR
    for step in seen.steps:
        if step.state != "failed":
            continue
        if step.name == "identify":
            yield _finding(step.cause, ERROR if not seen.said and not seen.chosen else WARNING,
                           f"Identify: {step.sentence}")  # fmt: skip
        elif step.name == "formats":
            yield _finding(step.cause, grave, f"ListMetadataFormats: {step.sentence}")
        elif step.name == "sets":
            words = f"ListSets: {step.sentence} Harvests do without."
            yield _finding(step.cause, WARNING, words)
    if seen.headers is not None:
        words = f"ListIdentifiers: {seen.headers}"
        yield Finding("no-list-identifiers", WARNING, words, QUIRKS["no-list-identifiers"].member)
    if seen.single is not None:
        words = f"GetRecord does not give a record that is listed: {seen.single}"
        yield Finding("no-get-record", WARNING, words, "Mend GetRecord.")


def _of_formats(seen: Seen) -> Iterator[Finding]:
    asked = [one for one in seen.formats if one.asked]
    if seen.formats and not any(one.known or one.readable for one in seen.formats):
        names = ", ".join(one.prefix for one in seen.formats[:10])
        yield _finding("format-unknown", WARNING, f"None of its formats is known: {names}.")
    for one in asked:
        if one.reason and one.prefix != seen.chosen:
            grave = WARNING if seen.chosen else ERROR
            words = f"Records in {one.prefix} cannot be had: {one.reason}"
            yield _finding(one.cause or "format-gone", grave, words)
        elif one.samples and not one.readable:
            words = f"No sample in {one.prefix} could be read."
            yield Finding("format-unreadable", WARNING if seen.chosen else ERROR, words,
                          "Offer each format under its own prefix.")  # fmt: skip
    if seen.chosen and not seen.walk.pages:
        yield _finding("no-records", WARNING, "It has no records, or none in this format.")


def _of_samples(seen: Seen) -> Iterator[Finding]:
    records = [record for page in seen.walk.pages for record in page.records]
    bare = [r for r in records if r.metadata is None and not r.header.deleted and not r.quarantine]
    if bare:
        words = f"{_records(len(bare))} came without metadata: {bare[0].header.identifier}."
        yield _finding("record-without-metadata", WARNING, words)
    for cause in ("record-without-name", "record-unreadable"):
        aside = [r for r in records if r.quarantine == cause]
        if aside:
            words = f"{_records(len(aside))}: {aside[0].reason}"
            yield _finding(cause, WARNING, words)
    odd = [one for one in seen.samples if one.state == "unreadable" and one.format]
    if odd:
        words = f"{len(odd)} of {len(seen.samples)} samples cannot be read: {odd[0].reason}"
        yield _finding("record-unreadable", WARNING, words)


# ── its lists ────────────────────────────────────────────────────────────────────────────────


def _of_walk(seen: Seen) -> Iterator[Finding]:
    walk = seen.walk
    if walk.error is not None:
        before = f"After {len(walk.pages)} pages of a list: "
        yield _of_error(walk.error, WARNING, before)
    if walk.refused is not None and walk.pages:
        yield _finding("token-expired", WARNING, f"A list had to be begun again. {walk.refused}")
    told, names = walk.told, walk.names
    if told is not None and names > told:
        words = f"A list told of {_records(told)}, and {names:,} came."
        yield _finding("list-long", WARNING, words)
    if told is not None and walk.ended and names < told:
        words = f"A list told of {_records(told)}, and only {names:,} came."
        yield _finding("list-short", WARNING, words)


def _of_troubles(seen: Seen) -> Iterator[Finding]:
    """What failed once, and went well when it was asked again."""
    told = {str(error) for error in (seen.walk.error, seen.headers, seen.single) if error}
    told |= {step.sentence for step in seen.steps if step.state == "failed"}
    lasting = seen.walk.error.cause if seen.walk.error else ""
    passing = [e for e in seen.troubles if str(e) not in told and e.cause != lasting]
    for cause, number in Counter(error.cause for error in passing).items():
        first = next(error for error in passing if error.cause == cause)
        words = f"{_requests(number)} failed, and went well at the next try. {first}"
        yield _finding(cause, WARNING, words)


def _of_pages(pages: tuple[Page, ...]) -> Iterator[Finding]:
    repairs = Counter(repair.name for page in pages for repair in page.repairs)
    for name, number in repairs.items():
        if name == "namespace":
            yield _finding("wrong-namespace", WARNING, "Its OAI-PMH namespace is misspelt.")
            continue
        around = next(r.excerpt for page in pages for r in page.repairs if r.name == name)
        words = f"It had to be mended in {_places(number)} ({name}), one around: {around[:160]}"
        yield _finding("repaired", WARNING, words)
    beside = next((error for page in pages for error in page.warnings), None)
    if beside is not None:
        words = f"An error stands beside records: {beside}"
        cure = "Answer with records or with an error, not with both."
        yield Finding("error-beside-records", WARNING, words, cure)
    twice = sum(len(page.records) - page.names for page in pages if page.names)
    if twice > 0:
        words = f"{_records(twice)} came more than once in a list."
        yield Finding("records-twice", WARNING, words, "Keep one order over all pages of a list.")
    if any(not page.records and page.token for page in pages):
        words = "A page in the middle of a list is empty."
        yield Finding("empty-page", INFO, words, "Fill pages, or leave empty ones out.")


# ── dates ────────────────────────────────────────────────────────────────────────────────────


def _of_dates(seen: Seen) -> Iterator[Finding]:
    dates = seen.dates
    if dates.ignored:
        words = "It takes no notice of `from`: each harvest will read everything."
        yield _finding("ignores-dates", WARNING, words)
    if dates.refused:
        words = "It refuses dates in the granularity that it declares"
        tail = ", and takes the other one." if dates.tried else ", and in the other one."
        yield _finding("granularity-wrong", WARNING, f"{words}{tail} {dates.refused}")
    missed = isinstance(dates.since, OaiError) and dates.since.cause == "no-records"
    if missed and seen.walk.names and not dates.ignored:
        words = f"It lists nothing since {dates.newest}, the datestamp of one of its records."
        yield Finding("from-misses", WARNING, words, "Take `from` as inclusive.")
    yield from _of_datestamps(seen)
    date = seconds(seen.walk.pages[0].response_date) if seen.walk.pages else None
    if date is not None and abs(date - seen.checked_at) > CLOCK_OFF:
        words = f"Its clock says {seen.walk.pages[0].response_date}."
        yield _finding("clock-doubtful", WARNING, words)


def _of_datestamps(seen: Seen) -> Iterator[Finding]:
    records = [record for page in seen.walk.pages for record in page.records]
    stamps = [record.header.datestamp for record in records if record.header.identifier]
    odd = [text for text in stamps if seconds(text) is None or text[:1] == "0"]
    if odd:
        words = f"{_records(len(odd))} with a datestamp that is none: “{odd[0][:40]}”."
        cure = "Write datestamps as YYYY-MM-DDThh:mm:ssZ."
        yield Finding("datestamp-wrong", WARNING, words, cure)
    declared = seen.said.granularity if seen.said else ""
    good = [text for text in stamps if text not in odd]
    forms = {DAYS if len(text) <= 10 else SECONDS for text in good}
    if good and declared and declared not in forms:
        words = f"It declares the granularity {declared}, and its datestamps have another."
        yield _finding("granularity-wrong", WARNING, words)
    if seen.said is not None:
        yield from _of_earliest(seen.said.earliest, good, seen.checked_at)


def _of_earliest(earliest: str, stamps: list[str], now: int) -> Iterator[Finding]:
    moment = seconds(earliest)
    oldest = min((s for s in map(seconds, stamps) if s is not None), default=None)
    if moment is None or moment > now or (oldest is not None and moment > oldest + CLOCK_OFF):
        words = f"Its earliestDatestamp is “{earliest}”, which is not the earliest."
        cure = "Correct earliestDatestamp in Identify."
        yield Finding("earliest-wrong", INFO, words, cure)


# ── the rest ─────────────────────────────────────────────────────────────────────────────────


def _of_identify(seen: Seen) -> Iterator[Finding]:
    if seen.said is None:
        return
    policy = seen.said.deleted_record
    if policy not in ("no", "transient", "persistent"):
        words = f"It declares no policy for deleted records (“{policy}”)."
        yield Finding("deletions-unsaid", WARNING, words, "Declare deletedRecord in Identify.")
    elif policy != "persistent":
        words = f"It keeps deleted records: {policy}. They are found by looking over all of it."
        yield Finding("deletions", INFO, words, "Keep deleted records in the lists.")
    if policy == "no" and seen.walk.tombstones:
        words = "It declares to keep no deleted records, and lists some."
        yield Finding("deletions-unsaid", INFO, words, "Declare deletedRecord as it is.")


def _of_sights(seen: Seen) -> Iterator[Finding]:
    for sight in seen.sights:
        if sight.seen and sight.name not in SAID_OTHERWISE and sight.name in QUIRKS:
            row = QUIRKS[sight.name]
            words = f"{row.words} {row.hub} {sight.evidence}"
            yield Finding(sight.name, WARNING, words.strip(), row.member)
    if seen.own:
        words = f"{_records(seen.own)} come from this hub: it harvests what it is harvested for."
        yield _finding("mirrors-us", WARNING, words)


def _of_transport(seen: Seen, speed: Speed) -> Iterator[Finding]:
    if "unlabelled" in seen.packings:
        words = "Its answers are compressed without saying so."
        yield Finding("compression-unlabelled", INFO, words, "Send Content-Encoding.")
    elif seen.packings and not seen.packings - {""}:
        cure = "Switch on gzip for the OAI-PMH path."
        yield Finding("not-compressed", INFO, "Its answers are not compressed.", cure)
    odd = sorted(kind for kind in seen.media_types if kind and not kind.endswith("xml"))
    if odd and seen.chosen:
        words = f"It calls its answers {', '.join(odd)}."
        yield Finding("media-type", INFO, words, "Send text/xml.")
    if speed.milliseconds > SLOW_PAGE:
        words = f"A page takes {speed.milliseconds / 1000:.1f} s."
        yield Finding("slow-pages", WARNING, words, "Offer smaller pages.")


def _records(number: int) -> str:
    return f"{number:,} record" if number == 1 else f"{number:,} records"


def _places(number: int) -> str:
    return f"{number} place" if number == 1 else f"{number} places"


def _requests(number: int) -> str:
    return f"{number} request" if number == 1 else f"{number} requests"
