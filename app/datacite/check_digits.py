"""Check digits: whether an ISBN, ISSN, EAN, ORCID, ISNI or ROR can have been typed right.

Each function takes the bare characters, without hyphens, blanks or label.
"""

from __future__ import annotations

MUSIC = "9790"
"""How the numbers of printed music begin (ISMN), which are made like those of books."""
_ROR_DIGITS = "0123456789abcdefghjkmnpqrstvwxyz"


def isbn13(digits: str) -> str | None:
    """Return the 13 digits of an ISBN given with 10 or 13, or None if its check digit is wrong."""
    if len(digits) == 13:
        is_book = digits[:3] in ("978", "979") and not digits.startswith(MUSIC)
        return digits if is_book and ean_holds(digits) else None
    if len(digits) != 10 or not _is_digits(digits[:9]):
        return None
    if _modulo_11(digits[:9]) != digits[9].upper():
        return None
    body = f"978{digits[:9]}"
    return body + _ean_digit(body)


def issn_holds(characters: str) -> bool:
    """Whether the eight characters of an ISSN fit together."""
    if len(characters) != 8 or not _is_digits(characters[:7]):
        return False
    return _modulo_11(characters[:7]) == characters[7].upper()


def ean_holds(digits: str) -> bool:
    """Whether the digits of an EAN-13 or UPC-A fit together."""
    return _is_digits(digits) and len(digits) in (12, 13) and _ean_digit(digits[:-1]) == digits[-1]


def orcid_holds(characters: str) -> bool:
    """Whether the sixteen characters of an ORCID or ISNI fit together (ISO 7064 mod 11-2)."""
    if len(characters) != 16 or not _is_digits(characters[:15]):
        return False
    total = 0
    for digit in characters[:15]:
        total = (total + int(digit)) * 2
    return "0123456789X"[(12 - total % 11) % 11] == characters[15].upper()


def ror_holds(characters: str) -> bool:
    """Whether the nine characters of a ROR fit together (ISO 7064 mod 97-10 over base 32)."""
    if len(characters) != 9 or characters[0] != "0" or not _is_digits(characters[7:]):
        return False
    number = 0
    for character in characters[:7]:
        place = _ROR_DIGITS.find(character)
        if place < 0:
            return False
        number = number * 32 + place
    return 98 - number * 100 % 97 == int(characters[7:])


def _is_digits(text: str) -> bool:
    return text.isascii() and text.isdigit()


def _modulo_11(digits: str) -> str:
    """Return the check character of an ISSN (7 digits) or ISBN-10 (9 digits)."""
    weight = len(digits) + 1
    total = sum((weight - place) * int(digit) for place, digit in enumerate(digits))
    return "0123456789X"[-total % 11]


def _ean_digit(digits: str) -> str:
    total = sum(
        int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(digits[::-1])
    )
    return str(-total % 10)
