"""Records that are linked with each other, and changes of them, for the tests of the graph."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b

from app.datacite.resource import (
    AlternateIdentifier,
    Publisher,
    RelatedIdentifier,
    Resource,
    Title,
    Types,
    encode,
)
from app.record import Change, Summary
from app.store import Store
from app.store.links.filling import differences
from tests.store import making


def doi(n: int) -> str:
    return f"10.5072/o.{n}"


def hdl(n: int) -> str:
    return f"20.500.12345/{n}"


def resource(
    primary: str = "",
    *links: tuple[str, str],
    also: Sequence[str] = (),
    kind: str = "Dataset",
    **given: object,
) -> Resource:
    """A resource with a DOI or none, links as (relation, identifier), alternate identifiers."""
    known: dict[str, object] = {
        "titles": (Title(f"About {primary or 'it'}"),),
        "publisher": Publisher("Reef Archive"),
        "publication_year": 2020,
        "types": Types(kind),
    }
    return Resource(
        doi=primary or None,
        alternate_identifiers=tuple(AlternateIdentifier(one, _kind(one)) for one in also),
        related_identifiers=tuple(
            RelatedIdentifier(to, _kind(to), relation) for relation, to in links
        ),
        **(known | given),  # type: ignore[arg-type]
    )


def _kind(value: str) -> str:
    return "DOI" if value.startswith("10.") else "URL" if "://" in value else "Handle"


def change(n: int, said: Resource, *, key: str = "reef", kind: str = "changed") -> Change:
    """A change by which record n says this."""
    body = encode(said)
    summary = Summary(
        title=said.titles[0].title, doi=said.doi or "", type=said.types.resource_type_general
        if said.types else "", url=said.url or "", year=said.publication_year,
    )  # fmt: skip
    mark = blake2b(body, digest_size=16).digest()
    return making.change(
        n, kind, mark.hex(), key=key, resource=body, summary=summary,
        resource_fingerprint=mark, sets=(f"member:{key}",),
    )  # fmt: skip


def wrong(store: Store) -> list[str]:
    """What of the graph is not as a rebuild would make it."""
    with store.database.read() as connection:
        dialect, unpack = store.database.dialect, store.codec.unpack
        return list(differences(connection, dialect, unpack))
