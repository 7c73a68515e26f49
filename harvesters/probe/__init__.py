"""A look at a repository before it joins, or whenever someone wants to know how it does.

At most some 25 requests, one at a time, within a minute: what a harvest would meet there, and with
which settings it would go best. Nothing is stored.
"""

from __future__ import annotations

from harvesters.probe.probing import probe
from harvesters.probe.values import Probe

__all__ = ["Probe", "probe"]
