"""DCAT-AP: data sets as the catalogues of public data describe them.

Read from RDF/XML; written as Turtle and as RDF/XML.
"""

from __future__ import annotations

from app.crosswalks.dcat.reading import read
from app.crosswalks.dcat.writing import write, write_xml

__all__ = ["read", "write", "write_xml"]
