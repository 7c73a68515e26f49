"""schema.org as JSON-LD."""

from __future__ import annotations

from app.crosswalks.schema_org.reading import read
from app.crosswalks.schema_org.writing import document, write

__all__ = ["document", "read", "write"]
