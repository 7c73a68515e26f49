"""The WSGI application for a server such as Granian: `app.wsgi:application`.

Importing this module reads the settings and opens the store; nothing else does so at import.
"""

from __future__ import annotations

from app import create_app, settings

application = create_app(settings.load())
