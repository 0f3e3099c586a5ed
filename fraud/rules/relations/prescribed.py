"""Drugs and the prescriptions that they fill: what exemptions may ask of both, and which was there first."""

from __future__ import annotations

from fraud.rules.relations.base import LINE_COLUMNS, SETTLEMENT_COLUMNS

# Read as stored: whether the fill came before the issue is the question here, and no reason to take both for unknown.
AS_WRITTEN = "prescriptions"
_PRESCRIPTION = ("prescription_key", "issuing_provider_key", "prescriber_key", "issue_time", "channel", "dispense_time")
_PRESCRIBER = ("practitioner_key", "provider_key", "title", "is_team_identifier", "can_prescribe")
PRESCRIBED_ALIASES = {"l": LINE_COLUMNS, "s": SETTLEMENT_COLUMNS, "x": _PRESCRIPTION, "d": _PRESCRIBER}


def handed_out(line: str, prescription: str) -> str:
    """Return SQL of when a drug was handed out: the minute of the sale is that of the line, or later as dispensed.

    Examples
    --------
    >>> handed_out("l", "x")
    'greatest(l.fee_time, coalesce(x.dispense_time, l.fee_time))'
    """
    return f"greatest({line}.fee_time, coalesce({prescription}.dispense_time, {line}.fee_time))"


def is_written_later(line: str, prescription: str, minutes: int) -> str:
    """Return the predicate that a drug was handed out more than so many minutes before its prescription was issued.

    A time without a clock is a day: of a line that bears one, the prescription must be of a later day.
    """
    gap = f"date_diff('second', {handed_out(line, prescription)}, {prescription}.issue_time)"
    has_clock = f"{line}.fee_time <> cast({line}.fee_date as timestamp)"
    return f"{gap} > {minutes * 60} and ({has_clock} or cast({prescription}.issue_time as date) > {line}.fee_date)"
