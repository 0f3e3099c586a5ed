"""The front door: a visible table of commands, each loaded only when called."""
