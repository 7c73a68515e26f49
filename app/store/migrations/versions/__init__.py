"""One module a step; its name begins with its number, which is its revision id."""
