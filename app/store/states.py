"""What a record is to people: as its repository left it, unless an operator withdrew or merged it.

`records.state` is what the repository says, and what harvests go by; whoever shows records or
counts what is shown goes by `STATE`.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, ColumnElement, String, case, literal_column, select

from app.store.tables import records
from app.store.withdrawal_tables import MERGED, NOT_WITHDRAWN, WITHDRAWN, withdrawals

_R, _W = records.c, withdrawals.c
NAMES = {WITHDRAWN: "withdrawn", MERGED: "merged"}
"""The states that an operator makes."""
GONE = ("deleted", *NAMES.values())
"""States of which lists show a tombstone, if they ever showed the record."""


def _number(value: int) -> ColumnElement[int]:
    """Return a number as it stands: it saves the driver a parameter in each statement."""
    return literal_column(str(value))


def _word(value: str) -> ColumnElement[str]:
    return literal_column(f"'{value}'", String)


_IS_HELD: ColumnElement[bool] = _R.withdrawal != _number(NOT_WITHDRAWN)
STATE: ColumnElement[str] = case(
    *((_R.withdrawal == _number(number), _word(name)) for number, name in NAMES.items()),
    else_=_R.state,
)
LISTED: ColumnElement[str] = case((_R.withheld | _IS_HELD, _word("deleted")), else_=_R.state)
"""The state in which lists show a record: what is withheld is deleted to them."""


def _of_withdrawal(column: Column[Any], otherwise: ColumnElement[Any] | None) -> ColumnElement[Any]:
    """Return a column of the withdrawal that holds; only looked up for records that have one."""
    held = select(column).where(_W.record_id == _R.id, _W.ended_at.is_(None))
    newest = held.order_by(_W.id.desc()).limit(_number(1)).correlate(records).scalar_subquery()
    return case((_IS_HELD, newest), else_=otherwise)


REASON = _of_withdrawal(_W.public_reason, _R.reason)
WITHDRAWN_AT = _of_withdrawal(_W.began_at, None)
