"""ListRecords: whole records, a page at a time; stored bytes are joined, no XML is parsed."""

from __future__ import annotations

from app.oai import listing, response
from app.oai.context import Asked, Context, Offer
from app.oai.response import Content
from app.store.values import PageRow


def answer(context: Context, asked: Asked) -> Content:
    """Answer with a page of records."""

    def write(rows: tuple[PageRow, ...], offer: Offer, also: str) -> tuple[bytes, ...]:
        return tuple(response.records(rows, context.identifiers, offer.metadata, also))

    limits = context.settings.oai
    reading = listing.Reading(
        limits.records_per_page, headers_only=False, page_bytes=limits.page_bytes
    )
    return listing.answer(context, asked, reading, write)
