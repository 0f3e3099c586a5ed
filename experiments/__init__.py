"""Proof: training and comparing models, recall on an invented city, studies, benchmarks."""
