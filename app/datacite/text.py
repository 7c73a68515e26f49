"""Cleans the text of metadata, once, so that a canonical value can be written as it stands.

`clean` is total and settles: what it returns, it returns again unchanged. It never re-cases,
translates or shortens; it only takes off what is no text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from html.entities import html5
from string import ascii_letters, digits
from unicodedata import normalize

BREAK = "<br>"
ROUNDS = 8
"""How often a text is cleaned over at most; three are enough for what is found in the wild."""

_BLOCKS = """
    p div ul ol li dl dt dd h1 h2 h3 h4 h5 h6 table tbody thead tr blockquote pre center hr
    sec title list list-item jats:p jats:sec jats:title jats:list jats:list-item
    jats:disp-formula jats:disp-quote"""
_INLINE = "b i em strong u sub sup span a code font img italic bold"
BLOCKS = frozenset(_BLOCKS.split())
"""Elements that stand on lines of their own."""
CELLS = frozenset(("td", "th", "jats:td", "jats:th"))
INLINE = frozenset(_INLINE.split())

_TAG = re.compile(
    r"""</?([A-Za-z][A-Za-z0-9:-]*+)
        (?:\s++(?:[A-Za-z_:][\w:.-]*+\s*+=\s*+(?:"[^"<>]*+"|'[^'<>]*+'|[^\s"'<>]++)
               |noshade|nowrap|compact))*+
        \s*+/?>""",
    re.VERBOSE,
)
_TAG_LIKE = re.compile("</?[A-Za-z]")
_MARKS = re.compile("[\x01\x02](?:\\s*[\x01\x02])*")
_BLOCK_MARKS = re.compile("\x01(?:\\s*\x01)*")
"""The same where only blocks are marked: one first letter is found much sooner than two."""
_AMPERSANDS = re.compile(r"&(?:amp;|#38;|#x26;)+")
_ENTITY = re.compile(r"&(?:#([0-9]{1,7})|#[xX]([0-9A-Fa-f]{1,6})|([A-Za-z][A-Za-z0-9]{1,31}));")
_FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\ufeff\ud800-\udfff\ufffe\uffff]"
)
_UPPER_CONTROL = re.compile("[\x80-\x9f]")
_TWICE_ENCODED = re.compile(
    "[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
)
_MISREAD = re.compile("[\u00c2-\u00c5][\u0080-\u00bf]")
"""What the first letters of other alphabets look like when UTF-8 is taken for Latin-1."""
_JOINER = re.compile("(?<!\\S)[\u200c\u200d]+|[\u200c\u200d]+(?!\\S)")

NULLS = frozenset(
    (
        "", "-", "--", ".", "n/a", "na", "n.a.", "none", "null", "nan", "unknown", "not stated",
        "not available", "not applicable", "unspecified", "k.a.", "k. a.", "o.a.", "o. a.",
        "s.n.", "s. n.", "[s.n.]", "[s. n.]", "s.l.", "s. l.", "[s.l.]", "[s. l.]",
    )
)  # fmt: skip
"""Words that, alone in a value, say that there is none."""
_NO_NULL = frozenset(ascii_letters + digits) - {
    letter for word in NULLS for letter in (word[:1], word[:1].upper())
}
"""What none of them begins with."""
_CODE = re.compile(
    r"\(?(:(?:unac|unal|unap|unas|unav|unkn|none|null|tba|etal))\)?(?:\s+(.*))?", re.I
)
_AFTER_CODE = """
    temporarily inaccessible unallowed suppressed intentionally on purpose not applicable makes no
    sense unassigned untitled unavailable perhaps possibly value unknown known to be anonymous never
    had has a explicitly and meaningfully empty null none announced assigned or later too numerous
    list et al author creator title publisher"""
_CODE_WORDS = frozenset(_AFTER_CODE.split())
_CONTROLS = bytes((*range(32), 127))
LONG = 80
"""From this length on a text is looked through faster as bytes."""


def clean(text: str, *, breaks: bool = False) -> str:
    """Return the text clean: unescaped, without markup and controls, NFC, blanks collapsed.

    breaks: keep line breaks as `<br>`, made of `br` and block elements; else they are blanks.
    Blanks and line ends of the text itself are one blank in both cases.
    """
    if "&" in text or "<" in text:
        return _settle(text, breaks=breaks)
    if not text.isascii():
        return _line(text) or _settle(normalize("NFC", text), breaks=breaks)
    if text.isprintable() if len(text) < LONG else is_printable(text):
        return text.strip(" ") if "  " not in text else " ".join(text.split())
    return _line(text) or " ".join(_FORBIDDEN.sub(_windows, text).split())


def _line(text: str) -> str:
    """Return a text without markup on one line; empty if more than its blanks may be amiss."""
    if text.isprintable():
        line = text.strip(" ") if "  " not in text else " ".join(text.split())
    elif "\x0b" in text or "\x0c" in text or "\x85" in text:
        return ""
    else:
        line = " ".join(text.split())
        if not line.isprintable():
            return ""
    if line.isascii():
        return line
    return line if normalize("NFC", line) == line and not _is_misread(text) else ""


def _collapsed(text: str) -> str:
    """Return a text with single blanks, of which printable texts have no other kind."""
    if "  " not in text and text.isprintable():
        return text.strip(" ")
    return " ".join(text.split())


def joined(lines: Iterable[str]) -> str:
    """Join lines that only lay a text out, without blanks inside brackets and before commas."""
    text = " ".join(lines).replace(" ,", ",")
    return text.replace("( ", "(").replace(" )", ")").replace("[ ", "[").replace(" ]", "]")


def is_printable(text: str) -> bool:
    """Whether a long text has no control characters; of ASCII the bytes tell it sooner."""
    if not text.isascii():
        return text.isprintable()
    return len(text.encode("ascii").translate(None, _CONTROLS)) == len(text)


def _settle(text: str, *, breaks: bool) -> str:
    """Clean over and over until nothing changes."""
    for _ in range(ROUNDS):
        before = text
        text = _once(text, breaks=breaks)
        if text == before:
            break
        if "\u200c" in text or "\u200d" in text or ("&" in text and _ENTITY.search(text)):
            continue
        if len(_TAG_LIKE.findall(text)) == (text.count(BREAK) if breaks else 0):
            break
    return text


def _once(text: str, *, breaks: bool) -> str:
    if "&" in text:
        text = unescape(text)
    if not text.isprintable():
        text = text.replace("\n", " ").replace("\t", " ").replace("\r", " ")
    if not text.isprintable():
        if _UPPER_CONTROL.search(text):
            text = _TWICE_ENCODED.sub(_decode, text)
        text = _FORBIDDEN.sub(_windows, text)
        if "\u200c" in text or "\u200d" in text:
            text = _JOINER.sub("", text)
    if "<" in text:
        text = strip_markup(text, breaks=breaks)
    if not text.isascii() and _is_misread(text):
        text = _well_read(text)
    text = _collapsed(text)
    if BREAK in text:
        text = _trim(text.replace(f" {BREAK}", BREAK).replace(f"{BREAK} ", BREAK))
    return text if text.isascii() else normalize("NFC", text)


def unescape(text: str) -> str:
    """Undo XML and HTML escaping up to two levels deep; only entities with their semicolon."""
    for _ in range(2):
        if "&" not in text or ";" not in text:
            break
        if "&amp;" in text or "&#" in text:
            text = _AMPERSANDS.sub("&", text)
        text = _ENTITY.sub(_character, text)
    return text


def _character(match: re.Match[str]) -> str:
    decimal, hexadecimal, name = match.groups()
    if name:
        return html5.get(f"{name};", match[0])
    number = int(decimal) if decimal else int(hexadecimal, 16)
    return chr(number) if 0 < number <= 0x10FFFF else ""


def _decode(match: re.Match[str]) -> str:
    """Read what was UTF-8 and taken for Latin-1 as UTF-8; only in texts with such controls."""
    try:
        return match[0].encode("latin-1").decode("utf-8")
    except UnicodeDecodeError:
        return match[0]


def _is_misread(text: str) -> bool:
    """Whether a text may be UTF-8 taken for Latin-1; letters are found sooner than pairs."""
    if "\u00c3" in text or "\u00c2" in text or "\u00c5" in text or "\u00c4" in text:
        return _MISREAD.search(text) is not None
    return False


def _well_read(text: str) -> str:
    """Read a text that is UTF-8 taken for Windows-1252 from end to end as UTF-8."""
    try:
        return text.encode("cp1252").decode("utf-8")
    except UnicodeError:
        return text


def _windows(match: re.Match[str]) -> str:
    """Read a C1 control as the Windows-1252 character it was meant to be; drop all others."""
    character = match[0]
    if "\x80" <= character <= "\x9f":
        return bytes((ord(character),)).decode("cp1252", "ignore")
    return " " if "\x1c" <= character <= "\x1f" else ""


def strip_markup(text: str, *, breaks: bool = False) -> str:
    """Take the tags of known HTML and JATS elements off; any other `<` is text and stays."""
    if "<" not in text or ">" not in text:
        return text
    marked = _TAG.sub(_untag, text.replace("\x01", "").replace("\x02", ""))
    if "\x02" in marked:
        return _MARKS.sub(_line_breaks if breaks else " ", marked)
    return _BLOCK_MARKS.sub(BREAK if breaks else " ", marked) if "\x01" in marked else marked


def _untag(match: re.Match[str]) -> str:
    """Put a mark for a block or a line break, a blank for a cell, nothing for the inline."""
    name = match[1].lower()
    if name in ("br", "jats:break"):
        return "\x02"
    if name in BLOCKS:
        return "\x01"
    if name in CELLS:
        return " "
    return "" if name in INLINE or name.startswith("jats:") else match[0]


def _line_breaks(match: re.Match[str]) -> str:
    return BREAK * max(1, match[0].count("\x02"))


def _trim(text: str) -> str:
    """Take line breaks and blanks off both ends."""
    start, end, step = 0, len(text), len(BREAK)
    while text.startswith(BREAK, start):
        start += step
    while text.endswith(BREAK, start, end):
        end -= step
    return text[start:end].strip()


def is_null(text: str | None) -> bool:
    """Whether a value says nothing: empty, a null word, a missing-value code."""
    if not text:
        return True
    if text[0] in _NO_NULL or (len(text) > 15 and ":" not in text[:2]):
        return False
    if text.strip().casefold() in NULLS:
        return True
    return ":" in text and missing_code(text) is not None


def missing_code(text: str) -> str | None:
    """Return the missing-value code that a whole value stands for (`:unkn`), else None.

    With or without parentheses, followed by its word or not: `(:unas) unassigned`.
    """
    text = text.strip()
    if not text.startswith((":", "(:")):
        return None
    match = _CODE.fullmatch(text)
    if match is None or not _CODE_WORDS.issuperset(re.findall(r"\w+", (match[2] or "").casefold())):
        return None
    return match[1].lower()
