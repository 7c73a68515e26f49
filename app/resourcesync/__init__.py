"""ResourceSync (ANSI/NISO Z39.99-2017): what there is, and what changed, as sitemaps.

Each record is a resource: its DataCite XML, at the address of its page with `?format=datacite`, by
the bytes that OAI-PMH gives. The lists are read from the same rows; nothing is kept for them.
"""
