"""Fixtures for all tests: the shared folder, a database of each kind."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.shared import SHARED


@pytest.fixture(scope="session")
def shared() -> Path:
    """The shared folder; use it together with `needs_shared`."""
    return SHARED
