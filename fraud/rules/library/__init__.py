"""The rules, one file each; `fraud.rules.catalogue` lists them."""
