"""Who a repository is and what it offers: Identify, formats, sets. Each raises HarvestError."""

from __future__ import annotations

from msgspec import Struct

from app.crosswalks import FORMATS
from harvesters import prefixes
from harvesters.answers.reading import fields, items
from harvesters.base import Description
from harvesters.failures import OaiError
from harvesters.probe.asking import Asker
from harvesters.probe.values import FormatSeen, SetSeen
from harvesters.software import toolkit_of

MOST_SETS = 1000
SET_PAGES = 3


class Named(Struct, frozen=True):
    """What Identify says."""

    description: Description = Description()
    contact: str = ""
    toolkit: str = ""


def identify(asker: Asker, *, tries: int) -> Named:
    """Ask a repository who it is."""
    response = asker.ask(tries, verb="Identify")
    container = response.answer.container
    said = fields(container)
    description = Description(
        name=said.get("repositoryName", ""),
        base_url=said.get("baseURL", ""),
        granularity=prefixes.granularity(said.get("granularity", "")),
        deleted_record=said.get("deletedRecord", "").lower(),
        earliest=said.get("earliestDatestamp", ""),
        moved_to=response.http_response.moved_to,
    )
    email = said.get("adminEmail", "").removeprefix("mailto:")
    return Named(description, email, toolkit_of(container))


def formats(asker: Asker) -> tuple[FormatSeen, ...]:
    """Ask for the metadata formats: those that can be read first, the richest first."""
    container = asker.ask(verb="ListMetadataFormats").answer.container
    offered = [
        (entry.get("metadataPrefix", ""), entry.get("metadataNamespace", ""))
        for entry in items(container, "metadataFormat")
    ]
    order = prefixes.ranked(offered, FORMATS)
    spaces = dict(reversed(offered))
    rest = dict.fromkeys(name for name, _ in offered if name and name not in order)
    return (
        *(FormatSeen(name, spaces[name], known=True) for name in order),
        *(FormatSeen(name, spaces[name]) for name in rest),
    )


def sets(asker: Asker) -> tuple[tuple[SetSeen, ...], bool]:
    """Ask for the sets, not for all of very many; and tell whether there are more."""
    found: dict[str, SetSeen] = {}
    arguments = {"verb": "ListSets"}
    for _ in range(SET_PAGES):
        try:
            answer = asker.ask(2, **arguments).answer
        except OaiError as error:
            if error.kind == "nosethierarchy":
                return (), False
            raise
        for entry in items(answer.container, "set"):
            spec = entry.get("setSpec", "")
            found[spec] = SetSeen(spec, entry.get("setName", ""))
        token = answer.token.text
        if not token or len(found) > MOST_SETS:
            break
        arguments = {"verb": "ListSets", "resumptionToken": token}
    return tuple(found.values())[:MOST_SETS], bool(token) or len(found) > MOST_SETS
