"""What honest people are treated for, drafted month by month."""
