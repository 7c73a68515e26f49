"""Garnery, the hub. Flask is imported only when an application is made."""

from __future__ import annotations

__version__ = "0.1.0"
