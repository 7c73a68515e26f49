"""How a host is asked: one request at a time, within bounds, as it wants to be asked."""
