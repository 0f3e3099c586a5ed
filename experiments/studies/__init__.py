"""Studies on public data: runnable, with the figures they printed kept beside them."""
