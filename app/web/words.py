"""How values are put into words for people: dates, numbers, sizes, terms of the vocabularies.

Pure functions over single values; nothing here knows a page, a language setting or the clock.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from functools import cache

from app.datacite.rights import LICENCES

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

TERMS = {
    "Other": "Other",
    "InteractiveResource": "Interactive resource",
    "Abstract": "Abstract",
    "Methods": "Methods",
    "SeriesInformation": "Series",
    "TableOfContents": "Table of contents",
    "TechnicalInfo": "Technical information",
    "AlternativeTitle": "Alternative title",
    "TranslatedTitle": "Translated title",
    "Coverage": "Time covered",
    "Collected": "Collected",
    "IsMetadataFor": "Describes as metadata",
}
"""Terms whose words cannot be had by splitting them."""

LANGUAGES = {
    "af": "Afrikaans", "ar": "Arabic", "bg": "Bulgarian", "bn": "Bengali", "ca": "Catalan",
    "cs": "Czech", "cy": "Welsh", "da": "Danish", "de": "German", "el": "Greek", "en": "English",
    "eo": "Esperanto", "es": "Spanish", "et": "Estonian", "eu": "Basque", "fa": "Persian",
    "fi": "Finnish", "fr": "French", "fy": "Frisian", "ga": "Irish", "gl": "Galician",
    "he": "Hebrew", "hi": "Hindi", "hr": "Croatian", "hu": "Hungarian", "hy": "Armenian",
    "id": "Indonesian", "is": "Icelandic", "it": "Italian", "ja": "Japanese", "ka": "Georgian",
    "ko": "Korean", "la": "Latin", "lt": "Lithuanian", "lv": "Latvian", "ms": "Malay",
    "mul": "several languages", "nb": "Norwegian Bokmål", "nl": "Dutch", "nn": "Norwegian Nynorsk",
    "no": "Norwegian", "pl": "Polish", "pt": "Portuguese", "ro": "Romanian", "ru": "Russian",
    "sk": "Slovak", "sl": "Slovenian", "sq": "Albanian", "sr": "Serbian", "sv": "Swedish",
    "sw": "Swahili", "ta": "Tamil", "th": "Thai", "tr": "Turkish", "uk": "Ukrainian",
    "ur": "Urdu", "vi": "Vietnamese", "zh": "Chinese", "zxx": "no language",
}  # fmt: skip

_WORD_BORDER = re.compile(r"(?<=[a-z])(?=[A-Z])")
_CREATIVE_COMMONS = re.compile(r"(CC0|CC)(?:-([A-Z]+(?:-[A-Z]+)*))?-([0-9]\.[0-9])(?:-([A-Z]+))?")
_DATE = re.compile(r"(-?\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d:\d\d).*)?)?)?")


def number(value: int) -> str:
    """Write a whole number with thousands commas."""
    return f"{value:,}"


def plural(value: int, one: str, many: str = "") -> str:
    """Write a number with its noun: `1 record`, `1,204 records`."""
    return f"{value:,} {one if value == 1 else many or one + 's'}"


def size(value: int) -> str:
    """Write bytes in units of 1,000: `812 B`, `3.2 MB`."""
    if value < 1000:
        return f"{value} B"
    amount = float(value)
    for unit in ("KB", "MB", "GB", "TB"):
        amount /= 1000
        if amount < 999.95 or unit == "TB":
            break
    return f"{amount:.1f} {unit}" if amount < 100 else f"{amount:,.0f} {unit}"


def day(at: datetime) -> str:
    """Write a date: `22 Nov 2026`."""
    at = at.astimezone(UTC)
    return f"{at.day} {MONTHS[at.month - 1]} {at.year}"


def minute(at: datetime) -> str:
    """Write a moment to the minute: `22 Nov 2026, 10:52 UTC`."""
    return f"{day(at)}, {at.astimezone(UTC):%H:%M} UTC"


def duration(span: timedelta) -> str:
    """Write a span in its two largest units: `3 min 12 s`, `2 d 4 h`; never negative."""
    left = max(0, round(span.total_seconds()))
    parts: list[str] = []
    for unit, length in (("d", 86400), ("h", 3600), ("min", 60), ("s", 1)):
        count, left = divmod(left, length)
        if count or (unit == "s" and not parts):
            parts.append(f"{count} {unit}")
    return " ".join(parts[:2])


def every(text: str) -> str:
    """Write an interval of the settings: `every day`, `every 6 hours`, `by cron 0 3 * * 0`."""
    found = re.fullmatch(r"(\d+)\s*([smhdw])", text.strip())
    if not found:
        return f"by cron {text.strip().removeprefix('cron').strip()}" if text.strip() else ""
    count = int(found[1])
    noun = {"s": "second", "m": "minute", "h": "hour", "d": "day", "w": "week"}[found[2]]
    if noun == "day" and count == 7:
        return "every week"
    return f"every {noun}" if count == 1 else f"every {count} {noun}s"


def term(value: str) -> str:
    """Write a vocabulary term in words: `JournalArticle` gives `Journal article`."""
    if value in TERMS:
        return TERMS[value]
    head, *rest = _WORD_BORDER.split(value)
    return " ".join((head, *(word.lower() for word in rest)))


def relation(value: str) -> str:
    """Write a relation from this record's side: `IsCitedBy` gives `Cited by`."""
    if value == "Other":
        return "Related to"
    words = term(value)
    return words[3:4].upper() + words[4:] if words.startswith("Is ") else words


