"""The life of a case after export: decisions come back as labels."""
