"""Peers: who is compared with whom, and how far a subject stands from them."""

# Fewer give no steady median and percentiles in steps of five and more; our proposal.
MIN_PEERS = 20
