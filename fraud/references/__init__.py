"""Published references: knowledge points and NCCI edits as they are published, read into tables of the contract.

`read_file` ▶ `Published` (rows, what was refused, what no rule looks at) ▶ `merged` with what the store knows ▶
`import_file`, which writes them as a source that `ingest` takes.
"""
