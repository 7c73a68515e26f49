"""Reads the type of a resource from the words, codes and URIs that a record gives for it.

The best evidence of a record decides (a code before a word before a DCMI type); a word that says
a version, a review or an access status is never a type, and nothing is called a Dataset for want
of knowledge.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache
from urllib.parse import unquote

from msgspec import Struct

from app.datacite.resource import Types
from app.datacite.text import is_null
from app.datacite.type_codes import CODES
from app.datacite.type_words import WORDS
from app.datacite.vocabularies import CURRENT

CACHED = 4096
LONGEST_WORD = 200
"""A longer text is no type word; it is not looked up and not kept in the cache."""


class TypeWord(Struct, frozen=True):
    """What a table says of one word.

    general: a resourceTypeGeneral, empty for a status. label: what resourceType may say.
    status: `version`, `review` or `access` for a word that is no type.
    """

    general: str = ""
    label: str = ""
    status: str = ""


class TypeReading(Struct, frozen=True):
    """The type of a record; rule is a problem's id or `type.` and the kind of evidence.

    version: the label of a version status that stood among the types. access: the access words.
    """

    types: Types | None
    version: str | None = None
    access: tuple[str, ...] = ()
    rule: str = ""


class _Evidence(Struct, frozen=True):
    """One reading of one value. text: the value as a human word, empty for codes and URIs."""

    rank: int
    found: TypeWord
    text: str = ""
    rule: str = ""


_COAR = re.compile(r"https?://(?:www\.)?purl\.org/coar/resource_type/([^/\s]+)/?", re.IGNORECASE)
_EUREPO = re.compile(r"info:eu-repo/semantics/(.+)", re.IGNORECASE)
_EUREPO_OTHER = re.compile(r"info:eu-repo/(?:semantics/)?other/(.+)", re.IGNORECASE)
_DINI = re.compile(r"doc-type:\s*(.+)", re.IGNORECASE)
_SCHEMA_ORG = re.compile(r"https?://(?:www\.)?schema\.org/([A-Za-z]+)/?", re.IGNORECASE)
_DCMI = re.compile(
    r"(?:https?://(?:www\.)?purl\.org/dc/dcmitype/|dcmitype:|dctype:)([A-Za-z]+)/?", re.IGNORECASE
)
_COAR_VERSION = re.compile(r"https?://(?:www\.)?purl\.org/coar/version/(\w+)/?", re.IGNORECASE)
_COAR_VERSIONS = {
    "c_b1a7d7d4d402bcce": "author's original",
    "c_71e4c1898caa6e32": "submitted version",
    "c_ab4af688f83e57aa": "accepted version",
    "c_fa2ee174bc00049f": "proof",
    "c_970fb48d4fbd8a85": "published version",
    "c_e19f295774971610": "corrected version",
    "c_dc82b40f9837b551": "enhanced version",
}
_VERSIONS = {
    "draft": "draft",
    "submittedversion": "submitted version",
    "acceptedversion": "accepted version",
    "authoracceptedmanuscript": "accepted version",
    "postprint": "accepted version",
    "publishedversion": "published version",
    "versionofrecord": "published version",
    "updatedversion": "updated version",
    "ao": "author's original",
    "smur": "submitted version",
    "am": "accepted version",
    "p": "proof",
    "vor": "published version",
    "cvor": "corrected version",
    "evor": "enhanced version",
}
"""Words of repositories, and NISO's codes for versions of journal articles."""
_BROAD = frozenset(
    ("Text", "Other", "Dataset", "Image", "Collection", "Sound", "Software", "Event", "Service")
)
"""Generals that, as a word, say no more than a DCMI type does."""
_CLOSER = {"Book": ("Dissertation", "BookChapter", "ConferenceProceeding")}
"""Generals that another word of a record tells more closely than the first one."""
_SETS = {"driver": TypeWord("Text"), "openairedata": TypeWord("Dataset")}
_SEPARATORS = re.compile(r"[/;|]")
_LOOSE_SEPARATORS = re.compile(r" [-–—] |: |, (?:and )?| or ")
_BRACKET_AT_END = re.compile(r"\s*\([^()]*\)$")
_HEADS = frozenset(
    ("data", "dataset", "thesis", "theses", "dissertation", "report", "article", "map", "maps",
     "photograph", "photographs", "video", "poster", "presentation", "software", "book")
)  # fmt: skip
"""What the last word of an English type may be to tell what the whole is."""
SHORTEST_PLURAL = 3
_IGNORED = str.maketrans({" ": "", "-": "", "_": "", "\t": "", "\n": "", "\xa0": "", "’": "'"})
_HUMAN_RANKS = (3, 4, 8)


def blind(word: str) -> str:
    """Return a word without case, blanks, hyphens and underscores."""
    return word.casefold().translate(_IGNORED)


def _entries(lines: str) -> Iterator[tuple[str, str, str]]:
    """Yield general, label and words of each line of a table; indented lines go on."""
    head, words = "", ""
    for line in lines.splitlines():
        front, colon, rest = line.partition(": ")
        if colon:
            if head:
                yield *_head(head), words
            head, words = front.strip(), rest
        else:
            words += f" {line.strip()}"
    if head:
        yield *_head(head), words


