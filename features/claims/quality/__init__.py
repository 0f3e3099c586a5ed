"""Relations that should hold among rows, counted and never mended; how much may fail before a source is none."""
