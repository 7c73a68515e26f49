"""A colour and a logo of the hub's own: taken where they can be read, else left out."""

from __future__ import annotations

import re
import struct
from pathlib import Path

import pytest
from msgspec.structs import replace

from app import create_app, own_look
from app.settings import Hub, Settings
from app.store import Store

SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 120 40"></svg>'
PNG = b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR" + struct.pack(">II", 90, 30) + b"\0" * 9


def test_contrast_is_that_of_wcag() -> None:
    assert own_look.contrast("#000000", "#ffffff") == pytest.approx(21)
    assert own_look.contrast("#0b57a4", "#ffffff") == pytest.approx(7.2, abs=0.05)
    assert own_look.contrast("#777777", "#777777") == 1


@pytest.mark.parametrize(
    ("colour", "fault"),
    [
        ("", ""),
        ("#6a1b4d", ""),
        ("#777777", "reads badly: its contrast is 4.1"),
        ("#ffff00", "reads badly"),
        ("red", "is no colour"),
        ("#fff", "is no colour"),
        ("#000000; } body { display: none", "is no colour"),
    ],
)
def test_a_colour_that_reads_badly_is_left_out(colour: str, fault: str) -> None:
    told = own_look.accent_fault(colour)
    assert fault in told
    assert bool(told) == bool(fault)
    assert own_look.accent(colour) == ("" if fault else colour)


@pytest.mark.parametrize(
    ("body", "width"),
    [
        (SVG, 84),
        (PNG, 84),
        (b"<svg></svg>", 0),
        (b"GIF89a", 0),
        (SVG.replace(b"40", b"0"), 0),
        (SVG.replace(b"120", b"1.2.3"), 0),
        (SVG + b" " * own_look.LARGEST, 0),
    ],
)
def test_a_picture_that_cannot_be_used_is_left_out(tmp_path: Path, body: bytes, width: int) -> None:
    file = tmp_path / "logo"
    file.write_bytes(body)
    found = own_look.logo(str(file))
    assert (found.width if found else 0) == width
    assert bool(own_look.logo_fault(str(file))) == (not width)
    assert own_look.logo_fault(str(tmp_path / "none")).startswith("hub.logo")
    assert own_look.logo_fault("") == ""


def test_pages_bear_the_look_of_the_hub(tmp_path: Path, sqlite_store: Store) -> None:
    file = tmp_path / "logo.svg"
    file.write_bytes(SVG)
    hub = Hub(logo=str(file), accent="#6a1b4d", imprint_url="https://example.org/imprint")
    client = create_app(replace(Settings(), hub=hub), sqlite_store).test_client()
    page = client.get("/help").text
    (picture,) = re.findall(r'<img src="([^"]+)" width="84" height="28" alt="">', page)
    assert client.get(picture).data == SVG
    assert client.get(picture).mimetype == "image/svg+xml"
    (sheet,) = re.findall(r'<link rel="stylesheet" href="([^"]+)">', page)
    assert "--link: #6a1b4d;" in client.get(sheet).text
    assert 'href="https://example.org/imprint"' in page
    plain = create_app(Settings(), sqlite_store).test_client()
    assert "<img" not in plain.get("/help").text
    assert plain.get(sheet).status_code == 404
    assert plain.get(picture).status_code == 404
