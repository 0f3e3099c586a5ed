"""The claims store on disk: immutable parts under one catalogue, read, written, described and erased from."""
