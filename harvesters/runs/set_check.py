"""A set that answers nothing any more: whether the repository still offers it."""

from __future__ import annotations

from collections.abc import Callable

from msgspec.structs import replace

from app.errors import HarvestError
from app.record import Counts
from app.store.values import Window
from harvesters.base import Harvester, SetListing
from harvesters.failures import OaiError, failure
from harvesters.runs.ledger import Ledger
from harvesters.runs.windows import checkpoint_of

GONE = "set-gone"
REFUSALS = ("badargument", "nosethierarchy")


class SetCheck:
    """Asks for the list of sets where the list of one was refused, or empty against what is held.

    An empty answer to dates says only that nothing changed, and costs no further request.
    """

    def __init__(
        self, harvester: Harvester, ledger: Ledger, holds_live: Callable[[str], bool]
    ) -> None:
        self._harvester = harvester
        self._ledger = ledger
        self._holds_live = holds_live

    def after(self, window: Window, wrong: HarvestError | None) -> HarvestError | None:
        """Return what is wrong with a list: that its set is gone, if it is; else `wrong`.

        The window of a set that is gone is left open, so that the run proves nothing of it.
        """
        spec = window.set_spec
        if not spec or not isinstance(self._harvester, SetListing):
            return wrong
        if not (_is_refused(wrong) or (wrong is None and self._is_odd(window))):
            return wrong
        if self._harvester.lists_set(spec) is not False:
            return wrong
        error = failure(GONE, f"The repository no longer lists the set {spec}.")
        state = checkpoint_of(window, self._ledger.harvest.id)
        self._ledger.page((), Counts(), replace(state, token="", closed=False, reason=GONE))
        return error

    def _is_odd(self, window: Window) -> bool:
        """Tell whether a whole list was empty, though the hub holds records of it."""
        if window.from_ or window.until:
            return False
        now = next((one for one in self._ledger.windows() if one.id == window.id), window)
        empty = now.state == "closed" and not now.listed
        return empty and self._holds_live(window.set_spec)


def _is_refused(wrong: HarvestError | None) -> bool:
    return isinstance(wrong, OaiError) and wrong.kind in REFUSALS
