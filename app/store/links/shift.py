"""The graph in the transaction of the records that change it: links, copies and counts at once.

One transaction at a time changes the graph: each takes the same lock before it writes its rows, so
that none ever waits for another with rows in hand. What both sides of a pair say is looked at
before and after, and the counts go by that difference; so a change costs what it touches, however
many links lead to the same object.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence

from sqlalchemy import Connection

from app.datacite.type_groups import is_literature as is_work
from app.store.dialects import Dialect
from app.store.links import sums
from app.store.links.choice import preferred
from app.store.links.moves import ENDED, ERASED, STATED, TURNED, Given, Move, alternates, move
from app.store.links.queries import Between, Graph, Link, Node
from app.store.links.rows import AS_WORK, Seen, add_counts, face_search, write_rows
from app.store.links.tables import SHOWN

__all__ = ["ENDED", "ERASED", "STATED", "TURNED", "Given", "change", "objects", "take_turn"]

ABSENT, LITERATURE, DATA = 0, 1, 2
"""What an object is to those that are linked with it."""
_LOCK = 0x6C696E6B
Pair = tuple[int, int]
Led = tuple[int, Link]
"""A link with the object that states it; 0: it is not shown."""
Face = tuple[int, int]
"""What an object is, and its preferred copy."""
_ABSENT: Face = (ABSENT, 0)
_NOTHING: Mapping[int, Node | None] = {}


def take_turn(connection: Connection, dialect: Dialect) -> None:
    """Wait until no other transaction changes the graph; call it before any row is written.

    The rows of searches follow the graph and the records alike: who has written some of them and
    then waits would keep others waiting for ever.
    """
    dialect.lock(connection, _LOCK)


def change(
    connection: Connection, dialect: Dialect, now: int, given: Sequence[Given],
    also: Collection[int] = (),
) -> None:  # fmt: skip
    """Change what the graph says of records; the rest of their transaction is written.

    now: in seconds. also: objects whose preferred copy is to be chosen anew.
    """
    if not given and not also:
        return
    take_turn(connection, dialect)
    graph = Graph(connection, dialect)
    ids = [one.record_id for one in given if not one.fresh]
    rows = graph.of_records(ids)
    stated = graph.stated(rows.keys())
    moves = [
        move(one, rows.get(one.record_id), stated.get(one.record_id, []), now) for one in given
    ]
    found = [one for one in moves if one is not None]
    if found or also:
        _Shift(graph, now, found, also).run()


class _Shift:
    """One change of the graph, seen before and after."""

    def __init__(
        self, graph: Graph, now: int, moves: Sequence[Move], also: Collection[int]
    ) -> None:
        self.graph = graph
        self.now = now
        self.moves = {one.record_id: one for one in moves}
        self.nodes = set(also)
        self.nodes.update(one.before.node for one in moves if one.before)
        self.nodes.update(one.after.node for one in moves if one.after)
        self.rows: dict[int, Node] = {}
        """Rows as they will be, of all objects concerned."""
        self.recalled: dict[tuple[int, int], Link] = {}
        """Links of other records that lead to another object from now on."""

    def run(self) -> None:
        """Find all that changes, write it, and count the difference."""
        before = self.graph.of_nodes(self.nodes)
        self._after(before)
        was, will = _faces(before), _faces(self.rows.values())
        flipped = {node for node in self.nodes if was.get(node) != will.get(node)}
        leading = self.graph.leading(flipped | self._renamed())
        self._recall(leading)
        led = self.graph.to(flipped)
        said = self._said_before(before, flipped, leading, led)
        changed = self._changed(before)
        write_rows(self.graph, self.moves.values(), changed, self.recalled.values())
        touched = self._count((said, was), (self._said_after(said, leading), will))
        touched |= self._turned(before, changed) | self._several()
        face_search(self.graph, touched | self._begun(flipped, led))

    def _after(self, before: Iterable[Node]) -> None:
        rows = {row.record_id: row for row in before}
        for number, one in self.moves.items():
            rows.pop(number, None)
            if one.after is not None:
                rows[number] = one.after
        self.rows = preferred(self.graph, rows)

    def _changed(self, before: Iterable[Node]) -> list[Node]:
        there = {row.record_id: row for row in before}
        there |= {number: one.before for number, one in self.moves.items() if one.before}
        return [row for number, row in self.rows.items() if there.get(number) != row]

    def _renamed(self) -> set[int]:
        """Return the alternate identifiers that lead elsewhere, perhaps."""
        found: set[int] = set()
        for one in self.moves.values():
            if one.moved:
                found |= alternates(one.before) | alternates(one.after)
        return found

    def _recall(self, leading: Iterable[Led]) -> None:
        """Let links lead to the objects that have their targets by now."""
        known = {link.target for _, link in leading}
        known |= {link.target for one in self.moves.values() for link in one.new}
        means = objects(self.graph, known, self.rows | self._erased())
        for one in self.moves.values():
            one.new[:] = [_led(link, means) for link in one.new]
        for _, link in leading:
            if link.record_id not in self.moves:
                again = _led(link, means)
                if again is not link:
                    self.recalled[link[:2]] = again

    def _erased(self) -> dict[int, Node | None]:
        return {number: None for number, one in self.moves.items() if one.after is None}

    def _said_before(
        self, before: Collection[Node], flipped: set[int], leading: Iterable[Led],
        led: Collection[Led],
    ) -> list[Between]:  # fmt: skip
        """Return what is stated between all pairs of objects that a count may differ for.

        What leads to objects that flip is read already, and one of which nothing was shown states
        nothing: so most that is said of and by new records need not be asked for.
        """
        mute = self.nodes - {row.node for row in before if row.state == SHOWN}
        pairs = self._pairs(before, flipped, mute & flipped)
        pairs |= {(source, link.other) for source, link in led}
        for source, link in leading:
            again = self.recalled.get(link[:2])
            if again is not None:
                pairs |= {(source, link.other), (source, again.other)}
        asked = {
            (a, b)
            for one in pairs
            for a, b in (one, one[::-1])
            if a and b and a != b and a not in mute and b not in flipped
        }
        found = [_between(source, link) for source, link in led if source not in (0, link.other)]
        return found + self.graph.between(asked)

    def _pairs(self, before: Iterable[Node], flipped: set[int], new: set[int]) -> set[Pair]:
        """Return the pairs of which records that change, or copies of them, say something.

        new: objects of which all is known that was stated by them and of them.
        """
        found: set[Pair] = set()
        for one in self.moves.values():
            for row, links in ((one.before, one.old), (one.after, one.new)):
                if row is not None and row.state == SHOWN and row.node not in new:
                    found |= {(row.node, link.other) for link in links}
        siblings = {
            row.record_id: row.node
            for row in before
            if row.node in flipped and row.state == SHOWN and row.record_id not in self.moves
        }
        for number, said in self.graph.stated(siblings).items():
            for link in said:
                again = self.recalled.get(link[:2], link)
                found |= {(siblings[number], link.other), (siblings[number], again.other)}
        return found

    def _said_after(self, before: Iterable[Between], leading: Iterable[Led]) -> list[Between]:
        """Return what is stated between objects once the change is made."""
        found = [
            one
            for one in before
            if one.record_id not in self.moves and one[4:6] not in self.recalled
        ]
        for said in self.moves.values():
            row = said.after
            if row is not None and row.state == SHOWN:
                found += [_between(row.node, link) for link in said.new]
        for source, link in leading:
            again = self.recalled.get(link[:2])
            if again is not None and source:
                found.append(_between(source, again))
        return [one for one in found if one.a != one.b]

    def _count(
        self, before: tuple[Sequence[Between], dict[int, Face]],
        after: tuple[Sequence[Between], dict[int, Face]],
    ) -> set[int]:  # fmt: skip
        """Add up the difference; return the objects for which it matters what is here."""
        named = {node for said, _ in (before, after) for one in said for node in one[:2]}
        same = _faces(self.graph.of_nodes(named - self.nodes))
        was, will = before[1] | same, after[1] | same
        told = sums.joined(before[0], _keepers(was)), sums.joined(after[0], _keepers(will))
        sums.add(self.graph.connection, self.graph.dialect, *told)
        return add_counts(self.graph, self.now, _seen(before[0], was), _seen(after[0], will))

    def _turned(self, before: Iterable[Node], changed: Iterable[Node]) -> set[int]:
        """Return the objects of which other copies are preferred than rows of searches say."""
        there = {row.record_id: row.preferred for row in before}
        return {row.node for row in changed if row.preferred != there.get(row.record_id, True)}

    def _several(self) -> set[int]:
        """Return the objects with other copies than before, whatever is linked with them."""
        number = Counter(row.node for row in self.rows.values())
        found = {node for node, copies in number.items() if copies > 1}
        for one in self.moves.values():
            if one.before and one.after and one.before.node != one.after.node:
                found |= {one.before.node, one.after.node}
        return found

    def _begun(self, flipped: set[int], led: Iterable[Led]) -> set[int]:
        """Return the objects with a new record that may have been linked with before it came."""
        begun = {one.after.node for one in self.moves.values() if not one.before and one.after}
        return begun - flipped | begun & {link.other for _, link in led}


def objects(
    graph: Graph, targets: set[int], changed: Mapping[int, Node | None] = _NOTHING
) -> dict[int, int]:
    """Return the object that each identifier means that is no object here, but also called so.

    Any other means its own. changed: rows as they will be, None for one that goes.
    """
    if not targets:
        return {}
    called = graph.called(targets)
    callers = graph.of_records({number for _, number in called} - changed.keys())
    means: dict[int, set[int]] = {}
    for row in (*callers.values(), *changed.values()):
        if row is not None:
            for target in alternates(row) & targets:
                means.setdefault(target, set()).add(row.node)
    if not means:
        return {}
    there = [row for row in graph.of_nodes(means) if row.record_id not in changed]
    there += [row for row in changed.values() if row is not None]
    own = {row.node for row in there if row.state == SHOWN}
    return {target: min(nodes) for target, nodes in means.items() if target not in own}


def _led(link: Link, means: Mapping[int, int]) -> Link:
    """Return a link as it leads to the object that has its target by now."""
    other = means.get(link.target, link.target)
    return link if link.other == other else link._replace(other=other)


def _between(source: int, link: Link) -> Between:
    return Between(
        source, link.other, link.class_, link.turned, link.record_id, link.position,
        link.target_type,
    )  # fmt: skip


def _faces(rows: Iterable[Node]) -> dict[int, Face]:
    """Return what objects are to others, by their preferred copies; those absent are left out."""
    return {
        row.node: (LITERATURE if row.literature else DATA, row.record_id)
        for row in rows
        if row.preferred and row.state == SHOWN
    }


def _keepers(faces: dict[int, Face]) -> dict[int, int]:
    return {node: record for node, (_, record) in faces.items()}


def _seen(said: Iterable[Between], faces: dict[int, Face]) -> set[Seen]:
    """Return the connections from both sides: object, class, the other, what that is.

    Once more, as a work to be read, what is one here or is said to be one.
    """
    found = set()
    for one in said:
        mine, its = faces.get(one.a, _ABSENT)[0], faces.get(one.b, _ABSENT)[0]
        found.add((one.a, one.class_, one.b, its))
        found.add((one.b, one.turned, one.a, mine))
        if mine == LITERATURE and its == DATA:
            found.add((one.a, one.class_, one.b, AS_WORK))
        elif mine == DATA and (its == LITERATURE or (not its and is_work(one.target_type))):
            found.add((one.b, one.turned, one.a, AS_WORK))
    return found