def _head(head: str) -> tuple[str, str]:
    general, _, label = head.partition(" | ")
    return general, label


def _table(name: str, lines: str) -> dict[str, TypeWord]:
    table: dict[str, TypeWord] = {}
    for general, label, words in _entries(lines):
        for word in words.split(";"):
            code, blank, rest = word.strip().partition(" ")
            if name == "coar":
                table[blind(code)] = TypeWord(general, rest)
            elif general.startswith("@"):
                table[blind(code + blank + rest)] = TypeWord(status=general[1:])
            elif word.strip():
                table[blind(code + blank + rest)] = TypeWord(general, label)
    return table


@cache
def _tables() -> Mapping[str, Mapping[str, TypeWord]]:
    return {name: _table(name, lines) for name, lines in {**WORDS, **CODES}.items()}


@cache
def _words() -> Mapping[str, TypeWord]:
    """All words of people and software, the first table that knows a word deciding."""
    words: dict[str, TypeWord] = {}
    for name in reversed(tuple(WORDS)):
        words.update(_tables()[name])
    return words


@cache
def _generals() -> Mapping[str, str]:
    return {blind(term): term for term in CURRENT["resourceTypeGeneral"]}


def type_word(vocabulary: str, word: str) -> TypeWord | None:
    """Return what one vocabulary (a key of `WORDS` or `CODES`) says of a word or code.

    COAR is asked by the last part of its URI. Raises KeyError for an unknown vocabulary.
    """
    return _tables()[vocabulary].get(blind(word))


def human_word(word: str) -> TypeWord | None:
    """Return what the tables of people and software say of a word, the first that knows it."""
    return _words().get(blind(word))


def version_status(text: str) -> str | None:
    """Return the label of a version status given as word, code, eurepo or COAR URI, else None."""
    coar = _COAR_VERSION.fullmatch(text)
    if coar:
        return _COAR_VERSIONS.get(coar[1].lower())
    eurepo = _EUREPO.fullmatch(text)
    return _VERSIONS.get(blind(eurepo[1] if eurepo else text))


def read_types(values: Sequence[str], *, hints: Sequence[str] = ()) -> TypeReading:
    """Read all type values of a record, in their order.

    hints: what a set or the repository's configuration says; used only when no value is a type.
    Without any evidence the type is Other and the rule `resourceType.missing`.
    """
    if sum(map(len, values)) + sum(map(len, hints)) > 10 * LONGEST_WORD:
        return _read(tuple(values), tuple(hints))
    return _read_cached(tuple(values), tuple(hints))


def _read(values: tuple[str, ...], hints: tuple[str, ...]) -> TypeReading:
    evidence = [found for value in values for found in _evidence(value)]
    version, access = _statuses(evidence)
    known = [found for found in evidence if found.found.general]
    words = [found for found in evidence if found.text and not found.found.status]
    if known:
        winner = _winner(known)
        general = winner.found.general
        word = _resource_type(winner, words)
        return TypeReading(Types(general, word), version, access, winner.rule)
    if words:
        types = Types("Other", words[0].text)
        return TypeReading(types, version, access, "resourceType.unknown")
    hint = next(filter(None, map(_hint, hints)), None)
    if hint is None:
        return TypeReading(Types("Other"), version, access, "resourceType.missing")
    return TypeReading(Types(hint.general, hint.label or None), version, access, "type.set")


_read_cached = lru_cache(maxsize=CACHED)(_read)


def _statuses(evidence: Sequence[_Evidence]) -> tuple[str | None, tuple[str, ...]]:
    versions = [e.text for e in evidence if e.found.status == "version"]
    access = tuple(e.text for e in evidence if e.found.status == "access")
    return next(filter(None, map(version_status, versions)), None), access


def _winner(known: Sequence[_Evidence]) -> _Evidence:
    """Return the best-ranked evidence that says more than Text or Other, else more than Other."""
    generals = {found.found.general for found in known}
    vague = ("Text", "Other") if generals - {"Text", "Other"} else ("Other",)
    if "DataPaper" in generals:
        vague = (*vague, "JournalArticle")  # eurepo has one word for both
    telling = [found for found in known if found.found.general not in vague]
    best = min(telling or known, key=lambda found: found.rank)
    closer = _CLOSER.get(best.found.general) if best.text else None
    return next((f for f in telling if closer and f.text and f.found.general in closer), best)


def _resource_type(winner: _Evidence, words: Sequence[_Evidence]) -> str | None:
    """Return the words that say the type more closely than its general."""
    general = winner.found.general
    human = [w for w in words if w.rank in _HUMAN_RANKS and blind(w.text) != blind(general)]
    for word in human:
        if word.rank == 8 or word.found.label:
            return word.text
    if winner.found.label:
        return winner.found.label
    return next((word.text for word in human if word.found.general == general), None)


