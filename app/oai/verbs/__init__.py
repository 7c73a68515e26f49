"""The six verbs of OAI-PMH, one a module: each has `answer(context, asked) -> Content`."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from app.oai.context import Asked, Context
from app.oai.response import Content
from app.oai.verbs import (
    get_record,
    identify,
    list_identifiers,
    list_metadata_formats,
    list_records,
    list_sets,
)

Verb = Callable[[Context, Asked], Content]

VERBS: Mapping[str, Verb] = {
    "Identify": identify.answer,
    "ListMetadataFormats": list_metadata_formats.answer,
    "ListSets": list_sets.answer,
    "GetRecord": get_record.answer,
    "ListIdentifiers": list_identifiers.answer,
    "ListRecords": list_records.answer,
}
