"""How often: in a span of days, over all providers; how much of a machine's day."""
