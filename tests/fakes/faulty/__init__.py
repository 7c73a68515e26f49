"""A loopback OAI-PMH repository that misbehaves in one chosen way for each base URL.

Every scenario serves the same nine records, three on a page, dated three days apart, titled
"Café r1" to "Café r9"; one thing is wrong in each.
"""

from __future__ import annotations

from tests.fakes.faulty import structure, text, tokens, transport
from tests.fakes.faulty.expectations import judge
from tests.fakes.faulty.register import SCENARIOS
from tests.fakes.faulty.server import FaultyRepository

__all__ = ["SCENARIOS", "FaultyRepository", "judge", "structure", "text", "tokens", "transport"]
