"""Boxes behind the bills: deliveries, scans, stock."""
