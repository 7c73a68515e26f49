"""Makes a text fit for the schema's anyURI attributes, or says that it cannot be one.

What `uri` returns, libxml2 accepts as xs:anyURI (RFC 3986, non-ASCII characters let through).
No address is ever completed, resolved or looked up.
"""

from __future__ import annotations

import re
from urllib.parse import quote

LONGEST = 65_536
"""Longer addresses are none; parsers give up on them too."""

_PLAIN = re.compile(
    r"(?:https?|ftp)://[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*+(?:/[A-Za-z0-9._~/+@,;=&-]*+)?"
    r"|info:[A-Za-z0-9/._-]++"
)
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*+:")
_STRAY_PERCENT = re.compile("%(?![0-9A-Fa-f]{2})")
_TO_ENCODE = re.compile(r'[\x00-\x20\x7f-\xa0<>"{}|\\^`]')
_AUTHORITY = re.compile(
    r"(?:[^@\[\]]*+@)?"
    r"(?:\[(?:[0-9A-Fa-f:.]{2,45}|v[0-9A-Fa-f]+\.[A-Za-z0-9._~!$&'()*+,;=:-]+)\]|([^@:\[\]%]*+))"
    r"(?::([0-9]{1,5}))?"
)
_FILE_PART = re.compile(
    r"/(?:bitstreams?|downloads?|download_redirect|files|retrieve)/|viewcontent\.cgi"
    r"|/native/viewcontent|/api/access/datafile"
)
_EXTENSIONS = """
    7z avi bib bz2 cif csv dbf djvu doc docx dta dvi epub fits flac geojson gif gml gpkg gz h5 hdf
    hdf5 ipynb jar jp2 jpeg jpg json kml kmz las laz mat md mkv mov mp3 mp4 mpeg mpg nc odp ods odt
    ogg parquet pdf png por ppt pptx ps rar rdf rds rtf sav shp svg tar tex tgz tif tiff tsv ttl txt
    wav webm webp wmv xls xlsx xml xz zip"""
_FILE_EXTENSIONS = frozenset(_EXTENSIONS.split())


def uri(text: str) -> str | None:
    r"""Return the text as a URI reference that XML Schema accepts, or None if it cannot be one.

    Trims; percent-encodes blanks, controls and `<>"{}|\^` and backtick; mends a stray `%`, a
    second `#` and brackets outside the host. None for a bad scheme, port or host.
    The result comes back unchanged when given again.
    """
    if len(text) > LONGEST:
        return None
    if _PLAIN.fullmatch(text):
        return text
    mended = _mended(text)
    return mended if mended is None or len(mended) <= LONGEST else None


def _mended(text: str) -> str | None:
    text = text.strip()
    if not text:
        return None
    scheme, authority, rest = _parts(text)
    if scheme is None or (authority is not None and not _is_authority(scheme, authority)):
        return None
    if authority is None:
        if scheme.lower() in ("http:", "https:", "ftp:"):
            return None
        return scheme + _encoded(rest)
    return f"{scheme}//{_encoded_characters(authority)}{_encoded(rest)}"


def _parts(text: str) -> tuple[str | None, str | None, str]:
    """Return scheme (None if it is a bad one), authority (None if there is none), and the rest."""
    scheme = ""
    head = re.split("[/?#]", text, maxsplit=1)[0]
    if ":" in head:
        match = _SCHEME.match(text)
        if match is None:
            return None, None, ""
        scheme = match[0]
    rest = text[len(scheme) :]
    if not rest.startswith("//"):
        return scheme, None, rest
    authority = re.split("[/?#]", rest[2:], maxsplit=1)[0]
    return scheme, authority, rest[2 + len(authority) :]


def _is_authority(scheme: str, authority: str) -> bool:
    if _STRAY_PERCENT.search(authority):
        return False
    match = _AUTHORITY.fullmatch(authority)
    if match is None:
        return False
    host, port = match.groups()
    if port is not None and int(port) > 65_535:
        return False
    if host is None:
        return True
    if not host:
        return port is None and scheme.lower() == "file:"
    return not _TO_ENCODE.search(host) and (host.isascii() or host.isprintable())


def _encoded(rest: str) -> str:
    """Encode path, query and fragment; a second `#` and brackets are characters like others."""
    if "%" in rest:
        rest = _STRAY_PERCENT.sub("%25", rest)
    if "[" in rest or "]" in rest:
        rest = rest.replace("[", "%5B").replace("]", "%5D")
    before, mark, after = rest.partition("#")
    if mark and "#" in after:
        rest = before + mark + after.replace("#", "%23")
    return _encoded_characters(rest)


def _encoded_characters(text: str) -> str:
    if text.isascii() and not _TO_ENCODE.search(text):
        return text
    return "".join(
        quote(character, errors="surrogatepass", safe="")
        if not character.isprintable() or _TO_ENCODE.match(character)
        else character
        for character in text
    )


def is_any_uri(text: str) -> bool:
    """Whether XML Schema accepts the text as it stands; blanks and `<>` pass, `10:3` does not."""
    result = uri(text)
    if result is None or text != text.strip():
        return False
    if result == text:
        return True
    if _STRAY_PERCENT.search(text) or text.count("#") > 1:
        return False
    return result.count("%5B") + result.count("%5D") == text.count("%5B") + text.count("%5D")


def is_web_url(text: str) -> bool:
    """Whether a browser may be sent there: http, https or ftp, and a usable address."""
    return text[:8].lower().startswith(("http://", "https://", "ftp://")) and uri(text) is not None


def is_preview_url(url: str) -> bool:
    """Whether a URL names a small picture of something, not the thing."""
    lower = url.lower()
    return "thumbnail" in lower or "/tn/view" in lower or "/derivatives/preview" in lower


def is_file_url(url: str) -> bool:
    """Whether a URL names a file, not a page."""
    path = url.lower().partition("?")[0].partition("#")[0]
    if _FILE_PART.search(path) is not None:
        return True
    name = path.rpartition("/")[2]
    return "." in name and path.count("/") > 2 and name.rpartition(".")[2] in _FILE_EXTENSIONS
