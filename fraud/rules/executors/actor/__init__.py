"""What people cannot do: be in two places at once, work more than a day holds."""
