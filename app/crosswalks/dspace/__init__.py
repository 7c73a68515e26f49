"""DSpace's own two formats, DIM and xoai: the same fields, told in two ways, read by one table."""

from __future__ import annotations

from app.crosswalks.dspace.dim import read as read_dim
from app.crosswalks.dspace.xoai import read as read_xoai

__all__ = ["read_dim", "read_xoai"]
