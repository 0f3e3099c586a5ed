"""The only place that knows where SQL runs."""
