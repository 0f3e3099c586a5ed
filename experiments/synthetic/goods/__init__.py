"""Drug boxes behind the bills: deliveries, scans, stock."""
