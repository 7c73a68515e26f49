from __future__ import annotations

from app.datacite.resource import (
    Contributor,
    Creator,
    Date,
    Description,
    RelatedIdentifier,
    RelatedItem,
    Resource,
    Rights,
    Title,
)
from app.web.head_tags import head_tags
from app.web.record_limits import LADDER
from app.web.record_links import primary
from app.web.record_page import FOLD_AT, access, record_page, whole_part
from tests.web import samples


def test_people_are_named_as_they_are_read_and_carry_their_orcid() -> None:
    people = record_page(samples.DATASET).creators.items
    assert [one.name for one in people] == [
        "Adaeze Okonkwo",
        "Joris van der Meer",
        "Salt Marsh Survey Group",
    ]
    assert people[0].orcid == "https://orcid.org/0000-0001-5109-3700"


def test_names_in_east_asian_script_have_the_family_first() -> None:
    assert [one.name for one in record_page(samples.CHINESE).creators.items] == ["李明", "王小红"]
    assert record_page(samples.ARABIC).creators.items[0].name == "ليلى الزهراني"


def test_affiliations_are_numbered_once() -> None:
    view = record_page(samples.DATASET)
    assert [place.number for place in view.affiliations] == [1, 2]
    assert [one.notes for one in view.creators.items] == [(1,), (1, 2), ()]


def test_codes_of_missing_values_are_never_shown() -> None:
    view = record_page(samples.UNTITLED)
    assert view.title == ""
    assert view.creators.total == 0
    assert "Publisher" not in [fact.label for fact in view.facts]


def test_the_first_other_identifier_stands_in_for_a_doi() -> None:
    own = primary(samples.UNTITLED)
    assert own is not None
    assert own.href == "https://n2t.net/ark:/12345/x9" or own.href.startswith(
        "https://n2t.net/ark:"
    )
    assert record_page(samples.UNTITLED).alternates.total == 0


def test_the_landing_page_of_the_repository_is_opened_else_the_identifier() -> None:
    assert record_page(samples.DATASET).landing == samples.DATASET.url
    assert record_page(samples.HOSTILE).landing.startswith("https://doi.org/")


def test_titles_in_other_languages_say_which() -> None:
    view = record_page(samples.DATASET)
    assert [title.label for title in view.titles] == ["German title"]
    assert [title.lang for title in view.subtitles] == ["en"]


def test_access_is_read_from_addresses_and_words() -> None:
    def of(uri: str | None, text: str | None = None) -> str:
        return access(Resource(rights_list=(Rights(text, uri),)))

    assert of("info:eu-repo/semantics/openAccess") == "open access"
    assert of("http://purl.org/coar/access_right/c_16ec") == "restricted access"
    assert of(None, "Open Access") == "open access"
    assert of("https://creativecommons.org/licenses/by/4.0/") == ""


def test_the_abstract_comes_before_what_stands_first_in_the_record() -> None:
    resource = Resource(descriptions=(Description("m", "Methods"), Description("a", "Abstract")))
    assert [text.heading for text in record_page(resource).descriptions] == ["Abstract", "Methods"]


def test_a_long_description_is_folded() -> None:
    text = record_page(samples.crowded(1, 0, 1000)).descriptions[0]
    assert 0 < len(text.lead) <= FOLD_AT + 1
    assert not text.cut


def test_long_lists_are_cut_and_say_how_many_there_are() -> None:
    view = record_page(samples.crowded(312, 40, 1), LADDER[0])
    assert (len(view.creators.items), view.creators.more) == (25, 287)
    assert (len(view.related.items), view.related.more) == (25, 15)


def test_a_whole_list_has_every_item() -> None:
    found = whole_part(samples.crowded(312, 40, 1), "creators")
    assert found is not None
    assert found.total == 312


def test_there_is_no_whole_list_of_an_unknown_name() -> None:
    assert whole_part(samples.DATASET, "secrets") is None
    assert whole_part(samples.ARTICLE, "identifiers") is None


def test_no_unsafe_address_becomes_a_link() -> None:
    view = record_page(samples.HOSTILE)
    links = [
        view.landing,
        *(one.href for one in view.related.items),
        *(one.href for one in view.alternates.items),
        *(one.href for one in view.objects.items),
        *(one.orcid for one in view.creators.items),
        *(value.href for fact in view.facts for value in fact.values),
        *(value.small_href for fact in view.facts for value in fact.values),
    ]
    searches = "/search?subject="
    assert all(link == "" or link.startswith(("https://", searches)) for link in links)


