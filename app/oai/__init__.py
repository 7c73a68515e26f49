"""The OAI-PMH 2.0 data provider, without Flask: arguments in, bytes out.

Nothing is ever answered as "there is nothing" that could not be looked up: a StoreError passes
through, and whoever serves us makes it a 503.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime
from functools import cached_property

from msgspec import Struct

from app import clock
from app.crosswalks import FORMATS, MetadataFormat
from app.oai import arguments, formats, response, verbs
from app.oai.arguments import Pairs, Request
from app.oai.context import Asked, Context
from app.oai.errors import BAD_ARGUMENT, BAD_VERB, OaiErrors
from app.oai.response import NotModified
from app.oai.resumption import Signer
from app.settings import Settings
from app.store import Store

SECRET_BYTES = 32
SECRET_KEY = "token-secret"  # noqa: S105 - the name under which the store keeps it


class Answer(Struct, frozen=True):
    """An answer of the provider. An error has no ETag; not_modified has no body."""

    body: bytes
    etag: str = ""
    not_modified: bool = False


class Provider:
    """Answers the six verbs from a store. Holds no state of its own; safe to use from threads."""

    def __init__(
        self,
        store: Store,
        settings: Settings,
        *,
        register: Mapping[str, MetadataFormat] = FORMATS,
    ) -> None:
        """register: the formats to offer, of those that are marked for OAI-PMH."""
        self._store = store
        self._settings = settings
        self._context = Context(store, settings, formats.offers(register), lambda: self._signer)

    @cached_property
    def _signer(self) -> Signer:
        """The signer of tokens: by the settings' secrets, else by one that is made and kept once.

        The kept one goes on opening tokens after the settings got a secret.
        """
        oai = self._settings.oai
        kept = self._store.hub.setdefault(SECRET_KEY, secrets.token_urlsafe(SECRET_BYTES))
        return Signer(tuple(filter(None, (oai.secret, kept, *oai.previous_secrets))))

    def answer(self, pairs: Pairs, *, now: datetime, known: tuple[str, ...] = ()) -> Answer:
        """Answer a request. Raises StoreError when it could not be looked up.

        now: the store's clock before the first query. known: ETags the client holds, bare.
        """
        moment = clock.text(now)
        try:
            request = arguments.judge(pairs)
        except OaiErrors as error:
            return self._errors(moment, error, None)
        asked = Asked(request, clock.seconds(now), known)
        try:
            content = verbs.VERBS[request.verb](self._context, asked)
        except OaiErrors as error:
            return self._errors(moment, error, request)
        except NotModified as same:
            return Answer(b"", same.etag, not_modified=True)
        if content.etag in known:
            return Answer(b"", content.etag, not_modified=True)
        echoed = arguments.echo(request)
        body = response.envelope(moment, self._context.base_url, echoed, content.pieces)
        return Answer(body, content.etag)

    def _errors(self, moment: str, error: OaiErrors, request: Request | None) -> Answer:
        """Return an answer of errors; badVerb and badArgument echo nothing."""
        codes = {fault.code for fault in error.faults}
        bare = request is None or codes & {BAD_VERB, BAD_ARGUMENT}
        echoed = () if bare or request is None else arguments.echo(request)
        pieces = response.errors(error.faults)
        return Answer(response.envelope(moment, self._context.base_url, echoed, pieces))
