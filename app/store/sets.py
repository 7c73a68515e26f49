"""Sets, as ListSets shows them: only those that have or had records, with all sets above them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import Select, select, update

from app.record import member_set, source_set_word
from app.store.database import AnyRow, Database
from app.store.tables import repositories, sets
from app.store.values import SetRow

MEMBERS = "member"
TYPES = "type"
NAMES = {MEMBERS: "Member repositories", TYPES: "Types of resources"}
TYPE_NAMES = {
    "Audiovisual": "Films and videos",
    "Award": "Awards",
    "Book": "Books",
    "BookChapter": "Book chapters",
    "Collection": "Collections",
    "ComputationalNotebook": "Computational notebooks",
    "ConferencePaper": "Conference papers",
    "ConferenceProceeding": "Conference proceedings",
    "DataPaper": "Data papers",
    "Dataset": "Datasets",
    "Dissertation": "Dissertations",
    "Event": "Events",
    "Image": "Images",
    "InteractiveResource": "Interactive resources",
    "Instrument": "Instruments",
    "Journal": "Journals",
    "JournalArticle": "Journal articles",
    "Model": "Models",
    "OutputManagementPlan": "Output management plans",
    "PeerReview": "Peer reviews",
    "PhysicalObject": "Physical objects",
    "Poster": "Posters",
    "Preprint": "Preprints",
    "Presentation": "Presentations",
    "Project": "Projects",
    "Report": "Reports",
    "Service": "Services",
    "Software": "Software",
    "Sound": "Sound recordings",
    "Standard": "Standards",
    "StudyRegistration": "Study registrations",
    "Text": "Texts",
    "Workflow": "Workflows",
    "Other": "Other resources",
}
_SELECT = (
    select(sets.c.spec, sets.c.name, repositories.c.name.label("member"), repositories.c.title)
    .outerjoin(repositories, repositories.c.id == sets.c.repository_id)
    .where(sets.c.used)
    .order_by(sets.c.spec)
)


class Sets:
    """The sets that records are in."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def listed(self, *, after: str | None, limit: int) -> tuple[SetRow, ...]:
        """Return sets in the order of their setSpecs, those after one."""
        query = _SELECT.limit(limit)
        return self._rows(query if after is None else query.where(sets.c.spec > after))

    def specs(self) -> tuple[str, ...]:
        """Return the setSpecs of all sets that are listed, in no order."""
        with self._database.read() as connection:
            query = select(sets.c.spec).where(sets.c.used)
            return tuple(connection.execute(query).scalars())

    def named(self, specs: Collection[str]) -> Mapping[str, str]:
        """Return the names of some sets by their setSpecs."""
        dialect = self._database.dialect
        query = _SELECT.where(dialect.among(sets.c.spec, "specs"))
        values = {"specs": dialect.many_values(sorted(specs))}
        with self._database.read() as connection:
            found = map(set_row, connection.execute(query, values))
            return {one.spec: one.name for one in found}

    def exists(self, spec: str) -> bool:
        """Tell whether a set is listed."""
        query = select(sets.c.id).where(sets.c.spec == spec, sets.c.used)
        with self._database.read() as connection:
            return connection.execute(query).first() is not None

    def of_repository(self, repository_id: int) -> tuple[SetRow, ...]:
        """Return the sets of a member, itself first."""
        return self._rows(_SELECT.where(sets.c.repository_id == repository_id))

    def name_source_sets(self, repository_id: int, names: Mapping[str, str]) -> None:
        """Write down the names that a member gives to its own sets, by its own setSpecs."""
        with self._database.write() as connection:
            query = select(repositories.c.name).where(repositories.c.id == repository_id)
            member = connection.execute(query).scalar_one()
            for spec, name in sorted(names.items()):
                key = {"spec": member_set(member, spec)}
                values = key | {"name": name, "repository_id": repository_id, "used": False}
                row = self._database.dialect.insert(sets).values(values)
                connection.execute(row.on_conflict_do_nothing())
                connection.execute(update(sets).filter_by(**key).values(name=name))

    def _rows(self, query: Select[Any]) -> tuple[SetRow, ...]:
        with self._database.read() as connection:
            return tuple(map(set_row, connection.execute(query)))


def listed_query() -> Select[Any]:
    """Return the query of all sets that are listed, by setSpec; its rows go to `set_row`."""
    return _SELECT


def set_row(row: AnyRow) -> SetRow:
    """Return a row of `listed_query` as a set, with a name whether it has one or not."""
    name = row.name or NAMES.get(row.spec) or _name(row.spec, row.member, row.title)
    return SetRow(row.spec, name)


def _name(spec: str, member: str | None, title: str | None) -> str:
    """Return the name of a set to which nobody gave one."""
    kind, _, rest = spec.partition(":")
    if kind == TYPES:
        return TYPE_NAMES.get(rest, rest)
    if rest == member:
        return title or rest
    words = (rest if member is None else rest.removeprefix(f"{member}:")).split(":")
    return ":".join(map(source_set_word, words)) or rest
