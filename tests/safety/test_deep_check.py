"""`garnery check --deep` finds whatever is not as it should be, names it, and changes nothing."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from app.deep import examine
from app.settings import Settings
from app.store.database import Database
from tests.cli.conftest import Hub
from tests.safety.conftest import on_sqlite
from tests.safety.test_backup import store_at

pytestmark = pytest.mark.xdist_group("safety")

ONE = "(SELECT id FROM records WHERE state = 'live' AND quarantine = '' ORDER BY id LIMIT 1)"
DC = f"{ONE} * 64 + 1"
TAMPERED = [
    ("original-missing", f"UPDATE contents SET original = NULL WHERE record_id = {ONE}"),
    ("original-damaged", f"UPDATE contents SET original = x'00ff' WHERE record_id = {ONE}"),
    ("reading-missing", f"UPDATE contents SET reading = NULL WHERE record_id = {ONE}"),
    ("reading-damaged", f"UPDATE contents SET reading = x'00ff' WHERE record_id = {ONE}"),
    ("fingerprint-differs", f"UPDATE records SET fingerprint = x'00' WHERE id = {ONE}"),
    ("rendering-damaged", f"UPDATE renderings SET body = x'00ff' WHERE id = {DC}"),
    ("rendering-missing", f"DELETE FROM renderings WHERE id = {DC}"),
    ("digest-differs", f"UPDATE renderings SET digest = x'00' WHERE id = {DC}"),
    ("place-missing", f"DELETE FROM memberships WHERE record_id = {ONE} AND set_id <> 0"),
    ("place-astray", "INSERT INTO memberships VALUES (0, 1, 5, 987654)"),
    ("set-missing", f"UPDATE records SET sets = 'member:void' WHERE id = {ONE}"),
    ("datestamp-differs", f"UPDATE records SET stamp = stamp - 1 WHERE id = {ONE}"),
    ("count-differs", "UPDATE repositories SET live = live + 1"),
    ("rule-count-differs", "UPDATE broken_rules SET records = records + 1"),
    ("summary-differs", f"UPDATE records SET title = 'Another' WHERE id = {ONE}"),
    ("rows-astray", "INSERT INTO contents (record_id) VALUES (987654)"),
    ("crosswalk-other", f"UPDATE records SET crosswalk = crosswalk - 1 WHERE id = {ONE}"),
]
SWAPPED = (
    "UPDATE renderings SET body = (SELECT body FROM renderings AS o WHERE o.id <> renderings.id "
    "AND o.id % 64 = 1 AND NOT o.deleted ORDER BY o.id DESC LIMIT 1), "
    "digest = (SELECT digest FROM renderings AS o WHERE o.id <> renderings.id AND o.id % 64 = 1 "
    f"AND NOT o.deleted ORDER BY o.id DESC LIMIT 1) WHERE id = {DC}"
)


def found_in(url: str) -> dict[str, str]:
    """The ids of findings, with their severity."""
    with store_at(url) as store:
        return {one.id: one.severity for one in examine(store, Settings())}


def test_a_good_hub_has_nothing_to_find_and_progress_is_told(filled: str) -> None:
    told: list[tuple[int, int | None]] = []
    with store_at(filled) as store:
        assert list(examine(store, Settings(), lambda _, n, of: told.append((n, of)))) == []
    assert told[-1] == (40, 40)


@on_sqlite
def test_whatever_is_wrong_is_found_and_named(own: str) -> None:
    """Each fault is made in a transaction of its own and mended by the next copy of the file."""
    import shutil

    path = own.removeprefix("sqlite:///")
    for name, statement in [*TAMPERED, ("rendering-differs", SWAPPED)]:
        shutil.copyfile(path, f"{path}-kept")
        database = Database(own)
        with database.write() as connection:
            assert connection.execute(text(statement)).rowcount, name
        database.dispose()
        assert name in found_in(own)
        shutil.copyfile(f"{path}-kept", path)
    assert found_in(own) == {}


@on_sqlite
def test_the_command_ends_with_1_and_names_the_cure(own: str) -> None:
    database = Database(own)
    with database.write() as connection:
        connection.execute(text(SWAPPED))
        before = connection.execute(text("PRAGMA data_version")).scalar()
    hub = Hub(own)
    ran = hub("check", "--deep")
    assert ran.code == 1
    assert "rendering-differs" in ran.out
    assert "garnery reingest --repository" in ran.out
    with database.write() as connection:
        assert connection.execute(text("PRAGMA data_version")).scalar() == before
    database.dispose()
    assert hub("check", "--mend").code == 1
    assert hub("reingest", "-q").code == 0
    assert found_in(own) == {}


@on_sqlite
def test_many_findings_of_a_kind_are_counted(own: str) -> None:
    database = Database(own)
    with database.write() as connection:
        connection.execute(text("UPDATE records SET fingerprint = x'00'"))
    database.dispose()
    with store_at(own) as store:
        found = list(examine(store, Settings(), named=3))
    assert [one.id for one in found] == ["fingerprint-differs"] * 4
    assert "in all" in found[-1].sentence


@pytest.mark.parametrize("filled", ["postgresql"], indirect=True, scope="package")
def test_a_fault_is_found_on_the_other_database_too(own: str) -> None:
    database = Database(own)
    with database.write() as connection:
        connection.execute(text(f"DELETE FROM renderings WHERE id = {DC}"))
        connection.execute(text("UPDATE repositories SET live = live + 1"))
    database.dispose()
    assert {"rendering-missing", "count-differs"} <= found_in(own).keys()
