"""The cases: `tests/cases/<format>/<case>.xml` with what reading it must give beside it as JSON.

Documents of a format that is JSON itself are called `<case>.jsonld` or `<case>.input.json`.
`expect` is the canonical JSON, `problems` are rule and path of each, in order, `access` the access
word if there is one, `inferred` the paths of what the source did not say as it stands. `header` is
the OAI header, where the document has none of its own. A new case is two files and no Python.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from app.crosswalks import Header, Reading, read

CASES = Path(__file__).resolve().parents[1] / "cases"
TODAY = datetime.date(2026, 1, 15)
INPUTS = (".input.json", ".jsonld", ".xml")


def paths(folder: str = "*") -> list[Path]:
    """All cases of reading, or those of one format; what is written stands in `to_` folders."""
    found = [path for ending in INPUTS for path in CASES.glob(f"{folder}/*{ending}")]
    return sorted(path for path in found if not path.parent.name.startswith("to_"))


def xml_paths(folder: str = "*") -> list[Path]:
    """The cases that are XML."""
    return [path for path in paths(folder) if path.suffix == ".xml"]


def beside(path: Path) -> Path:
    """The file that says what reading a case must give."""
    return path.with_name(f"{path.name.split('.')[0]}.json")


def name(path: Path) -> str:
    """The case's name in a test's id."""
    return f"{path.parent.name}-{beside(path).stem}"


def expected(path: Path) -> dict[str, Any]:
    """What stands beside a case."""
    found: dict[str, Any] = json.loads(beside(path).read_text("utf-8"))
    return found


def reading(path: Path) -> Reading:
    """Read a case."""
    header = expected(path).get("header")
    return read(
        path.read_bytes(),
        header=Header(**{**header, "sets": tuple(header.get("sets", ()))}) if header else None,
        today=TODAY,
    )


def facts(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Each value of a JSON document with its pointer."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from facts(inner, f"{path}/{key}")
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from facts(inner, f"{path}/{place}")
    else:
        yield path, value
