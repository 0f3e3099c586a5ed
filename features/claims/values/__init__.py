"""Single values: what a text must look like to be one, how it is read, and what may be wrong with it."""
