"""The graph: which objects records are of, how they are linked, which copy stands for an object.

`graph` is what the rest of the hub asks. Rows change in the transaction of the record that causes
it: `rows` says what they should be, `shift` what of it is new, `effects` writes it.
"""
