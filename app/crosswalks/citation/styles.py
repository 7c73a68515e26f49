"""The seven styles: one pure function each, from the parts of a record to a marked line.

What a style says of a work and of an article in a container follows its own manual; what belongs
to the record is never changed: no title is put into another case, no number shortened.
"""

from __future__ import annotations

from app.crosswalks.citation.marks import italic, link
from app.crosswalks.citation.parts import (
    Name,
    Parts,
    Place,
    joined,
    listed,
    quoted,
    sentence,
    with_commas,
)

_MOST_NAMED = 20
"""DataCite and APA name so many."""
_MOST_HARVARD, _MOST_MLA, _MOST_OTHERS = 3, 2, 6

# ── DataCite ─────────────────────────────────────────────────────────────────────────────────


def datacite(parts: Parts) -> str:
    """Return `Creator (Year): Title. V. Version. Publisher. (type). Link`."""
    names = [name.inverted for name in parts.names]
    who = "; ".join([*names[:_MOST_NAMED], "et al."] if len(names) > _MOST_NAMED else names)
    year = f"({parts.year})"
    return joined(
        f"{who} {year}: {sentence(parts.title)}" if who else f"{parts.title.rstrip('.')} {year}.",
        sentence(f"V. {parts.version}") if parts.version else "",
        sentence(parts.publisher),
        f"({parts.kind.lower()})." if parts.kind else "",
        link(parts.link),
    )


# ── APA ──────────────────────────────────────────────────────────────────────────────────────


def apa(parts: Parts) -> str:
    """Return the form of the manual's 7th edition."""
    who, place, year = _apa_names(parts.names), parts.place, f"({parts.year})."
    if place is None:
        version = f"({parts.versioned})" if parts.version else ""
        what = joined(parts.title, version, f"[{parts.type}]" if parts.type else "")
        where = "" if parts.only_author else sentence(parts.publisher)
    else:
        what = parts.title
        article = place.pages or (f"Article {place.number}" if place.number else "")
        where = sentence(with_commas(italic(place.title), place.numbered, article))
    first = (sentence(who), year, sentence(what)) if who else (sentence(what), year)
    return joined(*first, where, link(parts.link))


def _apa_names(names: tuple[Name, ...]) -> str:
    told = [_with_initials(name, ", ", ".", " ", "-") for name in names]
    if len(told) > _MOST_NAMED:
        return f"{', '.join(told[: _MOST_NAMED - 1])}, … {told[-1]}"
    return listed(told, ", & ", two=", & ")


def _with_initials(name: Name, comma: str, dot: str, gap: str, dash: str) -> str:
    """Return the family name and the initials."""
    return f"{name.family}{comma}{name.initials(dot, gap, dash)}" if name.given else name.family


# ── Harvard ──────────────────────────────────────────────────────────────────────────────────


def harvard(parts: Parts) -> str:
    """Return the form of Cite Them Right."""
    told = [_with_initials(name, ", ", ".", "", "-") for name in parts.names]
    who = f"{told[0]} et al." if len(told) > _MOST_HARVARD else listed(told, " and ", two=" and ")
    year, place, at = f"({parts.year})", parts.place, _available("Available at:", parts.link)
    if place is None:
        title = italic(parts.title)
        first = f"{who} {year} {_ended(title, parts.title)}" if who else f"{title} {year}."
        return joined(first, sentence(parts.versioned), sentence(parts.publisher), at)
    title = f"‘{parts.title}’"
    held = sentence(with_commas(italic(place.title), place.numbered, place.labelled))
    return joined(f"{who} {year} {title}," if who else f"{title} {year}", held, at)


def _ended(marked: str, text: str) -> str:
    """Return a marked text with a full stop where the text itself has no mark at its end."""
    return marked if sentence(text) == text else f"{marked}."


def _available(words: str, address: str, end: str = ".") -> str:
    return f"{words} {link(address)}{end}" if address else ""


# ── MLA ──────────────────────────────────────────────────────────────────────────────────────


