"""What the verbs answer from, and what they are asked: two values, made by the provider."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from msgspec import Struct

from app.crosswalks import MetadataFormat
from app.crosswalks.further import Renderer
from app.oai.arguments import Request
from app.oai.errors import NO_FORMAT, Fault, quoted
from app.oai.response import Wrap
from app.oai.resumption import Signer
from app.settings import Settings
from app.store import Store


class Offer(Struct, frozen=True):
    """A format as the provider offers it.

    stored: the prefix whose bytes stand in the store. metadata: makes the payload of a row.
    """

    format: MetadataFormat
    stored: str
    metadata: Wrap


class Context(Struct, frozen=True):
    """Made once for a provider: the store, the settings, the formats."""

    store: Store
    settings: Settings
    offering: Callable[[], Mapping[str, Offer]]
    """Gives the formats on offer; may ask the store whether a record has one by now."""
    formats: Mapping[str, Offer]
    """All formats that are meant to be offered."""
    signer: Callable[[], Signer]
    """Gives the signer; asks the store for the secret the first time."""
    renderer: Callable[[], Renderer]
    """Gives what renders the formats that are switched on; reads their schemas the first time."""

    @property
    def offers(self) -> Mapping[str, Offer]:
        """The formats on offer now, by prefix."""
        return self.offering()

    @property
    def base_url(self) -> str:
        """The base URL, to the character; a setting, never taken from a request."""
        return self.settings.base_url + "/oai"

    @property
    def identifiers(self) -> str:
        """What every identifier of ours begins with."""
        return f"oai:{self.settings.oai.domain}:"

    def local_id(self, identifier: str) -> str:
        """Return the local name in an identifier of ours, else an empty text."""
        start = self.identifiers
        return identifier[len(start) :] if identifier.startswith(start) else ""


class Asked(Struct, frozen=True):
    """A judged request, the moment of asking, and the ETags that the client holds."""

    request: Request
    now: int
    """Whole seconds since 1970, taken before the first query."""
    known: tuple[str, ...] = ()


def no_format(prefix: str, offers: Mapping[str, Offer]) -> Fault:
    """Return the fault for a prefix that the repository does not offer."""
    choice = ", ".join(offers)
    return Fault(NO_FORMAT, f"There is no format {quoted(prefix)} here; there are {choice}.")
