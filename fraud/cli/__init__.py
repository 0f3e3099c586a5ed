"""The command line: a visible table of commands, each loaded only when called."""
