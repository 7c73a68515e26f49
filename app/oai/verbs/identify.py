"""Identify: who we are, with what settings and members allow to describe."""

from __future__ import annotations

from functools import lru_cache

from app import clock
from app.crosswalks.xml import element, parse
from app.oai import descriptions, response
from app.oai.context import Asked, Context
from app.oai.datestamps import GRANULARITY
from app.oai.response import Content
from app.settings import Hub
from app.store.faces import faces

METADATA_POLICY = "The metadata may be harvested by anyone, whole or by date and set."
DATA_POLICY = "Only metadata is held here. Records that go are kept as deleted for ever."


def answer(context: Context, asked: Asked) -> Content:
    """Answer with what the repository is, in the order of the schema."""
    hub = context.settings.hub
    urls = tuple(face.base_url for face in faces(context.store))
    inner = (
        element("repositoryName", hub.title),
        element("baseURL", context.base_url),
        element("protocolVersion", "2.0"),
        element("adminEmail", hub.contact),
        element("earliestDatestamp", _earliest(context, asked)),
        element("deletedRecord", "persistent"),
        element("granularity", GRANULARITY),
        element("compression", "gzip"),
        _identifiers(context),
        described(hub, context.settings.base_url, urls),
    )
    return response.whole("Identify", "".join(inner))


def _earliest(context: Context, asked: Asked) -> str:
    """Return the smallest datestamp of all; in an empty hub the moment of its beginning.

    That is when the store was made, if it says so, else when it was first asked about.
    """
    earliest = context.store.records.earliest()
    if earliest is not None:
        return clock.text(earliest)
    return context.store.hub.setdefault("created", clock.text(asked.now))


def _identifiers(context: Context) -> str:
    """Describe our identifiers by one that exists; while there is none, nothing is said."""
    sample = context.store.records.sample()
    if sample is None:
        return ""
    identifier = context.identifiers + sample
    return _description(descriptions.identifiers(context.settings.oai.domain, identifier))


@lru_cache(8)
def described(hub: Hub, home: str, members: tuple[str, ...]) -> str:
    """Return the descriptions of what only settings and members decide.

    Rendered, and read once by the parser, when one of these differs; not for each answer.
    members: their base URLs. home: the hub's own address.
    """
    found = (
        descriptions.friends(members),
        descriptions.branding(hub.icon_url, home, hub.title),
        descriptions.policies(hub.about, hub.metadata_license, METADATA_POLICY, DATA_POLICY),
        descriptions.rights_manifest(hub.metadata_license),
    )
    for one in filter(None, found):
        parse(one.encode())
    return "".join(map(_description, found))


def _description(container: str) -> str:
    return f"<description>{container}</description>" if container else ""
