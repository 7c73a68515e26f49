"""What records can be had in, and the sets that they are in."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast
from urllib.parse import urlencode

from flask import Response, current_app, request
from msgspec import UNSET

from app.web import frame
from app.web.api import places, shapes
from app.web.api.parameters import CURSOR, MAILTO, per_page
from app.web.api.register import (
    ROOT,
    Answer,
    Call,
    document,
    leading_on,
    number,
    told,
)
from app.web.record_offers import OFFERS, PAGE

if TYPE_CHECKING:
    from app.oai import Provider

SETS = f"{ROOT}/sets"


def formats() -> Response:
    """Give all formats."""
    prefixes = cast("Provider", current_app.extensions["garnery.provider"]).offers
    items = [
        shapes.Format(
            one.name, one.title, list(one.media_types), one.extension, one.negotiated,
            one.name if one.name in prefixes else UNSET,
        )
        for one in OFFERS.values()
        if one is not PAGE
    ]  # fmt: skip
    return document(shapes.Formats(len(items), items), cached=frame.METADATA)


def sets() -> Response:
    """Give the sets in the order of their names."""
    limit = number("per_page", 100)
    cursor = request.args.get("cursor", "")
    behind = places.unsealed(cursor) if cursor else None
    found = frame.store().sets.listed(after=behind, limit=limit + 1)
    base, given = frame.settings().base_url, found[:limit]
    items = [
        shapes.Set(
            one.spec, one.name,
            f"{base}{ROOT}/records?{urlencode({'set': one.spec, 'copies': 'all'})}",
        )
        for one in given
    ]  # fmt: skip
    more = {"per_page": str(limit)} if "per_page" in request.args else {}
    following = ""
    if len(found) > limit:
        cursor = places.sealed(given[-1].spec)
        following = f"{base}{SETS}?{urlencode({**more, 'cursor': cursor})}"
    return leading_on(document(shapes.Sets(items, told(following))), following)


CALLS = (
    Call("listFormats", "/formats", formats, "List the formats",
         "Their names, media types, and what OAI-PMH calls them.",
         {200: Answer("The formats.", shapes.Formats)}, (MAILTO,), group="Lists"),
    Call("listSets", "/sets", sets, "List the sets",
         "The sets of OAI-PMH, each with the list of its live records.",
         {200: Answer("Sets.", shapes.Sets)},
         (per_page("Sets"), CURSOR, MAILTO),
         group="Lists"),
)  # fmt: skip
