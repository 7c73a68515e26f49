"""Resumption tokens."""

from __future__ import annotations

import re

import pytest
from msgspec.structs import replace

from app.oai import resumption
from app.oai.errors import BAD_TOKEN, OaiErrors
from app.oai.resumption import DAY, Signer, Token

NOW = 20_000 * DAY + 5_000
TOKEN = Token(
    "ListRecords",
    until=NOW,
    after=(NOW - 9, 4_711),
    prefix="oai_dc",
    set_spec="member:a:b",
    from_=3,
    cursor=250,
    size=1_000,
    expires=resumption.expiry_day(NOW),
)
SIGNER = Signer(("first",))


def refusal(text: str, *, verb: str = "ListRecords", now: int = NOW, by: Signer = SIGNER) -> str:
    with pytest.raises(OaiErrors) as raised:
        by.open(text, verb, now)
    (fault,) = raised.value.faults
    assert fault.code == BAD_TOKEN
    return fault.text


def test_a_token_brings_back_its_whole_state() -> None:
    assert SIGNER.open(SIGNER.seal(TOKEN), "ListRecords", NOW) == TOKEN


def test_a_token_of_sets_keeps_the_setspec() -> None:
    token = replace(TOKEN, verb="ListSets", after="member:a")
    assert SIGNER.open(SIGNER.seal(token), "ListSets", NOW) == token


def test_another_process_with_the_same_secret_opens_it() -> None:
    assert Signer(("first",)).open(SIGNER.seal(TOKEN), "ListRecords", NOW) == TOKEN


def test_the_same_state_gives_the_same_token() -> None:
    assert SIGNER.seal(TOKEN) == Signer(("first",)).seal(replace(TOKEN))


def test_tokens_need_no_encoding_and_are_short() -> None:
    long = replace(TOKEN, set_spec="member:" + "k" * 63 + ":" + "w" * 180, verb="ListIdentifiers")
    for token in (TOKEN, long):
        text = SIGNER.seal(token)
        assert re.fullmatch(r"[A-Za-z0-9_.\-]+", text)
        assert len(text) < 512


def test_a_change_at_any_place_is_noticed() -> None:
    text = SIGNER.seal(TOKEN)
    for place, character in enumerate(text):
        for other in "A-_9":
            if other != character:
                refusal(text[:place] + other + text[place + 1 :])


def test_cut_prolonged_and_junk_tokens_are_refused() -> None:
    text = SIGNER.seal(TOKEN)
    for bad in ("", "junk", "x" * 20_000, text[:-1], text[:-3], text + "A", text + "=", " " + text):
        assert "from=" in refusal(bad)


def test_a_token_is_good_for_its_verb_only() -> None:
    assert "ListRecords" in refusal(SIGNER.seal(TOKEN), verb="ListIdentifiers")


def test_it_ends_at_midnight_of_the_third_day() -> None:
    text, end = SIGNER.seal(TOKEN), 20_003 * DAY
    assert SIGNER.open(text, "ListRecords", end - 1) == TOKEN
    refusal(text, now=end)


def test_an_expired_token_says_how_to_go_on() -> None:
    said = refusal(SIGNER.seal(TOKEN), now=NOW + 4 * DAY)
    assert "from=2024-10-04T01:23:11Z" in said
    assert "set=member:a:b" in said


def test_a_former_secret_still_opens_and_a_strange_one_does_not() -> None:
    text = SIGNER.seal(TOKEN)
    assert Signer(("second", "first")).open(text, "ListRecords", NOW) == TOKEN
    assert Signer(("second", "first")).seal(TOKEN) == Signer(("second",)).seal(TOKEN)
    refusal(text, by=Signer(("second",)))
