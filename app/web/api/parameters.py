"""The parameters of a search as calls name them, and how a search is read from them."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from flask import request

from app.datacite import completeness, rights, vocabularies
from app.datacite.rights import ACCESS
from app.query.request import (
    DEFAULT_PER_PAGE,
    MOST_PER_PAGE,
    SORTS,
    STATES,
    Request,
    Wrong,
    read,
)
from app.query.terms import FACETS, LINKED
from app.web import frame
from app.web.api.register import Parameter, refuse, whole, wrong
from app.web.public import public_repositories

if TYPE_CHECKING:
    from app.web.api.register import Schema

_WORDS: dict[str, tuple[str, ...]] = {
    "type": tuple(sorted(vocabularies.CURRENT["resourceTypeGeneral"])),
    "access": (*ACCESS, "none"),
    "linked": (*LINKED, "none"),
    "object": ("yes", "no"),
    "quality": completeness.BANDS,
    "state": STATES,
}
_SAYS = {
    "repository": "The name of a repository.",
    "type": "A resourceTypeGeneral of DataCite.",
    "year": "A year of publication.",
    "license": "An SPDX identifier, `other` or `none`.",
    "access": "What the rights say of access.",
    "language": "A language tag, or `none`.",
    "subject": "A subject, whole.",
    "creator": "An ORCID.",
    "affiliation": "A ROR identifier.",
    "funder": "The identifier or name of a funder.",
    "linked": "What it is connected with.",
    "object": "Whether a direct link to the object is known.",
    "schema": "The version of DataCite’s schema that was received, or `none`.",
    "quality": "How rich the description is.",
    "state": "Live records, or what was removed.",
}


def _many(name: str) -> Parameter:
    items: Schema = whole("string")
    if name in _WORDS:
        items["enum"] = list(_WORDS[name])
    says = f"{_SAYS.get(name, name)} Several mean any of them."
    return Parameter(name, says, whole("array", items=items), trusted=True)


def _one(name: str, says: str, **more: object) -> Parameter:
    return Parameter(name, says, whole("string", **more), trusted=True)


_NOT_SPDX = ("other", "none")
_SCHEMAS = (*reversed(vocabularies.KERNELS), "4", "3", "2", "none")
"""Versions of DataCite's schema; some records name no more than its first number."""
FILTERED = (
    _one("q", "What to search for, in the language of the search page.", maxLength=1000),
    *(_many(name) for name in FACETS),
    _many("state"),
    _one("set", "A setSpec of this hub."),
    _one("year_from", "Published in this year or later."),
    _one("year_to", "Published in this year or earlier."),
    _one("updated_from", "Changed here on this day or second, or later."),
    _one("updated_until", "Changed here on this day or second, or earlier."),
    _one("first_seen", "First seen here in this year, month or day."),
    _one("copies", "Only the preferred copy of each object, or all.", enum=["preferred", "all"]),
)
"""What narrows a search, each name as on the search page."""
CURSOR = Parameter("cursor", "A place in the list, from an answer.", whole("string"), trusted=True)


def per_page(of_what: str, most: int = MOST_PER_PAGE, default: int = 100) -> Parameter:
    """Return the parameter for the size of a page."""
    schema = whole("integer", minimum=1, maximum=most, default=default)
    return Parameter("per_page", f"{of_what} of a page.", schema)


PER_PAGE = per_page("Records", default=DEFAULT_PER_PAGE)
SORT = _one("sort", "The order; a minus puts the highest first.", enum=list(SORTS))
WANTED_FACETS = _one("facets", "`all`, `none`, or names of facets with commas between them.")
MORE = Parameter(
    "more", "A facet of which 60 values are wanted instead of 10.",
    whole("array", items=whole("string", enum=list(FACETS))),
)  # fmt: skip
METADATA = Parameter(
    "metadata", "`0` leaves the metadata out.", whole("string", enum=["0", "1"])
)  # fmt: skip
MAILTO = Parameter("mailto", "Your address, so that we can write to you.", whole("string"))
_NOT_OF_SEARCH = ("metadata", "mailto", "format", "class", "relation", "resolved", "kind")


def search_asked() -> Request:
    """Return the search that is asked for; raises Refused for what cannot be read."""
    pairs = [
        pair for pair in request.args.items(multi=True) if pair[0] not in _NOT_OF_SEARCH
    ]  # fmt: skip
    found = read(pairs, strict=True)
    if isinstance(found, Wrong):
        raise _refused(found)
    names = [one.name for one in public_repositories(frame.store())]
    for name in found.values("repository"):
        if name not in names:
            raise wrong(
                "repository", name, f"No repository here is called {name}.", allowed=names[:100]
            )
    _check_lists(found)
    return found


def _check_lists(found: Request) -> None:
    """Refuse values of facets whose lists others keep; a search for one would find nothing."""
    for value in found.values("license"):
        if value not in _NOT_SPDX and not rights.is_spdx(value):
            near = difflib.get_close_matches(value, [one.lower() for one in rights.LICENCES], 1)
            raise wrong(
                "license", value, "A licence is named by its SPDX id, `other` or `none`.",
                nearest=next(iter(near), ""),
            )  # fmt: skip
    for value in found.values("schema"):
        if value not in _SCHEMAS:
            raise wrong("schema", value, "There is no such version.", allowed=_SCHEMAS)


def _refused(found: Wrong) -> Exception:
    name, value = found.parameter, request.args.getlist(found.parameter)[-1:]
    if found.position:
        return refuse(
            400, "That search cannot be read", found.message, code="invalid-query",
            position=found.position, hint=found.hint or found.message,
        )  # fmt: skip
    known = next((one for one in (*FILTERED, SORT) if one.name == name), None)
    allowed = known.allowed if known else ()
    if name == "facets":
        allowed = (*FACETS, "all", "none")
    return wrong(
        name, next(iter(value), ""), found.message, allowed=allowed, nearest=found.nearest
    )  # fmt: skip


def address(path: str, asked: Request, **changed: object) -> str:
    """Return the whole address of a call about a search, with some parameters changed."""
    own = {name: request.args[name] for name in ("metadata",) if name in request.args}
    pairs = asked.parameters(**changed) + list(own.items())
    return frame.settings().base_url + path + (f"?{urlencode(pairs)}" if pairs else "")
