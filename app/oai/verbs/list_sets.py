"""ListSets: the sets by setSpec, a page at a time; never empty, `q` is always there."""

from __future__ import annotations

from msgspec.structs import replace

from app import clock
from app.crosswalks.xml import element, root_start
from app.oai import querysets, response, resumption
from app.oai.context import Asked, Context
from app.oai.response import Content
from app.oai.resumption import Token
from app.store.values import SetRow

SETS_PER_PAGE = 500

_DC = "http://purl.org/dc/elements/1.1/"
_OAI_DC = "http://www.openarchives.org/OAI/2.0/oai_dc/"
_DC_START = root_start(
    "oai_dc:dc",
    {"oai_dc": _OAI_DC, "dc": _DC},
    (_OAI_DC, "http://www.openarchives.org/OAI/2.0/oai_dc.xsd"),
)


def answer(context: Context, asked: Asked) -> Content:
    """Answer with a page of sets."""
    walk = _walk(context, asked)
    rows = _rows(context, walk)
    if not rows:
        raise resumption.emptied(walk)
    shown = rows[:SETS_PER_PAGE]
    token = _token(context, asked, walk, shown, more=len(rows) > SETS_PER_PAGE)
    return response.whole("ListSets", "".join(map(_set, shown)) + token)


def _walk(context: Context, asked: Asked) -> Token:
    if asked.request.token is None:
        return Token("ListSets", until=asked.now)
    return context.signer().open(asked.request.token, "ListSets", asked.now)


def _rows(context: Context, walk: Token) -> tuple[SetRow, ...]:
    """Return the sets behind the key, one more than a page holds; `q` is among them."""
    after = walk.after if isinstance(walk.after, str) else None
    rows = context.store.sets.listed(after=after, limit=SETS_PER_PAGE + 1)
    root = (querysets.ROOT,) if after is None or after < querysets.ROOT.spec else ()
    before = tuple(row for row in rows if row.spec < querysets.ROOT.spec)
    return (*before, *root, *rows[len(before) :])[: SETS_PER_PAGE + 1]


def _set(row: SetRow) -> str:
    described = f"<setDescription>{_description(row)}</setDescription>" if row.description else ""
    name = element("setName", row.name or row.spec)
    return f"<set>{element('setSpec', row.spec)}{name}{described}</set>"


def _description(row: SetRow) -> str:
    return f"{_DC_START}{element('dc:description', row.description)}</oai_dc:dc>"


def _token(
    context: Context, asked: Asked, walk: Token, shown: tuple[SetRow, ...], *, more: bool
) -> str:
    if not more:
        return response.token("", cursor=walk.cursor).decode() if walk.after else ""
    day = resumption.expiry_day(asked.now)
    following = replace(walk, after=shown[-1].spec, cursor=walk.cursor + len(shown), expires=day)
    sealed = context.signer().seal(following)
    expires = clock.text(resumption.expiry(day))
    return response.token(sealed, cursor=walk.cursor, expires=expires).decode()
