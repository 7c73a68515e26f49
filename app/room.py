"""Where the hub writes files on this machine, and whether there is room left."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.settings import Settings

LEAST = 0.05
"""Share of a disk that must be free."""


def database_folder(url: str) -> Path | None:
    """The folder of a SQLite file; the disk of a database server is not ours to look at."""
    if not url.startswith("sqlite:///"):
        return None
    return Path(url.removeprefix("sqlite:///").partition("?")[0]).resolve().parent


def spool_folder(settings: Settings) -> Path:
    """The folder for large answers on their way."""
    return Path(settings.harvest.spool_folder or tempfile.gettempdir())


def folders(settings: Settings) -> tuple[Path, ...]:
    """Return the folders without which nothing can be stored or harvested."""
    database = database_folder(settings.database.url)
    found = (database, spool_folder(settings))
    return tuple(dict.fromkeys(folder for folder in found if folder is not None))


def is_left(folder: Path) -> bool:
    """Tell whether enough of the disk of a folder is free; raises OSError."""
    usage = shutil.disk_usage(folder)
    return usage.free >= LEAST * usage.total
