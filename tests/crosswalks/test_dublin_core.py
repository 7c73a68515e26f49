"""What the elements of Dublin Core come to, beside the whole records of the cases."""

from __future__ import annotations

import pytest

from app.crosswalks import read
from app.datacite.resource import Publisher, Resource, Title
from tests.crosswalks.cases import TODAY
from tests.crosswalks.test_oai_dc import dc, resource_of


def tagged(*elements: tuple[str, str, str]) -> Resource:
    """The resource of elements with a language: name, language, text."""
    inside = "".join(f'<{n} xml:lang="{lang}">{text}</{n}>' for n, lang, text in elements)
    resource = read(f'<dc xmlns="urn:dc">{inside}</dc>'.encode(), today=TODAY).resource
    assert resource is not None
    return resource


def described(*texts: str, more: str = "title: A") -> list[tuple[str, str]]:
    """Type and text of what a record with these descriptions has."""
    found = resource_of("\n".join([more, *(f"description: {text}" for text in texts)]))
    return [(one.description_type, one.description) for one in found.descriptions]


# ── titles, descriptions, publishers ─────────────────────────────────────────────────────────

MEASURED = "We measured forty lakes in eleven winters and in as many summers."
GEMESSEN = "Gemessen wurden vierzig Seen in elf Wintern und ebenso vielen Sommern."


def test_a_status_is_no_description() -> None:
    assert described("Peer reviewed", MEASURED) == [("Abstract", MEASURED)]


def test_two_languages_have_an_abstract_each() -> None:
    found = tagged(
        ("title", "en", "A"), ("description", "en", MEASURED), ("description", "de", GEMESSEN)
    )
    assert [(d.description_type, d.lang) for d in found.descriptions] == [
        ("Abstract", "en"),
        ("Abstract", "de"),
    ]


@pytest.mark.parametrize(
    "note",
    [
        "© The Author(s), 2013. This article is posted here by permission of its publisher.",
        "This article is distributed under the terms of a licence that allows any use of it.",
        "Includes bibliographical references and an index of places, persons and boats.",
        "8 x 10 cm ; 3 x 5 cm",
        "https://example.org/pictures/12",
    ],
)
def test_a_note_is_not_chosen_over_an_abstract(note: str) -> None:
    short = "We measured forty lakes in one winter and in the next."
    assert described(note, short) == [("Other", note), ("Abstract", short)]


def test_an_abstract_may_begin_with_its_copyright() -> None:
    text = f"© 2018 Example Society. {MEASURED} {MEASURED}"
    assert described(text, "Funding: XSF-77")[0] == ("Abstract", text)


def test_an_address_or_a_size_alone_is_no_abstract() -> None:
    assert described("15.2 x 20.4 cm. (6 x 8 in.)") == [("Other", "15.2 x 20.4 cm. (6 x 8 in.)")]
    assert described("23 photographs that show the old town before the fire of 1904.") == [
        ("Abstract", "23 photographs that show the old town before the fire of 1904.")
    ]


def test_the_address_of_a_small_picture_is_left_out() -> None:
    address = "https://example.org/yearbooks/1167/thumbnail.jpg"
    found = read(dc(f"title: A\ndescription: {address}\nidentifier: {address}"), today=TODAY)
    assert found.resource is not None
    assert found.resource.descriptions == found.resource.content_url == ()
    lost = [problem.path for problem in found.problems if problem.rule == "value.unplaced"]
    assert lost == ["/contentUrl", "/descriptions"]


def test_a_second_title_is_a_translation_only_between_known_languages() -> None:
    assert tagged(("title", "de", "Geschiebe"), ("title", "en", "Bed load")).titles == (
        Title("Geschiebe", lang="de"),
        Title("Bed load", "TranslatedTitle", "en"),
    )
    assert resource_of("title: Bed load\ntitle: Example report 12").titles == (
        Title("Bed load"),
        Title("Example report 12", "AlternativeTitle"),
    )


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Exampleton : Example University Press", "Example University Press"),
        ("NOTA,", "NOTA"),
        ("Exampleton : Sound Press,", "Sound Press"),
        ("Example Library, http://lib.example.org/", "Example Library, http://lib.example.org/"),
        ("Press of Jane Roe jane.roe@example.org", "Press of Jane Roe"),
        ("DigitalCommons@University of Exampleton", "DigitalCommons@University of Exampleton"),
    ],
)
def test_a_publisher_is_the_name_alone(text: str, name: str) -> None:
    assert resource_of(f"title: A\npublisher: {text}").publisher == Publisher(name)


