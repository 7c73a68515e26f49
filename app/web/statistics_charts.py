"""Charts as numbers for a template that draws them: columns over time, bars by value. Pure.

Everything is laid out here, in units of the drawing; bars begin at zero.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

WIDTH, HEIGHT, BASE = 720, 180, 150
"""Of a chart of columns; below the base stand the words. The style sheet knows base and top."""
WIDEST = 48
BAR, GAP, LEFT = 20, 8, 200
"""Height of a bar, room between bars, and where bars begin."""
NUMBER = 80
LONGEST = 26
MOST_BARS = 12
_WORD = 56
"""Room that a word below a column takes."""


class Given(Struct, frozen=True):
    """A value to draw. second: a part that is drawn on top, in outline."""

    label: str
    value: int
    href: str = ""
    second: int = 0
    told: str = ""
    """What is said of it, if not its label and value."""

    @property
    def words(self) -> str:
        """What is said of it."""
        return self.told or f"{self.label}: {self.value:,}"


class Bar(Struct, frozen=True):
    """A rectangle that leads to its list, perhaps with another one on top."""

    x: float
    y: float
    width: float
    height: float
    words: str
    href: str
    label: str = ""
    label_x: float = 0
    label_y: float = 0
    second_y: float = 0
    second_height: float = 0
    number: str = ""


class Chart(Struct, frozen=True):
    """A chart. kind: `columns` or `bars`; title and finding are what it says without being seen."""

    kind: str
    title: str
    finding: str
    width: int
    height: int
    bars: tuple[Bar, ...]
    base: int = 0
    top: str = ""
    """The number that the highest column stands for."""


def columns(title: str, finding: str, given: Sequence[Given]) -> Chart | None:
    """Return columns side by side, in order; None if there is nothing to draw."""
    most = max((one.value + one.second for one in given), default=0)
    if not most:
        return None
    step = min(WIDTH / len(given), WIDEST)
    every = max(1, -(-_WORD // int(step or 1)))
    scale = (BASE - 20) / most
    bars = []
    for place, one in enumerate(given):
        high, second = one.value * scale, one.second * scale
        bars.append(
            Bar(
                _r(place * step + 1), _r(BASE - high), _r(max(step - 2, 1)), _r(high),
                one.words, one.href,
                one.label if place % every == 0 else "", _r(place * step + 1), BASE + 18,
                _r(BASE - high - second), _r(second),
            )
        )  # fmt: skip
    return Chart("columns", title, finding, WIDTH, HEIGHT, tuple(bars), BASE, f"{most:,}")


def bars(title: str, finding: str, given: Sequence[Given]) -> Chart | None:
    """Return bars below each other, the first ones; None if there is nothing to draw."""
    shown = given[:MOST_BARS]
    most = max((one.value for one in shown), default=0)
    if not most:
        return None
    room = WIDTH - LEFT - NUMBER
    found = []
    for place, one in enumerate(shown):
        y = place * (BAR + GAP)
        wide = max(room * one.value / most, 1) if one.value else 0
        found.append(
            Bar(
                LEFT, y, _r(wide), BAR, one.words, one.href,
                _cut(one.label), LEFT - 8, y + 15, number=f"{one.value:,}",
            )
        )  # fmt: skip
    height = len(shown) * (BAR + GAP)
    return Chart("bars", title, finding, WIDTH, height, tuple(found))


def _r(value: float) -> float:
    """Return a length as it is written, as short as may be."""
    found = round(value, 1)
    return int(found) if found == int(found) else found


def _cut(label: str) -> str:
    return label if len(label) <= LONGEST else label[: LONGEST - 1].rstrip() + "…"
