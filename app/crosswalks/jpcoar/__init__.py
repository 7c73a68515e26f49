"""JPCOAR 1 and 2, the schema of Japanese repositories: DataCite's parts with names by language."""

from app.crosswalks.jpcoar.reading import read

__all__ = ["read"]
