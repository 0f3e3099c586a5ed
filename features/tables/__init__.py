"""Tables of a window of months, made from facts and registers for families to read."""
