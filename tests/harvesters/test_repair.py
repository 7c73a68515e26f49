"""The ladder: what is certain is mended and told, a sound page is never touched."""

from __future__ import annotations

import pytest

from harvesters.answers.repair import Damage, Mended, mend

OAI = "http://www.openarchives.org/OAI/2.0/"
DC = 'xmlns:dc="http://purl.org/dc/elements/1.1/"'
DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>'


def record(number: int, title: str = "Title", more: str = "") -> str:
    return (
        f"<record><header><identifier>oai:x:{number}</identifier>"
        f"<datestamp>2026-01-01</datestamp></header><metadata><m {DC}>"
        f"<dc:title>{title}</dc:title>{more}</m></metadata></record>"
    )


def page(*records: str, root: str = f'<OAI-PMH xmlns="{OAI}">', end: str = "</OAI-PMH>") -> str:
    items = "".join(records) or record(1)
    return (
        f"{DECLARATION}{root}<responseDate>2026-01-01T00:00:00Z</responseDate>"
        f"<request>http://x/</request><ListRecords>{items}"
        f"<resumptionToken>next</resumptionToken></ListRecords>{end}"
    )


def mended(text: str | bytes) -> Mended:
    return mend(text.encode() if isinstance(text, str) else text)


def names(found: Mended) -> list[str]:
    return [repair.name for repair in found.repairs]


def titles(found: Mended) -> list[str]:
    return [element.text or "" for element in found.root.iter("{*}title")]


def identifiers(found: Mended) -> list[str]:
    return [element.text or "" for element in found.root.iter("{*}identifier")]


def damage(body: str | bytes) -> str:
    with pytest.raises(Damage) as error:
        mended(body)
    return error.value.cause


# ── what is sound ────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "text",
    [
        page(),
        "\ufeff" + page(),
        page(record(1, "<![CDATA[</OAI-PMH> <?xml version='1.0'?> &nbsp; <!DOCTYPE x>]]>")),
        page(record(1, "a<!-- </OAI-PMH> <?xml version='1.0'?> &nbsp; <!DOCTYPE x> -->b")),
        page(record(1, "&amp;nbsp; &#233; &lt;b>")),
        f"<!-- before -->{page().removeprefix(DECLARATION)}\n<!-- after -->\n",
        page(root=f'<oai:OAI-PMH xmlns:oai="{OAI}">', end="</oai:OAI-PMH>"),
    ],
    ids=["plain", "bom", "cdata", "comment", "escaped", "comments around", "prefix"],
)
def test_a_sound_page_is_never_touched(text: str) -> None:
    found = mended(text)
    assert (found.repairs, found.lost, found.cut) == ((), (), False)


def test_a_sound_page_in_another_encoding_is_not_called_repaired() -> None:
    for encoding in ("ISO-8859-1", "windows-1252", "ISO-8859-2", "UTF-16"):
        text = page(record(1, "Café")).replace('"UTF-8"', f'"{encoding}"')
        found = mended(text.encode(encoding))
        assert (titles(found), names(found)) == (["Café"], [])


# ── L1: encodings ────────────────────────────────────────────────────────────────────────────


def test_utf8_that_is_declared_as_latin1_is_read_as_utf8() -> None:
    found = mended(page(record(1, "Café")).replace('"UTF-8"', '"ISO-8859-1"'))
    assert (titles(found), names(found)) == (["Café"], ["encoding"])


def test_a_latin1_byte_in_utf8_is_read_as_cp1252_and_laid_to_its_record() -> None:
    body = page(record(1, "Café"), record(2, "Caf\udce9 \udc93x\udc94"))
    found = mended(body.encode("utf-8", "surrogateescape"))
    assert titles(found) == ["Café", "Café “x”"]
    assert [(r.name, r.identifier, r.count) for r in found.repairs] == [("encoding", "oai:x:2", 3)]
    assert "Café" in found.repairs[0].excerpt


def test_latin1_means_cp1252() -> None:
    body = page(record(1, "\x93x\x94")).replace('"UTF-8"', '"ISO-8859-1"').encode("latin-1")
    assert titles(mended(body)) == ["“x”"]


@pytest.mark.parametrize("encoding", ["utf8mb4", "utf-7", "idna", "base64", "x-unknown"])
def test_an_encoding_that_nobody_knows_is_read_as_utf8(encoding: str) -> None:
    found = mended(page(record(1, "Café")).replace('"UTF-8"', f'"{encoding}"'))
    assert (titles(found), names(found)) == (["Café"], ["encoding"])


