"""Join an edition's limits with what is known of an item, so that a new version of it loses nothing it said before.

A reference row is a whole version of its item: the newest that has begun is in force, alone. A row that held the new
limit only would take the item's price, its minutes and every earlier edition's limits away.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Row = dict[str, str]
FROM, TO, EDITIONS = "valid_from_date", "valid_to_date", "editions"


def merged(item: str, known: Iterable[Row], limits: Mapping[str, str], valid_from: str, edition: str) -> list[Row]:
    """Return the versions of an item that an edition makes or changes.

    Parameters
    ----------
    item : str
        Its code.
    known : iterable of dict
        Its versions as they are, in contract form; a version without a first day began before all others.
    limits : mapping of str to str
        What the edition says of it. A name that the payer's own catalogue gives stays; one that an edition gave is
        corrected.
    valid_from : str
        First day, YYYY-MM-DD.
    edition : str
        Its name.

    Returns
    -------
    list of dict
        The version that begins on that day, with what held before and what is new; and later ones, in what they did
        not say otherwise.

    Examples
    --------
    >>> known = [{"item_code": "X", "standard_minutes": "5"}]
    >>> merged("X", known, {"gender_limit": "female"}, "2026-01-01", "E")  # doctest: +NORMALIZE_WHITESPACE
    [{'item_code': 'X', 'standard_minutes': '5', 'gender_limit': 'female', 'valid_from_date': '2026-01-01',
      'editions': 'E'}]
    """
    versions = sorted(known, key=lambda row: row.get(FROM, ""))
    before = [row for row in versions if row.get(FROM, "") <= valid_from]
    held = before[-1] if before and (before[-1].get(TO) or "9999") >= valid_from else {}
    # A version without editions is the payer's own: the published name may be a generic one, and its own is billed.
    own_names = {row.get("item_name") for row in versions if not row.get(EDITIONS)} - {None, ""}
    is_own_name = held.get("item_name") in own_names
    said = {name: value for name, value in limits.items() if value and not (name == "item_name" and is_own_name)}
    found = [_with({"item_code": item, **held, **said, FROM: valid_from}, edition)]
    for row in versions[len(before) :]:
        # What a later version says otherwise is a newer word.
        open_to = {name: value for name, value in said.items() if row.get(name, "") in {"", held.get(name, "")}}
        if open_to:
            found.append(_with({**row, **open_to}, edition))
    return found


def _with(row: Row, edition: str) -> Row:
    named = dict.fromkeys(each for each in row.get(EDITIONS, "").split("|") if each)
    return {**row, EDITIONS: "|".join([*(each for each in named if each != edition), edition])}
