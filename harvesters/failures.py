"""Failures as sentences for people: what happened, at which address, and what the hub does next.

Every failure of a harvest is made here, so that none lacks its cause, its address or its cure.
"""

from __future__ import annotations

from app.addresses import veiled
from app.causes import cause as cause_of
from app.errors import HarvestError

LONGEST_VALUE = 60


ENDS_RUN = frozenset(
    (
        *("asked-to-wait", "quiet-hours", "stopped-by-operator", "limit-reached"),
        *("blocked", "http-401", "http-403", "robots-forbidden", "gave-up", "disk-full"),
    )
)
"""Causes after which no further request of the run is sent."""


class Stopped(HarvestError):
    """A person, a signal or the limit ends the run at the end of a page."""


class OaiError(HarvestError):
    """The server answered with an OAI-PMH error; `code` as it came, lower-cased for comparing."""

    def __init__(self, code: str, text: str, sentence: str, *, url: str = "") -> None:
        super().__init__(_cause_of_code(code), sentence, url=url)
        self.code = code.strip()
        self.text = text

    @property
    def kind(self) -> str:
        """Return the code as it is compared: lower case, without white space."""
        return self.code.lower()


class TokenRefused(OaiError):
    """A resumptionToken was refused, whatever way it was sent."""


class DoubtfulEnd(HarvestError):
    """The list ended in a way that proves nothing."""


def failure(cause: str, what: str, *, url: str = "", wait: float | None = None) -> HarvestError:
    """Return an error whose sentence says what happened, where, and what the hub does next."""
    return HarvestError(cause, sentence(cause, what, url), url=url, wait=wait)


def sentence(cause: str, what: str, url: str = "") -> str:
    """Return what happened, the address asked, and the next step that the register names."""
    where = f" ({shown(url)})" if url else ""
    row = cause_of(cause)
    following = row.hub or row.operator
    return f"{what.rstrip('.')}{where}." + (f" {following}" if following else "")


def oai_error(code: str, text: str, *, url: str, token: bool) -> OaiError:
    """Return the error for an OAI-PMH error element that came without records."""
    said = f"{code.strip() or 'an error without a code'}{f' ({text})' if text else ''}"
    kind = TokenRefused if token else OaiError
    words = sentence(_cause_of_code(code), f"The server answered {said}.", url)
    return kind(code, text, words, url=url)


def shown(url: str) -> str:
    """Return an address as people may see it: keys as `…`, long tokens cut."""
    where, mark, query = veiled(url).partition("?")
    return where + mark + "&".join(map(_cut, query.split("&")))


def _cut(argument: str) -> str:
    name, equals, value = argument.partition("=")
    return f"{name}{equals}{value[:LONGEST_VALUE]}…" if len(value) > LONGEST_VALUE else argument


def _cause_of_code(code: str) -> str:
    return {
        "cannotdisseminateformat": "format-gone",
        "norecordsmatch": "no-records",
        "badresumptiontoken": "token-refused",
    }.get(code.strip().lower(), "oai-error")
