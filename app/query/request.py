"""A search as its parameters say it, the same for pages, API, exports, feeds and command line.

One function reads the parameters; what they say together is one query of the search language.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from app.datacite import identifiers
from app.query import reading, values
from app.query.normal import normal, organisation, person
from app.query.reading import Fault, parse
from app.query.terms import COUNTED, FACETS
from app.query.tree import And, Days, Doi, Exact, Identifier, Node, Not, Or, Words, Years, joined
from app.query.tree import written as written_tree

FILTERS = (
    "state", "set", "year_from", "year_to", "updated_from", "updated_until", "first_seen", "copies",
)  # fmt: skip
SEVERAL = ("state", "more")
"""Parameters besides facets that may be given more than once."""
OTHERS = ("q", "sort", "per_page", "cursor", "facets", "more", "jump", "format")
PARAMETERS = ("q", *FACETS, *FILTERS, *OTHERS[1:])
SORTS = (
    "relevance", "-updated", "updated", "-published", "published", "title", "-title", "-citations",
)  # fmt: skip
PER_PAGE = (10, 25, 50, 100)
DEFAULT_PER_PAGE = 25
MOST_PER_PAGE = 1000
LONGEST_QUERY = 1000
STATES = ("live", "deleted", "withdrawn")
_RESOLVED = frozenset(
    (
        "DOI", "Handle", "ARK", "URN", "arXiv", "PMID", "IGSN", "SWHID", "RAiD", "PURL", "w3id",
        "URL", "bibcode", "oai", "RRID", "ISBN",
    )
)  # fmt: skip
"""Kinds of identifiers by which a record is gone to."""
Pairs = Iterable[tuple[str, str]]
Chosen = tuple[tuple[str, tuple[str, ...]], ...]


class Wrong(Struct, frozen=True):
    """What is wrong with a parameter. position: in q, the character, from 1."""

    parameter: str
    message: str
    nearest: str = ""
    """The known name that looks most like it."""
    position: int = 0
    hint: str = ""


class Request(Struct, frozen=True):
    """A search, understood."""

    text: str = ""
    """The query as it was given."""
    query: Node | None = None
    chosen: Chosen = ()
    """Facets and filters with their values in one spelling, in a fixed order."""
    sort_given: str = ""
    per_page: int = DEFAULT_PER_PAGE
    cursor: str = ""
    facets_given: str = ""
    more: tuple[str, ...] = ()
    jump: bool = True
    notices: tuple[str, ...] = ()

    def values(self, name: str) -> tuple[str, ...]:
        """Return the values of a facet or filter."""
        return dict(self.chosen).get(name, ())

    @property
    def sort(self) -> str:
        """The order that holds."""
        text = self.query is not None and any(_words(self.query))
        if self.sort_given and (self.sort_given != "relevance" or text):
            return self.sort_given
        return "relevance" if text else "-updated"

    @property
    def facets(self) -> tuple[str, ...]:
        """The facets that are wanted, and what else is to be counted if it is named."""
        if self.facets_given in ("", "all"):
            return FACETS
        return tuple(name for name in COUNTED if name in self.facets_given.split(","))

    @property
    def copies(self) -> str:
        """`preferred` or `all`."""
        return next(iter(self.values("copies")), "preferred")

    @property
    def state(self) -> str:
        """The state whose records are found, unless the query itself names states.

        Of several the first that is not `live`: then not only live records are found.
        """
        return next((each for each in self.values("state") if each != "live"), "live")

    @property
    def selected(self) -> tuple[str, ...]:
        """The facets that have a selection."""
        return tuple(name for name, _ in self.chosen if name in FACETS)

    @property
    def tree(self) -> Node:
        """All of it as one query; a state is named where it is not `live`."""
        parts = [self.query] if self.query is not None else []
        parts += [node for name, given in self.chosen for node in _nodes(name, given)]
        parts += _years(self.values("year_from"), self.values("year_to"))
        parts += _updated(self.values("updated_from"), self.values("updated_until"))
        if not (self.values("copies") or names(self.query, "copies")):
            parts.append(Exact("copies", "preferred"))
        return joined(And, parts) if parts else Exact("set", "member")

    @property
    def canonical(self) -> str:
        """All of it as one text, the same for equal searches."""
        return written_tree(self.tree)

    @property
    def set_query(self) -> str:
        """The text of the query whose set gives the same live records, and what became of them."""
        return self.without("state").canonical

    @property
    def names_state(self) -> bool:
        """The query itself says in which states its records are."""
        return names(self.query, "state")

    def parameters(self, **changed: object) -> list[tuple[str, str]]:
        """Return the parameters of a link: all but the cursor, with some changed.

        changed: by name a value, several, or None to leave it out.
        """
        pairs = [("q", self.text)] if self.text else []
        pairs += [(name, value) for name, given in self.chosen for value in given]
        pairs += [("sort", self.sort_given)] if self.sort_given else []
        if self.per_page != DEFAULT_PER_PAGE:
            pairs.append(("per_page", str(self.per_page)))
        pairs += [("facets", self.facets_given)] if self.facets_given else []
        pairs += [("more", name) for name in self.more]
        pairs += [] if self.jump else [("jump", "0")]
        pairs = [pair for pair in pairs if pair[0] not in changed]
        for name, value in changed.items():
            given: Sequence[Any] = value if isinstance(value, tuple | list) else (value,)
            pairs += [(name, str(each)) for each in given if each is not None]
        return sorted(pairs, key=lambda pair: PARAMETERS.index(pair[0]))

    def without(self, name: str) -> Request:
        """Return the search without a facet's or filter's selection, from its first page."""
        kept = tuple(pair for pair in self.chosen if pair[0] != name)
        return replace(self, chosen=kept, cursor="")

    def replacing(self, name: str, *given: str) -> Request:
        """Return the search in which a facet or filter has these values instead of its own."""
        kept = dict(self.chosen) | {name: tuple(dict.fromkeys(given))}
        chosen = tuple((each, kept[each]) for each in (*FACETS, *FILTERS) if kept.get(each))
        return replace(self, chosen=chosen, cursor="")

    def that_has(self, key: str) -> Request:
        """Return the search for those records that have a property besides."""
        more: Node = Exact("has", key)
        query = more if self.query is None else joined(And, [self.query, more])
        return replace(self, query=query, cursor="")

    def toggled(self, name: str, value: str) -> Request:
        """Return the search with a value of a facet chosen, or chosen no more."""
        given = self.values(name)
        new = [each for each in given if each != value] if value in given else [*given, value]
        return self.replacing(name, *new)


def read(pairs: Pairs, *, strict: bool = False) -> Request | Wrong:
    """Read the parameters of a search.

    strict: names and values that are not known are Wrong, as the API wants it; else names are
    passed over, and an unknown value finds nothing. A fault of the query is Wrong always.
    """
    given: dict[str, list[str]] = {}
    for name, value in pairs:
        given.setdefault(name, []).append(value)
    if strict:
        wrong = _unknown(given)
        if wrong is not None:
            return wrong
    last = {name: texts[-1] for name, texts in given.items()}
    text = last.get("q", "").strip()
    query = _query(last.get("q", ""))
    if isinstance(query, Wrong):
        return query
    chosen = _chosen(given)
    faults = [each for found in chosen.values() for each in found if isinstance(each, Wrong)]
    if strict and faults:
        return faults[0]
    kept = {name: _kept(name, given, found) for name, found in chosen.items()}
    there = tuple((name, found) for name, found in kept.items() if found)
    return _Made(last, given, strict).request(text, query, there)


def _texts(name: str, given: dict[str, list[str]]) -> list[str]:
    texts = [text.strip() for text in given.get(name, ()) if text.strip()]
    return texts[-1:] if name in FILTERS and name not in SEVERAL else texts


def _chosen(given: dict[str, list[str]]) -> dict[str, list[str | Wrong]]:
    names = (*FACETS, *FILTERS)
    return {name: [_value(name, text) for text in _texts(name, given)] for name in names}


def _kept(name: str, given: dict[str, list[str]], found: list[str | Wrong]) -> tuple[str, ...]:
    """Return the values that hold: a facet's unknown one as it stands, since it finds nothing."""
    pairs = zip(found, _texts(name, given), strict=True)
    kept = [
        text if isinstance(value, Wrong) else value
        for value, text in pairs
        if name in FACETS or not isinstance(value, Wrong)
    ]
    return tuple(dict.fromkeys(kept))


