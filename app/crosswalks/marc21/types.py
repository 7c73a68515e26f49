"""The type of a MARC record: what genres and collections say, and the leader if they say little."""

from __future__ import annotations

from app.crosswalks import genres
from app.crosswalks.draft import Draft
from app.crosswalks.marc21.fields import Record
from app.datacite.types import TypeWord, type_word

_VAGUE = ("Text", "Other")
_MEDIA = {"s": "Sound", "audio": "Sound", "v": "Audiovisual", "video": "Audiovisual",
          "g": "Image", "projected": "Image"}  # fmt: skip
_FILES = {"a": "Dataset", "c": "Image", "d": "Text", "e": "Dataset", "h": "Sound",
          "i": "InteractiveResource", "j": "Service", "b": "Software"}  # fmt: skip
"""Kinds of computer files by position 26 of field 008; others are software."""
_TEXTS = "at"
_LEVELS = {"m": "Book", "s": "Journal", "b": "JournalArticle", "c": "Collection"}
"""What language material is by the level in the leader."""


def read(record: Record, draft: Draft) -> None:
    """Add the type words."""
    _collections(record, draft)
    _forms(record, draft)
    _content(record, draft)
    if draft.term() in _VAGUE and record.is_trusted:
        _leader(record, draft)
    if draft.term() == "Other":
        for field in record.of("337"):
            for text in field.ends("a", "b"):
                draft.text("type", _MEDIA.get(text.lower(), ""))


def _collections(record: Record, draft: Draft) -> None:
    """Add what the collection or the kind of material says; names of communities are none."""
    for field in record.of("980", "942"):
        parts = field.texts("a", "b")
        for word in parts:
            if word.lower().startswith("info:eu-repo/"):
                draft.text("type", word)
        both = "-".join(parts[:2]).lower() if len(parts) > 1 else ""
        known = next(((word, found) for word in (both, *parts)
                      if (found := genres.known(word)) is not None), None)  # fmt: skip
        if known is not None and not known[0].lower().startswith("user-"):
            word, found = known
            genres.put(word if word != both else found.label or found.general, found, draft)


def _forms(record: Record, draft: Draft) -> None:
    """Add the genres that are types; others are subjects."""
    for field in record.of("655"):
        for text in field.ends("a"):
            found = genres.known(text)
            if found is not None:
                genres.put(text, found, draft)


def _content(record: Record, draft: Draft) -> None:
    """Add the first kind of content, which is the chief one."""
    for field in record.of("336"):
        words = field.ends("a", "b")
        known = next(((word, found) for word in words
                      if (found := genres.known(word)) is not None), None)  # fmt: skip
        if known is not None:
            genres.put(known[0], known[1], draft)
            return
        if words and "008" not in record.controls:
            draft.text("type", words[0])
            return


def _leader(record: Record, draft: Draft) -> None:
    kind, level = record.leader[6:7], record.leader[7:8]
    if kind in _TEXTS:
        _text(record, kind, level, draft)
        return
    if kind == "m":
        _file(record, level, draft)
        return
    found = type_word("marc-leader", kind) if kind.strip() else None
    if found is not None:
        if level == "c":
            found = TypeWord("Collection", found.label)
        if found.label:
            draft.text("type", found.label)
        draft.text("type", found.general)


def _file(record: Record, level: str, draft: Draft) -> None:
    """Add what a computer file is; of a text that is one it says nothing more."""
    kind = record.coded(26, 27).strip()
    if level == "s":
        draft.text("type", "Journal")
    elif kind in _FILES or draft.term() != "Text":
        draft.text("type", _FILES.get(kind, "Software"))


def _text(record: Record, kind: str, level: str, draft: Draft) -> None:
    if level == "m" and "m" in record.coded(24, 28):
        draft.text("type", "Dissertation")
    elif level == "s" and record.coded(21, 22) == "n":
        draft.text("type", "Newspaper")
    elif level == "a":
        hosts = list(record.of("773"))
        if any(field.texts("x") for field in hosts):
            draft.text("type", "JournalArticle")
        elif any(field.texts("z") for field in hosts):
            draft.text("type", "BookChapter")
    elif level == "m" and kind == "t":
        draft.text("type", "Manuscript")
    else:
        draft.text("type", _LEVELS.get(level, ""))
    if not draft.untold.get("type"):
        draft.text("type", "Text")
