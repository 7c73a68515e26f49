"""XML schemas of a folder of the operator's, read without any network.

The folder holds files as they lie on the web (`www.loc.gov/standards/…`, as `wget -x` keeps them),
or an OASIS catalogue, `catalog.xml`, that tells which file stands for which address. Whatever a
schema includes comes from there too, or counts as missing.
"""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any, cast
from urllib.parse import unquote

from lxml import etree

from app.crosswalks.xml import Element, MalformedXML, parse

CATALOGUE = "catalog.xml"
LONGEST_COMPLAINT = 300
_NAMES = {"uri": "name", "system": "systemId"}
_NO_SCHEMA = (".dtd", ".ent", ".mod")
"""What old schemas refer to and do not need."""
_ENTRY = "{urn:oasis:names:tc:entity:xmlns:xml:catalog}"


class MissingSchema(LookupError):
    """A schema cannot be used; `str(error)` is a sentence that says why and what to do."""


class Schemas:
    """The schemas of a folder, each loaded when it is first asked for; safe to use from threads."""

    def __init__(self, folder: Path) -> None:
        """Read the catalogue, if there is one. Raises MissingSchema without the folder."""
        if not folder.is_dir():
            raise MissingSchema(f"There is no folder {folder}; oai.schemas names it.")
        self._folder = folder.resolve()
        self._files = _catalogue(self._folder)
        self._loaded: dict[str, etree.XMLSchema | MissingSchema] = {}
        self._lock = threading.RLock()

    def file_of(self, url: str) -> Path | None:
        """Return the file that stands for an address; None if the folder has none."""
        place = _without_scheme(url)
        found = self._folder / self._files.get(place, place)
        return found if found.is_file() else None

    def require(self, url: str) -> None:
        """Raise MissingSchema unless the schema of this address and all it includes are there."""
        self._schema(url)

    def complaint(self, url: str, root: Element) -> str:
        """Say what the schema of an address finds wrong with an element; empty if it is valid.

        Raises MissingSchema.
        """
        schema = self._schema(url)
        with self._lock:  # a schema keeps the complaints of its last validation
            if schema.validate(root):
                return ""
            log = cast("Any", schema.error_log)
            first = next((str(entry.message) for entry in log), "it is not valid")
        return first if len(first) <= LONGEST_COMPLAINT else first[:LONGEST_COMPLAINT] + "…"

    def _schema(self, url: str) -> etree.XMLSchema:
        with self._lock:
            if url not in self._loaded:
                self._loaded[url] = self._load(url)
            found = self._loaded[url]
        if isinstance(found, MissingSchema):
            raise found
        return found

    def _load(self, url: str) -> etree.XMLSchema | MissingSchema:
        path = self.file_of(url)
        if path is None:
            return MissingSchema(f"The schema {url} is not in {self._folder}.")
        resolver = _Resolver(self)
        parser = etree.XMLParser(no_network=True, resolve_entities=False, load_dtd=False)
        parser.resolvers.add(resolver)
        error = ""
        try:
            schema = etree.XMLSchema(etree.parse(str(path), parser))
        except (etree.LxmlError, OSError) as fault:
            error = str(fault)[:LONGEST_COMPLAINT]
        if resolver.missing:
            names = ", ".join(sorted(resolver.missing))
            return MissingSchema(f"The schema {url} needs what is not in {self._folder}: {names}.")
        return MissingSchema(f"The schema {url} cannot be used: {error}.") if error else schema


class _Resolver(etree.Resolver):
    """Answers every address of the web from the folder, or with nothing."""

    def __init__(self, schemas: Schemas) -> None:
        super().__init__()
        self._schemas = schemas
        self.missing: set[str] = set()

    def resolve(self, system_url: str, public_id: str, *context: Any) -> Any:
        """Return the file of an address; files of the folder are left to the parser."""
        del public_id
        url, give = system_url or "", cast("Any", self)
        if not url.startswith(("http://", "https://", "ftp://")):
            if not Path(unquote(url.removeprefix("file://"))).is_file():
                self._miss(url)
            return None
        path = self._schemas.file_of(url)
        if path is None:
            self._miss(url)
            return give.resolve_empty(*context)
        return give.resolve_filename(str(path), *context)

    def _miss(self, url: str) -> None:
        if not url.endswith(_NO_SCHEMA):
            self.missing.add(url)


def _without_scheme(url: str) -> str:
    return url.partition("://")[2] or url


def _catalogue(folder: Path) -> dict[str, str]:
    """Return the file of each address that the catalogue names, by the address without scheme."""
    path = folder / CATALOGUE
    if not path.is_file():
        return {}
    try:
        root = parse(path.read_bytes())
    except (MalformedXML, OSError) as error:
        raise MissingSchema(f"The catalogue {path} cannot be read: {error}") from error
    return {
        _without_scheme(str(entry.get(name))): str(entry.get("uri"))
        for kind, name in _NAMES.items()
        for entry in root.iter(_ENTRY + kind)
        if entry.get(name) and entry.get("uri")
    }
