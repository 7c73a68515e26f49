"""Rights of DataCite documents, made canonical: terms, licences, and the access they tell of."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from app.crosswalks.canonical.completion import access_word
from app.crosswalks.canonical.name_identifiers import language, uri
from app.crosswalks.reading import Notes
from app.datacite import identifiers
from app.datacite.resource import Rights
from app.datacite.rights import LICENCES, read_rights
from app.datacite.text import clean, is_null


def canonical(given: Sequence[Rights], notes: Notes) -> tuple[tuple[Rights, ...], str | None]:
    """Return the rights, canonical, and the access word that they hold."""
    kept: dict[Rights, None] = {}
    access = None
    for one in given:
        made, word = _right(one, f"/rightsList/{len(kept)}", notes)
        access = access or word
        if made is not None:
            kept.setdefault(made)
    return tuple(kept), access


def _right(given: Rights, path: str, notes: Notes) -> tuple[Rights | None, str | None]:
    text, value = optional(given.rights), optional(given.rights_uri)
    link = identifiers.uri(value) if value else None
    if value and link is None:
        notes.problem("uri.invalid", f"{path}/rightsUri", value)
        text = text or value
    if text is None and link is None and not given.rights_identifier:
        return None, None
    read = read_rights(link or text or given.rights_identifier or "")
    more = read_rights(text) if text and link else read
    known = read.rights or more.rights
    made = Rights(
        text,
        link,
        optional(given.rights_identifier),
        optional(given.rights_identifier_scheme),
        uri(given.scheme_uri, f"{path}/schemeUri", notes),
        language(given.lang, f"{path}/lang", notes),
    )
    return _licensed(made, known, path, notes), access_word(read.access or more.access)


def _licensed(made: Rights, known: Rights | None, path: str, notes: Notes) -> Rights:
    """Add the licence's identifier, and its name or address where the source gives none."""
    if made.rights_identifier:
        return _spelt(made, known, path, notes)
    if known is None:
        return made
    source = made.rights_uri or made.rights or ""
    if made.rights is None and known.rights:
        notes.inferred(f"{path}/rights", "rights.name", source)
        made = replace(made, rights=known.rights)
    if known.rights_identifier is None:
        return made
    notes.inferred(f"{path}/rightsIdentifier", "rights.licence", source)
    if made.rights_uri is None and known.rights_uri:
        notes.inferred(f"{path}/rightsUri", "rights.licence", source)
    return replace(
        made,
        rights_uri=made.rights_uri or known.rights_uri,
        rights_identifier=known.rights_identifier,
        rights_identifier_scheme=known.rights_identifier_scheme,
        scheme_uri=made.scheme_uri or known.scheme_uri,
    )


def _spelt(made: Rights, known: Rights | None, path: str, notes: Notes) -> Rights:
    """Give an SPDX identifier SPDX's own case, and what a lone one stands for beside it."""
    identifier = made.rights_identifier or ""
    scheme = (made.rights_identifier_scheme or "").upper()
    if scheme not in ("", "SPDX"):
        return made
    by_identifier = read_rights(identifier).rights
    for found in (by_identifier, known):
        name = (found.rights_identifier or "") if found else ""
        if found is None or not name or name.lower() != identifier.lower():
            continue
        if made.rights is None or not made.rights_identifier_scheme:
            notes.inferred(path, "rights.licence", identifier)
        return replace(
            made,
            rights=made.rights or LICENCES.get(name, name),
            rights_uri=made.rights_uri or found.rights_uri,
            rights_identifier=name,
            rights_identifier_scheme=found.rights_identifier_scheme,
            scheme_uri=made.scheme_uri or found.scheme_uri,
        )
    return made


def optional(text: str | None) -> str | None:
    """Return a text clean, None if it says nothing."""
    if not text:
        return None
    value = clean(text)
    return None if is_null(value) else value
