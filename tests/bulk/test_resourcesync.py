"""ResourceSync: an independent client makes a copy of the hub, then brings it up to date."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from lxml import etree
from sqlalchemy import update
from werkzeug.serving import make_server

from app import clock, create_app
from app.resourcesync.documents import SITEMAP, TERMS
from app.resourcesync.windows import Window, windows
from app.settings import Settings
from app.store import Store
from app.store.published import PART, Moment
from app.store.tables import contents, memberships, records, renderings
from tests.bulk.conftest import AUGUST, age
from tests.oai.serving import free_port
from tests.store.making import change, listed, name, put

client = pytest.importorskip("resync.client", reason="resync needs Python 3.11")

S, R = f"{{{SITEMAP}}}", f"{{{TERMS}}}"
SEPTEMBER = AUGUST + 40 * 86400


@pytest.fixture
def base(filled: Store) -> Iterator[str]:
    """The hub over HTTP."""
    age(filled, AUGUST)
    url = f"http://127.0.0.1:{free_port()}"
    app = create_app(Settings(base_url=url), filled)
    server = make_server("127.0.0.1", int(url.rpartition(":")[2]), app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    yield url
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def web(filled: Store) -> FlaskClient:
    age(filled, AUGUST)
    return create_app(Settings(base_url="https://hub.example.org"), filled).test_client()


def copied(folder: Path) -> dict[str, bytes]:
    return {
        file.name.partition("?")[0]: file.read_bytes()
        for file in (folder / "records").iterdir()
        if file.is_file()
    }


def stored(store: Store) -> dict[str, bytes]:
    """What strangers may see, as it is served."""
    return {
        row.local_id: b'<?xml version="1.0" encoding="UTF-8"?>\n' + (row.body or b"")
        for row in listed(store, "datacite")
        if not row.deleted and "member:hidden" not in row.sets
    }


def test_a_foreign_client_copies_the_hub_and_follows_its_changes(
    base: str,
    filled: Store,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.chdir(tmp_path)
    copy = tmp_path / "copy"
    copy.mkdir()

    def ours() -> Any:
        made = client.Client()
        made.set_mappings([base, str(copy)])
        return made

    ours().baseline_or_audit(allow_deletion=True)
    assert copied(copy) == stored(filled)
    assert len(copied(copy)) == 10

    reef = filled.repositories.get("reef")
    put(filled, reef, change(1, "changed", "two"), change(2, "deleted"), change(30))
    age(filled, SEPTEMBER, after=AUGUST)
    ours().incremental(
        allow_deletion=True,
        change_list_uri=f"{base}/resourcesync/changelist.xml",
        from_datetime=clock.text(AUGUST + 1),
    )
    assert copied(copy) == stored(filled)
    assert name(2) not in copied(copy)
    caplog.clear()
    caplog.set_level("INFO")  # whatever a command that ran in this process left
    ours().baseline_or_audit(audit_only=True)
    assert "IN SYNC (same=10, to create=0, to update=0, to delete=0)" in caplog.text
    assert "NOT IN SYNC" not in caplog.text


def entries(document: etree._Element) -> list[tuple[str, dict[str, str]]]:
    """Address and md of each entry; the structure of a sitemap is held on the way."""
    root = document.tag.removeprefix(S)
    one = {"urlset": "url", "sitemapindex": "sitemap"}[root]
    kinds = [child.tag for child in document]
    assert kinds == sorted(kinds, key=lambda tag: tag == S + one)
    assert kinds.count(R + "md") == 1
    found = []
    for entry in document.iter(S + one):
        tags = [child.tag for child in entry]
        assert tags in ([S + "loc", R + "md"], [S + "loc", S + "lastmod", R + "md"])
        md = entry.find(R + "md")
        assert md is not None
        found.append((str(entry.findtext(S + "loc")), {str(k): str(v) for k, v in md.items()}))
    return found


def read(web: FlaskClient, path: str) -> etree._Element:
    answer = web.get(path.removeprefix("https://hub.example.org"))
    assert answer.status_code == 200, path
    assert answer.headers["Content-Type"].startswith("application/xml")
    return etree.fromstring(answer.data)


def test_every_document_leads_to_the_next_and_back(web: FlaskClient) -> None:
    begin = "https://hub.example.org/.well-known/resourcesync"
    seen, ahead = {}, [begin]
    while ahead:
        address = ahead.pop()
        document = read(web, address)
        seen[address] = document
        ahead += [a for a, md in entries(document) if "capability" in md and a not in seen]
    about = {a: document.find(R + "md").get("capability") for a, document in seen.items()}  # type: ignore[union-attr]
    assert sorted(map(str, about.values())) == [
        "capabilitylist", "changelist", "description", "resourcelist",
    ]  # fmt: skip
    for address, document in seen.items():
        up = [ln.get("href") for ln in document.iter(R + "ln") if ln.get("rel") == "up"]
        assert bool(up) == (address != begin)
        assert all(one in seen for one in up)


def test_entries_tell_what_is_served(web: FlaskClient, filled: Store) -> None:
    put(filled, filled.repositories.get("reef"), change(1, "changed", "two"))
    age(filled, SEPTEMBER, after=AUGUST)
    resources = entries(read(web, "/resourcesync/resourcelist.xml"))
    assert len(resources) == 10
    for address, md in resources:
        served = web.get(address.removeprefix("https://hub.example.org"))
        assert served.headers["Content-Type"] == md["type"]
        assert len(served.data) == int(md["length"])
        assert f"sha-256:{hashlib.sha256(served.data).hexdigest()}" == md["hash"]
    changes = entries(read(web, "/resourcesync/changelist.xml"))
    kinds = [md["change"] for _, md in changes]
    assert (kinds.count("created"), kinds.count("updated"), kinds.count("deleted")) == (9, 1, 2)
    moments = [md["datetime"] for _, md in changes]
    assert moments == sorted(moments)
    recent = entries(read(web, "/resourcesync/changelist.xml?from=2026-09-01"))
    assert [(a.rpartition("/")[2], md["change"]) for a, md in recent] == [
        (f"{name(1)}?format=datacite", "updated")
    ]
    gone = next(a for a, md in changes if md["change"] == "deleted")
    assert web.get(gone.removeprefix("https://hub.example.org")).status_code == 410
    window = f"/resourcesync/changelist/{AUGUST}-{SEPTEMBER - 1}.xml"
    assert len(entries(read(web, window))) == 11


def test_a_long_list_is_an_index_with_parts(web: FlaskClient, filled: Store) -> None:
    move = filled.records.get(name(3))
    assert move is not None
    with filled.database.write() as connection:
        for table, column, far in (
            (records, records.c.id, PART),
            (contents, contents.c.record_id, PART),
            (memberships, memberships.c.record_id, PART),
            (renderings, renderings.c.id, PART * 64),
        ):
            own = column == move.id if far == PART else column // 64 == move.id
            connection.execute(update(table).where(own).values({column: column + far}))
    index = read(web, "/resourcesync/resourcelist.xml")
    assert index.tag == S + "sitemapindex"
    parts = [entries(read(web, address)) for address, _ in entries(index)]
    assert [len(part) for part in parts] == [9, 1]
    assert name(3) in parts[1][0][0]


def test_copies_are_kept_until_something_changes(web: FlaskClient, filled: Store) -> None:
    for path in ("/resourcesync/resourcelist.xml", "/resourcesync/changelist.xml"):
        answer = web.get(path, headers={"Accept-Encoding": "gzip"})
        assert answer.headers["Content-Encoding"] == "gzip"
        known = {"If-None-Match": answer.headers["ETag"]}
        assert web.get(path, headers=known).status_code == 304
        put(filled, filled.repositories.get("reef"), change(40 + len(path)))
        age(filled, SEPTEMBER + len(path), after=SEPTEMBER + 100)
        assert web.get(path, headers=known).status_code == 200


def test_what_is_not_there_is_told(sqlite_store: Store) -> None:
    web = create_app(Settings(), sqlite_store).test_client()
    for path, status in (
        ("resourcelist/7.xml", 404),
        ("resourcelist/-1.xml", 404),
        ("resourcelist/00.xml", 404),
        ("changelist/1.xml", 404),
        ("changelist/9-1.xml", 404),
        ("changelist/1-999999999999.xml", 404),
        ("changelist.xml?from=yesterday", 400),
        ("changelist.xml?from=2200-01-01", 200),
        ("changelist.xml", 200),
        ("resourcelist.xml", 200),
    ):
        assert web.get(f"/resourcesync/{path}").status_code == status, path


def test_windows_hold_no_more_than_a_list_may_and_cross_no_month() -> None:
    last = clock.seconds(clock.moment(AUGUST).replace(day=31, hour=23, minute=59, second=59))
    moments = [Moment(last - 2, 3), Moment(last - 1, 3), Moment(last, 1), Moment(last + 1, 9)]
    assert windows(moments, 5) == (
        Window(last - 2, last - 2, 3), Window(last - 1, last, 4), Window(last + 1, last + 1, 9),
    )  # fmt: skip
    assert windows([], 5) == ()
