"""Garnery, the hub. Flask is imported only when an application is made."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from app.settings import Settings
    from app.store import Store

__version__ = "0.1.0"


def create_app(settings: Settings, store: Store | None = None) -> Flask:
    """Return the web application; without a store it opens the one that the settings name.

    Views find both in `app.extensions`, as `garnery.settings` and `garnery.store`.
    """
    from flask import Flask

    from app.store import open_store
    from app.web import blueprints

    app = Flask(__name__, static_folder=None, template_folder=None)
    app.extensions["garnery.settings"] = settings
    app.extensions["garnery.store"] = store or open_store(
        settings.database.url,
        read_url=settings.database.read_url,
        read_lag=settings.database.read_lag,
    )
    for blueprint in blueprints():
        app.register_blueprint(blueprint)
    return app
