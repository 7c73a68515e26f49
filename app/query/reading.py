"""Reads the text of a query: words, phrases, fields, ranges, AND, OR, NOT and brackets.

    query  = or
    or     = and { "OR" and }
    and    = not { [ "AND" ] not }            words side by side mean AND
    not    = [ "-" | "NOT" ] atom
    atom   = "(" or ")" | field ":" value | phrase | prefix | word | identifier
    value  = phrase | range | prefix | word | "=" whole value | "(" or ")"
    range  = [ bound ] ".." [ bound ]
    phrase = quotation marks around words that follow one another
    prefix = word "*"

Any text gives a query or a fault; places are counted from 1. In values that are no words a
quotation mark inside quotation marks is written twice.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import NoReturn

from msgspec import Struct

from app.query import fields, folding, values
from app.query.tree import (
    And,
    Days,
    Doi,
    Exact,
    Identifier,
    Node,
    Or,
    Words,
    Years,
    is_named,
    joined,
    negated,
    weight,
)

MOST_TERMS = 50
"""Terms of a query that are no identifiers; each is looked for in every record."""
MOST_IDENTIFIERS = 10_000
MOST_WORDS = 50
"""Words of a phrase."""
MOST_DEPTH = 20
"""Brackets inside one another."""
SHORTEST_PREFIX = 3
LONGEST_SHOWN = 40

_BLANKS = re.compile(r"\s*")
_OPERATOR = re.compile(r'(AND|OR|NOT)(?=[\s()"]|$)')
_FIELD = re.compile(r"([A-Za-z][A-Za-z_]*):(?=\S)")
_HEAD = re.compile(r"([^\W\d_][\w-]*):(?=[^\s/])")
_RUN = re.compile(r'[^\s"()]*')
_LONG_RUN = re.compile(r'[^\s"]*')
_QUOTED = re.compile(r'"([^"]*)"')
_QUOTED_VALUE = re.compile(r'"((?:[^"]|"")*)"(?!")')
_IDENTIFIER = re.compile(
    r"10\.[0-9]{4,9}(?:\.[0-9]+)*/\S|(?:https?|ftp)://\S"
    r"|(?:hdl|ark|urn|info|oai|arxiv|pmid|igsn|swh|isbn|issn):[^\s\"()]",
    re.IGNORECASE,
)
_APART = "Many identifiers can be asked for only with OR between all of them."
_NO_STAR = "A star needs at least three characters before it."


class Fault(Struct, frozen=True):
    """What is wrong with a query. position: the character, from 1."""

    position: int
    message: str


class Query(Struct, frozen=True):
    """A query that was understood. notices: sentences on what was taken otherwise than it looks."""

    tree: Node
    notices: tuple[str, ...] = ()


def parse(text: str, offered: Collection[str] = fields.FIELDS) -> Query | Fault:
    """Read a query. offered: the fields that may be asked; others are refused by name."""
    reader = _Reader(text, offered)
    try:
        tree = reader.whole()
    except _Stop as stop:
        return stop.fault
    return Query(tree, tuple(dict.fromkeys(reader.notices)))


class _Stop(Exception):
    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.message)
        self.fault = fault


class _Reader:
    """Reads one text from left to right; `at` is where it stands, from 0."""

    def __init__(self, text: str, offered: Collection[str]) -> None:
        self.text = text
        self.offered = offered
        self.at = 0
        self.depth = 0
        self.terms = 0
        self.identifiers = 0
        self.first_identifier = 0
        self.field = ""
        """The field whose brackets are open."""
        self.notices: list[str] = []

    def whole(self) -> Node:
        tree = self.either()
        if self.peek() == ")":
            self.stop(self.at, "There is no opening bracket for this one.")
        if tree is None:
            self.stop(0, "There is no word to look for.")
        if weight(tree) > 2 * MOST_TERMS:
            self.stop(self.first_identifier, _APART)
        return tree

    def stop(self, place: int, message: str) -> NoReturn:
        raise _Stop(Fault(place + 1, message))

    def peek(self) -> str:
        """Go to the next character that is no blank, and return it; nothing at the end."""
        found = _BLANKS.match(self.text, self.at)
        self.at = found.end() if found else self.at
        return self.text[self.at : self.at + 1]

    def operator(self) -> str:
        """Return the operator that stands here, if there is one."""
        self.peek()
        found = _OPERATOR.match(self.text, self.at)
        return found[1] if found else ""

    # ── OR, AND, NOT ─────────────────────────────────────────────────────────────────────────

    def either(self) -> Node | None:
        parts = [self.all_of()]
        while self.operator() == "OR":
            place = self.at
            if parts[-1] is None:
                self.stop(place, "OR needs a word before it.")
            self.at += 2
            parts.append(self.all_of())
            if parts[-1] is None:
                self.stop(place, "OR needs a word after it.")
        kept = [part for part in parts if part is not None]
        return joined(Or, kept) if kept else None

    def all_of(self) -> Node | None:
        kept: list[Node] = []
        waits = -1
        while (operator := self.operator()) != "OR" and self.peek() not in ("", ")"):
            if operator == "AND":
                if waits >= 0 or not kept:
                    self.stop(self.at, "AND needs a word before it.")
                waits = self.at
                self.at += 3
                continue
            part = self.one()
            if part is not None:
                kept.append(part)
                waits = -1
        if waits >= 0:
            self.stop(waits, "AND needs a word after it.")
        return joined(And, kept) if kept else None

    def one(self) -> Node | None:
        place = self.at
        if self.operator() == "NOT":
            self.at += 3
            self.peek()
        elif self.text.startswith("-", place):
            self.at += 1
        else:
            return self.atom()
        here = self.text[self.at : self.at + 1]
        nothing = not here or here.isspace() or here in "-)"
        part = None if nothing or self.operator() else self.atom()
        return self.stop(place, "NOT needs a word after it.") if part is None else negated(part)

    # ── atoms ────────────────────────────────────────────────────────────────────────────────

    def atom(self) -> Node | None:
        place = self.at
        if self.text[place] == "(":
            return self.group()
        if self.field:
            self.refuse_field_inside()
            return self.value(self.field)
        if self.text[place] == '"':
            return self.words("", self.phrase(), place)
        found = _FIELD.match(self.text, place)
        name = found[1].lower() if found else ""
        name = fields.ALIASES.get(name, name)
        if found and name in fields.FIELDS:
            return self.in_field(name, found.end())
        if _IDENTIFIER.match(self.text, place):
            return self.counted(self.identifier_value("id"), place)
        return self.word("")

    def group(self) -> Node:
        place = self.at
        self.depth += 1
        if self.depth > MOST_DEPTH:
            self.stop(place, f"No more than {MOST_DEPTH} brackets may stand inside one another.")
        self.at += 1
        tree = self.either()
        if self.peek() != ")":
            self.stop(place, "The bracket is not closed.")
        self.at += 1
        self.depth -= 1
        return tree or self.stop(place, "There is nothing in this bracket.")

    def in_field(self, name: str, after: int) -> Node | None:
        if name not in self.offered:
            there = ", ".join(sorted(self.offered))
            self.stop(self.at, f"The field {name} cannot be searched here yet; there are {there}.")
        self.at = after
        if self.text[after] != "(":
            return self.value(name)
        self.field = name
        tree = self.group()
        self.field = ""
        return tree

    def refuse_field_inside(self) -> None:
        found = _FIELD.match(self.text, self.at)
        if found and found[1].lower() in fields.FIELDS and self.field not in _OF_IDENTIFIERS:
            self.stop(self.at, "A field cannot stand inside the brackets of another one.")

    def word(self, field: str) -> Node | None:
        place = self.at
        head = _HEAD.match(self.text, place)
        run = self.run()
        if head and not field:
            shown = head[1] if len(head[1]) <= LONGEST_SHOWN else f"{head[1][:LONGEST_SHOWN]}…"
            self.notices.append(f"“{shown}” is not a field, so it was searched as text.")
        body, star, rest = run.partition("*")
        if rest:
            self.stop(place + len(body), "A star may stand at the end of a word only.")
        return self.words(field, body, place, star=place + len(body) if star else -1)

    # ── values ───────────────────────────────────────────────────────────────────────────────

    def value(self, field: str) -> Node | None:
        kind, place = fields.FIELDS[field], self.at
        if kind == fields.TEXT:
            return self.whole_value(field) or self.text_value(field)
        if kind in (fields.DOI, fields.IDENTIFIER):
            return self.counted(self.identifier_value(field), place)
        given = self.quoted() if self.text[place] == '"' else self.run()
        if kind == fields.YEARS:
            return self.read(values.years(given), place)
        if kind == fields.DAYS:
            return self.read(values.days(field, given), place)
        if kind == fields.TYPE:
            term = values.general_type(given)
            if term is not None:
                return self.read(term, place)
            self.at = place
            return self.text_value(field)
        return self.read(values.exact(field, given), place)

    def whole_value(self, field: str) -> Node | None:
        """Read a whole value, after an equals sign, or what is an identifier by its form."""
        place = self.at
        if field not in fields.WHOLE:
            return None
        equal = self.text[place] == "="
        if equal:
            self.at += 1
        quoted = self.text[self.at : self.at + 1] == '"'
        given = self.quoted() if quoted and equal else "" if quoted else self.long_run()
        found = values.whole(field, given, named_only=not equal)
        if found is None:
            self.at = place
            return self.stop(place, "There is no value here.") if equal else None
        return self.read(found, place)

    def text_value(self, field: str) -> Node | None:
        place = self.at
        if self.text[place] == '"':
            return self.words(field, self.phrase(), place)
        if self.text[place] == "-":
            self.stop(place, f"The minus stands before the field: -{field}:…")
        return self.word(field)

    def identifier_value(self, field: str) -> Doi | Identifier:
        place = self.at
        quoted = self.text[place] == '"'
        given = self.quoted() if quoted else self.long_run()
        if quoted and self.text.startswith("*", self.at):
            given, quoted, self.at = f"{given}*", False, self.at + 1
        if given.endswith("*") and not quoted:
            return values.beginning_of_dois(given[:-1]) or self.stop(place, values.NO_DOI)
        if field == "doi":
            return values.doi(given) or self.stop(place, values.NO_DOI)
        if not given.strip():
            self.stop(place, "There is no identifier here.")
        return values.identifier(given)

    def read(self, given: Years | Days | Exact | values.Wrong, place: int) -> Node:
        if isinstance(given, str):
            self.stop(place, given)
        return self.counted(given, place)

    def words(self, field: str, text: str, place: int, star: int = -1) -> Node | None:
        found = folding.words(text)
        if star >= 0 and len(found[-1] if found else "") < SHORTEST_PREFIX:
            self.stop(star, _NO_STAR)
        if len(found) > MOST_WORDS:
            self.stop(place, f"A phrase may have {MOST_WORDS} words.")
        leaf = Words(field, tuple(found), open=star >= 0)
        return self.counted(leaf, place) if found else None

    def counted(self, leaf: Node, place: int) -> Node:
        """Pass a term on unless there are too many."""
        if is_named(leaf):
            self.first_identifier = self.first_identifier if self.identifiers else place
            self.identifiers += 1
            if self.identifiers > MOST_IDENTIFIERS:
                self.stop(place, f"A query may have {MOST_IDENTIFIERS:,} identifiers.")
            return leaf
        self.terms += 1
        if self.terms > MOST_TERMS:
            self.stop(place, f"A query may have {MOST_TERMS} terms, besides identifiers.")
        return leaf

    # ── characters ───────────────────────────────────────────────────────────────────────────

    def run(self) -> str:
        """Read up to a blank, a quotation mark or a bracket."""
        return self.matched(_RUN)

    def long_run(self) -> str:
        """Read an identifier up to a blank, but no closing bracket that it did not open."""
        place = self.at
        given = self.matched(_LONG_RUN)
        surplus = given.count(")") - given.count("(")
        while surplus > 0 and given.endswith(")"):
            given, surplus = given[:-1], surplus - 1
        self.at = place + len(given)
        return given

    def phrase(self) -> str:
        """Read words in quotation marks."""
        return self.closed(_QUOTED)

    def quoted(self) -> str:
        """Read a value in quotation marks."""
        return self.closed(_QUOTED_VALUE).replace('""', '"')

    def closed(self, pattern: re.Pattern[str]) -> str:
        found = pattern.match(self.text, self.at)
        if found is None:
            self.stop(
                self.at,
                "The quotation mark is not closed. Add one at the end, or remove this one.",
            )
        self.at = found.end()
        return found[1]

    def matched(self, pattern: re.Pattern[str]) -> str:
        found = pattern.match(self.text, self.at)
        self.at = found.end() if found else self.at
        return found[0] if found else ""


_OF_IDENTIFIERS = ("doi", "id")
