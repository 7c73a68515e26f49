"""Dumps: files with everything, by month of last change, and the manifest that says what is there.

The manifest is written last and by one rename, so whoever reads it finds every file that it names.
Files bear a part of their checksum in their names and never change.
"""
