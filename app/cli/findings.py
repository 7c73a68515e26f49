"""What a check finds, as the command line's modules know it."""

from app.findings import Finding

__all__ = ["Finding"]
