"""Formats beside those that every record has: which are switched on, and how they are rendered.

A format that the hub can write is written anew for them; one that it only reads is passed on as the
source sent it, and so are originals under `source_…`. What is passed on is valid, always; what the
hub writes itself is checked where the folder of schemas has its schema.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from app.crosswalks import oai_datacite
from app.crosswalks.formats import MetadataFormat, Writing
from app.crosswalks.register import FORMATS, named
from app.crosswalks.schemas import MissingSchema, Schemas
from app.crosswalks.xml import XSI, Element, MalformedXML, namespace, parse, serialised
from app.datacite.problem import Problem, problem
from app.datacite.resource import Resource
from app.errors import ConfigurationError, IncompleteResource
from app.settings import Oai

ALWAYS = ("oai_dc", "datacite", "oai_datacite")
"""Prefixes that need no setting."""
SOURCE = "source_"
"""What a prefix begins with that passes on what the hub also writes."""
INVALID = "rendering.invalid"
_LOCATION = f"{{{XSI}}}schemaLocation"


class Further(Struct, frozen=True):
    """A format that is switched on; the name of `form` is its prefix."""

    form: MetadataFormat
    passed: bool
    """It is the source's own record, passed on; else the hub writes it."""

    @property
    def prefix(self) -> str:
        """The metadataPrefix."""
        return self.form.name


class Rendered(Struct, frozen=True):
    """What could be rendered, and why the rest could not."""

    renderings: Mapping[str, bytes]
    untouched: frozenset[str] = frozenset()
    """Prefixes under which the source's record is passed on without any alteration."""
    reasons: Mapping[str, str] = {}
    """By prefix: a sentence that says why there is no rendering."""
    problems: tuple[Problem, ...] = ()


def chosen(oai: Oai, register: Mapping[str, MetadataFormat] = FORMATS) -> tuple[Further, ...]:
    """Return the formats that are switched on: by the register itself, then by the settings.

    Raises ConfigurationError for one that cannot be, in words. Reads no schema.
    """
    own = (form for form in register.values() if form.oai and form.name not in ALWAYS)
    found = {form.name: Further(form, passed=False) for form in own}
    for name in oai.formats:
        found.setdefault(name, _further(name, register))
    passed = [name for name, one in found.items() if one.passed]
    if passed and not oai.schemas:
        raise ConfigurationError(
            f"oai.formats names {passed[0]}, which passes on what sources send: that needs the "
            "setting oai.schemas, a folder with its XML schema."
        )
    return tuple(found.values())


def _further(name: str, register: Mapping[str, MetadataFormat]) -> Further:
    source = name.startswith(SOURCE)
    form = register.get(name.removeprefix(SOURCE) if source else name)
    if form is None:
        raise _refused(name, f"no format. {_hint(name, register)}")
    if form.oai and not source:
        raise _refused(name, "always there; leave it out.")
    if form.json or form.extension != "xml":
        raise _refused(name, "no XML, and OAI-PMH carries nothing else.")
    if not form.namespace or not form.schema:
        raise _refused(name, "without a published XML schema for its namespace; OAI-PMH needs one.")
    if not source:
        return Further(form, passed=not form.writable)
    if not form.writable:
        raise _refused(name, f"the same as {form.name}; write that.")
    title = f"{form.title}, as the source sent it"
    return Further(replace(form, name=name, title=title, writer=None), passed=True)


def _refused(name: str, why: str) -> ConfigurationError:
    return ConfigurationError(f"oai.formats names {name}, which is {why}")


def _hint(name: str, register: Mapping[str, MetadataFormat]) -> str:
    known = named(name)
    near = [known.name] if known else difflib.get_close_matches(name, register, 1)
    return f"Did you mean {near[0]}?" if near else "All formats: garnery formats"


