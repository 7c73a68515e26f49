"""Whether the formats that are switched on have the XML schemas that they need."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from app.cli.findings import Finding
from app.errors import ConfigurationError

if TYPE_CHECKING:
    from app.settings import Settings


def of_formats(settings: Settings) -> Iterator[Finding]:
    """Name each format that cannot be offered, and each schema that is missing."""
    from app.crosswalks import FORMATS
    from app.crosswalks.further import ALWAYS, chosen
    from app.crosswalks.schemas import MissingSchema, Schemas

    try:
        further = chosen(settings.oai)
    except ConfigurationError as error:
        yield Finding("formats", "error", str(error), "Correct oai.formats or oai.schemas.")
        return
    if not settings.oai.schemas:
        return
    try:
        schemas = Schemas(Path(settings.oai.schemas))
    except MissingSchema as error:
        yield Finding("schemas", "error", str(error), "Correct oai.schemas, or make the folder.")
        return
    for form, passed in (
        *((FORMATS[name], False) for name in ALWAYS),
        *((one.form, one.passed) for one in further),
    ):
        try:
            schemas.require(form.schema)
        except MissingSchema as error:
            told = f"{form.name}: {error}"
            if passed:
                cure = "Put it there (docs/operating.md), or take the format out of oai.formats."
                yield Finding("schemas", "error", told, cure)
            else:
                cure = "Put it there (docs/operating.md), so that renderings are checked by it."
                yield Finding("schemas", "info", told, cure)
