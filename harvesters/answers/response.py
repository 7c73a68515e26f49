"""One OAI-PMH answer: parsed once, strictly, after the repair ladder."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lxml import etree
from msgspec.structs import replace

from app.errors import HarvestError
from harvesters.answers.known import Known, read_plain
from harvesters.answers.portions import LARGEST_TREE, LISTS, LargeList, read_whole
from harvesters.answers.reading import Answer, extent, page_of, read_answer, read_page
from harvesters.answers.repair import Damage, Mended, mend
from harvesters.base import HarvestedRecord, Page
from harvesters.failures import failure, oai_error
from harvesters.transport.http import Response, with_arguments

Arguments = dict[str, str]


class StrictResponse:
    """One OAI-PMH answer: parsed once, strictly, after the repair ladder."""

    def __init__(
        self,
        http_response: Response,
        params: Arguments,
        *,
        largest: int = LARGEST_TREE,
        known: Known | None = None,
    ) -> None:
        """largest: the bytes that one record may have. known: tells of records to be left out."""
        self.http_response = http_response
        self.params = params
        self._large: LargeList | None = None
        self._records: Sequence[HarvestedRecord] | None = None
        verb, spool = params["verb"], http_response.spool
        self.mended: Mended
        self.answer: Answer
        if spool is not None and verb in LISTS:
            self._large = LargeList(spool, verb, largest=largest)
            self.mended, self.answer = self._large.mended, self._large.answer
            return
        plain = None
        if known is not None and spool is None and verb == "ListRecords":
            plain = read_plain(http_response.body, verb, known)
        if plain is not None:
            self.mended, self.answer, self._records = plain.mended, plain.answer, plain.records
            return
        self.mended = read_whole(spool) if spool else mend(http_response.body)
        self.answer = read_answer(self.mended, verb)

    @property
    def raw(self) -> str:
        """The body as text, for people."""
        return self.http_response.body.decode("utf-8", "replace")

    @property
    def xml(self) -> etree._Element:
        """The one tree of the answer, without the records that are known."""
        return self.mended.root

    @property
    def hollow(self) -> bool:
        """Whether there is neither the element of the verb nor an error."""
        return self.answer.container is None and not self.answer.errors

    @property
    def in_portions(self) -> bool:
        """Whether the list is too large to be read at once."""
        return self._large is not None

    @property
    def beside(self) -> bool:
        """Whether there are items, beside which an error is only a warning."""
        container = self.answer.container
        return bool(self._records) or (container is not None and len(container) > 0)

    @property
    def extent(self) -> tuple[int, str, str]:
        """The number of a list's items, and the identifiers of the first and the last."""
        records = self._records
        if records:
            return len(records), records[0].header.identifier, records[-1].header.identifier
        return extent(self.answer.container)

    def page(self) -> Page:
        """Return the records of a list; of a large one the first portion."""
        return next(self.portions())

    def portions(self) -> Iterator[Page]:
        """Yield the records of a list, a large one in portions; raises HarvestError."""
        date = self.http_response.headers.get("Date", "")
        warnings = self._warnings()
        if self._large is None:
            yield replace(self._whole(date), warnings=warnings)
            return
        try:
            for page in self._large.portions(date):
                yield replace(page, warnings=() if page.more else warnings)
        except Damage as damage:
            url = with_arguments(self.http_response.url, {})
            raise failure(damage.cause, str(damage), url=url) from damage

    def _whole(self, date: str) -> Page:
        if self._records is not None:
            return page_of(self._records, self.answer, date)
        return read_page(self.answer, self.mended.lost, date, cut=self.mended.cut)

    def _warnings(self) -> tuple[HarvestError, ...]:
        if not self.beside:
            return ()
        url = self.http_response.url
        return tuple(oai_error(*error, url=url, token=False) for error in self.answer.errors)
