"""Everything at once: exports and dumps, streamed from the store in memory that stays flat."""
