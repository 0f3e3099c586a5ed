"""What cannot be true as recorded: dates in the wrong order, codes that do not fit."""
