"""ListSets: the sets by setSpec, a page at a time; never empty, `q` is always there."""

from __future__ import annotations

from msgspec.structs import replace

from app import clock
from app.crosswalks.xml import element
from app.oai import descriptions, querysets, response, resumption
from app.oai.context import Asked, Context
from app.oai.response import Content
from app.oai.resumption import Token
from app.record import member_set
from app.store.faces import Face, faces
from app.store.values import SetRow

SETS_PER_PAGE = 500

_MEMBER = "member:"


def answer(context: Context, asked: Asked) -> Content:
    """Answer with a page of sets."""
    walk = _walk(context, asked)
    rows = _rows(context, walk)
    if not rows:
        raise resumption.emptied(walk)
    shown = rows[:SETS_PER_PAGE]
    token = _token(context, asked, walk, shown, more=len(rows) > SETS_PER_PAGE)
    members = _members(context, shown)
    sets = "".join(_set(row, members.get(row.spec)) for row in shown)
    return response.whole("ListSets", sets + token)


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


def _members(context: Context, shown: tuple[SetRow, ...]) -> dict[str, Face]:
    """Return the public members whose own sets are on the page, by setSpec."""
    if not any(row.spec.startswith(_MEMBER) for row in shown):
        return {}
    return {member_set(face.name): face for face in faces(context.store)}


def _set(row: SetRow, member: Face | None) -> str:
    name = element("setName", row.name or row.spec)
    described = map(_description, _of_member(member) if member else _of_set(row))
    return f"<set>{element('setSpec', row.spec)}{name}{''.join(described)}</set>"


def _of_member(member: Face) -> tuple[str, ...]:
    """Return what describes a member: what it holds, its icon, the licence of its metadata."""
    return (
        descriptions.dublin_core(description=member.description, home_page=member.home_page),
        descriptions.branding(member.icon_url, member.home_page, member.title),
        descriptions.rights_manifest(member.metadata_license),
    )


def _of_set(row: SetRow) -> tuple[str, ...]:
    return (descriptions.dublin_core(description=row.description),)


def _description(container: str) -> str:
    return f"<setDescription>{container}</setDescription>" if container else ""


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