def test_surrogates_in_pairs_are_joined() -> None:
    pair = "\U0001d49c".encode("utf-16-be", "surrogatepass")
    halves = "".join(chr(int.from_bytes(pair[n : n + 2])) for n in (0, 2))
    body = (
        page(record(1, "x"))
        .encode()
        .replace(b">x<", b">" + halves.encode("utf-8", "surrogatepass") + b"<")
    )
    assert titles(mended(body)) == ["\U0001d49c"]


# ── L3: the envelope ─────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("junk", ["\n  ", "<br />\n<b>Notice</b>: x<br />\n", "Warning: \n\n"])
def test_what_stands_before_the_document_is_cut_off(junk: str) -> None:
    found = mended(junk + page())
    assert names(found) == ["leading-junk"]
    assert identifiers(found) == ["oai:x:1"]


def test_what_stands_after_the_document_is_cut_off() -> None:
    assert names(mended(page() + "<script>x</script>")) == ["trailing-junk"]


@pytest.mark.parametrize("end", ["", "</", "</OAI", "</OAI-PMH"])
def test_a_root_whose_end_tag_only_is_cut_is_completed(end: str) -> None:
    found = mended(page(end=end))
    assert (names(found), found.cut) == (["closing-tag"], False)


def test_a_page_that_is_cut_gives_its_whole_records_and_says_so() -> None:
    text = page(*(record(n) for n in range(1, 6)))
    for length in range(text.index("oai:x:4"), text.index("oai:x:5"), 40):
        found = mended(text[:length])
        assert found.cut
        assert identifiers(found) in (
            ["oai:x:1", "oai:x:2", "oai:x:3"],
            ["oai:x:1", "oai:x:2", "oai:x:3", "oai:x:4"],
        )
        assert found.lost == ()


# ── L4 to L8 ─────────────────────────────────────────────────────────────────────────────────


def test_control_characters_become_replacement_characters() -> None:
    found = mended(page(record(1), record(2, "a\x0bb\x1a")))
    assert titles(found) == ["Title", "a\ufffdb\ufffd"]
    (repair,) = found.repairs
    assert (repair.name, repair.count, repair.identifier) == ("control-characters", 2, "oai:x:2")
    assert repair.guessed
    assert "\x0b" not in repair.excerpt


def test_references_to_what_xml_forbids_are_replaced_and_pairs_joined() -> None:
    found = mended(page(record(1, "&#x0B;&#55349;a&#55349;&#56476;&#65;&#xD835;&#xDC9C;&#xFFFE;")))
    assert titles(found) == ["\ufffd\ufffda\U0001d49cA\U0001d49c\ufffd"]
    assert names(found) == ["character-references"]


def test_html_entities_become_characters_and_unknown_ones_text() -> None:
    found = mended(page(record(1, "caf&eacute;&nbsp;&f; A & B &c. R&D &amp; &#233; &AMP;")))
    assert titles(found) == ["café\u00a0&f; A & B &c. R&D & é &"]
    assert [(r.name, r.count) for r in found.repairs] == [("entities", 7)]


def test_cdata_is_left_alone_while_its_neighbours_are_mended() -> None:
    found = mended(page(record(1, "&nbsp;<![CDATA[&nbsp; & <?xml version='1.0'?>]]>")))
    assert titles(found) == ["\u00a0&nbsp; & <?xml version='1.0'?>"]


def test_a_doctype_is_cut_out_before_any_parser_sees_it() -> None:
    doctype = '<!DOCTYPE z [<!ENTITY a "]>"><!-- ]> --><!ENTITY f SYSTEM "file:///etc/passwd">]>'
    found = mended(page(record(1, "x &f;")).replace(DECLARATION, DECLARATION + doctype))
    assert titles(found) == ["x &f;"]
    assert names(found) == ["doctype", "entities"]


def test_a_doctype_behind_junk_is_cut_out_too() -> None:
    text = page().replace(DECLARATION, DECLARATION + "<!DOCTYPE OAI-PMH SYSTEM 'x.dtd'>")
    assert names(mended("junk" + text)) == ["leading-junk", "doctype"]


def test_a_doctype_without_an_end_is_refused() -> None:
    text = page().replace(DECLARATION, f"{DECLARATION}<!DOCTYPE z [ <!ENTITY a 'x'>")
    assert damage(text) == "doctype-refused"


def test_an_entity_bomb_stays_small() -> None:
    lines = "".join(f'<!ENTITY l{n + 1} "{f"&l{n};" * 10}">' for n in range(9))
    doctype = f'<!DOCTYPE z [<!ENTITY l0 "lol">{lines}]>'
    found = mended(page(record(1, "&l9;")).replace(DECLARATION, DECLARATION + doctype))
    assert titles(found) == ["&l9;"]


def test_a_doctype_hidden_in_utf16_is_found() -> None:
    text = page().replace(DECLARATION, '<!DOCTYPE z [<!ENTITY a "b">]>')
    assert "doctype" in names(mended(text.encode("utf-16")))
    assert "doctype" in names(mended(text.encode("utf-16-le")))


