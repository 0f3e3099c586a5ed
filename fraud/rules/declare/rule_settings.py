"""The settings' `[rules]`, checked against the parameters of the rules that are there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from features.errors import InputError
from fraud.settings import RuleSettings

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fraud.rules.declare import Rule
    from fraud.rules.declare.parameters import Parameter
    from fraud.settings import Settings


def parameters_of(rules: Iterable[Rule]) -> dict[str, Parameter]:
    """All parameters of rules by name, in their order; rules may share one."""
    return {parameter.name: parameter for rule in rules for parameter in rule.parameters}


def with_rule_numbers(settings: Settings, rules: Iterable[Rule], where: str = "as given") -> Settings:
    """Return the settings with the number in force of every parameter under `[rules]`.

    Parameters
    ----------
    settings : Settings
        As read: `[rules]` holds what the file gives.
    rules : iterable of Rule
        All rules that are there: ours and the payer's.
    where : str
        Where the settings stand, for the error.

    Raises
    ------
    InputError
        A key is no parameter of these rules, or its value is not allowed.

    Examples
    --------
    >>> from fraud.rules import library_rules
    >>> from fraud.settings import Settings
    >>> given = Settings(rules=RuleSettings(death_grace_days=3))
    >>> with_rule_numbers(given, library_rules()).rules.given["death_grace_days"]
    3
    >>> with_rule_numbers(given, library_rules()).rules.given["stay_margin_days"]
    1
    """
    known, given = parameters_of(rules), settings.rules.given
    for key in given:
        if key not in known:
            raise InputError.unknown_name("settings key", f"{where} [rules]", key, known)
    numbers = {name: parameter.value(given, where) for name, parameter in known.items()}
    return settings.model_copy(update={"rules": RuleSettings(**numbers)})
