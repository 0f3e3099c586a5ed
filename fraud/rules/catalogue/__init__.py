"""The rules that there are: ours and the payer's, read from their files, tried, and shown.

`library` lists our files, `load` reads one with `toml_table`, `all_rules` holds ours and the payer's beside each other,
`render` writes the catalogue.
"""

from fraud.rules.catalogue.all_rules import checked, find_rule, library_rules, rules_of, with_rule
from fraud.rules.catalogue.library import LIBRARY, LIBRARY_FOLDER
from fraud.rules.catalogue.load import load_rule

__all__ = [
    "LIBRARY",
    "LIBRARY_FOLDER",
    "checked",
    "find_rule",
    "library_rules",
    "load_rule",
    "rules_of",
    "with_rule",
]
