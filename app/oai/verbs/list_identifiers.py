"""ListIdentifiers: the headers of a list, a page at a time."""

from __future__ import annotations

from app.oai import listing, response
from app.oai.context import Asked, Context, Offer
from app.oai.response import Content
from app.store.values import PageRow


def answer(context: Context, asked: Asked) -> Content:
    """Answer with a page of headers."""

    def write(rows: tuple[PageRow, ...], _: Offer, also: str) -> tuple[bytes, ...]:
        return response.headers(rows, context.identifiers, also)

    reading = listing.Reading(context.settings.oai.headers_per_page, headers_only=True)
    return listing.answer(context, asked, reading, write)
