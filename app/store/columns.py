"""Column types that the tables share: moments as seconds, and lists of texts.

A moment is stored as whole seconds since 1970, so that both databases compare and index it alike.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import BigInteger, Text
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

from app import clock

_DECODE = msgspec.json.Decoder(tuple[str, ...]).decode
_ENCODE = msgspec.json.Encoder().encode
NONE_TEXT = "[]"


class Moment(TypeDecorator[datetime]):
    """An aware UTC moment, kept as seconds since 1970 and cut to the second."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:  # noqa: ARG002
        """Return the seconds."""
        return None if value is None else clock.seconds(value)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Return the moment."""
        return None if value is None else clock.moment(value)


class Texts(TypeDecorator[tuple[str, ...]]):
    """A tuple of texts that may hold any character, kept as a JSON list."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Sequence[str] | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Return the JSON list."""
        return None if value is None else pack_texts(value)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> tuple[str, ...] | None:  # noqa: ARG002
        """Return the texts."""
        return None if value is None else unpack_texts(value)


def pack_texts(texts: Sequence[str]) -> str:
    """Return texts as a JSON list."""
    return _ENCODE(texts).decode("utf-8") if texts else NONE_TEXT


def unpack_texts(text: str) -> tuple[str, ...]:
    """Undo `pack_texts`."""
    return () if text == NONE_TEXT else _DECODE(text)
