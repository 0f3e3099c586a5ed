"""Facts: what a claims month says, written once per month and merged over months by every profile."""
