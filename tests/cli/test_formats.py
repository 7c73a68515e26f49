"""`garnery formats`: rendered for records that are there, taken back, checked, refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.cli.conftest import Hub
from tests.oai.test_further import SENT
from tests.shared import SHARED, needs_shared

LIST = (
    '<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><responseDate>2026-01-01T00:00:00Z'
    "</responseDate><request>http://x.test/</request><ListRecords>{}</ListRecords></OAI-PMH>"
)
RECORD = (
    "<record><header><identifier>{}</identifier><datestamp>2020-01-01</datestamp></header>"
    "<metadata>{}</metadata></record>"
)


@needs_shared
def test_formats_are_applied_by_hand_and_by_workers_and_pruned(
    sqlite_hub: Hub, tmp_path: Path
) -> None:
    hub, xsd = sqlite_hub, str(SHARED / "xsd")
    folder = tmp_path / "records"
    folder.mkdir()
    records = "".join(RECORD.format(name, data.decode()) for name, data in SENT.items())
    (folder / "all.xml").write_text(LIST.format(records))
    hub("repository", "add", "reef", str(folder), "--kind", "files")
    assert hub("harvest", "reef", "-q").code == 0
    assert "oai.formats is empty" in hub("formats", "apply").out
    on: dict[str, Any] = {"GARNERY_OAI_FORMATS": "mods", "GARNERY_OAI_SCHEMAS": xsd}
    done = hub("formats", "apply", "--json", **on).document
    assert (done["formats"], done["read"], done["rendered"]) == (["mods"], 5, 3)
    assert "Nothing to do" in hub("formats", "apply", **on).out
    assert hub("export", "records", "--format", "mods", **on).out.count("<m:mods") == 3
    assert (
        "not valid as it came" in hub("repository", "missing", "reef", "--prefix", "mods", **on).out
    )
    assert hub("formats", "prune", "mods", **on).code == 5
    assert hub("formats", "prune", "marc21").code == 3
    assert hub("formats", "prune", "mods", "--json").document["ended"] == 3
    assert hub("formats", "apply", "--queue", **on).code == 0
    assert hub("work", "--once", **on).code == 0
    assert "Nothing to do" in hub("formats", "apply", **on).out
    assert hub("export", "records", "--format", "mods", **on).out.count("<m:mods") == 3
    assert hub("formats", "apply", "--queue", "--every", **on).code == 0
    assert hub("work", "--once", **on).code == 0


def test_what_cannot_be_offered_is_refused_at_start_and_found_by_check(
    sqlite_hub: Hub, tmp_path: Path
) -> None:
    for formats, told in (("qdc", "without a published XML schema"), ("mods", "oai.schemas")):
        for words in (("work", "--once"), ("schedule",), ("serve", "--port", "1")):
            ran = sqlite_hub(*words, GARNERY_OAI_FORMATS=formats)
            assert (ran.code, told in ran.err or "Port 1" in ran.err) == (4, True), ran.err
        found = sqlite_hub("check", "--json", GARNERY_OAI_FORMATS=formats).document["findings"]
        assert [one["severity"] for one in found if one["id"] == "formats"] == ["error"]
    on = {"GARNERY_OAI_FORMATS": "mods", "GARNERY_OAI_SCHEMAS": str(tmp_path)}
    found = sqlite_hub("check", "--json", **on).document["findings"]
    told = [one["severity"] for one in found if one["id"] == "schemas"]
    assert sorted(told) == ["error", "info", "info", "info"]
    assert sqlite_hub("work", "--once", **on).code == 4
