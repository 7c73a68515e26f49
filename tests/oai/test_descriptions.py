"""What Identify and ListSets describe: the hub and its members, whatever people entered."""

from __future__ import annotations

import pytest
from lxml import etree
from msgspec.structs import replace

from app.errors import ConfigurationError
from app.oai.verbs import identify
from app.settings import Hub, Settings, load
from app.store import Store
from tests.oai.filling import OAI, SETTINGS, Client, change, member, put
from tests.shared import needs_shared

GROUP = "http://www.openarchives.org/OAI/2.0/"
BRANDING = f"{{{GROUP}branding/}}"
RIGHTS = f"{{{GROUP}rights/}}"
DC = "{http://purl.org/dc/elements/1.1/}"
ICON = "https://reef.example.org/icon.png"
CC0 = "https://creativecommons.org/publicdomain/zero/1.0/"
FACES = {
    "home_page": "https://reef.example.org/",
    "description": "Corals <&> tides.",
    "metadata_license": CC0,
    "icon_url": ICON,
}
ODD = (
    "javascript:alert(1)",
    "https://x/%zz",
    "https://x/a b",
    "\x00",
    "]]>",
    "<b>",
    "a#b#c",
    "ü" * 999,
)


def branded(icon: str = ICON) -> Settings:
    return replace(SETTINGS, hub=Hub(title="A < B & C", icon_url=icon))


def described(store: Store, spec: str = "member:reef") -> list[etree._Element]:
    """The roots of the descriptions of a set."""
    found = [s for s in Client(store).ask(verb="ListSets").iter(f"{OAI}set")
             if s.findtext(f"{OAI}setSpec") == spec]  # fmt: skip
    return [holder[0] for holder in found[0].iter(f"{OAI}setDescription")]


def filled(store: Store, **face: str) -> int:
    number = member(store, "reef")
    store.repositories.edit("reef", **face)
    put(store, number, [change("reef", "a:1", sets=("x",))])
    return number


def test_the_icon_of_the_settings_brands_the_hub(sqlite_store: Store) -> None:
    found = (
        Client(sqlite_store, branded()).ask(verb="Identify").find(f".//{BRANDING}collectionIcon")
    )
    assert found is not None
    said = {etree.QName(child).localname: child.text for child in found}
    assert said == {
        "url": ICON, "link": "http://hub.test", "title": "A < B & C", "width": "88", "height": "31"
    }  # fmt: skip
    assert Client(sqlite_store).ask(verb="Identify").find(f".//{BRANDING}*") is None


def test_descriptions_are_made_when_something_changes_and_not_for_each_answer(
    sqlite_store: Store,
) -> None:
    filled(sqlite_store)
    client = Client(sqlite_store, branded("https://only.example.org/this.png"))
    made = identify.described.cache_info().misses
    answers = {client.answer(verb="Identify").body for _ in range(3)}
    assert identify.described.cache_info().misses == made + 1
    sqlite_store.repositories.edit("reef", base_url="https://elsewhere.example.org/oai")
    assert client.answer(verb="Identify").body not in answers
    assert identify.described.cache_info().misses == made + 2
    sqlite_store.repositories.edit("reef", public=False)
    assert b"elsewhere" not in client.answer(verb="Identify").body


def test_a_members_set_tells_what_is_known_of_the_member(store: Store) -> None:
    filled(store, **FACES)
    dublin_core, branding, rights = described(store)
    assert dublin_core.findtext(f"{DC}description") == FACES["description"]
    assert dublin_core.findtext(f"{DC}identifier") == FACES["home_page"]
    assert branding.findtext(f".//{BRANDING}url") == ICON
    assert rights.get("appliesTo") == f"{GROUP}entity#metadata"
    assert [e.get("ref") for e in rights.iter(f"{RIGHTS}rightsReference")] == [CC0]
    assert described(store, "member:reef:x") == []


def test_a_member_of_which_nothing_is_known_or_that_is_hidden_has_no_description(
    sqlite_store: Store,
) -> None:
    filled(sqlite_store)
    assert described(sqlite_store) == []
    sqlite_store.repositories.edit("reef", **FACES)
    assert len(described(sqlite_store)) == 3
    sqlite_store.repositories.edit("reef", public=False)
    assert described(sqlite_store) == []


@needs_shared
def test_nothing_that_people_enter_makes_an_answer_invalid(sqlite_store: Store) -> None:
    from schemas import Schemas

    schema = Schemas().responses()
    filled(sqlite_store, **FACES)
    for odd in (*ODD, ""):
        shown = odd.replace("\x00", "")
        face = dict.fromkeys(FACES, shown)
        sqlite_store.repositories.edit("reef", title=shown, base_url=shown or "http://x", **face)
        hub = Hub(title=odd, about=odd, metadata_license=odd, icon_url=odd)
        client = Client(sqlite_store, replace(SETTINGS, hub=hub))
        for verb in ("Identify", "ListSets"):
            document = client.ask(verb=verb)
            assert schema.validate(document), (verb, odd, schema.error_log)
    filled_whole = Client(sqlite_store, branded())
    sqlite_store.repositories.edit("reef", **FACES)
    for verb in ("Identify", "ListSets"):
        assert schema.validate(filled_whole.ask(verb=verb)), schema.error_log


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("HUB_CONTACT", "root@localhost"),
        ("HUB_CONTACT", "root@printer.local"),
        ("HUB_CONTACT", "mailto:hub@example.org"),
        ("HUB_CONTACT", "hub@example.o-"),
        ("HUB_CONTACT", "hub@-example.org"),
        ("HUB_CONTACT", "hub@example.1"),
        ("HUB_CONTACT", "hub at example.org"),
        ("HUB_ICON_URL", "icon.png"),
        ("HUB_ICON_URL", "https://x/%zz"),
        ("BASE_URL", "https://x/%zz"),
        ("BASE_URL", "https://x/?a"),
    ],
)
def test_settings_that_would_make_identify_invalid_are_refused(key: str, value: str) -> None:
    with pytest.raises(ConfigurationError):
        load(None, {f"GARNERY_{key}": value})
