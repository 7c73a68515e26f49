"""What a run asks and is answered, request by request, until its page is written down.

Bodies are packed as they came, before anything is mended; how long they are kept is a setting.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from urllib.parse import quote

from msgspec.structs import replace

from app import clock
from app.errors import HarvestError
from app.schedule import kept_for
from app.settings import Harvest
from app.store.requests import Sent, packed
from harvesters.answers.repairs import Repair
from harvesters.answers.response import StrictResponse
from harvesters.base import Page
from harvesters.failures import oai_error
from harvesters.transport.http import Response

AT_HAND = ":/,;()"
"""What may stand in a value unescaped, for people to read it."""


class RequestLog:
    """The requests of one run that are not written down yet."""

    def __init__(self, settings: Harvest) -> None:
        self._keep = kept_for(settings.keep_raw)
        self._keep_damaged = kept_for(settings.keep_raw_damaged)
        self._done: list[Sent] = []
        self._open: Sent | None = None
        """A page whose portions are still coming."""

    @contextmanager
    def request(self, arguments: Mapping[str, str], attempt: int) -> Iterator[Noting]:
        """Note one request, also if it fails."""
        self.settle()
        noting = Noting(arguments, attempt)
        try:
            yield noting
        except HarvestError as error:
            noting.failed(error)
            raise
        finally:
            self._open = self._with_body(noting)
            if not noting.in_portions:
                self.settle()

    def portion(self, page: Page) -> None:
        """Count the records of a portion; the last one ends its request."""
        if self._open is None:
            return
        names = [record.header.identifier for record in page.records]
        self._open = replace(
            self._open,
            records=self._open.records + len(names),
            first_identifier=self._open.first_identifier or next(iter(names), ""),
            last_identifier=names[-1] if names else self._open.last_identifier,
            token=page.token,
            told=page.told,
            repairs=_names(self._open.repairs, page.repairs),
        )
        if not page.more:
            self.settle()

    def settle(self, error: HarvestError | None = None) -> None:
        """Say that no more portions come of what is open, perhaps because of an error."""
        if self._open is not None:
            cause = error.cause if error else self._open.cause
            self._done.append(replace(self._open, cause=cause))
            self._open = None

    def drain(self) -> tuple[Sent, ...]:
        """Give out what is to be written down, once."""
        done, self._done = tuple(self._done), []
        return done

    def _with_body(self, noting: Noting) -> Sent:
        sent, response = noting.sent, noting.response
        keep = self._keep_damaged if sent.repairs or noting.damaged else self._keep
        if response is None:
            return sent
        spool = response.spool
        digest = spool.digest if spool else hashlib.sha256(response.body).digest()
        body = packed(spool.chunks() if spool else (response.body,)) if keep else None
        until = sent.at + keep if body is not None else None
        return replace(sent, digest=digest, body=body, body_until=until)


class Noting:
    """One request under way."""

    def __init__(self, arguments: Mapping[str, str], attempt: int) -> None:
        rest = (f"{n}={quote(v, safe=AT_HAND)}" for n, v in arguments.items() if n != "verb")
        self.sent = Sent(clock.now(), arguments["verb"], "&".join(rest), attempt=attempt)
        self.response: Response | None = None
        self.damaged = False
        self.in_portions = False

    def answered(self, response: Response) -> None:
        """Note what came over the network."""
        self.response = response
        self.sent = replace(
            self.sent,
            at=response.at or self.sent.at,
            status=response.status,
            size=response.size,
            milliseconds=response.milliseconds,
        )

    def read(self, read: StrictResponse) -> None:
        """Note what an answer says; errors beside items end nothing."""
        answer, self.in_portions = read.answer, read.in_portions
        error = oai_error(*answer.errors[0], url="", token=False) if answer.errors else None
        records, first, last = (0, "", "") if self.in_portions else read.extent
        self.sent = replace(
            self.sent,
            cause=error.cause if error and not read.beside else "",
            records=records,
            first_identifier=first,
            last_identifier=last,
            token=answer.token.text,
            told=answer.token.told,
            repairs=_names((), answer.repairs),
        )

    def failed(self, error: HarvestError) -> None:
        """Note why no answer could be read."""
        self.damaged = self.response is not None
        self.in_portions = False
        spent = round(1000 * (clock.now() - self.sent.at) / timedelta(seconds=1))
        self.sent = replace(
            self.sent, cause=error.cause, milliseconds=self.sent.milliseconds or max(spent, 0)
        )


def _names(known: tuple[str, ...], repairs: tuple[Repair, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*known, *(repair.name for repair in repairs))))
