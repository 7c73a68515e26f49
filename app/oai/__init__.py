"""The OAI-PMH 2.0 data provider, without Flask: arguments in, bytes out.

Nothing is ever answered as "there is nothing" that could not be looked up: a StoreError passes
through, and whoever serves us makes it a 503.
"""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Mapping
from datetime import datetime
from functools import cached_property

from msgspec import Struct

from app import clock
from app.crosswalks import FORMATS, MetadataFormat, further
from app.crosswalks.further import Renderer
from app.oai import arguments, facts, formats, missing, response, verbs
from app.oai.arguments import Pairs, Request
from app.oai.context import Asked, Context, Offer
from app.oai.errors import BAD_ARGUMENT, BAD_VERB, OaiErrors
from app.oai.missing import Missing
from app.oai.response import NotModified
from app.oai.resumption import Signer
from app.settings import Settings
from app.store import Store
from app.store.archiving import RESTORED
from app.store.served.values import Facts

SECRET_BYTES = 32
SECRET_KEY = "token-secret"  # noqa: S105 - the name under which the store keeps it


class Answer(Struct, frozen=True):
    """An answer of the provider. An error has no ETag; not_modified has no body."""

    body: bytes
    etag: str = ""
    not_modified: bool = False
    facts: Facts = Facts()
    """What was asked and given, for statistics."""


class Provider:
    """Answers the six verbs from a store. Holds no state of its own; safe to use from threads."""

    def __init__(
        self,
        store: Store,
        settings: Settings,
        *,
        register: Mapping[str, MetadataFormat] = FORMATS,
    ) -> None:
        """register: the formats to offer: those that are marked for OAI-PMH or switched on.

        Raises ConfigurationError for one that cannot be switched on.
        """
        self._store = store
        self._settings = settings
        self._register = register
        self._further = further.chosen(settings.oai, register)
        offering = formats.Offering(store, register, self._further)
        self._context = Context(
            store, settings, offering, offering.all, lambda: self._signer, lambda: self._renderer
        )

    @cached_property
    def _signer(self) -> Signer:
        """The signer of tokens: by the settings' secrets, else by one that is made and kept once.

        The kept one goes on opening tokens after the settings got a secret.
        """
        oai = self._settings.oai
        kept = self._store.hub.setdefault(SECRET_KEY, secrets.token_urlsafe(SECRET_BYTES))
        known = filter(None, (oai.secret, kept, *oai.previous_secrets))
        restored = self._store.hub.get(RESTORED)  # tokens of a lost hub end, whatever signed them
        return Signer(tuple(f"{one} {restored}" if restored else one for one in known))

    @cached_property
    def _renderer(self) -> Renderer:
        """What renders the further formats, so that it can say why one is missing."""
        schemas = further.schemas_for(self._settings.oai, self._further)
        return Renderer(self._further, schemas, self._register)

    @property
    def offers(self) -> Mapping[str, Offer]:
        """The formats on offer now, by prefix."""
        return self._context.offers

    @property
    def formats(self) -> tuple[MetadataFormat, ...]:
        """The formats on offer, in the order of the register."""
        return tuple(offer.format for offer in self._context.offers.values())

    def prefix_of(self, pairs: Pairs) -> str:
        """Return the prefix that a request asks for, itself or by its token; empty for none."""
        values = dict(pairs)
        with contextlib.suppress(OaiErrors):
            verb, token = values.get("verb", ""), values.get(arguments.TOKEN)
            if token:
                return self._signer.open(token, verb, now=0).prefix
        return values.get("metadataPrefix", "")

    def missing(
        self, repository_id: int, prefix: str, *, after: int = 0, limit: int
    ) -> tuple[Missing, ...]:
        """Return records of a repository that the lists of a format lack, with the reasons."""
        return missing.missing(self._context, repository_id, prefix, after=after, limit=limit)

    def count_missing(self, repository_id: int, prefix: str) -> int:
        """Return how many there are, up to 10,000."""
        return missing.count(self._context, repository_id, prefix)

    def answer(self, pairs: Pairs, *, now: datetime, known: tuple[str, ...] = ()) -> Answer:
        """Answer a request. Raises StoreError when it could not be looked up.

        now: the store's clock before the first query. known: ETags the client holds, bare.
        """
        moment = clock.text(now)
        try:
            request = arguments.judge(pairs)
        except OaiErrors as error:
            return self._errors(moment, error, None, facts.of_refused(pairs, error.faults))
        asked = Asked(request, clock.seconds(now), known)
        try:
            content = verbs.VERBS[request.verb](self._context, asked)
        except OaiErrors as error:
            told = facts.of_request(self._context, asked, error.faults)
            return self._errors(moment, error, request, told)
        except NotModified as same:
            told = same.facts or facts.of_request(self._context, asked)
            return Answer(b"", same.etag, not_modified=True, facts=told)
        told = content.facts or facts.of_request(self._context, asked)
        if content.etag in known:
            return Answer(b"", content.etag, not_modified=True, facts=told)
        echoed = arguments.echo(request)
        body = response.envelope(moment, self._context.base_url, echoed, content.pieces)
        return Answer(body, content.etag, facts=told)

    def _errors(
        self, moment: str, error: OaiErrors, request: Request | None, told: Facts
    ) -> Answer:
        """Return an answer of errors; badVerb and badArgument echo nothing."""
        codes = {fault.code for fault in error.faults}
        bare = request is None or codes & {BAD_VERB, BAD_ARGUMENT}
        echoed = () if bare or request is None else arguments.echo(request)
        pieces = response.errors(error.faults)
        return Answer(response.envelope(moment, self._context.base_url, echoed, pieces), facts=told)
