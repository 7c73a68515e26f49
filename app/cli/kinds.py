"""The kinds of repositories that can be added, and what stands for the address of each.

A path of this machine comes from the command line alone; nothing that is asked by the web takes it.
"""

from __future__ import annotations

from pathlib import Path

import click

OAI, STATIC, FILES = "oai", "static", "files"
KINDS = (OAI, STATIC, FILES)
AUTO = "auto"


def folder(text: str) -> str:
    """Return the `file:` address of a folder or file that is there; empty for none.

    Raises BadParameter.
    """
    from harvesters.files import address_of, places_of

    if not text:
        return ""
    path = next(iter(places_of(text)), None) if text.startswith("file:") else Path(text)
    if path is None or not path.exists():
        raise click.BadParameter(f"There is no folder or file `{text}`.", param_hint="BASE_URL")
    return address_of(path)


def prefixes(given: tuple[str, ...]) -> str | None:
    """Return the prefixes of the command line as one text, the preferred first; None for none."""
    words = [word for text in given for word in text.split()]
    if AUTO in words and len(words) > 1:
        raise click.BadParameter("`auto` stands alone.", param_hint="--prefix")
    return " ".join(dict.fromkeys(words)) or None