def _hint(text: str) -> TypeWord | None:
    known = _SETS.get(blind(text))
    if known is not None:
        return known
    return next((e.found for e in _evidence(text) if e.found.general and e.rank < 8), None)


def _evidence(value: str) -> tuple[_Evidence, ...]:
    if len(value) > LONGEST_WORD:
        return ()
    return _evidence_cached(value)


@lru_cache(maxsize=CACHED)
def _evidence_cached(value: str) -> tuple[_Evidence, ...]:
    text = value.strip()
    if is_null(text):
        return ()
    single = _code(text) or _word(text)
    if single is not None:
        return (single,)
    return _parts(text)


def _code(text: str) -> _Evidence | None:
    """Read a URI or a prefixed code: ranks 1 to 3, 5 to 7, and the version URIs of COAR."""
    if ":" not in text:
        return None
    coar = _COAR.fullmatch(text)
    if coar:
        return _Evidence(1, type_word("coar", coar[1]) or TypeWord("Other"), rule="type.coar")
    other = _EUREPO_OTHER.fullmatch(text)
    if other:
        found = type_word("eurepo-other", other[1])
        return _Evidence(5, found, rule="type.eurepo") if found else _word(unquote(other[1]))
    eurepo = _EUREPO.fullmatch(text)
    if eurepo:
        return _eurepo(text, eurepo[1])
    dini = _DINI.fullmatch(text)
    if dini:
        found = type_word("dini", dini[1])
        return _Evidence(2, found, rule="type.dini") if found else _word(dini[1])
    return _uri(text)


def _eurepo(text: str, name: str) -> _Evidence:
    name = unquote(name)
    found = type_word("eurepo", name)
    if found is None:
        return _word(name) or _Evidence(8, TypeWord(), name)
    if found.status:
        return _Evidence(8, found, text)
    return _Evidence(7 if found.general == "Other" else 2, found, rule="type.eurepo")


def _uri(text: str) -> _Evidence | None:
    schema_org = _SCHEMA_ORG.fullmatch(text)
    if schema_org:
        found = type_word("schema.org", schema_org[1])
        return _Evidence(3, found, rule="type.schema-org") if found else None
    dcmi = _DCMI.fullmatch(text)
    if dcmi:
        found = type_word("dcmi", dcmi[1])
        return _Evidence(6, found, rule="type.dcmi") if found else None
    if _COAR_VERSION.fullmatch(text):
        return _Evidence(8, TypeWord(status="version"), text)
    return None


def _word(text: str) -> _Evidence | None:
    """Read a human word: ranks 3, 4 and 6; None if no table knows it."""
    key = blind(text)
    general = _generals().get(key)
    if general is not None and general not in _BROAD:
        return _Evidence(3, TypeWord(general), text, "type.general")
    found = _words().get(key)
    if found is not None:
        return _Evidence(4, found, text, "type.word")
    found = type_word("dcmi", key) or type_word("datacite", key)
    if found is None and general is not None:
        found = TypeWord(general)
    if found is None and key[-1:] == "s" and len(key) > SHORTEST_PLURAL:
        one = _word(text.strip()[:-1])
        return _Evidence(one.rank, one.found, text, one.rule) if one else None
    return _Evidence(6, found, text, "type.dcmi") if found else None


def _loose_parts(text: str) -> list[str]:
    """Part "Thesis (PhD)", "Article - letter", "x:book"; of "census data" keep the last word."""
    _, colon, name = text.partition(":")
    if colon and " " not in text and ":" not in name:
        return [name] if _word(name) else []
    bracket = _BRACKET_AT_END.search(text)
    parts = [text[: bracket.start()]] if bracket else _LOOSE_SEPARATORS.split(text)
    parts = [part.strip() for part in parts if part.strip()]
    if any(map(_word, parts)):
        return parts
    _, blank, last = text.rpartition(" ")
    return [last] if blank and last.lower() in _HEADS else []


def _parts(text: str) -> tuple[_Evidence, ...]:
    """Read an unknown value by its parts; the whole stays a human word unless it is a URI."""
    if "://" in text:
        tail = text.rstrip("/#").replace("#", "/").rpartition("/")[2]
        found = _word(unquote(tail)) if tail else None
        return (_Evidence(found.rank, found.found, rule="type.split"),) if found else ()
    pieces = [piece.strip() for piece in _SEPARATORS.split(text)]
    pieces = [piece for piece in pieces if piece]
    if not any(map(_word, pieces)):
        pieces = _loose_parts(text) or pieces
    elif len(pieces) == 1 and pieces[0] != text:
        return (_word(pieces[0]) or _Evidence(8, TypeWord(), pieces[0]),)
    found_parts = [found for piece in pieces if (found := _word(piece))]
    if found_parts and all(part.found.status for part in found_parts):
        return tuple(found_parts)
    known = tuple(
        _Evidence(part.rank, part.found, part.text if part.found.status else "", "type.split")
        for part in found_parts
    )
    return (_Evidence(8, TypeWord(), text), *known)
