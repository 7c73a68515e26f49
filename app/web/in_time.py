"""Numbers that a page waits for only so long."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, TypeVar

from app.errors import StoreError
from app.store import deadline

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")
_EARLY = 0.05
"""Seconds by which a database may give up before its time."""


def in_time(ask: Callable[[], T], seconds: float) -> T | None:
    """Return what is asked for, None after so many seconds; raises StoreError otherwise."""
    began = time.monotonic()
    try:
        with deadline.within(seconds):
            return ask()
    except StoreError:
        if time.monotonic() - began < seconds - _EARLY:
            raise
        return None
