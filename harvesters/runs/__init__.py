"""A harvest from beginning to end: its plan, its windows, its ledger, its outcome."""
