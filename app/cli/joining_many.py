"""Many repositories at once, as a file has them: checked first, all of them, then written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import Struct

from app.addresses import veiled
from app.cli import joining, kinds, repository_file
from app.errors import ConfigurationError, NotFound

if TYPE_CHECKING:
    from app.cli.manners import Call
    from app.store.values import Repository

PERMANENT = frozenset(("kind",))


class Step(Struct, frozen=True):
    """What becomes of one repository."""

    name: str
    what: str
    """`added`, `changed` or `unchanged`."""
    settings: dict[str, Any] = {}
    before: Repository | None = None

    @property
    def fields(self) -> list[str]:
        """The settings that change."""
        return sorted(self.settings) if self.what == "changed" else []

    def object(self) -> dict[str, Any]:
        """Return the step as JSON."""
        changed = {"changed": self.fields} if self.fields else {}
        return {"repository": self.name, "state": self.what} | changed


def planned(call: Call, text: str) -> tuple[Step, ...]:
    """Return what a file makes of each repository; raises before anything is written."""
    return tuple(_step(call, name, given) for name, given in repository_file.read(text))


def carry_out(call: Call, steps: tuple[Step, ...]) -> None:
    """Write the steps down."""
    store, usual = call.store, call.settings.harvest.every
    for step in steps:
        if step.what == "changed" and step.before is not None:
            joining.change(call, step.before, step.settings)
        elif step.what == "added":
            given = {"title": step.name, "base_url": "", "every": usual} | step.settings
            due = store.now() if given["base_url"] else None
            store.repositories.add(step.name, **given, next_harvest_at=due)


def _step(call: Call, name: str, given: dict[str, Any]) -> Step:
    joining.require_name(name)
    before = _known(call, name)
    kind = given.get("kind", before.kind if before else kinds.OAI)
    _check(name, kind, given, before)
    if before is None:
        return Step(name, "added", given)
    given = _completed(before, given)
    changes = {key: value for key, value in given.items() if value != getattr(before, key)}
    if PERMANENT.intersection(changes):
        raise ConfigurationError(f"{name} is of the kind {before.kind}; that does not change.")
    return Step(name, "changed" if changes else "unchanged", changes, before)


def _known(call: Call, name: str) -> Repository | None:
    try:
        return call.store.repositories.get(name)
    except NotFound:
        return None


def _completed(before: Repository, given: dict[str, Any]) -> dict[str, Any]:
    """Keep an address whose key is left out in the file."""
    if given.get("base_url") == veiled(before.base_url):
        given = given | {"base_url": before.base_url}
    return given


def _check(name: str, kind: str, given: dict[str, Any], before: Repository | None) -> None:
    """Refuse what `garnery repository add` would refuse, but for asking anyone."""
    address = given.get("base_url", before.base_url if before else "")
    if kind not in kinds.KINDS:
        raise ConfigurationError(f"{name}: there is no kind `{kind}`: {', '.join(kinds.KINDS)}.")
    if kind == kinds.FILES:
        if address and not address.startswith("file:///"):
            raise ConfigurationError(f"{name}: `{address}` is no folder; write file:///PATH.")
    else:
        joining.require_address(address)
        known = before is not None and address == veiled(before.base_url)
        if "…" in address and not known:
            raise ConfigurationError(f"{name}: put the key in place of … in {address}")
    if kind != kinds.OAI and given.get("sets"):
        raise ConfigurationError(f"{name}: only a repository of the kind oai has sets.")
    if "prefix" in given:
        kinds.prefixes((given["prefix"],))
    if "every" in given:
        given["every"] = joining.interval(given["every"])
    joining.require_reconcile(given.get("reconcile"))