class _Made:
    """Reads the parameters that say how results are shown."""

    def __init__(self, last: dict[str, str], given: dict[str, list[str]], strict: bool) -> None:  # noqa: FBT001
        self._last, self._given, self._strict = last, given, strict

    def request(self, text: str, query: reading.Query | None, chosen: Chosen) -> Request | Wrong:
        last = self._last
        sort, per_page = last.get("sort", ""), self._per_page(last.get("per_page", ""))
        if sort not in SORTS:
            if self._strict and sort:
                return _wrong_value("sort", sort, SORTS)
            sort = ""
        if isinstance(per_page, Wrong):
            return per_page
        more = tuple(name for name in FACETS if name in self._given.get("more", ()))
        facets = last.get("facets", "")
        there = facets in ("all", "none") or set(facets.split(",")) <= set(FACETS)
        if not there and self._strict and facets:
            return _wrong_value("facets", facets, (*FACETS, "all", "none"))
        return Request(
            text, query.tree if query else None, chosen, sort, per_page, last.get("cursor", ""),
            facets if there else "", more, last.get("jump", "") != "0",
            query.notices if query else (),
        )  # fmt: skip

    def _per_page(self, text: str) -> int | Wrong:
        number = int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0
        if self._strict:
            if text and not 1 <= number <= MOST_PER_PAGE:
                return Wrong("per_page", f"per_page is a number from 1 to {MOST_PER_PAGE:,}.")
            return number or DEFAULT_PER_PAGE
        return number if number in PER_PAGE else DEFAULT_PER_PAGE


