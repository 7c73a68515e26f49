"""How much a run may spend on lists that do not come as they should.

Beyond that it gives up: the server is down, not one record of it damaged.
"""

from __future__ import annotations

from collections.abc import Callable

from app.errors import HarvestError
from harvesters.failures import failure

MOST_IN_A_ROW = 8
"""Pages in a row that did not come, each after its tries, before a run gives up."""
GAVE_UP = "gave-up"


class Limits:
    """The limits of one run."""

    def __init__(self, most: int, singles: Callable[[], int], *, spent: int = 0) -> None:
        """most: extra requests in all. singles: how many single records were asked for so far.

        spent: what an earlier process has spent of them.
        """
        self._most = most
        self._singles = singles
        self._spent = spent
        self._in_a_row = 0

    @property
    def left(self) -> int:
        """The extra requests that may still be made."""
        return max(self._most - self._spent - self._singles(), 0)

    def spend(self, number: int = 1) -> None:
        """Count requests for parts of a list; raises HarvestError when there are none left."""
        self.check()
        self._spent += number

    def check(self) -> None:
        """Raise HarvestError when no extra request is left."""
        if not self.left:
            words = f"{self._most:,} extra requests were made for what did not come as it should."
            raise failure(GAVE_UP, words)

    def came(self) -> None:
        """A page or record came."""
        self._in_a_row = 0

    def did_not_come(self, error: HarvestError) -> None:
        """A page or record did not come, after its tries; raises HarvestError after too many."""
        self._in_a_row += 1
        if self._in_a_row >= MOST_IN_A_ROW:
            words = f"{MOST_IN_A_ROW} pages in a row did not come. The last one: {error}"
            raise HarvestError(GAVE_UP, words, url=error.url) from error
