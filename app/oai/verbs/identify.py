"""Identify: who we are, with what settings and members allow to describe."""

from __future__ import annotations

from app import clock
from app.crosswalks.xml import attribute, element, root_start
from app.oai import response
from app.oai.arguments import is_uri
from app.oai.context import Asked, Context
from app.oai.datestamps import GRANULARITY
from app.oai.response import Content

_OAI = "http://www.openarchives.org/OAI/2.0/"
_IDENTIFIER = _OAI + "oai-identifier"
_FRIENDS = _OAI + "friends/"
_EPRINTS = "http://www.openarchives.org/OAI/1.1/eprints"
_RIGHTS = _OAI + "rights/"


def answer(context: Context, asked: Asked) -> Content:
    """Answer with what the repository is, in the order of the schema."""
    hub = context.settings.hub
    inner = (
        element("repositoryName", hub.title),
        element("baseURL", context.base_url),
        element("protocolVersion", "2.0"),
        element("adminEmail", hub.contact),
        element("earliestDatestamp", _earliest(context, asked)),
        element("deletedRecord", "persistent"),
        element("granularity", GRANULARITY),
        element("compression", "gzip"),
        *(f"<description>{text}</description>" for text in _descriptions(context) if text),
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


def _descriptions(context: Context) -> tuple[str, ...]:
    return (
        _identifiers(context),
        _friends(context),
        _policies(context),
        _rights(context.settings.hub.metadata_license),
    )


def _identifiers(context: Context) -> str:
    """Describe our identifiers by one that exists; while there is none, nothing is said."""
    sample = context.store.records.latest(1)
    if not sample:
        return ""
    inner = (
        element("scheme", "oai"),
        element("repositoryIdentifier", context.settings.oai.domain),
        element("delimiter", ":"),
        element("sampleIdentifier", context.identifiers + sample[0].local_id),
    )
    return _described("oai-identifier", _IDENTIFIER, _OAI + "oai-identifier.xsd", *inner)


def _friends(context: Context) -> str:
    """List the base URLs of the member repositories that may be named."""
    members = context.store.repositories.list()
    urls = dict.fromkeys(m.public_url for m in members if m.public and is_uri(m.public_url))
    inner = (element("baseURL", url) for url in urls if url.startswith("http"))
    return _described("friends", _FRIENDS, _OAI + "friends.xsd", *inner)


def _policies(context: Context) -> str:
    """Say what we hold, and that deletions are kept."""
    hub = context.settings.hub
    licence = hub.metadata_license
    metadata = (element("URL", licence) if is_uri(licence) else "") + element(
        "text", "The metadata may be harvested by anyone, whole or by date and set."
    )
    data = "Only metadata is held here. Records that go are kept as deleted for ever."
    inner = (
        _policy("content", element("text", hub.about)),
        _policy("metadataPolicy", metadata),
        _policy("dataPolicy", element("text", data)),
    )
    return _described("eprints", _EPRINTS, _EPRINTS + ".xsd", *inner)


def _policy(name: str, inner: str) -> str:
    return f"<{name}>{inner}</{name}>"


def _rights(licence: str) -> str:
    """Name the licence of the metadata, if it is a URL."""
    if not is_uri(licence):
        return ""
    reference = f"<rights><rightsReference{attribute('ref', licence)}/></rights>"
    applies = attribute("appliesTo", _OAI + "entity#metadata")
    start = root_start(
        "rightsManifest", {"": _RIGHTS}, (_RIGHTS, _OAI + "rightsManifest.xsd")
    ).removesuffix(">")
    return f"{start}{applies}>{reference}</rightsManifest>"


def _described(name: str, namespace: str, schema: str, *inner: str) -> str:
    start = root_start(name, {"": namespace}, (namespace, schema))
    return f"{start}{''.join(inner)}</{name}>"
