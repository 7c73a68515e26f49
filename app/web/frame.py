"""The frame of every page: who the hub is, the menu, filters, static files, headers on answers.

Views build a frozen value and hand it to `page`; nothing else renders a template. What an answer
lacks in headers is filled in here, last, so that a view may only be stricter, never laxer.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, TypeVar, cast
from urllib.parse import urlsplit

from flask import Blueprint, Response, abort, current_app, g, render_template, request
from msgspec import Struct
from structlog.contextvars import bind_contextvars, clear_contextvars

from app import __version__, clock, own_look
from app.datacite.resource import is_missing
from app.web import foreign, words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from flask.sansio.blueprints import BlueprintSetupState

    from app.settings import Settings
    from app.store import Store

blueprint = Blueprint("frame", __name__, template_folder="templates")
T = TypeVar("T")

PUBLIC = "public, max-age=60"
METADATA = "public, max-age=300"
FOREVER = "public, max-age=31536000, immutable"
NEVER = "no-store"
HEAVIEST = 100_000
"""Bytes of HTML that no page should pass."""

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
POLICY_XML = "default-src 'none'; sandbox"
"""Foreign XML may hold XHTML scripts, which would run as ours."""

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
TYPES = {
    "css": "text/css", "js": "text/javascript", "svg": "image/svg+xml", "png": "image/png",
}  # fmt: skip
LOGO = "own-logo"
ACCENT = "@media (prefers-color-scheme: light) {{ :root {{ --link: {0}; }} }}\n"
"""What is added to the stylesheet for a colour of the hub's own."""
REQUEST_ID = re.compile(r"[A-Za-z0-9-]{8,64}")
EXPOSED = "Link, ETag, X-Total-Count, Retry-After"
MENU = (
    ("/search", "Search"),
    ("/repositories", "Repositories"),
    ("/statistics", "Statistics"),
    ("/data", "Data"),
)
FILTERS: Mapping[str, Callable[..., object]] = {
    "number": words.number,
    "plural": words.plural,
    "size": words.size,
    "day": words.day,
    "minute": words.minute,
    "duration": words.duration,
    "every": words.every,
    "term": words.term,
    "relation": words.relation,
    "language": words.language,
    "cut": words.cut,
    "known": lambda text: "" if is_missing(text) else text,
    "href": foreign.href,
    "breaking": foreign.breaking,
    "spoken": foreign.spoken,
    "iso": clock.text,
    "to": lambda path: to(path),
}


class Crumb(Struct, frozen=True):
    """A step of the way to a page; the last has no address."""

    text: str
    href: str = ""


class Asset(Struct, frozen=True):
    """A static file as it is served."""

    name: str
    body: bytes
    media_type: str
    hashed: str
    """Its name with a hash of its content, under which it may be cached for ever."""


def settings() -> Settings:
    """Return the settings this application was made with."""
    return cast("Settings", current_app.extensions["garnery.settings"])


def store() -> Store:
    """Return the store this application was made with."""
    return cast("Store", current_app.extensions["garnery.store"])


def to(path: str) -> str:
    """Put the path of `base_url` before a path of this hub; other addresses stay as they are."""
    return urlsplit(settings().base_url).path + path if path.startswith("/") else path


def light(make: Callable[[T], Response], limits: Iterable[T], heaviest: int = HEAVIEST) -> Response:
    """Return a page made with the first of the limits that makes it light enough, else the last."""
    for limit in limits:
        answer = make(limit)
        if len(answer.get_data()) <= heaviest:
            break
    return answer


def page(
    template: str,
    *,
    title: str,
    crumbs: tuple[Crumb, ...] = (),
    status: int = 200,
    cached: str = PUBLIC,
    **values: object,
) -> Response:
    """Render a page in the frame; `title` is what `<title>` says before the hub's name."""
    body = render_template(template, page_title=title, crumbs=crumbs, **values)
    answer = Response(body, status, content_type="text/html; charset=utf-8")
    answer.headers["Cache-Control"] = cached
    return answer


@cache
def assets(accent: str = "", logo: str = "") -> Mapping[str, Asset]:
    """Return the static files by their hashed names; read once, they never change.

    accent: the colour of links in the light. logo: the file of the hub's own.
    """
    found = [(file.name, file.read_bytes()) for file in
             resources.files("app.web").joinpath("static").iterdir()]  # fmt: skip
    picture, colour = own_look.logo(logo), own_look.accent(accent)
    if picture is not None:
        found.append((f"{LOGO}.{picture.ending}", picture.body))
    made = (_asset(name, body, colour if name.endswith(".css") else "") for name, body in found)
    return {one.hashed: one for one in made if one is not None}


