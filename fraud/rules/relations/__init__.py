"""What executors read, beside the ledger of trace codes: the base of the month and its window, and what is made of it.

`base` is there for every rule; `shared` makes what several rules read when the first of them asks (`pooled`, `ratios`,
the ledger); the others return SQL that an executor writes into its own.
"""