def test_neither_an_address_nor_the_place_described_is_a_publisher() -> None:
    found = resource_of(
        "title: A\npublisher: https://example.org\npublisher: jane.roe@example.org\n"
        "publisher: Exampleton (Exampleland)\npublisher: Harbour School\n"
        "coverage: Exampleton (Exampleland)"
    )
    assert found.publisher == Publisher("Harbour School")
    assert found.contributors == ()


# ── names ────────────────────────────────────────────────────────────────────────────────────


def test_lines_that_only_lay_a_name_out_do_not_part_it() -> None:
    laid_out = "<dc><title>A</title><creator>Farge\n , \n Marie</creator></dc>"
    parted = "<dc><title>A</title><creator>Farge, Marie\nRossi, Marco</creator></dc>"
    for text, names in ((laid_out, ["Farge, Marie"]), (parted, ["Farge, Marie", "Rossi, Marco"])):
        found = read(text.encode(), today=TODAY).resource
        assert found is not None
        assert [creator.name for creator in found.creators] == names


def test_an_address_is_no_name() -> None:
    assert resource_of("title: A\ncontributor: http://lab.example.org").contributors == ()


def test_what_a_rights_holder_says_of_rights_is_a_right() -> None:
    text = f"The Example Museum is the exclusive owner of this content. {MEASURED} {MEASURED}"
    found = resource_of(f"title: A\nrightsHolder: {text}\nrightsHolder: Example Museum")
    assert [rights.rights for rights in found.rights_list] == [text]
    assert [holder.name for holder in found.contributors] == ["Example Museum"]


# ── sources and relations ────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "kind", "host"),
    [
        ("Example State Library and Archives", "Image", None),
        ("Special Collections and University Archives", "Text", None),
        ("State Archives of Exampleland, S49", "Text", "State Archives of Exampleland"),
        ("Example Library, 14 Oak Lane, TN 3 desk@example.org", "Image", "Example Library"),
        ("Example Historical Society", "Image", None),
    ],
)
def test_who_keeps_a_thing_is_its_host(text: str, kind: str, host: str | None) -> None:
    found = resource_of(f"title: A\ntype: {kind}\nsource: {text}")
    (contributor,) = found.contributors
    assert contributor.contributor_type == "HostingInstitution"
    assert contributor.name == (host or text)
    assert found.related_items == ()


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Example Historical Society", "Text"),
        ("Library Trends of Exampleland", "Journal Article"),
        ("Museum Photograph Collection", "Image"),
        ("Proceedings of the Example Institute", "Dataset"),
        ("Metadata provided by Example University Library", "Text"),
    ],
)
def test_what_may_be_a_work_is_no_host(text: str, kind: str) -> None:
    found = resource_of(f"title: A\ntype: {kind}\nsource: {text}")
    assert found.contributors == ()
    assert found.related_items[0].titles == (Title(text),)


@pytest.mark.parametrize("text", ["Box 12, Folder 10", "Map 2471", "I-J-2, Box 4", "M-15-24"])
def test_a_place_in_an_archive_is_an_identifier(text: str) -> None:
    found = resource_of(f"title: A\ntype: Text\nsource: {text}")
    assert [one.alternate_identifier for one in found.alternate_identifiers] == [text]
    assert found.related_items == ()


def test_a_source_in_small_letters_alone_is_no_title() -> None:
    found = resource_of("title: A\ntype: Dataset\nsource: self-enumerated questionnaires")
    assert found.related_items == ()
    assert [one.description for one in found.descriptions] == ["self-enumerated questionnaires"]


@pytest.mark.parametrize(
    ("source", "kind"),
    [("Journal of Examples", "Journal"), ("Undergraduate Theses", "Collection")],
)
def test_a_text_is_part_of_a_journal_only_where_its_name_says_so(source: str, kind: str) -> None:
    found = resource_of(f"title: A\ntype: Text\nsource: {source}")
    assert found.related_items[0].related_item_type == kind


def test_data_supplement_the_article_that_their_source_cites() -> None:
    text = "Supplement to: Roe, J (2012): Shells. Example Letters, 5, 1-9, doi:10.5072/shells.5"
    found = resource_of(f"title: A\ntype: Dataset\nsource: {text}")
    (related,) = found.related_identifiers
    assert (related.related_identifier, related.relation_type) == (
        "10.5072/shells.5",
        "IsSupplementTo",
    )


