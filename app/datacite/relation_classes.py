"""What each relation is called from the other side, how links are grouped, and their Scholix name.

The inverses are those of the DataCite schema; citations, references and parts are grouped as
DataCite groups them, versions hold what replaces or continues an object.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from msgspec import Struct

REFERENCES, CITATIONS, PARTS, VERSIONS = "references", "citations", "parts", "versions"
OTHER = "other"
CLASSES = (REFERENCES, CITATIONS, PARTS, VERSIONS, OTHER)

_PAIRS = """
Cites references References IsCitedBy citations IsReferencedBy
References references References IsReferencedBy citations IsReferencedBy
IsSupplementedBy references IsSupplementedBy IsSupplementTo citations IsSupplementTo
HasPart parts IsRelatedTo IsPartOf parts IsRelatedTo
HasVersion versions IsRelatedTo IsVersionOf versions IsRelatedTo
IsNewVersionOf versions IsRelatedTo IsPreviousVersionOf versions IsRelatedTo
Obsoletes versions IsRelatedTo IsObsoletedBy versions IsRelatedTo
IsDocumentedBy other References Documents other IsReferencedBy
Describes other IsRelatedTo IsDescribedBy other IsRelatedTo
HasMetadata other IsRelatedTo IsMetadataFor other IsRelatedTo
Compiles other IsRelatedTo IsCompiledBy other IsRelatedTo
Continues other IsRelatedTo IsContinuedBy other IsRelatedTo
Reviews other IsRelatedTo IsReviewedBy other IsRelatedTo
IsDerivedFrom other IsRelatedTo IsSourceOf other IsRelatedTo
Requires other IsRelatedTo IsRequiredBy other IsRelatedTo
Collects other IsRelatedTo IsCollectedBy other IsRelatedTo
HasTranslation other IsRelatedTo IsTranslationOf other IsRelatedTo
IsVariantFormOf other IsRelatedTo IsOriginalFormOf other IsRelatedTo
IsIdenticalTo other IsRelatedTo IsIdenticalTo other IsRelatedTo
IsPublishedIn other IsRelatedTo
Other other IsRelatedTo
"""
"""A relation with its class and Scholix name; behind it the same of its inverse, if it has one."""


class Relation(Struct, frozen=True):
    """One relationType.

    inverse: what it is called from the other side, None where the schema has no word for that.
    group: one of `CLASSES`, from the side that states it. scholix: its name in Scholix.
    """

    inverse: str | None
    group: str
    scholix: str


def _relations() -> Mapping[str, Relation]:
    found: dict[str, Relation] = {}
    for line in _PAIRS.strip().splitlines():
        name, group, scholix, *rest = line.split()
        inverse = rest[0] if rest else None
        found[name] = Relation(inverse, group, scholix)
        if inverse:
            found[inverse] = Relation(name, rest[1], rest[2])
    return MappingProxyType(found)


RELATIONS = _relations()
"""Every relationType of the schema by its name."""
UNKNOWN = Relation(None, OTHER, "IsRelatedTo")


def relation(name: str) -> Relation:
    """Return what is known of a relationType; a word that is none is merely related."""
    return RELATIONS.get(name, UNKNOWN)


def inverse_group(name: str) -> str:
    """Return the class of a relation from the side that it points at."""
    inverse = relation(name).inverse
    return relation(inverse).group if inverse else OTHER
