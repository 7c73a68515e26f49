"""The architecture holds: imports go down only, every module stands on a floor, sizes are kept."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).resolve().parents[1]
MODULE_LINES, FUNCTION_LINES = 400, 50

# From the top: who stands where. A name covers itself and everything below it.
FLOORS: tuple[tuple[str, ...], ...] = (
    ("app.cli", "app.wsgi", "app"),
    ("app.web", "app.reingest", "app.further", "app.bulk", "app.backups", "app.deep", "harvesters"),
    ("app.result_lists", "app.record_history"),
    (
        "app.ingest",
        "app.jobs",
        "app.oai",
        "app.state",
        "app.why",
        "app.conversion",
        "app.record_object",
        "app.record_row",
        "app.resourcesync",
        "app.dumps",
    ),
    ("app.crosswalks", "app.store"),
    ("app.datacite", "app.record", "app.record_difference", "app.query"),
    (
        "app.settings",
        "app.setting_sources",
        "app.options",
        "app.quiet_hours",
        "app.base64url",
        "app.cron",
        "app.schedule",
        "app.quirks",
        "app.addresses",
        "app.alerting",
        "app.agents",
        "app.errors",
        "app.clock",
        "app.findings",
        "app.collector",
        "app.processor",
        "app.causes",
        "app.repairs",
        "app.software",
        "app.room",
        "app.own_look",
    ),
)
FOREIGN = {
    "flask": ("app.web", "app", "app.cli", "app.wsgi"),
    "sqlalchemy": ("app.store",),
    "alembic": ("app.store",),
    "lxml": ("app.crosswalks", "app.oai", "harvesters"),
    "requests": ("harvesters.transport",),
    "urllib3": ("harvesters.transport",),
    "sickle": ("harvesters.oai_pmh",),
    "apscheduler": ("harvesters.scheduler",),
    "procrastinate": ("app.jobs",),
    "granian": ("app.cli",),
    "prometheus_client": ("app.web",),
}
# On these floors the rooms are single modules that may use one another; above, never.
OPEN_FLOORS = {0, 1}
SAYS_NOTHING = {"utils", "helpers", "common", "core", "manager", "service", "misc"}
# The version stands at the top of the package, so that the build finds it; anyone may read it.
OPEN_TO_ALL = {"app.__version__"}


@cache
def modules() -> list[Path]:
    return sorted(p for top in ("app", "harvesters") for p in (ROOT / top).rglob("*.py"))


@cache
def name_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def place(module: str) -> tuple[int, str] | None:
    """The floor (0 is the ground) and the room of a module, by the longest name that covers it."""
    found = [
        (len(room), len(FLOORS) - 1 - level, room)
        for level, rooms in enumerate(FLOORS)
        for room in rooms
        if module == room or (module.startswith(room + ".") and room != "app")
    ]
    return max(found)[1:] if found else None


@cache
def known() -> set[str]:
    return {name_of(path) for path in modules()}


class Source(NamedTuple):
    """What is asked of a module's syntax tree, which is read once and not kept."""

    imports: list[str]
    functions: list[tuple[str, int]]
    """Name and number of lines of each."""
    formatted: list[tuple[int, str]]
    """Line and constant text of each f-string."""


@cache
def source(path: Path) -> Source:
    seen = Source([], [], [])
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            seen.imports.extend(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            seen.imports.extend(f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            seen.functions.append((node.name, (node.end_lineno or 0) - node.lineno + 1))
        elif isinstance(node, ast.JoinedStr):
            text = "".join(v.value for v in node.values if isinstance(v, ast.Constant))
            seen.formatted.append((node.lineno, text))
    return seen


def resolved(imported: str) -> str | None:
    """The project's module that an imported name means, if it is one of ours."""
    while imported and imported not in known():
        imported = imported.rpartition(".")[0]
    return imported or None


@pytest.mark.parametrize("path", modules(), ids=name_of)
def test_module_stands_on_a_floor(path: Path) -> None:
    assert place(name_of(path)), f"{name_of(path)} stands on no floor"


@pytest.mark.parametrize("path", modules(), ids=name_of)
def test_imports_go_down_only(path: Path) -> None:
    here = place(name_of(path))
    assert here
    for imported in source(path).imports:
        target = resolved(imported)
        if target is None or imported in OPEN_TO_ALL:
            continue
        there = place(target)
        assert there, f"{imported} stands on no floor"
        same_room = there[1] == here[1] or there[0] == here[0] in OPEN_FLOORS
        assert same_room or there[0] < here[0] or here[0] == len(FLOORS) - 1, (
            f"{name_of(path)} (floor {here[0]}) imports {imported} (floor {there[0]})"
        )


@pytest.mark.parametrize("path", modules(), ids=name_of)
def test_foreign_libraries_stay_in_their_rooms(path: Path) -> None:
    module = name_of(path)
    for imported in source(path).imports:
        rooms = FOREIGN.get(imported.partition(".")[0])
        if rooms is not None:
            inside = any(module == r or (r != "app" and module.startswith(r + ".")) for r in rooms)
            assert inside, f"{module} may not import {imported}"


@pytest.mark.parametrize("path", modules(), ids=name_of)
def test_sizes_are_kept(path: Path) -> None:
    assert path.read_text("utf-8").count("\n") <= MODULE_LINES
    for name, lines in source(path).functions:
        assert lines <= FUNCTION_LINES, f"{name} has {lines} lines"


def test_names_say_something() -> None:
    assert not {p.stem for p in modules()} & SAYS_NOTHING


def test_most_functions_are_short() -> None:
    lengths = sorted(lines for path in modules() for _, lines in source(path).functions)
    assert lengths[len(lengths) // 2] < 10


# XML is written by the escaping writers alone (app.crosswalks.xml and what is built on it).
# harvesters.answers.salvage cuts pages that are no XML yet into the pieces they were made of.
XML_WRITERS = ("app.crosswalks", "app.oai", "app.resourcesync", "harvesters.answers.salvage")


@pytest.mark.parametrize("path", modules(), ids=name_of)
def test_xml_is_not_formatted_by_hand(path: Path) -> None:
    if name_of(path).startswith(XML_WRITERS):
        return
    for line, text in source(path).formatted:
        assert not re.search(r"(?<!\(\?P)</?[a-zA-Z]+[ >]", text), f"line {line}: {text!r}"
