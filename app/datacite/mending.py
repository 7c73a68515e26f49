"""Examples of how what breaks a rule is mended: before and after, in DataCite or Dublin Core XML.

The sentences are those of `rules`; a rule without an example here needs none, or is not mended in
the metadata.
"""

from __future__ import annotations

from msgspec import Struct

from app.datacite.rules import RULES


class Example(Struct, frozen=True):
    """A piece of a record as it came, and as it should come."""

    before: str
    after: str


def example(rule: str) -> Example | None:
    """Return an example of how a rule is kept, if there is one."""
    return EXAMPLES.get(rule)


EXAMPLES: dict[str, Example] = {
    rule: Example(before, after)
    for rule, before, after in (
        ("xml.malformed", "<title>Sand & silt</title>", "<title>Sand &amp; silt</title>"),
        ("identifier.missing", "<dc:identifier>4711</dc:identifier>",
         "<dc:identifier>https://doi.org/10.5072/4711</dc:identifier>"),
        ("doi.syntax", "doi 10.5072/4711.", "10.5072/4711"),
        ("creators.missing", "<dc:creator>n/a</dc:creator>",
         "<dc:creator>Example Institute of Tides</dc:creator>"),
        ("creators.et-al", "<dc:creator>Varga, Ilona et al.</dc:creator>",
         "<dc:creator>Varga, Ilona</dc:creator> <dc:creator>Okoro, Ben</dc:creator>"),
        ("titles.missing", "<dc:title></dc:title>", "<dc:title>Tides at Westport</dc:title>"),
        ("publisher.missing", "(no publisher)",
         "<dc:publisher>Example Data Archive</dc:publisher>"),
        ("publisher.inferred", "(no publisher)",
         "<dc:publisher>Example Data Archive</dc:publisher>"),
        ("publicationYear.missing", "<dc:date>spring</dc:date>", "<dc:date>2024-04-18</dc:date>"),
        ("publicationYear.inferred", "(no publicationYear)",
         "<publicationYear>2024</publicationYear>"),
        ("publicationYear.implausible", "<publicationYear>24</publicationYear>",
         "<publicationYear>2024</publicationYear>"),
        ("resourceType.missing", "(no type)",
         '<resourceType resourceTypeGeneral="Dataset">Time series</resourceType>'),
        ("resourceType.unknown", "<dc:type>measurements</dc:type>", "<dc:type>Dataset</dc:type>"),
        ("code.missing-value", "<publisher>:unav</publisher>",
         "<publisher>Example Data Archive</publisher>"),
        ("vocabulary.repaired", 'contributorType="data manager"', 'contributorType="DataManager"'),
        ("vocabulary.unknown", 'contributorType="Boss"', 'contributorType="ProjectLeader"'),
        ("date.syntax", "<dc:date>18th of April 24</dc:date>", "<dc:date>2024-04-18</dc:date>"),
        ("date.repaired", "<dc:date>18.04.2024</dc:date>", "<dc:date>2024-04-18</dc:date>"),
        ("date.calendar", "2023-02-30", "2023-02-28"),
        ("date.order", "2024-05/2023-01", "2023-01/2024-05"),
        ("date.type-missing", "<date>2024-04-18</date>",
         '<date dateType="Issued">2024-04-18</date>'),
        ("language.invalid", "<dc:language>Anglais</dc:language>",
         "<dc:language>en</dc:language>"),
        ("uri.invalid", "https://example.org/a file|1", "https://example.org/a%20file%7C1"),
        ("rights.identifier", 'rightsIdentifier="CC-BY-4"',
         'rightsURI="https://creativecommons.org/licenses/by/4.0/"'),
        ("rights.missing", "(no rights)",
         "<dc:rights>https://creativecommons.org/licenses/by/4.0/</dc:rights>"),
        ("description.markup", "&lt;p&gt;Tides of &lt;i&gt;one&lt;/i&gt; year.&lt;/p&gt;",
         "Tides of one year."),
        ("name.empty", "<creatorName></creatorName>", "<creatorName>Varga, Ilona</creatorName>"),
        ("name.type-conflict",
         'nameType="Organizational" … nameIdentifierScheme="ORCID"',
         'nameType="Personal" … nameIdentifierScheme="ORCID"'),
        ("name.inferred", "<creatorName>Ilona Varga</creatorName>",
         '<creatorName nameType="Personal">Varga, Ilona</creatorName>'),
        ("nameIdentifier.scheme", "<nameIdentifier>0000-0002-1825-0097</nameIdentifier>",
         '<nameIdentifier nameIdentifierScheme="ORCID">0000-0002-1825-0097</nameIdentifier>'),
        ("nameIdentifier.checksum", "0000-0002-1825-0098", "0000-0002-1825-0097"),
        ("affiliationIdentifier.scheme", 'affiliationIdentifier="https://ror.org/…"',
         'affiliationIdentifier="https://ror.org/…" affiliationIdentifierScheme="ROR"'),
        ("publisherIdentifier.scheme", 'publisherIdentifier="https://ror.org/…"',
         'publisherIdentifier="https://ror.org/…" publisherIdentifierScheme="ROR"'),
        ("funder.identifier-type", "<funderIdentifier>https://ror.org/…</funderIdentifier>",
         '<funderIdentifier funderIdentifierType="ROR">https://ror.org/…</funderIdentifier>'),
        ("relatedIdentifier.syntax",
         '<relatedIdentifier relatedIdentifierType="DOI">see above</relatedIdentifier>',
         '<relatedIdentifier relatedIdentifierType="DOI">10.5072/4712</relatedIdentifier>'),
        ("relatedIdentifier.self",
         '<relatedIdentifier relatedIdentifierType="DOI">(its own DOI)</relatedIdentifier>',
         '<relatedIdentifier relatedIdentifierType="DOI">10.5072/4712</relatedIdentifier>'),
        ("relatedItem.title", "<titles></titles>", "<titles><title>Tidal Letters</title></titles>"),
        ("geo.range", "<pointLatitude>4712.3</pointLatitude>",
         "<pointLatitude>47.123</pointLatitude>"),
        ("geo.polygon-open", "A B C", "A B C A"),
        ("feed.header-only", "<header><identifier>doi:10.5072/4711</identifier></header>",
         "<metadata> … <dc:identifier>https://doi.org/10.5072/4711</dc:identifier> … </metadata>"),
        ("url.missing", "(no web address)",
         "<dc:identifier>https://archive.example.org/items/4711</dc:identifier>"),
        ("url.unsafe", "file:///srv/items/4711", "https://archive.example.org/items/4711"),
    )
    if rule in RULES
}  # fmt: skip
