"""Dates on the command line: `2026-11-22`, `2026-11-22T10:00:00Z`, or `7d` for seven days ago."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import click

_AGO = re.compile(r"(\d{1,6})([hdw])")
_UNITS = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}


class DateOrMoment(click.ParamType[str]):
    """A date or a moment in UTC, as the text that OAI-PMH takes."""

    name = "date"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the text in OAI-PMH's form; bad dates are usage errors."""
        from app import clock

        text = value.strip()
        found = _AGO.fullmatch(text)
        if found:
            return _written(clock.now(), int(found[1]), found[2])
        if not is_date(text, "%Y-%m-%d") and not is_date(text, "%Y-%m-%dT%H:%M:%SZ"):
            forms = "2026-11-22, 2026-11-22T10:00:00Z, or 7d for 7 days ago"
            self.fail(f"`{value}` is no date: write {forms}.", param, ctx)
        return text


def moment(text: str | None) -> datetime | None:
    """Return the moment that a text of this type means, a day's beginning; none for none."""
    if text is None:
        return None
    form = "%Y-%m-%d" if len(text) == 10 else "%Y-%m-%dT%H:%M:%SZ"
    return datetime.strptime(text, form).replace(tzinfo=UTC)


def is_date(text: str, form: str) -> bool:
    """Tell whether a text is a date that exists, in exactly this form."""
    try:
        return datetime.strptime(text, form).replace(tzinfo=UTC).strftime(form) == text
    except ValueError:
        return False


def _written(now: datetime, count: int, unit: str) -> str:
    from app import clock

    try:
        at = now - count * _UNITS[unit]
    except OverflowError:
        return "1970-01-01"
    return clock.text(at) if unit == "h" else at.strftime("%Y-%m-%d")


DATE = DateOrMoment()
