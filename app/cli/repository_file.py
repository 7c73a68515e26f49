"""Repositories as a TOML file: every setting that a person set, and no secret.

Pure: values in, text out, and back.
"""

from __future__ import annotations

import difflib
import json
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from app.addresses import veiled
from app.errors import ConfigurationError
from app.options import RepositoryOptions, changed
from app.store.values import Repository

TABLE = "repository"
SETTINGS: Mapping[str, type] = {
    "title": str,
    "kind": str,
    "base_url": str,
    "prefix": str,
    "sets": list,
    "every": str,
    "reconcile": str,
    "contact": str,
    "home_page": str,
    "description": str,
    "metadata_license": str,
    "icon_url": str,
    "public": bool,
    "paused": bool,
    "allow_private": bool,
}
"""What stands in a table beside `name` and `options`; the names are those of the database."""
SHOWN = {"allow_private": "allow_private_address"}
_HEAD = """\
# Repositories of a Garnery hub; read back with: garnery import repositories FILE
# Secrets are not in this file: keys in addresses are written as …, and credentials are kept with
# garnery repository credentials NAME
"""


def written(repositories: Iterable[Repository]) -> str:
    """Return the file of these repositories."""
    return "\n".join((_HEAD, *map(_table, repositories)))


def _table(repository: Repository) -> str:
    lines = [f"[[{TABLE}]]", f"name = {_value(repository.name)}"]
    for name in SETTINGS:
        value = getattr(repository, name)
        shown = veiled(value) if name == "base_url" and value.startswith("http") else value
        lines.append(f"{SHOWN.get(name, name)} = {_value(shown)}")
    given = repository.options.given()
    if given:
        lines.append(f"[{TABLE}.options]")
        lines += (f"{name} = {_value(value)}" for name, value in given.items())
    return "\n".join(lines) + "\n"


def _value(value: object) -> str:
    """Write a value; JSON's strings are TOML's, but for one character."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple | list):
        return "[" + ", ".join(map(_value, value)) + "]"
    if isinstance(value, int | float):
        return repr(value)
    return json.dumps(str(value), ensure_ascii=False).replace("\x7f", "\\u007f")


def read(text: str) -> tuple[tuple[str, dict[str, Any]], ...]:
    """Return name and settings of each repository of a file; raises ConfigurationError."""
    try:
        tree = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError(f"The file is not TOML: {error}.") from error
    strange = [name for name in tree if name != TABLE]
    if strange or not isinstance(tree.get(TABLE, []), list):
        raise ConfigurationError(f"The file holds tables [[{TABLE}]] and nothing else.")
    found = tuple(_read_tables(tree.get(TABLE, [])))
    names = [name for name, _ in found]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice:
        raise ConfigurationError(f"The repository {twice} stands in the file twice.")
    return found


def _read_tables(tables: Iterable[dict[str, Any]]) -> Iterator[tuple[str, dict[str, Any]]]:
    for number, table in enumerate(tables, 1):
        name = table.pop("name", None)
        if not isinstance(name, str) or not name:
            raise ConfigurationError(f"Table {number} has no name.")
        given = table.pop("options", None)
        options = {} if given is None else {"options": _options(name, given)}
        yield name, dict(_settings(name, table)) | options


def _settings(name: str, table: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    known = {SHOWN.get(key, key): key for key in SETTINGS}
    for shown, value in table.items():
        key = known.get(shown)
        if key is None:
            near = difflib.get_close_matches(shown, known, 1)
            hint = f" Did you mean `{near[0]}`?" if near else ""
            raise ConfigurationError(f"{name}: there is no setting `{shown}`.{hint}")
        right = isinstance(value, SETTINGS[key])
        if isinstance(value, list):
            right = right and all(isinstance(one, str) for one in value)
        if not right:
            raise ConfigurationError(f"{name}: `{shown}` cannot be {value!r}.")
        yield key, tuple(value) if isinstance(value, list) else value


def _options(name: str, given: object) -> RepositoryOptions:
    if not isinstance(given, dict):
        raise ConfigurationError(f"{name}: `options` is a table of its own.")
    texts = {key: _text(value) for key, value in given.items()}
    try:
        return changed(RepositoryOptions(), texts)
    except ConfigurationError as error:
        raise ConfigurationError(f"{name}: {error}") from error


def _text(value: object) -> str:
    """Return the value of an option as it is given on the command line."""
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)