class Renderer:
    """Renders what is switched on, and checks what the folder of schemas can judge."""

    def __init__(
        self,
        further: tuple[Further, ...],
        schemas: Schemas | None,
        register: Mapping[str, MetadataFormat] = FORMATS,
    ) -> None:
        self.further = further
        self._forms = {one.prefix: one.form for one in further}
        self._forms |= {name: register[name] for name in ALWAYS if name in register}
        self._schemas = schemas
        self._judged = frozenset(filter(self._can_judge, self._forms)) if schemas else frozenset()

    @property
    def prefixes(self) -> tuple[str, ...]:
        """The prefixes that are switched on."""
        return tuple(one.prefix for one in self.further)

    def render(self, resource: Resource, original: bytes | None, today: date) -> Rendered:
        """Return the formats that are switched on, of one record. Pure."""
        made: dict[str, bytes] = {}
        reasons: dict[str, str] = {}
        untouched: set[str] = set()
        problems: list[Problem] = []
        root = _root(original) if any(one.passed for one in self.further) else None
        for one in self.further:
            if not one.passed:
                body, reason = self._written(one.form, resource, today)
                if body is not None and (complaint := self.complaint(one.prefix, body)):
                    body, reason = None, complaint
                    problems.append(_invalid(one.prefix, complaint))
            elif reason := self._not_passed(one.form, root):
                body = None
            else:
                body, altered = _passed(one.form, root)
                untouched |= set() if altered else {one.prefix}
            if body is None:
                reasons[one.prefix] = reason
            else:
                made[one.prefix] = body
        return Rendered(made, frozenset(untouched), reasons, tuple(problems))

    def with_further(
        self, renderings: Mapping[str, bytes], resource: Resource, original: bytes | None,
        today: date,
    ) -> Rendered:  # fmt: skip
        """Return the renderings that every record has, as far as they are valid, and these."""
        sound, problems = {}, []
        for prefix, body in renderings.items():
            complaint = self.complaint(prefix, body)
            if complaint:
                problems.append(_invalid(prefix, complaint))
            else:
                sound[prefix] = body
        also = self.render(resource, original, today)
        return replace(
            also,
            renderings={**sound, **also.renderings},
            problems=(*problems, *also.problems),
        )

    def complaint(self, prefix: str, body: bytes) -> str:
        """Say what is invalid in a rendering; empty if it is valid, or nobody can judge."""
        if self._schemas is None or prefix not in self._judged:
            return ""
        try:
            return self._schemas.complaint(self._forms[prefix].schema, parse(body))
        except MalformedXML as error:
            return str(error)

    def _can_judge(self, prefix: str) -> bool:
        assert self._schemas is not None
        try:
            self._schemas.require(self._forms[prefix].schema)
        except MissingSchema:
            return False
        return True

    def _written(
        self, form: MetadataFormat, resource: Resource, today: date
    ) -> tuple[bytes | None, str]:
        assert form.writer is not None
        try:
            return form.writer(resource, Writing(today, oai_datacite.DATACENTRE)), ""
        except IncompleteResource as error:
            return None, str(error)

    def _not_passed(self, form: MetadataFormat, root: Element | None) -> str:
        """Say why a source's record is not passed on in a format; empty if it is."""
        if root is None:
            return f"It did not come as XML; {form.name} passes on what came so."
        if namespace(root) != form.namespace:
            told = namespace(root) or "no namespace"
            return f"It came in {told}; {form.name} passes on what comes in {form.namespace}."
        assert self._schemas is not None
        complaint = self._schemas.complaint(form.schema, root)
        return f"It is not valid as it came: {complaint}" if complaint else ""


def _invalid(prefix: str, complaint: str) -> Problem:
    return problem(INVALID, f"/{prefix}", complaint)


def _root(original: bytes | None) -> Element | None:
    try:
        return parse(original) if original else None
    except MalformedXML:
        return None


def _passed(form: MetadataFormat, root: Element | None) -> tuple[bytes, bool]:
    """Return a source's record as it is passed on, and whether its schemaLocation was set."""
    assert root is not None
    words = str(root.get(_LOCATION) or "").split()
    pairs = list(zip(words[::2], words[1::2], strict=False))
    told = [url for space, url in pairs if space == form.namespace]
    if told == [form.schema] and len(words) % 2 == 0:
        return serialised(root), False
    others = [word for pair in pairs if pair[0] != form.namespace for word in pair]
    root.set(_LOCATION, " ".join((form.namespace, form.schema, *others)))
    return serialised(root), True


def renderer(oai: Oai) -> Renderer | None:
    """Return what renders besides; None where nothing is switched on and nothing checked.

    Raises ConfigurationError, with a sentence for each schema that is missing.
    """
    if not oai.formats and not oai.schemas and not chosen(oai):
        return None
    return _renderer(oai.formats, oai.schemas)


@lru_cache(4)
def _renderer(formats: tuple[str, ...], folder: str) -> Renderer:
    oai = Oai(formats=formats, schemas=folder)
    return Renderer(chosen(oai), schemas_for(oai, chosen(oai)))


def schemas_for(oai: Oai, further: Iterable[Further]) -> Schemas | None:
    """Return the schemas of the folder; raises ConfigurationError if one is missing."""
    if not oai.schemas:
        return None
    try:
        schemas = Schemas(Path(oai.schemas))
        for one in further:
            if one.passed:
                schemas.require(one.form.schema)
    except MissingSchema as error:
        raise ConfigurationError(f"{error} See docs/operating.md for where to get it.") from error
    return schemas
