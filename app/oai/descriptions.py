"""The containers in which a repository, or a set, is described: each valid by its own schema.

Pure. What is no URI that every validator takes is left out, so that nothing a person enters can
break an answer; a container without content is an empty text.
"""

from __future__ import annotations

from collections.abc import Iterable

from app.crosswalks.xml import attribute, element, root_start
from app.oai.arguments import is_uri

OAI = "http://www.openarchives.org/OAI/2.0/"
ICON_WIDTH, ICON_HEIGHT = 88, 31

_BRANDING = OAI + "branding/"
_EPRINTS = "http://www.openarchives.org/OAI/1.1/eprints"
_FRIENDS = OAI + "friends/"
_IDENTIFIER = OAI + "oai-identifier"
_RIGHTS = OAI + "rights/"
_DC = "http://purl.org/dc/elements/1.1/"
_OAI_DC = OAI + "oai_dc/"


def identifiers(domain: str, sample: str) -> str:
    """Describe the form of the identifiers, by one that exists."""
    return _described(
        "oai-identifier",
        _IDENTIFIER,
        OAI + "oai-identifier.xsd",
        element("scheme", "oai"),
        element("repositoryIdentifier", domain),
        element("delimiter", ":"),
        element("sampleIdentifier", sample),
    )


def friends(base_urls: Iterable[str]) -> str:
    """Name other repositories; those whose address is no URI are left out."""
    urls = dict.fromkeys(url for url in base_urls if is_web(url))
    return _described(
        "friends", _FRIENDS, OAI + "friends.xsd", *(element("baseURL", url) for url in urls)
    )


def branding(icon_url: str, link: str, title: str) -> str:
    """Give an icon of 88 by 31 pixels, with where it leads and what it stands for."""
    if not is_web(icon_url):
        return ""
    icon = (
        element("url", icon_url)
        + (element("link", link) if is_web(link) else "")
        + (element("title", title) if title else "")
        + element("width", str(ICON_WIDTH))
        + element("height", str(ICON_HEIGHT))
    )
    return _described(
        "branding", _BRANDING, OAI + "branding.xsd", f"<collectionIcon>{icon}</collectionIcon>"
    )


def policies(content: str, licence: str, metadata: str, data: str) -> str:
    """Say what is held, how its metadata may be used, and what becomes of it."""
    address = element("URL", licence) if is_uri(licence) else ""
    return _described(
        "eprints",
        _EPRINTS,
        _EPRINTS + ".xsd",
        f"<content>{element('text', content)}</content>",
        f"<metadataPolicy>{address}{element('text', metadata)}</metadataPolicy>",
        f"<dataPolicy>{element('text', data)}</dataPolicy>",
    )


def rights_manifest(licence: str) -> str:
    """Name the licence of all metadata; nothing if it is no URI."""
    if not is_uri(licence):
        return ""
    start = root_start("rightsManifest", {"": _RIGHTS}, (_RIGHTS, OAI + "rightsManifest.xsd"))
    applies = attribute("appliesTo", OAI + "entity#metadata")
    rights = f"<rights><rightsReference{attribute('ref', licence)}/></rights>"
    return f"{start.removesuffix('>')}{applies}>{rights}</rightsManifest>"


def dublin_core(*, description: str = "", home_page: str = "") -> str:
    """Describe a set by what it holds and the address of its pages."""
    inner = element("dc:description", description) if description else ""
    inner += element("dc:identifier", home_page) if home_page else ""
    if not inner:
        return ""
    start = root_start("oai_dc:dc", {"oai_dc": _OAI_DC, "dc": _DC}, (_OAI_DC, OAI + "oai_dc.xsd"))
    return f"{start}{inner}</oai_dc:dc>"


def is_web(address: str) -> bool:
    """Tell whether an address of the web can stand in an answer."""
    return address.startswith(("http://", "https://")) and is_uri(address)


def _described(name: str, namespace: str, schema: str, *inner: str) -> str:
    return f"{root_start(name, {'': namespace}, (namespace, schema))}{''.join(inner)}</{name}>"
