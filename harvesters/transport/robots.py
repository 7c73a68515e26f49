"""robots.txt, read for this hub: the rules meant for it, and how slowly it may go (RFC 9309).

Pure. Rules are kept as the lines `Allow: …` and `Disallow: …` of the group that applies.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit, urlunsplit

from msgspec import Struct

US = "garnery"
LONGEST_DELAY = 60.0
MOST_BYTES = 512 * 1024
MOST_RULES = 200
_WORDS = re.compile(r"[a-z_-]+", re.IGNORECASE)


class Robots(Struct, frozen=True):
    """What robots.txt asks of us."""

    rules: str = ""
    delay: float = 0.0
    """The least seconds between two requests."""


def address(url: str) -> str:
    """Return where the robots.txt of an address is."""
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc, "/robots.txt", "", ""))


def read(body: bytes) -> Robots:
    """Read a robots.txt; whatever it is, what cannot be read asks for nothing."""
    text = body[:MOST_BYTES].decode("utf-8-sig", "replace")
    ours, everyones = _Group(), _Group()
    group: list[_Group] = []
    heading = False
    for name, value in _lines(text):
        if name == "user-agent":
            group = [] if not heading else group
            heading = True
            group += {US: [ours], "*": [everyones]}.get(_product(value), [])
            for one in group:
                one.there = True
        else:
            heading = False
            for one in group:
                one.take(name, value)
    chosen = ours if ours.there else everyones
    return Robots("\n".join(chosen.rules), chosen.delay)


def forbidding(rules: str, url: str) -> str:
    """Return the rule that forbids an address, empty if none does: the longest rule decides."""
    parts = urlsplit(url)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    best = ""
    for rule in rules.splitlines():
        pattern = rule.partition(": ")[2]
        weight = len(pattern), rule.startswith("Allow")
        heaviest = len(best.partition(": ")[2]), best.startswith("Allow")
        if _matches(pattern, path) and (not best or weight > heaviest):
            best = rule
    return best if best.startswith("Disallow") else ""


class _Group:
    """The rules under one user agent while they are read."""

    def __init__(self) -> None:
        self.there = False
        self.rules: list[str] = []
        self.delay = 0.0

    def take(self, name: str, value: str) -> None:
        if name in ("allow", "disallow") and value and len(self.rules) < MOST_RULES:
            self.rules.append(f"{name.capitalize()}: {value[:500]}")
        elif name == "crawl-delay":
            self.delay = max(self.delay, _seconds(value))


def _lines(text: str) -> Iterator[tuple[str, str]]:
    for line in text.splitlines():
        name, colon, value = line.partition("#")[0].partition(":")
        if colon:
            yield name.strip().lower(), value.strip()


def _product(value: str) -> str:
    if value.startswith("*"):
        return "*"
    found = _WORDS.match(value)
    return found[0].lower() if found else ""


def _seconds(value: str) -> float:
    try:
        seconds = float(value)
    except ValueError:
        return 0.0
    return min(seconds, LONGEST_DELAY) if seconds > 0 else 0.0


def _matches(pattern: str, path: str) -> bool:
    body, end = (pattern[:-1], "$") if pattern.endswith("$") else (pattern, "")
    return re.match(".*".join(map(re.escape, body.split("*"))) + end, path) is not None
