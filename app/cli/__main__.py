"""`python -m app.cli` is `garnery`."""

from __future__ import annotations

from app.cli import main

main(prog_name="garnery")
