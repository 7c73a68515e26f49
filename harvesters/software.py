"""What seems to run a repository: what it says of itself, or what its address shows. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harvesters.answers.reading import fields, local

if TYPE_CHECKING:
    from lxml import etree

LONGEST = 100
_SOFTWARE = (
    ("/cgi/oai2", "EPrints"),
    ("/server/oai", "DSpace"),
    ("/oai/request", "DSpace"),
    ("index.php", "OJS"),
    ("/oai2d", "Invenio"),
    ("dataverse", "Dataverse"),
    ("opus", "OPUS"),
    ("janeway", "Janeway"),
    ("omeka", "Omeka"),
)


def toolkit_of(identify: etree._Element | None) -> str:
    """Return the name of the toolkit that an answer to Identify describes, else nothing."""
    if identify is None:
        return ""
    kits = (one for one in identify.iterdescendants() if local(one.tag) == "toolkit")
    return next((fields(kit).get("title", "") for kit in kits), "")


def software_of(base_url: str, toolkit: str) -> str:
    """Return what seems to run a repository: what it says itself, or what its address shows."""
    if toolkit:
        return " ".join(toolkit.split())[:LONGEST]
    plain = base_url.lower()
    return next((name for mark, name in _SOFTWARE if mark in plain), "")
