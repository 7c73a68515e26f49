"""The pages and services that the hub offers over HTTP: one module a page, each a blueprint.

`MODULES` is the whole list; a page is added by its module and one line there. Nothing is
imported before it is called: the words of pages are used without a web server too.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Blueprint

MODULES = (
    "metering",
    "using",
    "frame",
    "compression",
    "errors",
    "limits",
    "health",
    "metrics",
    "home",
    "records",
    "search",
    "landing",
    "history",
    "repositories",
    "report",
    "report_lists",
    "harvests",
    "looking_back",
    "member_parts",
    "provider",
    "explorer",
    "missing",
    "use",
    "data",
    "dumps",
    "related",
    "scholix",
    "api",
    "resolving",
    "bibliography",
    "problem_pages",
    "check",
    "resourcesync",
    "statistics",
    "link_pages",
    "site_map",
    "help",
)
"""In the order in which they are registered: what names and counts requests comes first."""


def blueprints() -> tuple[Blueprint, ...]:
    """Return the blueprint of every page and service."""
    return tuple(import_module(f"app.web.{name}").blueprint for name in MODULES)
