"""The payer's side: money, checks, registers, and the tables that are written."""
