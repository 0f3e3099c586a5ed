"""From a rule to its findings: hits of one rule or of all rules of one line, resolved, hashed and put into words.

`hits` asks one rule, `line_pass` all rules of one line at once; `found` collects what they return and `row_hashes` what
was stored; `assemble` makes findings, `editions` names what their limits rest on. `trial` asks rules of an empty store.
"""
