"""The shared folder beside the project: real records, official schemas, tools.

A clone without it passes all the same: what needs it is skipped with this reason. Where CI runs,
`GARNERY_SHARED=required` makes its absence a failure.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

BESIDE = Path(__file__).resolve().parents[2] / "shared"
SHARED = Path(os.environ.get("GARNERY_SHARED_FOLDER", BESIDE))
PRESENT = (SHARED / "tools" / "schemas.py").is_file()
REASON = f"needs the shared folder (corpus, schemas, tools) at {SHARED}"

if PRESENT:
    sys.path.insert(0, str(SHARED / "tools"))
elif os.environ.get("GARNERY_SHARED") == "required":
    pytest.exit(REASON, returncode=4)


def needs_shared(thing):
    """Mark a test (or use `pytestmark = needs_shared.mark`) as needing the shared folder."""
    return pytest.mark.shared(pytest.mark.skipif(not PRESENT, reason=REASON)(thing))


needs_shared.mark = [pytest.mark.shared, pytest.mark.skipif(not PRESENT, reason=REASON)]
