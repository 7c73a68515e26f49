"""Documents that hold records: files of a folder, members of archives, a static repository.

Each is read as a stream: XML of every kind, JSON Lines, single JSON documents. Nothing here
decides about records, and nothing leads out of the place that an operator named.
"""
