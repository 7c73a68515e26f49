"""What members show of themselves to those who harvest the hub: a light look, made for each answer.

It is also what rendered descriptions are kept by: another face, another rendering.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct
from sqlalchemy import select

from app.addresses import without_secrets
from app.store.tables import repositories

if TYPE_CHECKING:
    from app.store import Store

_C = repositories.c
_FACES = (
    select(_C.name, _C.title, _C.base_url, _C.home_page, _C.description, _C.metadata_license,
           _C.icon_url)
    .where(_C.public, ~_C.removed)
    .order_by(_C.name)
)  # fmt: skip


class Face(Struct, frozen=True):
    """A public member; `base_url` is without secrets, and empty if it is not on the web."""

    name: str
    title: str
    base_url: str
    home_page: str
    description: str
    metadata_license: str
    icon_url: str


def faces(store: Store) -> tuple[Face, ...]:
    """Return the public members by name."""
    with store.database.read() as connection:
        rows = connection.execute(_FACES).all()
    return tuple(Face(name, title, _public(url), *rest) for name, title, url, *rest in rows)


def _public(base_url: str) -> str:
    on_the_web = base_url.startswith(("http://", "https://"))
    return without_secrets(base_url) if on_the_web else ""