def _asset(name: str, body: bytes, colour: str) -> Asset | None:
    stem, _, ending = name.rpartition(".")
    if ending not in TYPES:
        return None
    body += ACCENT.format(colour).encode() if colour else b""
    hashed = f"{stem}.{hashlib.sha256(body).hexdigest()[:12]}.{ending}"
    return Asset(name, body, TYPES[ending], hashed)


def _files() -> Mapping[str, Asset]:
    """Return the static files of this hub."""
    return assets(settings().hub.accent, settings().hub.logo)


@cache
def build() -> str:
    """Return a name of the templates, static files and version that pages are made of."""
    digest = hashlib.sha256(__version__.encode())
    for name in sorted(assets()):
        digest.update(name.encode())
    stack = [resources.files("app.web").joinpath("templates")]
    while stack:
        for file in sorted(stack.pop().iterdir(), key=lambda entry: entry.name):
            if file.is_dir():
                stack.append(file)
            else:
                digest.update(file.read_bytes())
    return digest.hexdigest()[:12]


def asset(name: str) -> str:
    """Return the address of a static file, with the hash of its content in it."""
    return to("/static/" + next(a.hashed for a in _files().values() if a.name == name))


@blueprint.get("/static/<name>")
def static(name: str) -> Response:
    """Serve a static file under its hashed name."""
    file = _files().get(name)
    if file is None:
        abort(404)
    return _file(file, FOREVER)


@blueprint.get("/favicon.ico")
def favicon() -> Response:
    """Serve the icon to browsers that ask for it without having read a page."""
    return _file(next(a for a in assets().values() if a.name == "favicon.svg"), METADATA)


def _file(file: Asset, cached: str) -> Response:
    charset = "" if file.media_type == "image/png" else "; charset=utf-8"
    answer = Response(file.body, content_type=file.media_type + charset)
    answer.headers["Cache-Control"] = cached
    return answer


@blueprint.record_once
def set_up(state: BlueprintSetupState) -> None:
    """Give the templates their filters, their strictness and the cleaning of every text."""
    environment = state.app.jinja_env
    environment.filters.update(FILTERS)
    environment.finalize = foreign.finalize
    environment.trim_blocks = environment.lstrip_blocks = True


@blueprint.app_context_processor
def context() -> dict[str, object]:
    """What every page may show: the hub, its menu, its files."""
    return {
        "hub": settings().hub,
        "base_url": settings().base_url,
        "garnery_version": __version__,
        "menu": MENU,
        "asset": asset,
        "logo": own_look.logo(settings().hub.logo),
        "request_id": g.get("request_id", ""),
        "here": request.path,
    }


@blueprint.before_app_request
def name_request() -> None:
    """Give the request an id, for its answer, its error page and the log.

    One that a proxy of ours has given is taken over, so that its log and ours can be joined.
    """
    given = request.headers.get("X-Request-ID", "")
    g.request_id = named(given, settings().web.trusted_proxies)
    clear_contextvars()
    bind_contextvars(request_id=g.request_id)


def named(given: str, proxies: int) -> str:
    """Return the id of a request. given: what its header says; proxies: how many are ours."""
    return given if proxies and REQUEST_ID.fullmatch(given) else secrets.token_hex(8)


@blueprint.teardown_app_request
def end_request(_error: BaseException | None) -> None:
    """Let nothing that is logged later bear the id."""
    clear_contextvars()


@blueprint.after_app_request
def fill_headers(answer: Response) -> Response:
    """Add the headers that every answer carries: policy, type safety, sharing, request id."""
    base_url, name = settings().base_url, g.get("request_id", "")
    given = common(answer.mimetype or "", request.method, base_url, name)
    there = {name.lower() for name in answer.headers.keys()}  # noqa: SIM118 - it gives pairs
    for name, value in given.items():
        if name.lower() not in there:
            answer.headers.add(name, value)
    if request.method == "OPTIONS" and answer.status_code == 200 and not answer.get_data():
        answer.status_code = 204
    return answer


def common(kind: str, method: str, base_url: str, request_id: str) -> dict[str, str]:
    """Return the headers that an answer of a media type carries, whoever makes it."""
    given = {"Content-Security-Policy": _policy(kind.partition(";")[0]), **HEADERS}
    if base_url.startswith("https:"):
        given["Strict-Transport-Security"] = "max-age=31536000"
    if request_id:
        given["X-Request-ID"] = request_id
    if method in ("GET", "HEAD", "OPTIONS"):
        given |= {"Access-Control-Allow-Origin": "*", "Access-Control-Expose-Headers": EXPOSED}
    return given


def _policy(kind: str) -> str:
    return POLICY_XML if kind.endswith(("/xml", "+xml")) and kind != "image/svg+xml" else POLICY
