"""What excludes each other: the same service again, services that are part of others."""
