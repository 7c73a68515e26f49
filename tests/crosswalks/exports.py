"""The cases of writing: `tests/cases/to_<format>/<case>.json`, a canonical Resource, and its form.

What must be written stands beside it as `<case>.out.<the format's extension>`. XML and JSON may be
laid out for people to read; everything else counts byte by byte. A new case is two files and no
Python.
"""

from __future__ import annotations

import json
from pathlib import Path

from lxml import etree

from app.crosswalks import FORMATS, write
from app.datacite.resource import Resource, decode
from tests.crosswalks import cases as reading_cases
from tests.crosswalks.cases import CASES, TODAY

WRITABLE = [form.name for form in FORMATS.values() if form.writable]


def cases(form: str = "*") -> list[Path]:
    """The resources to write, of all formats or of one."""
    found = CASES.glob(f"to_{form}/*.json")
    return sorted(path for path in found if not path.stem.endswith(".out"))


def name(path: Path) -> str:
    """The case's name in a test's id."""
    return f"{path.parent.name}-{path.stem}"


def form_of(path: Path) -> str:
    """The format that a case is written in."""
    return path.parent.name.removeprefix("to_")


def out(path: Path) -> Path:
    """The file that says what must be written."""
    return path.with_suffix(f".out.{FORMATS[form_of(path)].extension}")


def resource_of(path: Path) -> Resource:
    """The resource of a case of writing."""
    return decode(path.read_bytes())


def written(form: str, resource: Resource) -> bytes:
    """What a format makes of a resource, on the day of the cases."""
    return write(form, resource, today=TODAY)


def shape(form: str, data: bytes) -> bytes:
    """The bytes without the layout that only helps people to read them."""
    known = FORMATS[form]
    if known.json:
        return json.dumps(json.loads(data), ensure_ascii=False, indent=1).encode() + b"\n"
    if known.extension == "xml":
        root = etree.fromstring(data, etree.XMLParser(remove_blank_text=True))
        return etree.tostring(root, pretty_print=True, encoding="utf-8")
    return data


def fixtures() -> list[Path]:
    """Every resource that any case has, each once: for readers that are not ours."""
    different = {path.read_bytes(): path for path in cases()}
    return [*different.values(), *reading_cases.paths()]


def fixture(path: Path) -> Resource:
    """The resource of any case; one that could not be read has nothing in it."""
    if path.parent.name.startswith("to_"):
        return resource_of(path)
    return reading_cases.reading(path).resource or Resource()
