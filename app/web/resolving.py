"""Records under the identifiers they are known by: `/doi/…`, `/resolve/…`, and one format by link.

A browser is led to the record's own page; a program gets the format it asks for at once. The rest
of the path is the identifier as it stands.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from flask import Blueprint, Response, abort, redirect

from app.datacite import identifiers
from app.web import finding, foreign, frame
from app.web.errors import error_page
from app.web.known_records import led_on, repository_of
from app.web.landing import answer, asked, last, negotiated
from app.web.record_links import Address
from app.web.record_offers import by_media_type
from app.web.related import linked_to

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as PlainResponse

    from app.datacite.identifiers import Identifier
    from app.store.values import StoredRecord
    from app.web.record_offers import Asked

blueprint = Blueprint("resolving", __name__)

UNDERSTOOD = (
    "A DOI looks like 10.5072/abc-1. Handle, ARK, URN, arXiv, PMID, SWHID, IGSN and web addresses "
    "are understood too, as are the OAI identifiers of this hub and of its repositories."
)
SEARCHED = {"ORCID": "creator", "ROR": "affiliation"}
"""What stands for people and organisations, and the filter of the search that finds their works."""
CANDIDATES = 100


@blueprint.get("/doi/<path:doi>", merge_slashes=False)
def by_doi(doi: str) -> PlainResponse:
    """Lead from a DOI, in any of its forms, to the record that has it, or give that."""
    wanted, bare = asked(), identifiers.doi(doi)
    if bare is None or foreign.UNSEEN.search(bare):
        abort(404, f"“{doi}” is not a DOI. A DOI looks like 10.5072/abc-1.")
    return _resolved(bare, wanted)


@blueprint.get("/resolve/<path:identifier>", merge_slashes=False)
def resolve(identifier: str) -> PlainResponse:
    """Lead from an identifier of any kind to the record that has it, or give that."""
    wanted = asked()
    if foreign.UNSEEN.search(identifier):
        abort(404, f"“{identifier}” is not an identifier. {UNDERSTOOD}")
    person = person_named(identifier)
    if person is not None:
        return _cached(redirect(frame.to(f"/search?{urlencode(person)}"), 303))
    return _resolved(identifier, wanted)


@blueprint.get("/<kind>/<subtype>/<path:doi>", merge_slashes=False)
def by_link(kind: str, subtype: str, doi: str) -> PlainResponse:
    """Give one format of the record with a DOI, by an address that names the media type."""
    wanted, bare = by_media_type(f"{kind}/{subtype}"), identifiers.doi(doi)
    if wanted is None or bare is None or foreign.UNSEEN.search(bare):
        abort(404)
    return _resolved(bare, wanted)


def _resolved(identifier: str, wanted: Asked | None) -> PlainResponse:
    """Answer for the record that has an identifier."""
    found = finding.records_with(identifier)
    record = found.record
    if record is None:
        known = identifiers.recognise(identifier)
        return _candidates(known, found.records) if found.records else _unknown(known, found)
    if record.state == "merged":
        return negotiated(led_on(record))
    if wanted is not None and wanted.is_page and record.state == "live":
        return _led(record, wanted)
    return answer(record, repository_of(record), wanted)


def _led(record: StoredRecord, wanted: Asked) -> PlainResponse:
    """Lead to the page of a record, in the style that was asked for."""
    style = last("style")
    query = f"?{urlencode({'style': style})}" if style else ""
    led = _cached(redirect(frame.to(f"/records/{record.local_id}{query}"), 303))
    if not wanted.by_name:
        led.vary.add("Accept")
    return led


def _cached(led: PlainResponse) -> PlainResponse:
    led.headers["Cache-Control"] = frame.PUBLIC
    return led


def _unknown(identifier: Identifier, found: finding.Known) -> Response:
    """Answer 404, with what is linked to the identifier, and with its own resolver."""
    if found.linked_as:
        linked = linked_to(identifier.kind, identifier.value, found.linked_as)
        if linked is not None:
            return negotiated(linked)
    if identifier.kind == "local":
        return negotiated(
            error_page(404, f"No record here is known as “{identifier.value}”. {UNDERSTOOD}")
        )
    link = foreign.href(identifiers.link(identifier.kind, identifier.value))
    return negotiated(
        error_page(
            404,
            f"No record here has the {identifier.kind} {identifier.value}.",
            elsewhere=link,
        )
    )


def _candidates(identifier: Identifier, found: tuple[StoredRecord, ...]) -> Response:
    """Answer 300: several objects call themselves so."""
    return negotiated(
        frame.page(
            "landing/candidates.html",
            title=f"Several records are known as {identifier.value}"[:120],
            crumbs=(frame.Crumb("Several records"),),
            status=300,
            identifier=Address(identifier.value, "", identifier.kind),
            records=found[:CANDIDATES],
            total=len(found),
        )
    )


def person_named(identifier: str) -> dict[str, str] | None:
    """Return the search for the works of a person or organisation, if that is what is named."""
    orcid, ror = identifiers.orcid(identifier), identifiers.ror(identifier)
    if orcid:
        return {SEARCHED["ORCID"]: orcid.rpartition("/")[2]}
    if ror and "ror" in identifier.lower():
        return {SEARCHED["ROR"]: ror}
    return None
