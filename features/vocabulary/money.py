"""Money: whole minor units (分, cent) inside, currency with two decimals where people read it."""

from __future__ import annotations

MINOR_UNITS = 100


def money_text(minor: int) -> str:
    """Write minor units as currency with two decimals, exactly.

    Examples
    --------
    >>> money_text(123456789), money_text(-5)
    ('1,234,567.89', '-0.05')
    """
    whole, rest = divmod(abs(int(minor)), MINOR_UNITS)
    return f"{'-' if minor < 0 else ''}{whole:,}.{rest:02d}"


def minor_units(currency: int) -> int:
    """Return whole units of currency, such as a setting, in minor units.

    Examples
    --------
    >>> minor_units(300)
    30000
    """
    return currency * MINOR_UNITS
