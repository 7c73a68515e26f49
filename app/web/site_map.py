"""For search engines and browsers: the site map, robots.txt, and how to search here."""

from __future__ import annotations

from flask import Blueprint, Response, abort, render_template

from app.store import deadline, site_map
from app.web import frame

blueprint = Blueprint("site_map", __name__)

LIMIT = 20.0
"""Seconds that a file may take."""
CLOSED = ("/search", "/admin", "/account", "/login", "/setup", "/mds", "/cite")
"""Where programs that read all pages find nothing of their own, or without end."""


@blueprint.get("/sitemap.xml")
def index() -> Response:
    """List the files of the site map."""
    with deadline.within(LIMIT):
        parts = site_map.parts(frame.store())
    base = frame.settings().base_url
    entries = ((f"{base}/sitemaps/{one.number}.xml", one.changed) for one in parts)
    return _xml(render_template("site_map/index.xml", entries=entries))


@blueprint.get("/sitemaps/<int:number>.xml")
def part(number: int) -> Response:
    """List the pages of records of one part."""
    with deadline.within(LIMIT):
        records = site_map.listed(frame.store(), number) if number < 1 << 40 else ()
    if not records:
        abort(404, "The site map has no such file.")
    base = frame.settings().base_url
    entries = ((f"{base}/records/{one.local_id}", one.changed) for one in records)
    return _xml(render_template("site_map/part.xml", entries=entries))


@blueprint.get("/robots.txt")
def robots() -> Response:
    """Tell programs that read all pages what to leave out, and where all pages are listed."""
    closed = "".join(f"Disallow: {frame.to(path)}\n" for path in CLOSED)
    body = f"User-agent: *\n{closed}\nSitemap: {frame.settings().base_url}/sitemap.xml\n"
    answer = Response(body, content_type="text/plain; charset=utf-8")
    answer.headers["Cache-Control"] = frame.METADATA
    return answer


@blueprint.get("/opensearch.xml")
def opensearch() -> Response:
    """Tell browsers and programs how to search here."""
    body = render_template("site_map/opensearch.xml")
    return _xml(body, "application/opensearchdescription+xml")


def _xml(body: str, media_type: str = "application/xml") -> Response:
    answer = Response(body, content_type=f"{media_type}; charset=utf-8")
    answer.headers["Cache-Control"] = frame.METADATA
    return answer
