"""The register of quirks: what a repository may do in its own way, and what the hub does then.

A quirk changes how a repository is asked, never what counts as an end, a record or a deletion.
Pages and the command line print these sentences; what showed it is kept with each repository.
"""

from __future__ import annotations

from msgspec import Struct


class Quirk(Struct, frozen=True):
    """One row of the register."""

    words: str
    """What the repository does."""
    hub: str
    """What the hub does about it."""
    unlearned: str
    """When it is forgotten."""
    member: str = ""
    """How the people who run the repository can mend it."""
    times: int = 1
    """How often it has to be seen before the hub heeds it."""
    tried: bool = False
    """Once in thirty days the hub does without it, and sees whether that works now."""


_MONTHLY = "When the usual way works again; it is tried once in 30 days."
_TOKENS = "Escape tokens in XML and decode them once."
_LAST_PAGE = "End a list with an empty resumption token."

QUIRKS: dict[str, Quirk] = {
    "token-verbatim": Quirk(
        "It wants its resumption tokens back as it wrote them, not percent-encoded.",
        "The hub sends tokens as they are.",
        "When a token is refused that way and taken encoded. " + _MONTHLY,
        _TOKENS,
        tried=True,
    ),
    "prefix-with-token": Quirk(
        "It wants metadataPrefix with each resumption token, against the protocol.",
        "The hub sends both.",
        "When it refuses both and takes the token alone. " + _MONTHLY,
        "Take a resumption token without any other argument.",
        tried=True,
    ),
    "day-granularity": Quirk(
        "It takes days only in `from` and `until`, whatever it declares.",
        "The hub asks by days.",
        "When its address or what it declares changes. " + _MONTHLY,
        "Correct the granularity in Identify.",
        tried=True,
    ),
    "second-granularity": Quirk(
        "It takes full times only in `from` and `until`, and refuses days.",
        "The hub asks by the second.",
        "When its address or what it declares changes. " + _MONTHLY,
        "Take days in `from` and `until`, as every repository must.",
        tried=True,
    ),
    "ignores-dates": Quirk(
        "It takes no notice of `from` and `until`.",
        "The hub reads everything each time, and never in windows.",
        "When a harvest of what changed brings less than everything. " + _MONTHLY,
        "Mend selective harvesting by date.",
        tried=True,
    ),
    "until-exclusive": Quirk(
        "It leaves out the records whose datestamp is the `until` that was asked for.",
        "The hub lets the parts of a list share their bounds, so that nothing is missing.",
        "When such records come in both parts.",
        "Take `until` as inclusive.",
    ),
    "size-wrong": Quirk(
        "The size that it tells of its lists is wrong.",
        "The hub does not look at it, and sweeps after each full harvest.",
        "When the size was right three times.",
        "Announce the true size of a list, or none.",
        times=3,
    ),
    "surplus-token": Quirk(
        "The last page of a list bears a token that leads nowhere.",
        "The hub reads such a list once more, in halves, to prove its end.",
        "When lists end without it three times.",
        _LAST_PAGE,
        times=3,
    ),
    "session-token": Quirk(
        "It gives one token for a whole list and keeps the place itself.",
        "The hub never goes on from a stored token; it begins the list again.",
        "When it gives each page a token of its own.",
        "Give each page a token of its own.",
    ),
    "short-lived-token": Quirk(
        "Its resumption tokens were refused within ten minutes, in two harvests.",
        "The hub reads its lists in windows of a tenth of the usual size.",
        "When a person takes it off.",
        "Let resumption tokens live an hour or more.",
        times=2,
    ),
    "encoding": Quirk(
        "Its pages are not in the encoding that they declare.",
        "The hub reads the bytes as what they are, and names each page that it mended.",
        "When a harvest needs no such repair.",
        "Send UTF-8, and declare it.",
    ),
    "identity-encoding": Quirk(
        "Its compressed answers come damaged.",
        "The hub asks for them without compression.",
        _MONTHLY,
        "Mend the compression of the server, or switch it off.",
        tried=True,
    ),
    "slow": Quirk(
        "One answer in ten takes over 20 seconds.",
        "The hub waits three times as long for an answer, at most ten minutes.",
        "When nine in ten come within 10 seconds.",
        "Offer smaller pages.",
    ),
    "windows": Quirk(
        "Its lists are too long to be read in one piece.",
        "The hub begins with windows of this many records.",
        "When a person takes it off.",
    ),
    "no-list-identifiers": Quirk(
        "It does not answer ListIdentifiers.",
        "The hub reads all records where it would have read their headers.",
        _MONTHLY,
        "Mend ListIdentifiers.",
        times=3,
        tried=True,
    ),
    "loses-tombstones": Quirk(
        "Records vanish without a word, though it declares to keep deleted ones.",
        "The hub looks over the whole repository every 7 days.",
        "When a person takes it off.",
        "Keep deleted records in the lists, or declare that you do not.",
    ),
    "mirrors-us": Quirk(
        "It hands out records that it has from this hub.",
        "The hub does not take them in.",
        "When a whole look brings none of them.",
        "Leave what you harvested here out of the set that is harvested.",
    ),
}


def quirk(name: str) -> Quirk:
    """Return the row of a quirk; an empty one if it is unknown."""
    return QUIRKS.get(name, Quirk("", "", ""))


def heeded(name: str, value: str) -> bool:
    """Tell whether a quirk was seen often enough; value: how often, for one that is counted."""
    times = quirk(name).times
    return times == 1 or (value.isdecimal() and int(value) >= times)
