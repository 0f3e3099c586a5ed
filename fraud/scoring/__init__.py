"""The monthly batch: profiles, findings, rings and models brought to ranked subjects with reasons."""
