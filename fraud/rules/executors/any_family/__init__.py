"""Shapes of rules that every family has."""