def mla(parts: Parts) -> str:
    """Return the form of the handbook's 9th edition."""
    who = _turned(parts.names, _MOST_MLA, 1)
    place = parts.place
    if place is None:
        held = with_commas(parts.versioned, parts.publisher, parts.year)
    else:
        held = with_commas(_volume(place), parts.year, place.labelled)
    last = sentence(with_commas(held, link(parts.link))) if parts.link else sentence(held)
    return joined(sentence(who), quoted(parts.title, "."), last)


def _turned(names: tuple[Name, ...], most: int, kept: int) -> str:
    """Return the first name inverted and the others as they are said.

    most: beyond so many, `kept` are named and the others are `et al.`
    """
    told = [name.direct if place else name.inverted for place, name in enumerate(names)]
    if len(told) > most:
        return f"{', '.join(told[:kept])}, et al."
    return listed(told, ", and ", two=", and ")


def _volume(place: Place) -> str:
    """Return `Title, vol. 3, no. 1`."""
    volume = f"vol. {place.volume}" if place.volume else ""
    return with_commas(italic(place.title), volume, f"no. {place.issue}" if place.issue else "")


# ── Vancouver ────────────────────────────────────────────────────────────────────────────────


def vancouver(parts: Parts) -> str:
    """Return the form of the National Library of Medicine."""
    told = [_with_initials(name, " ", "", "", "") for name in parts.names]
    who = ", ".join([*told[:_MOST_OTHERS], "et al"] if len(told) > _MOST_OTHERS else told)
    at, place = _available("Available from:", parts.link, end=""), parts.place
    if place is None:
        kind = parts.type.lower().replace("computer software", "software")
        what = joined(parts.title, f"[{kind}]" if kind else "")
        published = sentence("; ".join(filter(None, (parts.publisher, parts.year))))
        return joined(sentence(who), sentence(what), sentence(parts.versioned), published, at)
    held = _ended(italic(place.title), place.title)
    where = f";{place.numbered}" if place.numbered else ""
    pages = f":{place.pages or place.number}" if place.pages or place.number else ""
    when = sentence(f"{parts.year}{where}{pages}")
    return joined(sentence(who), sentence(parts.title), held, when, at)


# ── Chicago ──────────────────────────────────────────────────────────────────────────────────


def chicago(parts: Parts) -> str:
    """Return the form of a bibliography by the manual's 18th edition."""
    who = _turned(parts.names, _MOST_OTHERS, 3)
    place, at = parts.place, f"{link(parts.link)}." if parts.link else ""
    if place is None:
        published = sentence(with_commas(parts.publisher, parts.year))
        middle = joined(sentence(parts.versioned), published)
    else:
        volume = joined(italic(place.title), place.volume)
        issue = f"no. {place.issue}" if place.issue else ""
        pages = f": {place.pages or place.number}" if place.pages or place.number else ""
        middle = sentence(f"{with_commas(volume, issue)} ({parts.year}){pages}")
    return joined(sentence(who), quoted(parts.title, "."), middle, at)


# ── IEEE ─────────────────────────────────────────────────────────────────────────────────────


def ieee(parts: Parts) -> str:
    """Return the form of the institute's reference guide."""
    told = [_before(name) for name in parts.names]
    several = f"{told[0]} et al." if len(told) > _MOST_OTHERS else ""
    who = several or listed(told, ", and ", two=" and ")
    start = f"{who}, " if who else ""
    title, place = quoted(parts.title, ","), parts.place
    if place is None:
        held = sentence(with_commas(parts.versioned, parts.publisher, parts.year))
        return joined(f"{start}{title}", held, _online(parts))
    held = with_commas(_volume(place), place.labelled, parts.year)
    if parts.doi:
        return joined(f"{start}{title}", f"{held},", _online(parts))
    return joined(f"{start}{title}", sentence(held), _online(parts))


def _before(name: Name) -> str:
    """Return the initials and the family name."""
    return f"{name.initials('.', ' ', '-')} {name.family}" if name.given else name.family


def _online(parts: Parts) -> str:
    if parts.doi:
        return f"doi: {link(parts.link, parts.doi)}."
    return f"[Online]. Available: {link(parts.link)}" if parts.link else ""
