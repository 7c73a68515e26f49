"""The pages and services that the hub offers over HTTP: one module a page, each a blueprint.

`blueprints` is the whole list; a page is added by its module and one line there. Nothing is
imported before it is called: the words of pages are used without a web server too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Blueprint


def blueprints() -> tuple[Blueprint, ...]:
    """Return the blueprint of every page and service."""
    from app.web import (
        aggregators,
        data,
        dumps,
        errors,
        explorer,
        frame,
        harvests,
        health,
        home,
        landing,
        looking_back,
        member_parts,
        missing,
        provider,
        records,
        repositories,
        resourcesync,
    )

    return (
        frame.blueprint,
        errors.blueprint,
        health.blueprint,
        home.blueprint,
        records.blueprint,
        landing.blueprint,
        repositories.blueprint,
        harvests.blueprint,
        looking_back.blueprint,
        member_parts.blueprint,
        provider.blueprint,
        explorer.blueprint,
        missing.blueprint,
        aggregators.blueprint,
        data.blueprint,
        dumps.blueprint,
        resourcesync.blueprint,
    )
