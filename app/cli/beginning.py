"""The repositories to start with: a file beside the settings that `garnery up` reads.

It is applied when it is new or has changed, so that what people change meanwhile stays as it is.
"""

from __future__ import annotations

import hashlib
import logging
from pathlib import Path
from typing import TYPE_CHECKING

import click

from app.errors import ConfigurationError

if TYPE_CHECKING:
    from app.cli.manners import Call

NAME = "repositories.toml"
USUAL = Path("config") / NAME
APPLIED = "repositories-file"
"""Key under which the hub keeps the digest of the file that was applied last."""

log = logging.getLogger(__name__)


def place(call: Call) -> Path:
    """Return where the file lies or would lie: beside the file of the settings."""
    from app.settings import file_in_use

    used = file_in_use(call.config)
    return Path(used).parent / NAME if used else USUAL


def apply(call: Call) -> int:
    """Add and change repositories as the file says, if it is new; return how many it touched.

    Raises ConfigurationError, with nothing written, for a file that cannot be used.
    """
    from app.cli import joining_many

    file = place(call)
    if not file.is_file():
        return 0
    text = read(file)
    digest = hashlib.sha256(text.encode()).hexdigest()
    if call.store.hub.get(APPLIED) == digest:
        return 0
    try:
        plan = joining_many.planned(call, text)
    except ConfigurationError as error:
        raise ConfigurationError(f"{file}: {error}") from error
    except click.UsageError as error:
        raise ConfigurationError(f"{file}: {error.format_message()}") from error
    joining_many.carry_out(call, plan)
    call.store.hub.put(APPLIED, digest)
    touched = [step for step in plan if step.what != "unchanged"]
    for step in touched:
        log.info("repository %s is %s, by %s", step.name, step.what, file)
    return len(touched)


def read(file: Path) -> str:
    """Return the text of a file of repositories; raises ConfigurationError."""
    try:
        return file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is no text"
        raise ConfigurationError(f"{file} cannot be read: {reason}.") from error
