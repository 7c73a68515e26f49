"""A whole list as one document: a ListRecords answer without pages, for files.

It is what the provider gives, to the byte of every record; only nothing is cut into pages.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from app.oai import response
from app.oai.errors import NO_RECORDS, Fault
from app.oai.response import Wrap
from app.store.values import PageRow

VERB = "ListRecords"


def document(
    rows: Iterable[PageRow],
    *,
    moment: str,
    base_url: str,
    domain: str,
    asked: Iterable[tuple[str, str]],
    metadata: Wrap,
) -> Iterator[bytes]:
    """Yield the document in pieces as rows come; without rows it says noRecordsMatch.

    asked: the arguments that stand in `request`, without the verb.
    """
    yield response.opening(moment, base_url, (("verb", VERB), *asked))
    start, any_row = f"oai:{domain}:", False
    for row in rows:
        if not any_row:
            yield f"<{VERB}>\n".encode()
            any_row = True
        yield b"".join((*response.records((row,), start, metadata), b"\n"))
    if any_row:
        yield f"</{VERB}>".encode()
    else:
        yield from response.errors((Fault(NO_RECORDS, "No record matches."),))
    yield response.ENDING
