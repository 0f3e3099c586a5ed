"""What a rule is: the object, and what it is made of.

`rule` holds it with its reasons and exemptions; `executor` says what may run it; `predicates` is the SQL that
exemptions may use, of which `exists_links` asks that it reads few rows; `parameters` are its numbers, `rule_settings`
those that the settings change; `numbers` writes numbers into reasons; `scope` and `window` say of what it speaks.
"""

from fraud.rules.declare.rule import Exemption, Reason, Rule

__all__ = ["Exemption", "Reason", "Rule"]
