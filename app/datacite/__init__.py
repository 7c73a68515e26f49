"""The DataCite Metadata Schema 4.7 as values, and what can be inferred for it: all of it pure."""
