"""What searches look through and how they are answered, alike on both databases.

`finding` is what the rest of the hub asks; `writing` keeps the index in the transaction of the
record; `conditions` and `matching` make a query of the language one of the database.
"""