def licence(spdx: str) -> str:
    """Write the SPDX id of a licence as it is spoken of: `CC-BY-NC-4.0` gives `CC BY-NC 4.0`."""
    own = _spdx_ids().get(spdx.lower(), spdx)
    found = _CREATIVE_COMMONS.fullmatch(own)
    return " ".join(filter(None, found.groups())) if found else own


def licence_name(spdx: str) -> str:
    """Return the full name of a licence by its SPDX id, empty if it is not known here."""
    return LICENCES.get(_spdx_ids().get(spdx.lower(), ""), "")


@cache
def _spdx_ids() -> dict[str, str]:
    return {spdx.lower(): spdx for spdx in LICENCES}


def language(tag: str) -> str:
    """Write a language tag in words; a tag without a word here stays as it is."""
    head, _, rest = tag.partition("-")
    name = LANGUAGES.get(head.lower())
    if name is None:
        return tag
    return f"{name} ({rest})" if rest else name


def date_text(text: str) -> str:
    """Write a W3CDTF date or range: `2016-03/2016-09` gives `Mar 2016 – Sep 2016`."""
    begin, slash, end = text.partition("/")
    if not slash:
        return _one_date(begin)
    if not begin or not end:
        return f"until {_one_date(end)}" if end else f"since {_one_date(begin)}"
    return f"{_one_date(begin)} – {_one_date(end)}"


def _one_date(text: str) -> str:
    found = _DATE.fullmatch(text.strip())
    if not found or (found[2] and not 1 <= int(found[2]) <= 12):
        return text
    year, month, day_of_month, time = found.groups()
    words = year if not month else f"{MONTHS[int(month) - 1]} {year}"
    if day_of_month:
        words = f"{int(day_of_month)} {words}"
    return f"{words}, {time}" if time else words


def coordinate(value: float, axis: str) -> str:
    """Write decimal degrees with their direction: `47.37° N`; axis is `NS` or `EW`."""
    return f"{abs(value):.5f}".rstrip("0").rstrip(".") + f"° {axis[0] if value >= 0 else axis[1]}"


def cut(text: str, limit: int) -> str:
    """Cut a text at the last blank before `limit` characters and say so with `…`."""
    if len(text) <= limit:
        return text
    head = text[:limit]
    at = head.rfind(" ")
    return (head[:at] if at > limit * 0.6 else head).rstrip() + "…"