def test_a_work_that_is_told_twice_is_shown_once() -> None:
    texts = [one.text for one in record_page(samples.DATASET).related.items]
    assert len(texts) == len(set(texts)) == 4


def test_related_works_stand_by_relation() -> None:
    groups = record_page(samples.DATASET).groups
    assert [group[0].relation for group in groups] == [
        "Cited by",
        "Supplement to",
        "Compiled by",
        "Described by",
    ]


def test_head_tags_say_what_is_known_and_no_more() -> None:
    tags = head_tags(samples.DATASET, "https://hub.example.org/records/x")
    assert ("citation_publication_date", "2021/06/14") in tags
    assert ("citation_author_orcid", "https://orcid.org/0000-0001-5109-3700") in tags
    assert ("citation_pdf_url", "https://tideland.example.org/files/readme.pdf") in tags
    assert ("DC.identifier", "https://doi.org/10.5072/tides-1") in tags
    assert dict(head_tags(samples.ARTICLE, "x"))["citation_publication_date"] == "2016"
    assert (
        dict(head_tags(samples.ARTICLE, "x"))["citation_journal_title"]
        == "Journal of Coastal Records"
    )


def test_head_tags_leave_out_codes_of_missing_values() -> None:
    names = [name for name, _ in head_tags(samples.UNTITLED, "x")]
    assert "citation_title" not in names
    assert "citation_author" not in names
    assert "DC.publisher" not in names


def test_a_record_without_anything_still_has_a_page() -> None:
    view = record_page(Resource())
    assert (view.title, view.kind, view.identifier) == ("", "Other", None)


def test_a_name_without_parts_stays_as_it_is() -> None:
    resource = Resource(creators=(Creator("Lovelace, Ada"),), titles=(Title("x"),))
    assert record_page(resource).creators.items[0].name == "Lovelace, Ada"


def test_facts_stand_in_their_order() -> None:
    labels = [fact.label for fact in record_page(samples.DATASET, written_in="de").facts]
    assert labels == [
        "Publisher", "Publication year", "Dates", "Version", "Language", "Size", "Format",
        "Licence", "Access", "Subjects", "Places", "Funding", "Type", "Language of the metadata",
    ]  # fmt: skip
    assert record_page(samples.ARTICLE).facts[-1].label == "Published in"


def test_access_is_a_fact_of_its_own_and_leads_to_all_records_of_it() -> None:
    embargo = Rights(None, "info:eu-repo/semantics/embargoedAccess")
    rights = (Rights("CC BY", "https://creativecommons.org/licenses/by/4.0/", "CC-BY-4.0"), embargo)
    resource = Resource(rights_list=(*rights, embargo), dates=(Date("2027-05-12", "Available"),))
    found = {fact.label: fact.values for fact in record_page(resource).facts}
    assert [value.text for value in found["Licence"]] == ["CC BY"]
    [access] = found["Access"]
    assert (access.text, access.href) == ("embargoed access", "/search?access=embargoed")
    assert access.small == "until 12 May 2027"


def test_contributors_stand_by_what_they_did() -> None:
    several = (
        Contributor("A", contributor_type="DataCurator"),
        Contributor("B", contributor_type="Other"),
        Contributor("C", contributor_type="DataCurator"),
    )
    roles = record_page(Resource(contributors=several)).roles
    assert [(role.name, [one.name for one in role.people]) for role in roles] == [
        ("Data curator", ["A", "C"]),
        ("Contributor", ["B"]),
    ]


def test_what_the_graph_of_links_knows_is_not_told_twice() -> None:
    works = (
        RelatedIdentifier("9783468111242", "EAN13", "Continues"),
        RelatedIdentifier("some box in the cellar", "ARK", "References"),
    )
    item = RelatedItem("Book", "Cites", titles=(Title("A book without a name"),))
    view = record_page(Resource(related_identifiers=works, related_items=(item,)))
    told = [one.text for group in view.unlinked for one in group]
    assert told == ["A book without a name", "some box in the cellar"]


def test_no_fact_is_a_code_of_a_missing_value() -> None:
    resource = Resource(version=":unav", sizes=(":none", "3 MB"), rights_list=(Rights(":unkn"),))
    found = [(fact.label, fact.values[0].text) for fact in record_page(resource).facts]
    assert found == [("Size", "3 MB")]
