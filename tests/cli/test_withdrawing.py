"""`garnery record withdraw`, `restore`, `merge`, `unmerge`."""

from __future__ import annotations

from app.record import local_id
from tests.cli.conftest import Hub

LIVE, OTHER = (local_id("m", f"oai:source.example.org:{n}") for n in (1, 2))
ASIDE = local_id("m", "oai:source.example.org:5")
WHY = ("--reason", "A letter.", "--public-reason", "Its owner asked.")


def test_an_operator_hides_and_merges_records(harvested: Hub) -> None:
    hub = harvested
    assert hub("record", "withdraw", LIVE).code == 2
    assert hub("record", "withdraw", *WHY).code == 2
    assert hub("record", "withdraw", ASIDE, *WHY).code == 5
    asked = hub("record", "withdraw", "--query", "type:Dataset OR work", *WHY)
    assert (asked.code, "would be withdrawn" in asked.err) == (1, True)
    assert hub("records", "--state", "withdrawn").code == 1

    done = hub("record", "withdraw", LIVE, OTHER, *WHY, "--json")
    assert (done.code, done.document["done"]) == (0, 2)
    shown = hub("record", "show", LIVE)
    assert shown.code == 1
    assert "A letter." in shown.out
    assert "withdrawn" in hub("record", "why", LIVE).out
    assert "restored" not in hub("record", "show", LIVE, "--history").out
    assert hub("record", "restore", "--query", "work", "--yes").code == 0
    assert "restored" in hub("record", "show", LIVE, "--history").out
    assert hub("record", "show", LIVE).code == 0

    unsure = hub("record", "merge", LIVE, OTHER, *WHY)
    assert (unsure.code, "Work 1" in unsure.err, "Work 2" in unsure.err) == (1, True, True)
    assert hub("record", "merge", LIVE, LIVE, *WHY, "--yes").code == 5
    assert hub("record", "merge", LIVE, OTHER, *WHY, "--yes").code == 0
    assert hub("record", "restore", LIVE).code == 5
    assert hub("record", "unmerge", OTHER).code == 5
    assert hub("record", "unmerge", LIVE).code == 0
    assert hub("record", "show", LIVE).code == 0
