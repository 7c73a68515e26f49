"""ListMetadataFormats: the formats of the repository, or those in which an item is alive."""

from __future__ import annotations

from app.crosswalks.xml import element
from app.oai import response
from app.oai.context import Asked, Context, Offer
from app.oai.errors import NO_FORMATS, OaiErrors, quoted, refuse
from app.oai.response import Content
from app.oai.verbs.get_record import unknown


def answer(context: Context, asked: Asked) -> Content:
    """Answer with the formats, in the order of the register."""
    offers = tuple(context.offers.values())
    if asked.request.identifier:
        offers = _living(context, asked.request.identifier)
    return response.whole("ListMetadataFormats", "".join(map(_format, offers)))


def _living(context: Context, identifier: str) -> tuple[Offer, ...]:
    local = context.local_id(identifier)
    prefixes = context.store.records.prefixes(local) if local else ()
    if not prefixes:
        raise OaiErrors((unknown(identifier),))
    alive = {prefix for prefix, deleted in prefixes if not deleted}
    offers = tuple(offer for offer in context.offers.values() if offer.stored in alive)
    if not offers:
        raise refuse(NO_FORMATS, f"The item {quoted(identifier)} is deleted in every format.")
    return offers


def _format(offer: Offer) -> str:
    form = offer.format
    inner = (
        element("metadataPrefix", form.name),
        element("schema", form.schema),
        element("metadataNamespace", form.namespace),
    )
    return f"<metadataFormat>{''.join(inner)}</metadataFormat>"
