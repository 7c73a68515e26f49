"""GetRecord: one record, alive or deleted."""

from __future__ import annotations

from app.errors import StoreError
from app.oai import response
from app.oai.context import Asked, Context, Offer, no_format
from app.oai.errors import NO_FORMAT, NO_ITEM, Fault, OaiErrors, quoted
from app.oai.response import Content


def answer(context: Context, asked: Asked) -> Content:
    """Answer with a record; a format that the item once had gives its tombstone."""
    offer = context.offers.get(asked.request.metadata_prefix)
    local = context.local_id(asked.request.identifier)
    row = context.store.records.row(local, offer.stored) if offer and local else None
    if offer is None or row is None:
        raise OaiErrors(_faults(context, asked, local, offer))
    record = response.records((row,), context.identifiers, offer.metadata)
    return Content((b"<GetRecord>", *record, b"</GetRecord>"), response.page_etag((row,), b""))


def _faults(context: Context, asked: Asked, local: str, offer: Offer | None) -> tuple[Fault, ...]:
    """Say whether the identifier is unknown, the format, or both (stage 5).

    Raises StoreError for a record that is there and cannot be read.
    """
    prefix = asked.request.metadata_prefix
    had = context.store.records.prefixes(local) if local else ()
    if offer is not None and (offer.stored, False) in had:
        raise StoreError(f"The stored rendering of {local} in {offer.stored} cannot be read.")
    faults = [] if prefix in context.offers else [no_format(prefix, context.offers)]
    if not had:
        faults.append(unknown(asked.request.identifier))
    return tuple(faults) or (
        Fault(NO_FORMAT, f"The item has no record in {prefix}; ListMetadataFormats tells which."),
    )


def unknown(identifier: str) -> Fault:
    """Return the fault for an identifier that is not ours, or of no item."""
    return Fault(
        NO_ITEM, f"There is no item {quoted(identifier)} here; ListIdentifiers gives them."
    )
