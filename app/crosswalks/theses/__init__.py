"""Formats for theses, one module a format, each with its `read`."""
