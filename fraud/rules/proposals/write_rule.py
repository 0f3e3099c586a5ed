"""Write the TOML of a proposed rule."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from features.vocabulary.text import Text
from fraud.rules.proposals.words import items_text, limit_text, words

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from fraud.rules.executors.any_family.named_limits import NamedLimits

_AMOUNTS = {
    "sum": Text("in-scope amount of the lines, net of refunds", "相关明细的符合政策范围金额（扣除退费）"),
    "excess_share": Text(
        "in-scope amount of the line x what is beyond the limit / all of it, rounded down",
        "明细的符合政策范围金额×超出部分÷全部，向下取整到分",
    ),
    "full_repeat": Text(
        "in-scope amount of the lines beyond the limit, in full", "超出限额的明细的全部符合政策范围金额"
    ),
}
_REFUNDED = Text("A line refunded, or a reversed settlement.", "已退费的明细或已冲销的结算。")
_OTHER_NAME = Text(
    "The provider bills another thing under the code: the name on the bill is not the item's.",
    "该机构以此编码收取的是另一项目：结算名称与目录名称不符（编码对照有误）。",
)


@dataclass(frozen=True)
class Sentence:
    """What a row says, checked: all that a rule is written from.

    Parameters
    ----------
    code : str
        Of the rule.
    items : tuple of str
        Item codes.
    name : str
        Of the items; may be empty.
    limits : NamedLimits
        What is limited.
    basis, source : str
        On what grounds, and where that is said.
    official_code : str
        Of the national library; may be empty.
    days : mapping of str to str
        `effective_from`, `effective_to`, YYYY-MM-DD, where they are given.
    """

    code: str
    items: tuple[str, ...]
    name: str
    limits: NamedLimits
    basis: str
    source: str
    official_code: str
    days: Mapping[str, str]


def rule_toml(said: Sentence) -> str:
    """Return the whole rule as TOML, with texts in both languages."""
    return "\n".join(_lines(said)) + "\n"


def _lines(said: Sentence) -> Iterator[str]:
    kind: Mapping[str, Any] = words()[said.limits.kind]
    items, limit, beyond = items_text(said.items, said.name), limit_text(said.limits), kind["beyond"]
    yield from (f"code = {_quoted(said.code)}", 'version = "1"')
    yield from _both("name", Text(f"{items.en}: {beyond['en']}", f"{items.zh}：{beyond['zh']}"))
    yield from _both(
        "says",
        Text(f"Lines of {items.en}, {limit.en}, are {beyond['en']}.", f"{items.zh}（{limit.zh}）{beyond['zh']}。"),
    )
    yield from (f"scheme_code = {_quoted(kind['scheme'])}", f"family = {_quoted(kind['family'])}")
    yield 'result_type = "suspicious"'
    yield f"amount.kind = {_quoted(kind['amount'])}"
    yield from _both("amount", _AMOUNTS[kind["amount"]])
    yield from (f"basis = {_quoted(said.basis)}", f"source = {_quoted(said.source)}")
    if said.official_code:
        yield f"official_code = {_quoted(said.official_code)}"
    yield from (f"{name} = {_quoted(day)}" for name, day in sorted(said.days.items()))
    yield f"needs = {_listed(['claim_lines', *kind['needs']])}"
    yield from ("", "[window]", f"kind = {_quoted(kind['window'])}", "", "[executor]", 'kind = "named_items"')
    yield f"items = {_listed(said.items)}"
    yield f"limits = {_listed(f'{name} = {value}' for name, value in said.limits.values.items())}"
    for subject in ("provider", "practitioner"):
        yield from ("", f"[reasons.{subject}]")
        yield f"en = {_quoted(_REASONS[subject].en.format(items=items.en, limit=limit.en, beyond=beyond['en']))}"
        yield f"zh = {_quoted(_REASONS[subject].zh.format(items=items.zh, limit=limit.zh, beyond=beyond['zh']))}"
    yield from _exemption(_REFUNDED)
    if said.name:
        name, billed = f"'{said.name.replace(chr(39), chr(39) * 2)}'", "l.item_name"
        sql = f"{billed} not like ('%' || {name} || '%') and {name} not like ('%' || {billed} || '%')"
        yield from _exemption(_OTHER_NAME, sql, ["claim_lines.item_name"])
    for each in kind.get("innocent", []):
        yield from _exemption(Text(**each["text"]), each.get("sql"), each.get("needs", ()))


_REASONS = {
    "provider": Text(
        "{items} ({limit}), {beyond}: {{lines}} of {{patients}} on {{days}}. In scope {{exposure}}; the fund paid "
        "{{fund}} of it.",
        "{items}（{limit}）{beyond}：{{patients}}的{{lines}}（共{{days}}），涉及符合政策范围金额{{exposure}}，其中基金支付"
        "{{fund}}。",
    ),
    "practitioner": Text(
        "{items} ({limit}), {beyond}, by the practitioner: {{lines}} of {{patients}} at {{providers}}. In scope "
        "{{exposure}}; the fund paid {{fund}} of it.",
        "该医师开具或执行的{items}（{limit}）{beyond}：{{patients}}的{{lines}}，涉及{{providers}}、符合政策范围金额"
        "{{exposure}}，其中基金支付{{fund}}。",
    ),
}


def _exemption(text: Text, sql: str | None = None, needs: object = ()) -> Iterator[str]:
    yield from ("", "[[exemptions]]", f"text = {{ en = {_quoted(text.en)}, zh = {_quoted(text.zh)} }}")
    if sql:
        yield f"sql = {_quoted(sql)}"
    if needs:
        yield f"needs = {_listed(needs)}"


def _both(name: str, text: Text) -> Iterator[str]:
    yield from (f"{name}.en = {_quoted(text.en)}", f"{name}.zh = {_quoted(text.zh)}")


def _quoted(text: str) -> str:
    """Write a basic string of TOML, whose escapes are those of JSON."""
    return json.dumps(text, ensure_ascii=False)


def _listed(texts: Any) -> str:
    return json.dumps(list(texts), ensure_ascii=False)
