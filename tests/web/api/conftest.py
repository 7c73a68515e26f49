"""A hub with linked records, copies, versions and tombstones, asked by its API."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from app import create_app
from app.query.indexing import searched
from app.settings import Hub, Settings
from app.store import open_store
from tests.databases import KINDS, fresh
from tests.store import linking, making
from tests.store.linking import doi, hdl, resource

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask.testing import FlaskClient

    from app.datacite.resource import Resource
    from app.record import Change
    from app.store import Store

BASE = "https://hub.example.org/g"
SETTINGS = Settings(base_url=BASE, hub=Hub(title="Hub", contact="hub@example.org"))
RECORDS = 60


def change(n: int, said: Resource, **given: str) -> Change:
    """A change with all that searches look through and count."""
    made = linking.change(n, said, **given)
    general = said.types.resource_type_general if said.types else "Other"
    return replace(made, searched=searched(said), sets=(*made.sets, f"type:{general}"))


def fill(store: Store) -> None:
    reef, lake = making.member(store), making.member(store, "lake")
    cellar = making.member(store, "cellar", public=False)
    rows = [change(n, resource(doi(n), ("Cites", doi(n + 1)), kind=("Dataset", "Software")[n % 2],
                               publication_year=2000 + n % 7))
            for n in range(10, RECORDS)]  # fmt: skip
    broken = replace(
        change(1, resource(doi(1), ("IsSupplementTo", doi(90)), also=(hdl(1),))),
        problems=(making.problem("date.syntax"),),
    )
    making.put(store, reef, broken, *rows)
    making.put(store, lake, change(1, resource(doi(1), also=(hdl(1),)), key="lake"),
               change(2, resource(doi(2), also=(hdl(9),)), key="lake"),
               change(3, resource(doi(3), also=(hdl(9),)), key="lake"))  # fmt: skip
    making.put(store, cellar, change(7, resource(doi(7)), key="cellar"))
    making.put_later(store, reef, change(10, resource(doi(10), publication_year=1999)))
    making.put(store, reef, making.change(11, "deleted", reason="It was wrong."))


@pytest.fixture(scope="module", params=KINDS)
def hub(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Store]:
    with fresh(request, request.param, tmp_path_factory.mktemp("api")) as url:
        store = open_store(url)
        fill(store)
        yield store
        store.dispose()


@pytest.fixture(scope="module")
def client(hub: Store) -> FlaskClient:
    return create_app(SETTINGS, hub).test_client()
