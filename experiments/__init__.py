"""Answer whether the model learned something true, and whether it may replace the one in use."""