def _unknown(given: dict[str, list[str]]) -> Wrong | None:
    for name, texts in given.items():
        if name not in PARAMETERS:
            near = next(iter(difflib.get_close_matches(name, PARAMETERS, 1)), "")
            return Wrong(name, f"There is no parameter {name[:40]}.", near)
        if len(texts) > 1 and name not in (*FACETS, *SEVERAL):
            return Wrong(name, f"{name} may be given once.")
    return None


def _query(text: str) -> reading.Query | Wrong | None:
    if not text.strip():
        return None
    if len(text) > LONGEST_QUERY:
        message = f"A query may have {LONGEST_QUERY:,} characters."
        return Wrong("q", message, position=LONGEST_QUERY + 1, hint=message)
    found = parse(text)
    if isinstance(found, Fault):
        return Wrong("q", found.message, position=found.position, hint=found.message)
    return found


def _value(name: str, text: str) -> str | Wrong:
    """Return a value in one spelling, or what is wrong with it."""
    if name in ("year", "year_from", "year_to"):
        years = values.years(text)
        single = isinstance(years, Years) and years.first == years.last
        return text if single else Wrong(name, "A year has four digits.")
    if name in ("updated_from", "updated_until", "first_seen"):
        day = values.span(text)
        return text if day else Wrong(name, values.NO_DAY)
    if name == "type":
        term = values.general_type(text)
        return term.value if term else Wrong(name, "There is no such general type.")
    if name == "state":
        return text if text in STATES else _wrong_value(name, text, STATES)
    if name in ("subject", "creator", "funder"):
        found = normal(name, text)
        fits = bool(found) and (name != "creator" or bool(person(text)))
        return found if fits else Wrong(name, "There is no such value.")
    read = values.exact(name, text)
    return read.value if isinstance(read, Exact) else Wrong(name, read)


def _wrong_value(name: str, text: str, there: Sequence[str]) -> Wrong:
    near = next(iter(difflib.get_close_matches(text, there, 1)), "")
    return Wrong(name, f"{name} is one of {', '.join(there)}.", near)


def _nodes(name: str, given: tuple[str, ...]) -> list[Node]:
    if name in ("year_from", "year_to", "updated_from", "updated_until"):
        return []
    if name == "copies":
        return [Exact("copies", "preferred")] if given[0] == "preferred" else []
    if name == "state":
        return [] if given == ("live",) else [joined(Or, [Exact(name, each) for each in given])]
    if name == "first_seen":
        return [Days("first_seen", given[0], given[0])]
    return [joined(Or, [_node(name, value) for value in given])]


def _node(name: str, value: str) -> Node:
    if name == "year" and len(value) == 4 and value.isascii() and value.isdigit():
        return Years(int(value), int(value))
    return Exact(name, value)


def _years(first: Sequence[str], last: Sequence[str]) -> list[Node]:
    if not (first or last):
        return []
    return [Years(int(first[0]) if first else None, int(last[0]) if last else None)]


def _updated(first: Sequence[str], last: Sequence[str]) -> list[Node]:
    if not (first or last):
        return []
    return [Days("updated", first[0] if first else "", last[0] if last else "")]


def names(node: Node | None, field: str) -> bool:
    """Tell whether a query asks for a field anywhere."""
    if isinstance(node, And | Or):
        return any(names(part, field) for part in node.parts)
    if isinstance(node, Not):
        return names(node.part, field)
    return isinstance(node, Exact) and node.field == field


def _words(node: Node) -> Iterable[Words]:
    if isinstance(node, Words):
        yield node
    elif isinstance(node, And | Or):
        for part in node.parts:
            yield from _words(part)


def identifier_of(request: Request) -> Doi | Identifier | None:
    """Return the identifier that the whole query is, if no facet is chosen."""
    text = request.text
    if not text or request.chosen or person_or_organisation(request):
        return None
    if isinstance(request.query, Doi):
        return None if request.query.open else request.query
    if isinstance(request.query, Identifier):
        return request.query
    kind = identifiers.recognise(text).kind if " " not in text else "local"
    return values.identifier(text) if kind in _RESOLVED else None


def person_or_organisation(request: Request) -> tuple[str, str] | None:
    """Return the facet and value that a whole query means which is an ORCID or a ROR id."""
    for name, read_one in (("creator", person), ("affiliation", organisation)):
        found = read_one(request.text) if request.text else ""
        if found:
            return name, found
    return None