def test_the_publisher_behind_a_journals_title_is_none_of_it() -> None:
    found = resource_of(
        "title: A\ntype: Journal Article\npublisher: Example Press\nsource: Journal of Examples\n"
        "source: Journal of Examples, Example Press, 2013, 87 (3), pp.12-19. 10.5072/x"
    )
    (item,) = found.related_items
    assert (item.titles, item.publisher) == ((Title("Journal of Examples"),), "Example Press")
    assert (item.volume, item.issue, item.first_page) == ("87", "3", "12")


@pytest.mark.parametrize(
    ("text", "title", "volume", "issue"),
    [
        ("EIH Technical Reports;EIH-2003-14", "EIH Technical Reports", "EIH-2003-14", None),
        ("BBF RFC;12", "BBF RFC", "12", None),
        ("Completion report ; no. 208", "Completion report", None, "208"),
    ],
)
def test_a_relation_may_be_a_place_in_a_series(
    text: str, title: str, volume: str | None, issue: str | None
) -> None:
    (item,) = resource_of(f"title: A\ntype: Report\nrelation: {text}").related_items
    assert (item.titles, item.volume, item.issue) == ((Title(title),), volume, issue)
    assert item.relation_type == "IsPublishedIn"


def test_a_reference_to_another_work_claims_no_journal_for_this_one() -> None:
    text = "Roe J, Poe A (2007) Mutation in toys. Example Genomics 8(10): R226."
    (item,) = resource_of(f"title: A\ntype: Dataset\nrelation: {text}").related_items
    assert (item.relation_type, item.titles) == ("Other", (Title(text),))


def test_the_doi_behind_a_reference_is_the_related_work() -> None:
    text = "Roe J (2007) Mutation in toys. Example Genomics 8(10). https://doi.org/10.5072/toys"
    found = resource_of(f"title: A\nisReferencedBy: {text}\nrelation: {text}")
    kinds = [(one.related_identifier, one.relation_type) for one in found.related_identifiers]
    assert kinds == [("10.5072/toys", "Other"), ("10.5072/toys", "IsReferencedBy")]
    assert found.related_items == ()


def test_a_number_is_no_title() -> None:
    assert resource_of("title: A\nisPartOf: 1415415").related_items == ()
    (item,) = resource_of("title: A\nisPartOf: TR000853").related_items
    assert item.titles == (Title("TR000853"),)


def test_the_number_of_a_cited_journal_is_related_too() -> None:
    found = resource_of("title: A\ntype: Article\nsource: VOLUME=7;ISSN=2049-3673;TITLE=Example")
    (related,) = found.related_identifiers
    assert (related.related_identifier, related.relation_type) == ("2049-3673", "IsPublishedIn")


# ── the rest ─────────────────────────────────────────────────────────────────────────────────


def test_a_size_among_the_languages_is_a_size() -> None:
    found = read(dc("title: A\nlanguage: 2.1MB\nlanguage: eng"), today=TODAY)
    assert found.resource is not None
    assert (found.resource.language, found.resource.sizes) == ("en", ("2.1MB",))
    assert "language.invalid" not in [problem.rule for problem in found.problems]


@pytest.mark.parametrize(
    "text",
    ["6 audio cassettes.", "2 sound discs : digital ; 4 3/4 in.", '5 1/2" x 3 1/2"', "12 X 9 cm."],
)
def test_what_is_counted_or_measured_is_a_size(text: str) -> None:
    assert resource_of(f"title: A\nformat: {text}").sizes == (text,)


def test_a_file_behind_its_format_is_a_file() -> None:
    found = resource_of("title: A\nformat: application/pdf https://example.org/a.pdf")
    assert (found.formats, found.content_url) == (
        ("application/pdf",),
        ("https://example.org/a.pdf",),
    )


def test_marks_alone_are_neither_identifier_nor_subject() -> None:
    found = resource_of("title: A\nidentifier: :\nidentifier: 4711\nsubject: --\nsubject: rvk:--")
    assert [one.alternate_identifier for one in found.alternate_identifiers] == ["4711"]
    assert found.subjects == ()


def test_a_projection_that_is_not_the_worlds_gives_no_place() -> None:
    found = read(dc("title: A\ncoverage: east=152920; north=424800; projection=RD"), today=TODAY)
    assert found.resource is not None
    assert found.resource.geo_locations == ()
    assert "/geoLocations" in [problem.path for problem in found.problems]
