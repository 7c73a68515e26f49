"""Two workers and two schedulers, each killed in turn at random instants: nothing is lost.

`python -m tests.system.disturbed` runs fifty such rounds, also in network namespaces.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.system.disturbed import disturbing, judge


@pytest.mark.slow
def test_killing_each_process_in_turn_loses_nothing_and_doubles_nothing(
    database_url: str, tmp_path: Path
) -> None:
    with disturbing(database_url, tmp_path, seed=20261127) as made:
        judge(made, made.round("a"))
