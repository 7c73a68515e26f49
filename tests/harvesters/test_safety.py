"""What comes from outside stays text: nothing of it is fetched, run, or taken for a path."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import func, select

from app.store.tables import records
from tests.fakes.oai import DC, OAI_DC, Fake
from tests.fakes.scripted import Asked, Reply, scripted
from tests.harvesters.conftest import Hub

ODD = (
    "../../../etc/passwd",
    "'; DROP TABLE records; --",
    "<b>bold</b>&amp;",
    "a b/c?d=e&f#g%h",
    'quote"quote',
    "%00%0a",
    "\N{SNOWMAN}",
)


def test_identifiers_and_sets_are_text_whatever_they_look_like(hub: Hub, fake: Fake) -> None:
    for number, text in enumerate(ODD):
        fake.put(f"odd{number}", sets=(text,))
        item = fake.items.pop(f"oai:fake.example:odd{number}")
        named = f"oai:fake.example:{text}"
        fake.items[named] = type(item)(named, item.stamp, "An odd one", (text,))
    before = set(Path.cwd().iterdir())
    run = hub.run()
    assert (run.outcome, run.counts.new) == ("complete", 9 + len(ODD))
    kept = {record.identifier: record for record, _ in hub.store.records.iterate()}
    for text in ODD:
        record = kept[f"oai:fake.example:{text}"]
        assert record.source_sets == (text,)
        assert "/" not in record.local_id
    with hub.store.database.read() as connection:
        assert connection.execute(select(func.count()).select_from(records)).scalar() == 16
    assert set(Path.cwd().iterdir()) == before


@pytest.mark.parametrize("text", [text for text in ODD if text.isascii()])
def test_a_set_is_asked_for_as_it_is(sqlite_hub: Hub, fake: Fake, text: str) -> None:
    fake.put("r1", sets=(text,))
    run = sqlite_hub.run(sets=[text])
    assert {asked["set"] for asked in fake.asked("ListRecords")} == {text}
    assert run.counts.new == 1


def test_no_stylesheet_schema_or_image_of_theirs_is_fetched(sqlite_hub: Hub, fake: Fake) -> None:
    with scripted(lambda _: Reply(b"<x/>")) as other:
        at = other.url
        fake.put(
            "r1",
            metadata=(
                f'<oai_dc:dc xmlns:oai_dc="{OAI_DC}" xmlns:dc="{DC}"'
                ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
                ' xmlns:xi="http://www.w3.org/2001/XInclude"'
                f' xsi:schemaLocation="{OAI_DC} {at}/schema.xsd">'
                f"<dc:title>Title of r1</dc:title><dc:relation>{at}/image.png</dc:relation>"
                f'<xi:include href="{at}/include.xml"/></oai_dc:dc>'
            ),
        )

        def styled(_: Asked, reply: Reply) -> Reply:
            style = f'?><?xml-stylesheet type="text/xsl" href="{at}/style.xsl"?>'
            return Reply(reply.body.replace(b"?>", style.encode(), 1), headers=reply.headers)

        fake.spoil = styled
        assert sqlite_hub.run().counts.new == 9
        assert other.asked == []


def test_only_get_is_ever_sent(sqlite_hub: Hub, fake: Fake) -> None:
    """The fake knows no other method: anything else would have been an error."""
    assert sqlite_hub.run().outcome == "complete"
    assert all(not one.headers.get("Content-Length") for one in fake.script.asked)