def test_a_document_inside_the_metadata_loses_its_declaration() -> None:
    found = mended(page(record(1), record(2, "x", DECLARATION + "<y/>")))
    assert [(r.name, r.identifier) for r in found.repairs] == [("inner-declaration", "oai:x:2")]


def test_known_prefixes_are_declared_at_the_root() -> None:
    found = mended(page(record(1, "x", '<dcterms:issued xsi:type="y">2020</dcterms:issued>')))
    assert sorted(names(found)) == ["undeclared-prefix", "undeclared-prefix"]
    issued = next(found.root.iter("{http://purl.org/dc/terms/}issued"))
    assert issued.text == "2020"


def test_blanks_in_namespace_names_are_removed() -> None:
    text = page(record(1)).replace('"http://purl.org/dc/', '" http://purl.org/ dc/')
    found = mended(text)
    assert names(found) == ["namespace-blank"]
    assert next(found.root.iter("{http://purl.org/dc/elements/1.1/}title")).text == "Title"


def test_a_page_with_everything_wrong_is_mended() -> None:
    bad = "a\x0b &#55349; caf&eacute; & <dcterms:x/>"
    filling = "<dc:description>" + "word " * 200 + "</dc:description>"
    records = [record(n, bad if n % 9 == 0 else "Title", filling) for n in range(130)]
    found = mended(("notice\n" + page(*records) + "<hr>").encode() + b"\xe9")
    assert len(identifiers(found)) == 130
    assert set(names(found)) == {
        "leading-junk",
        "trailing-junk",
        "encoding",
        "control-characters",
        "character-references",
        "entities",
        "undeclared-prefix",
    }


# ── L9: salvage ──────────────────────────────────────────────────────────────────────────────


def test_records_that_parse_are_taken_and_the_others_lost_by_name() -> None:
    found = mended(page(record(1), record(2, "<b>"), record(3, "x</i>"), record(4)))
    assert identifiers(found) == ["oai:x:1", "oai:x:4"]
    assert names(found) == ["salvage"]
    lost = [one.header.findtext("{*}identifier") for one in found.lost if one.header is not None]
    assert lost == ["oai:x:2", "oai:x:3"]
    assert found.lost[0].raw.startswith("<record>")
    assert next(found.root.iter("{*}resumptionToken")).text == "next"


def test_records_inside_marc_are_no_records_of_the_list() -> None:
    marc = '<record xmlns="http://www.loc.gov/MARC21/slim"><leader>x</leader></record>'
    found = mended(page(record(1, "x", marc), record(2, "<b>"), record(3)))
    assert identifiers(found) == ["oai:x:1", "oai:x:3"]


def test_a_damaged_frame_around_sound_records_is_written_anew() -> None:
    found = mended(page(record(1), end="</request></OAI-PMH>"))
    assert identifiers(found) == ["oai:x:1"]
    assert next(found.root.iter("{*}resumptionToken")).text == "next"


# ── what cannot be read ──────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("body", "cause"),
    [
        (b"", "empty-body"),
        (b" \n\t", "empty-body"),
        (b"<html><head><title>Please\n log in</title></head><br></html>", "not-xml"),
        (b"<html><p>well-formed</p></html>", "not-xml"),
        (b'{"error": "no"}', "not-xml"),
        (b"\x89PNG\r\n\x1a\n", "not-xml"),
        (b"<OAI-PMH><responseDate>2026", "truncated"),
        (b"<OAI-PMH><ListRecords></b></ListRecords></OAI-PMH>", "damaged-xml"),
    ],
)
def test_what_is_no_answer_says_why(body: bytes, cause: str) -> None:
    assert damage(body) == cause


def test_a_web_page_is_named_by_its_title() -> None:
    with pytest.raises(Damage, match="“Please log in”"):
        mended("<html><title>Please\n log in</title><br>")


def test_deep_nesting_is_an_error_and_no_crash() -> None:
    deep = "<a>" * 200_000
    found = mended(page(record(1), record(2, deep), record(3)))
    assert identifiers(found) == ["oai:x:1", "oai:x:3"]


def test_a_text_of_twelve_megabytes_is_read() -> None:
    found = mended(page(record(1, "x" * 12_000_000)))
    assert len(titles(found)[0]) == 12_000_000
    assert names(found) == []


def test_junk_never_raises_anything_else() -> None:
    sound = page(record(1, "Café & more"), record(2, "<b>")).encode()
    for place in range(0, len(sound), 7):
        for body in (sound[:place], sound[place:], sound[:place] + b"\xff<&\x00" + sound[place:]):
            try:
                mended(body)
            except Damage:
                continue
