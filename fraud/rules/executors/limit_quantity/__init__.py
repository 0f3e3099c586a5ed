"""How much: of one fill, one day, one course, one stay."""
