"""The rule catalogue as records and as Markdown, from the declarations alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fraud.rules.catalogue import LIBRARY_FOLDER
from fraud.rules.declare.scope import LISTS
from fraud.settings import RuleSettings

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fraud.rules.declare import Rule

_INTRODUCTION = """# Rules

Written by `fraud rules list --format markdown`; do not edit. A hit is a clue, never a verdict. *Definite* means that
the facts as stored cannot be lawful; a rule one of whose exemptions the store cannot check calls nothing definite, and
a rule whose tables or columns are absent reports "not checked". Exposure is counted from in-scope amounts, rounded down
per line; the fund's part is exposure × fund paid ÷ in-scope amount of the settlement.
"""


def catalogue_records(rules: Iterable[Rule], settings: RuleSettings | None = None) -> list[dict[str, Any]]:
    """One record per rule, ready for JSON; parameters with the values in force, and a payer's rule with its file."""
    given = (settings or RuleSettings()).given
    return [
        {
            "code": rule.code,
            "official_code": rule.official_code,
            "version": rule.version,
            "name_en": rule.name.en,
            "name_zh": rule.name.zh,
            "says_en": rule.says.en,
            "says_zh": rule.says.zh,
            "scheme_code": rule.scheme_code,
            "family": rule.family,
            "result_type": rule.result_type,
            "stages": list(rule.stages),
            "window": {"kind": rule.window.kind, "n": rule.window.n, "partition_by": rule.window.partition_by},
            "scope": _scope(rule),
            "owner": rule.owner,
            "subjects": [reason.subject for reason in rule.reasons],
            "amount_kind": rule.amount_kind,
            "amount_en": rule.amount.en,
            "amount_zh": rule.amount.zh,
            "parameters": [
                {"name": p.name, "value": p.value(given), "unit": p.unit.many, "source": p.source}
                for p in rule.parameters
            ],
            "exemptions": [
                {"text_en": e.text.en, "text_zh": e.text.zh, "needs": list(e.needs)} for e in rule.exemptions
            ],
            **({"no_exemptions": rule.no_exemptions} if rule.no_exemptions else {}),
            "needs": list(rule.needs),
            "basis": rule.basis,
            "source": rule.source,
            **({} if rule.origin.startswith(LIBRARY_FOLDER) else {"origin": rule.origin}),
        }
        for rule in rules
    ]


def catalogue_markdown(rules: Iterable[Rule]) -> str:
    """Render `docs/rules.md`; parameters with their defaults."""
    return "\n".join([_INTRODUCTION, *(_section(record) for record in catalogue_records(rules))])


def _section(record: dict[str, Any]) -> str:
    lines = [
        f"## `{record['code']}` · {record['name_en']} · {record['name_zh']}",
        "",
        record["says_en"],
        "",
        record["says_zh"],
        "",
        "| | |",
        "|---|---|",
        f"| scheme, family | {record['scheme_code']}, {record['family']} |",
        *([f"| official code | {record['official_code']} |"] if record["official_code"] else []),
        f"| window | {_window(record['window'])} |",
        *([f"| scope | {_spoken(record['scope'])} |"] if record["scope"] else []),
        f"| result | {record['result_type']}, for {' and '.join(record['subjects'])} |",
        f"| exposure | {record['amount_en']} (`{record['amount_kind']}`) |",
        f"| 涉及金额 | {record['amount_zh']} |",
        f"| basis | {record['basis']} |",
        f"| source | {record['source']} |",
        f"| needs | {', '.join(f'`{need}`' for need in record['needs'])} |",
        f"| version | {record['version']} |",
        *([f"| origin | {record['origin']} |"] if "origin" in record else []),
        *(f"| `rules.{p['name']}` | {p['value']:,} {p['unit']}. {p['source']} |" for p in record["parameters"]),
        "",
        "Left in peace:",
        "",
        *(_exemption(e) for e in record["exemptions"]),
        *([f"- Nothing: {record['no_exemptions']}"] if "no_exemptions" in record else []),
        "",
    ]
    return "\n".join(lines)


def _scope(rule: Rule) -> dict[str, Any]:
    """Return what the rule says of its scope, under the keys of its file."""
    said = {name: list(getattr(rule.scope, name)) for name in LISTS if getattr(rule.scope, name)}
    days = {"effective_from": rule.scope.effective_from, "effective_to": rule.scope.effective_to}
    region = {} if rule.scope.cross_region is None else {"cross_region": rule.scope.cross_region}
    return {**said, **region, **{name: day.isoformat() for name, day in days.items() if day is not None}}


def _window(window: dict[str, Any]) -> str:
    length = f" of `rules.{window['n']}`" if window["n"] else ""
    return f"{window['kind']}{length}, by {window['partition_by']}"


def _spoken(scope: dict[str, Any]) -> str:
    said = {name: ", ".join(value) if isinstance(value, list) else str(value).lower() for name, value in scope.items()}
    return "; ".join(f"{name}: {value}" for name, value in said.items())


def _exemption(exemption: dict[str, Any]) -> str:
    needs = ", ".join(f"`{need}`" for need in exemption["needs"])
    return f"- {exemption['text_en']} {exemption['text_zh']}" + (f" Needs {needs}." if needs else "")
