"""Where the settings come from: defaults, a file, the environment, the command line; later wins.

Every value is known with its source, so that `garnery config` can tell it. A secret may lie in a
file of its own that is named in its place. Nothing is read at import.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from msgspec import Struct

from app.errors import ConfigurationError

PREFIX = "GARNERY_"
OWN = frozenset(("GARNERY_CONFIG", "GARNERY_PARENT"))
"""Variables of the program that are no settings."""
DEFAULT, FILE, ENVIRONMENT, FLAG = "default", "file", "environment", "flag"
_FROM_OUTSIDE = re.compile(r"GARNERY_(.+_)?(SERVICE_(HOST|PORT)\w*|PORT(_\d+_(TCP|UDP)\w*)?)")
"""What Kubernetes sets for a service that is called garnery."""


class Source(Struct, frozen=True):
    """Where the value of a setting comes from."""

    kind: str
    """`default`, `file`, `environment` or `flag`."""
    place: str = ""
    """The file, the variable or the option; empty for a default."""


class Gathered(Struct, frozen=True):
    """The settings as they were given: a tree to be converted, and where each comes from."""

    tree: dict[str, Any]
    sources: dict[str, Source]


class Known(Struct, frozen=True):
    """What can be given: the name and type of each setting, and which of them are secrets."""

    types: Mapping[str, object]
    secrets: Collection[str]

    def file_of(self, dotted: str) -> str:
        """Return the secret that a name such as `oai.secret_file` stands for, else nothing."""
        name = dotted.removesuffix("_file")
        return name if name != dotted and dotted not in self.types and name in self.secrets else ""

    @property
    def names(self) -> list[str]:
        """All names that may be given."""
        return [*self.types, *(f"{name}_file" for name in self.secrets)]


def gathered(
    known: Known, path: str | None, environ: Mapping[str, str], flags: Sequence[str] = ()
) -> Gathered:
    """Return what a file, the environment and flags (`section.key=value`) say.

    Raises ConfigurationError for what is not known, with the nearest name that is.
    """
    made = Gathered({}, {})
    if path:
        for dotted, value in _flatten(_read_file(path)):
            _take(made, known, dotted, value, Source(FILE, path))
    for variable, value in sorted(environ.items()):
        dotted = _dotted(known, variable, value)
        if dotted:
            _take(made, known, dotted, value, Source(ENVIRONMENT, variable))
    for flag in flags:
        dotted, equals, value = flag.partition("=")
        if not equals:
            raise ConfigurationError(f"`{flag}` sets nothing; write it as section.key=value.")
        _take(made, known, dotted.strip(), value, Source(FLAG, "--setting"))
    return made


def _take(made: Gathered, known: Known, dotted: str, value: object, source: Source) -> None:
    """Put a value into the tree in place of the one before."""
    name = known.file_of(dotted)
    if name:
        value = _secret(str(value), dotted)
        dotted, source = name, Source(source.kind, f"{source.place}, {dotted.rpartition('.')[2]}")
    elif dotted not in known.types:
        raise _unknown(dotted, known.names, "setting")
    if isinstance(value, str) and source.kind != FILE:
        value = _from_text(value, known.types[dotted])
    _put(made.tree, dotted, value)
    made.sources[dotted] = source


def variable_of(dotted: str) -> str:
    """Return the variable of a setting."""
    return PREFIX + dotted.replace(".", "_").upper()


def _dotted(known: Known, variable: str, value: str) -> str:
    """Return the setting that a variable is for; empty for one that is none of ours.

    One that resembles a setting is a slip of the pen, and no slip may pass unseen.
    """
    if not variable.startswith(PREFIX) or variable in OWN:
        return ""
    if variable.endswith("_PORT") and value.startswith(("tcp://", "udp://")):
        return ""
    by_variable = {variable_of(name): name for name in known.names}
    if variable in by_variable:
        return by_variable[variable]
    if _FROM_OUTSIDE.fullmatch(variable):
        return ""
    bare = variable.removeprefix(PREFIX)
    near = difflib.get_close_matches(bare, [v.removeprefix(PREFIX) for v in by_variable], 1, 0.8)
    ours = any(name.startswith(bare.partition("_")[0].lower() + ".") for name in known.types)
    if near or (ours and value):
        raise _unknown(variable, list(by_variable), "variable")
    return ""


def _unknown(given: str, names: Sequence[str], what: str) -> ConfigurationError:
    near = difflib.get_close_matches(given, names, 1)
    hint = f" Did you mean `{near[0]}`?" if near else ""
    return ConfigurationError(f"There is no {what} `{given}`.{hint}")


def _secret(path: str, dotted: str) -> str:
    """Return the secret in a file, without the end of its line."""
    try:
        return Path(path).read_text("utf-8").strip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is no text"
        raise ConfigurationError(f"{dotted}: {path} cannot be read: {reason}.") from error


def _read_file(path: str) -> dict[str, Any]:
    try:
        return tomllib.loads(Path(path).read_text("utf-8"))
    except OSError as error:
        raise ConfigurationError(f"{path} cannot be read: {error.strerror}.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{path} is not TOML: {error}.") from error


def _flatten(tree: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in tree.items():
        if isinstance(value, dict):
            yield from _flatten(value, f"{before}{key}.")
        else:
            yield before + key, value


def _put(tree: dict[str, Any], dotted: str, value: object) -> None:
    *sections, key = dotted.split(".")
    for section in sections:
        tree = tree.setdefault(section, {})
    tree[key] = value


def _from_text(value: str, kind: object) -> object:
    return [part for part in re.split(r"[\s,]+", value) if part] if "tuple" in str(kind) else value
