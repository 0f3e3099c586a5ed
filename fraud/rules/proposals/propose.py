"""A row becomes a proposal, or is refused with every reason."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

from features.errors import InputError
from features.outside import plain_line
from fraud.references.classes import CLASSES
from fraud.references.values import pair_scope
from fraud.rules.catalogue.load import load_rule
from fraud.rules.executors.any_family.named_limits import CODE, NamedLimits
from fraud.rules.proposals.make_examples import make_examples
from fraud.rules.proposals.proposal import Proposal
from fraud.rules.proposals.read_rows import LIMITS, ProposedRow
from fraud.rules.proposals.write_rule import Sentence, rule_toml

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from fraud.rules.proposals.proposal import Rows

_NAME = re.compile(r"[a-z][a-z0-9_]{0,62}")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_APART = re.compile(r"[\s,，、;；|]+")
_BY_NAME = {each.name: each for each in CLASSES}
# Texts of a row go into findings; longer ones are no sentence.
_LONGEST, _MOST_TIMES, _SHOWN = 1_000, 100, 3
_HINT = "mend the row; docs/references.md says what a row holds"


def propose(row: ProposedRow, *, known_items: Collection[str] | None = None) -> Proposal:
    """Make a rule, what it stands for and its examples of one row; nothing is read or written.

    Parameters
    ----------
    row : ProposedRow
        The row.
    known_items : collection of str, optional
        Item codes of the store; an item that is none of them is refused. None where there is no store to ask.

    Raises
    ------
    InputError
        The row is wrong: with every reason, and the place of the row.
    """
    said = _sentence(row, known_items)
    content = rule_toml(said)
    load_rule(content, f"rules/{said.code}.toml")
    return Proposal(said.code, row.where, content, _reference_rows(said), make_examples(said))


def _sentence(row: ProposedRow, known: Collection[str] | None) -> Sentence:
    given = row.values
    reasons = [f"{name}: longer than {_LONGEST:,} characters" for name, text in given.items() if len(text) > _LONGEST]
    reasons += [
        f"{name}: a line break or control character" for name, text in given.items() if plain_line(text) != text
    ]
    reasons += [f"it has no {name}" for name in ("basis", "source") if not given.get(name, "").strip()]
    reasons += [f"{name}: no day, write it as 2026-01-31" for name in _dates(given) if not _DAY.fullmatch(given[name])]
    items = _codes(given.get("items", ""))
    reasons += _faulty_items(items, known) if items else ["it names no items"]
    found, faults = _limits(given)
    reasons += faults
    limits = None
    if not faults:
        try:
            limits = NamedLimits(found)
        except ValueError as error:
            reasons.append(str(error))
    if limits is not None:
        others = (*limits.listed("with_item_codes"), *limits.listed("requires_prior_item_codes"))
        reasons += _faulty_items(others, known)
        reasons += [f"item {each} stands against itself" for each in others if each in items]
        if (limits.number("frequency_max_count") or 0) > _MOST_TIMES:
            reasons.append(f"frequency_max_count is above {_MOST_TIMES}")
    code = given.get("code") or _made_code(items, found)
    if not _NAME.fullmatch(code):
        reasons.append(f"code {code!r} is no lower-case name of letters, digits and _")
    if reasons or limits is None:
        raise InputError.of("proposed row", row.where, "; ".join(dict.fromkeys(reasons)), _HINT)
    official = given.get("official_code", "") or (_class_of(given) or "")
    days = {name: given[name] for name in _dates(given)}
    return Sentence(code, items, given.get("name", "").strip(), limits, given["basis"], given["source"], official, days)


def _limits(given: Mapping[str, str]) -> tuple[dict[str, str], list[str]]:
    """Return limits as columns, and what is wrong: those stated, and those that its rule class reads off its words."""
    stated = {name: value.strip() for name, value in given.items() if name in LIMITS}
    title = given.get("rule", "")
    if not title:
        return stated, []
    known = _BY_NAME.get(title)
    if known is None:
        return stated, [f"rule class {title!r} is none that is known"]
    try:
        if known.read is None:
            read = {"with_item_codes": "|".join(_codes(given.get("code_b", ""))), "scope": pair_scope(given)}
        else:
            read = known.read(given)
    except (ValueError, KeyError) as error:
        return stated, [f"rule class {title!r}: {error}"]
    clash = sorted(name for name, value in read.items() if stated.get(name, value) != value)
    said = [f"{name} is {stated[name]!r}, but its rule class says {read[name]!r}" for name in clash]
    return {**stated, **read}, said


def _faulty_items(items: Collection[str], known: Collection[str] | None) -> list[str]:
    wrong = [each for each in items if not CODE.fullmatch(each)]
    if wrong:
        return [f"no item code: {wrong[0]!r}"]
    unknown = [each for each in items if known is not None and each not in known]
    more = f" and {len(unknown) - _SHOWN} more" if len(unknown) > _SHOWN else ""
    return [f"unknown items: {', '.join(unknown[:_SHOWN])}{more}"] if unknown else []


def _reference_rows(said: Sentence) -> Mapping[str, Rows]:
    start = {"valid_from_date": said.days["effective_from"]} if "effective_from" in said.days else {}
    if said.limits.kind == "pair":
        others, scope = said.limits.listed("with_item_codes"), said.limits.values["scope"]
        return {
            "ref_item_pairs": tuple(
                {"item_code": other, "excluded_item_code": item, "scope": scope, **start}
                for item in said.items
                for other in others
            )
        }
    name = {"item_name": said.name} if said.name else {}
    return {"ref_items": tuple({"item_code": item, **name, **said.limits.values, **start} for item in said.items)}


def _made_code(items: tuple[str, ...], limits: Mapping[str, str]) -> str:
    """Name a rule by what it says: equal rows, equal code."""
    digest = hashlib.sha256(repr((sorted(items), sorted(limits.items()))).encode()).hexdigest()[:10]
    return f"own_{digest}"


def _class_of(given: Mapping[str, str]) -> str | None:
    known = _BY_NAME.get(given.get("rule", ""))
    return known.official_code if known else None


def _codes(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each for each in _APART.split(text) if each))


def _dates(given: Mapping[str, str]) -> list[str]:
    return [name for name in ("effective_from", "effective_to") if given.get(name)]
