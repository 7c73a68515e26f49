"""Reads names: people and organisations, one or several in a text, with what stands around them.

A person is told from an organisation by words and form; what cannot be told stays a name without
a type. The name is the source's text; only what is no part of a name is taken off it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import TypeVar

from msgspec import Struct
from msgspec.structs import replace

from app.datacite.name_identifiers import ORCID, ROR, Taken, take_identifiers
from app.datacite.name_roles import AUTHOR, OTHER, is_role_word, read_role
from app.datacite.name_trims import (
    is_initials,
    split_names,
    take_email,
    take_et_al,
    take_life_dates,
    take_titles,
)
from app.datacite.name_words import (
    AFTER_COMMA,
    DEGREES,
    GENERATIONS,
    SHORTEST_INFLECTED,
    STRONG,
    STRONG_PREFIXES,
    STRONG_SUFFIXES,
    TITLES,
    WEAK,
)
from app.datacite.organisations import (
    has_organisation_word,
    is_organisation,
    is_strong,
    words_of,
)
from app.datacite.persons import Person, split_behind, split_person
from app.datacite.resource import Affiliation, Contributor, Creator, NameIdentifier
from app.datacite.text import clean, is_null

PERSONAL, ORGANIZATIONAL = "Personal", "Organizational"
_TWO_NULLS = 20
"""Two words that say nothing are shorter: `n/a, n/a`."""
SHORTEST_PLACE = 5
_ENDS_OF_ROLES = ("er", "or", "ist", "man", "eur", "ier")
CACHED, LONGEST_CACHED = 4096, 100
"""The same people stand in many records of a repository; a longer text is hardly one name."""
MOST = 10_000
"""No more names are taken out of one text (the schema's own limit)."""
LONGEST = 600
"""A longer text that does not part is kept as a name, and not looked into."""


class Name(Struct, frozen=True, gc=False):
    """One name and what its text told.

    name: the text without identifiers, e-mail, role, dates and titles. role: a contributorType,
    `Author` or `Funder`, with its word in role_text. et_al: others were there and not named.
    rejected: identifiers whose check digit is wrong.
    """

    name: str
    name_type: str | None = None
    family_name: str | None = None
    given_name: str | None = None
    name_identifiers: tuple[NameIdentifier, ...] = ()
    affiliation: tuple[Affiliation, ...] = ()
    role: str | None = None
    role_text: str | None = None
    et_al: bool = False
    rejected: tuple[str, ...] = ()


_UPPER, _LOWER = "A-ZÀ-ÖØ-ÞĀ-ſ", "a-zß-öø-ÿā-ſ"
_WORD = f"[{_UPPER}][{_LOWER}]+"
_PLAIN = re.compile(
    rf"((?:(?:van|von|der|den|de|la|du|da|dos|di|del|ter|ten|zu) )*{_WORD}(?:[ -]{_WORD})?), "
    rf"((?:{_WORD}|[{_UPPER}]\.(?:[ -]?[{_UPPER}]\.)*)"
    rf"(?:[ -](?:{_WORD}|[{_UPPER}]\.(?:[ -]?[{_UPPER}]\.)*)){{0,2}})"
)
"""The commonest form of a person's name, with nothing else in the text."""
_SPECIAL = STRONG | WEAK | GENERATIONS | TITLES | AFTER_COMMA | {"the", "of"}
_LETTERS = re.compile(rf"[{_UPPER}{_LOWER}]+(?: [{_UPPER}{_LOWER}]+)+")
_OTHERS = frozenset(("al", "alii", "others", "other", "andere", "autres", "otros", "altri"))
"""What may stand for names that are not told; looked into."""
_BRACKET = re.compile(r"\s*[(\[]([^()\[\]]*)[)\]]")
_LAST_BRACKET = re.compile(r"\s*[(\[]([^()\[\]]{1,60})[)\]][\s.,;]*$")
_INITIALS_AND_PLACE = re.compile(
    rf"([^,]{{2,40}}, (?:[{_UPPER}]\.[ -]?){{1,4}}), ([^,].*)", re.DOTALL
)
"""A person with initials, and behind another comma where the person works."""
_QUOTES = {'"': '"', "“": "”", "«": "»", "„": "“"}
_ACCOUNT = re.compile(r"\s*\([0-9]{5,}\)$")
_CLASS_YEAR = re.compile(r"\s['’][0-9]{2}(?=,|$)")
_DATED_ROLE = re.compile(r"([^,]+,.*[0-9]{3}[0-9?-]*)\s+([^\W\d_]{3,20}(?: [^\W\d_]{2,20})?)\.?")
"""A person with the years of life, and a role behind them: `Roe, Jane, 1850-1901 engraver.`"""
_DIGIT = re.compile("[0-9]")
_COMMAS = dict.fromkeys(map(ord, "\u060c\uff0c"), ",")
"""The commas of other scripts, which part names too."""
_LABEL = re.compile(r"([^\W\d_][^:,;]{1,40}?):\s+(\S.*)", re.DOTALL)
_MARKS = re.compile(r"[^\w\s]*")


def read_names(
    text: str, *, element: str = "creator", others: Sequence[str] = ()
) -> tuple[Name, ...]:
    """Read all names of one text. Line ends in the text part names: give it as it came.

    element: `creator` or `contributor`; of a creator the role Author is not told.
    others: the texts of the record's other names, or what `in_capitals` returns of them.
    """
    read = _read_cached if len(text) <= LONGEST_CACHED else _read
    return read(text, element, in_capitals(others) if others else ())


def in_capitals(texts: Iterable[str]) -> tuple[str, ...]:
    """Return the inverted names in capitals: beside them, a word in capitals is a name too."""
    return tuple([text for text in texts if text.isupper() and "," in text])


def _read(text: str, element: str, others: tuple[str, ...]) -> tuple[Name, ...]:
    found = _plain(text) or _plain_with_role(text, element) or _plain_organisation(text)
    return _parted(text, element, others) if found is None else (found,)


_read_cached = lru_cache(maxsize=CACHED)(_read)


def _plain_organisation(text: str) -> Name | None:
    """Read an organisation at once whose name is words of letters, one of them telling it."""
    if _LETTERS.fullmatch(text) is None:
        return None
    words = text.lower().split(" ")
    if words[-1] in _OTHERS:
        return None
    told = not WEAK.isdisjoint(words) and len(text) <= LONGEST
    if told and words[0] not in TITLES and words[-1] not in DEGREES:
        return Name(text, ORGANIZATIONAL)
    return Name(text, ORGANIZATIONAL) if is_strong(text, words) else None


def _plain(text: str) -> Name | None:
    """Read the commonest form of a person's name at once."""
    plain = _PLAIN.fullmatch(text) if ", " in text else None
    if plain is None:
        return None
    family, given = plain.groups()
    words = text.lower().replace(",", "").split(" ")
    if _SPECIAL.isdisjoint(words) and not _is_inflected(words) and not is_role_word(words[-1]):
        return Name(text, PERSONAL, family, given)
    return None


def _plain_with_role(text: str, element: str) -> Name | None:
    """Read such a name with a role in brackets behind it."""
    if text[-1:] != ")":
        return None
    before, bracket, word = text.rpartition(" (")
    if not bracket:
        return None
    name, role = _plain(before), read_role(word[:-1])
    if name is None or role is None or (role == AUTHOR and element == "creator"):
        return None
    return Name(
        name.name,
        PERSONAL,
        name.family_name,
        name.given_name,
        role=role,
        role_text=word[:-1].strip(),
    )


def _is_inflected(words: Sequence[str]) -> bool:
    for word in words:
        if len(word) >= SHORTEST_INFLECTED and (
            word.startswith(STRONG_PREFIXES) or word.endswith(STRONG_SUFFIXES)
        ):
            return True
    return False


def _parted(text: str, element: str, others: Sequence[str]) -> tuple[Name, ...]:
    """Read what is no plain name: several in a text, and what stands around them."""
    text = "\n".join(map(clean, text.split("\n"))) if "\n" in text else clean(text)
    names: list[Name] = []
    for piece in split_names(text)[:MOST]:
        rest, et_al = take_et_al(piece)
        name = _name(rest, element, others) if len(rest) <= LONGEST else Name(rest)
        if name is not None:
            names.append(replace(name, et_al=True) if et_al else name)
        elif et_al and names:
            names[-1] = replace(names[-1], et_al=True)
    return tuple(names)


def _name(text: str, element: str, others: Sequence[str]) -> Name | None:
    """Read one name, in the order of identifiers, role, trimmings, kind."""
    if is_null(text) or (
        len(text) < _TWO_NULLS and "," in text and all(map(is_null, text.split(",")))
    ):
        return None
    text = _unquoted(text)
    taken = take_identifiers(text) if _DIGIT.search(text) else Taken(text)
    text = take_email(taken.text)
    text, role, role_text = _take_role(text)
    text, et_al = take_et_al(text)
    text = _trimmed(text)
    if role is None:
        text, role, role_text = _take_role(text)
    text, affiliation = _take_affiliation(text)
    text = text.strip(" ,;")
    if is_null(text) or _MARKS.fullmatch(text):
        return None
    if role == AUTHOR and element == "creator":
        role, role_text = None, None
    name = _typed(text, taken.identifiers, others)
    return replace(
        name,
        name_identifiers=taken.identifiers,
        affiliation=affiliation,
        role=role,
        role_text=role_text,
        et_al=et_al,
        rejected=taken.rejected,
    )


def _unquoted(text: str) -> str:
    """Take quotes off that stand around a whole name, and the number an account has behind it."""
    if text[0] in _QUOTES and text[-1] == _QUOTES[text[0]]:
        text = text[1:-1].strip()
    if text[-1:] == ")":
        text = _ACCOUNT.sub("", text)
    elif "’" in text or "'" in text:
        text = _CLASS_YEAR.sub("", text)
    return text


def _trimmed(text: str) -> str:
    """Take life dates and titles off, except from the name of an organisation."""
    outside = _BRACKET.sub("", text) if "(" in text or "[" in text else text
    if is_strong(outside, words_of(outside)):
        return text
    if _DIGIT.search(text):
        text = take_life_dates(text)
    return take_titles(text)


def _take_role(text: str) -> tuple[str, str | None, str | None]:
    """Take a role off the end, in brackets or behind the last comma, or off the front."""
    bracket = _LAST_BRACKET.search(text) if text[-3:].rstrip(" .,;")[-1:] in (")", "]") else None
    if bracket is not None and bracket.start():
        role = read_role(bracket[1])
        if role is None and bracket[0].strip()[0] == "[" and _is_unknown_role(bracket[1], text):
            role = OTHER
        if role is not None:
            return text[: bracket.start()].rstrip(" ,;"), role, bracket[1].strip()
    before, comma, last = text.rpartition(",")
    if comma and ("," in before or " " in before.strip()):
        role = read_role(last)
        if role is not None and not is_initials(last.strip()):
            return before.rstrip(" ,;"), role, last.strip()
    dated = _DATED_ROLE.fullmatch(text) if _DIGIT.search(text) else None
    if dated is not None and (role := read_role(dated[2])) is not None:
        return dated[1], role, dated[2]
    if ":" in text:
        label = _LABEL.fullmatch(text)
        role = read_role(label[1]) if label else None
        if label is not None and role is not None:
            return label[2], role, label[1]
    return text, None, None


def _is_unknown_role(word: str, text: str) -> bool:
    """Whether a square bracket behind a person with two names tells what the person did."""
    is_word = word.replace(" ", "").isalpha() and word.endswith(_ENDS_OF_ROLES)
    return is_word and "," in text and not has_organisation_word(word)


def _take_affiliation(text: str) -> tuple[str, tuple[Affiliation, ...]]:
    """Take an organisation from behind the name of a person, in brackets or after initials."""
    if "(" not in text and "[" not in text:
        behind = _INITIALS_AND_PLACE.fullmatch(text) if text.count(",") > 1 else None
        if behind is None or not has_organisation_word(behind[2]):
            return text, ()
        return behind[1], (Affiliation(behind[2]),)
    outside = _BRACKET.sub("", text).strip()
    if not _may_have_affiliation(outside):
        return text, ()
    places = [content.strip() for content in _BRACKET.findall(text)]
    named = [
        place
        for place in places
        if has_organisation_word(place) and not _abbreviates(place, outside)
    ]
    if not named and "," in outside and text[-1] == "]":
        named = [place for place in places[-1:] if _is_place_of_work(place)]
    if not named:
        return text, ()
    for match in reversed(tuple(_BRACKET.finditer(text))):
        if match[1].strip() in named:
            text = text[: match.start()] + text[match.end() :]
    return text.strip(), tuple(Affiliation(place) for place in named)


def _abbreviates(place: str, outside: str) -> bool:
    """Whether a bracket holds the first letters of the words before it: KNOB, not a place."""
    initials = (word[0] for word in outside.split())
    return place.isupper() and all(letter in initials for letter in place)


def _is_place_of_work(content: str) -> bool:
    """Whether a square bracket behind a whole name tells where a person works."""
    if len(content) <= SHORTEST_PLACE or not content[0].isupper() or _DIGIT.search(content):
        return False
    return not content.endswith(_ENDS_OF_ROLES)


def _may_have_affiliation(outside: str) -> bool:
    """Whether a text has the form of a person's name: with a comma, or two to four words."""
    words = outside.split()
    if is_organisation(outside):
        return False
    if "," in outside:
        return True
    return 2 <= len(words) <= 4 and all(word[0].isupper() for word in words)


def _typed(text: str, identifiers: tuple[NameIdentifier, ...], others: Sequence[str]) -> Name:
    """Say what kind of name it is: its identifier decides, then its words, then its form."""
    schemes = {identifier.name_identifier_scheme for identifier in identifiers}
    is_person = ORCID in schemes
    if not is_person and (ROR in schemes or is_organisation(text, others)):
        return Name(text, ORGANIZATIONAL)
    person = split_person(text if text.isascii() else text.translate(_COMMAS))
    if person is not None:
        return _person(text, person)
    behind = split_behind(text) if "," not in text else None
    if behind is not None:
        return _person(f"{behind.family}, {behind.given}", behind)
    return Name(text, PERSONAL if is_person else None)


def _person(name: str, person: Person) -> Name:
    return Name(name, PERSONAL, person.family or None, person.given or None)


Maker = TypeVar("Maker", Creator, Contributor)


def complete(maker: Maker) -> Maker:
    """Fill in what a structured name lacks: type, parts, and what stands in the text of its name.

    What the source gives is never changed, except that "Jane Roe" beside its two parts becomes
    "Roe, Jane". A text with several names is left alone.
    """
    if maker.family_name and maker.given_name:
        return replace(maker, name=_rebuilt(maker), name_type=maker.name_type or PERSONAL)
    if maker.name_type == ORGANIZATIONAL or not maker.name:
        return maker
    plain = read_names(maker.name)
    if len(plain) != 1:
        return maker
    return _filled(maker, plain[0])


def _rebuilt(maker: Creator | Contributor) -> str:
    whole = f"{maker.family_name}, {maker.given_name}"
    if not maker.name:
        return whole
    is_same = sorted(words_of(maker.name)) == sorted(words_of(whole))
    return whole if is_same and "," not in maker.name else maker.name


def _filled(maker: Maker, name: Name) -> Maker:
    kind = maker.name_type or name.name_type
    known = {identifier.name_identifier for identifier in maker.name_identifiers}
    new = tuple(i for i in name.name_identifiers if i.name_identifier not in known)
    changed = new or name.rejected or (name.affiliation and not maker.affiliation)
    if kind == PERSONAL and name.name_type != PERSONAL:
        person = split_person(name.name)
        name = _person(name.name, person) if person else name
    is_person = kind == PERSONAL
    return replace(
        maker,
        name=name.name if changed else maker.name,
        name_type=kind,
        family_name=maker.family_name or (name.family_name if is_person else None),
        given_name=maker.given_name or (name.given_name if is_person else None),
        name_identifiers=maker.name_identifiers + new,
        affiliation=maker.affiliation or name.affiliation,
    )
