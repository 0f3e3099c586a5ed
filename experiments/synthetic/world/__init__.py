"""The world before anyone falls ill: land, people, providers, catalogue, calendar."""
