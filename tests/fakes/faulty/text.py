"""Faults of characters and XML."""

from __future__ import annotations

import itertools

from tests.fakes.faulty.expectations import (
    COMPLETE,
    QUARANTINE,
    repaired,
    without,
)
from tests.fakes.faulty.register import scenario
from tests.fakes.faulty.repository import (
    DECLARATION,
    Answer,
    Repository,
    Request,
)


@scenario("ctrl_chars", "text", 46)
class ControlCharacters(Repository):
    """The title of r5 ends in the raw control characters 0B and 1A."""

    expect = repaired("control-characters")

    def title(self, number: int) -> str:
        return super().title(number) + ("\x0b\x1a" if number == 5 else "")


@scenario("surrogate_charref", "text", 48, 101)
class LoneSurrogate(Repository):
    """The title of r5 ends in a reference to half a surrogate pair."""

    expect = repaired("character-references")

    def title(self, number: int) -> str:
        return super().title(number) + ("&#55349;" if number == 5 else "")


@scenario("html_entity", "text", 49)
class HtmlEntity(Repository):
    """The title of r5 has &nbsp;, which XML does not know."""

    expect = repaired("entities", titles={5: ("Café r5 x",)})

    def title(self, number: int) -> str:
        return super().title(number) + ("&nbsp;x" if number == 5 else "")


@scenario("one_bad_byte", "text", 50)
class OneBadByte(Repository):
    """The title of r5 has its é in Latin-1 inside a UTF-8 document."""

    expect = repaired("encoding")

    def deliver(self, text: str, request: Request) -> Answer:
        return Answer(text.encode().replace("Café r5".encode(), b"Caf\xe9 r5"))


@scenario("utf8_as_latin1_decl", "text", 50)
class DeclaredLatin1(Repository):
    """The XML declaration says ISO-8859-1, the bytes are UTF-8: it parses, to wrong text."""

    expect = repaired("encoding")

    def document(self, text: str) -> str:
        return text.replace('encoding="UTF-8"', 'encoding="ISO-8859-1"', 1)


@scenario("ctype_html", "text", 45)
class CalledHtml(Repository):
    """Right XML under Content-Type: text/html."""

    def deliver(self, text: str, request: Request) -> Answer:
        return Answer(text.encode(), content_type="text/html")


@scenario("bom", "text", 52)
class ByteOrderMark(Repository):
    """A byte order mark stands before the XML declaration; that is allowed."""

    def document(self, text: str) -> str:
        return "\ufeff" + text


@scenario("leading_junk", "text", 52)
class NoticeBefore(Repository):
    """A PHP notice stands before the XML declaration."""

    expect = repaired("leading-junk")

    def document(self, text: str) -> str:
        return "\n<br />\n<b>Notice</b>: Undefined index in /var/www/oai.php<br />\n" + text


@scenario("inner_xml_decl", "text", 53)
class InnerDeclaration(Repository):
    """A second XML declaration stands inside the metadata of r5."""

    expect = repaired("inner-declaration")

    def metadata(self, number: int) -> str:
        text = super().metadata(number)
        return text.replace("<metadata>", "<metadata>" + DECLARATION) if number == 5 else text


@scenario("huge_text", "text", 55)
class HugeText(Repository):
    """r5 has a description of 12 MB in one text node."""

    def more_dc(self, number: int) -> str:
        text = "x" * (12 * 1024 * 1024)
        return f"<dc:description>{text}</dc:description>" if number == 5 else ""


@scenario("xml_bomb", "text", 56)
class EntityBomb(Repository):
    """Each page declares nested entities; the title of r5 would expand to two million letters."""

    expect = without(
        5,
        optional=(5,),
        outcomes=(COMPLETE, QUARANTINE),
        repairs=("doctype",),
        titles={5: ("Café r5", "Café r5 &f;&f;")},
    )

    def title(self, number: int) -> str:
        return super().title(number) + (" &f;&f;" if number == 5 else "")

    def document(self, text: str) -> str:
        nested = "".join(
            f'<!ENTITY {outer} "{f"&{inner};" * 10}">'
            for inner, outer in itertools.pairwise("abcdef")
        )
        doctype = f'<!DOCTYPE z [<!ENTITY a "{"a" * 10}">{nested}]>'
        return text.replace(DECLARATION, DECLARATION + doctype, 1)
