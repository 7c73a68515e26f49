from __future__ import annotations

import pytest

from app.addresses import veiled, without_secrets


@pytest.mark.parametrize(
    ("url", "seen", "bare"),
    [
        ("https://a.example/oai", "https://a.example/oai", "https://a.example/oai"),
        ("https://a.example?a=1", "https://a.example?a=1", "https://a.example?a=1"),
        (
            "https://u:p@a.example/x@y?api_key=k&mode=oai#top",
            "https://a.example/x@y?api_key=…&mode=oai",
            "https://a.example/x@y?mode=oai",
        ),
        ("https://a/?TOKEN=k", "https://a/?TOKEN=…", "https://a/"),
        ("https://a/?resumptionToken=k", "https://a/?resumptionToken=k",
         "https://a/?resumptionToken=k"),
        ("http://[::1/?pass=k", "http://[::1/?pass=…", "http://[::1/"),
        ("oai", "oai", "oai"),
        ("", "", ""),
    ],
)  # fmt: skip
def test_addresses_are_shown_without_what_is_secret_in_them(url: str, seen: str, bare: str) -> None:
    assert veiled(url) == seen
    assert without_secrets(url) == bare
