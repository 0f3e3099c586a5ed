"""Peers: who is compared with whom, and how far a subject stands from them."""
