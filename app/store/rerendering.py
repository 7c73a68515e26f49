"""What writing some formats of a record anew does to its rows: pure. All else stays as it is.

So formats are switched on for records that are there: only those get a new datestamp.
"""

from __future__ import annotations

from app.store.effects import Held, Page, Placing, Rows
from app.store.packing import PackedChange

RENDERED = "rendered"
"""The kind of such a change."""


def weigh_rendered(rows: Rows, page: Page, packed: PackedChange, held: Held | None) -> None:
    """Add to `rows` what it makes necessary; nothing for a record that is not live any more."""
    if held is None or held.state != "live":
        return
    placing = _Rendering(rows, page, held, held.id)
    placing.write(packed)
    placing.end(packed.change.ended)
    if placing.newest:
        rows.stamped.append((placing.newest, held.id))


class _Rendering(Placing):
    """One record, some of whose formats are written anew."""

    def write(self, packed: PackedChange) -> None:
        """Write renderings whose bytes differ from what is there."""
        if not self.seen and not self.hidden:
            self.after = self.page.place(packed.sets)
        if self.hidden:
            self.withdraw()
        for prefix, rendering in packed.renderings.items():
            number = self.page.prefixes[prefix]
            was = self.formats.get(number)
            if self.hidden:
                if was is None or was.digest != rendering.digest:
                    stamp = was.stamp if was else 0
                    self.rows.renderings.append((self._key(number), stamp, stamp > 0, *rendering))
            elif was is None or not was.listed or was.digest != rendering.digest:
                row = (self._key(number), self.page.stamp, False, *rendering)
                self.rows.renderings.append(row)
                self._move(number, was)

    def end(self, prefixes: tuple[str, ...]) -> None:
        """End formats, where the record has them."""
        for prefix in prefixes:
            number = self.page.prefixes.get(prefix, -1)
            was = self.formats.get(number)
            if was is not None:
                self._end(number, was)
