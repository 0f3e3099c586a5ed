"""Everything that exists before anyone falls ill: land, people, providers, catalogue, calendar."""
