"""Studies on invented cities and on public data, each runnable by itself; docs and README hold what they printed."""
