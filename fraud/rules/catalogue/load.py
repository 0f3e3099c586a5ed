"""Read a rule from its TOML file; fraud/rules/README.md says what each key means."""

from __future__ import annotations

from dataclasses import MISSING, fields
from typing import Any

from features.errors import InputError
from features.outside import first_line, parse_toml, plain_line
from features.vocabulary.entities import PROFILED
from features.vocabulary.text import Text
from fraud.rules.catalogue.toml_table import TomlTable
from fraud.rules.declare import Exemption, Reason, Rule
from fraud.rules.declare.numbers import Unit
from fraud.rules.declare.parameters import Parameter
from fraud.rules.declare.scope import LISTS, Scope
from fraud.rules.declare.window import Window
from fraud.rules.executors import EXECUTORS

_TEXTS = "tuple[str, ...]"
_SHOWN = 60
_KEYS = (
    *("code", "official_code", "version", "name", "says", "scheme_code", "family", "result_type", "stages", "owner"),
    *("effective_from", "effective_to", "amount", "basis", "source", "needs", "window", "scope"),
    *("executor", "parameters", "reasons", "exemptions", "no_exemptions"),
)


def load_rule(content: str, origin: str) -> Rule:
    """Make a rule of the content of its file.

    Parameters
    ----------
    content : str
        TOML.
    origin : str
        The file, as messages and catalogue name it.

    Raises
    ------
    InputError
        Not TOML; a key is unknown, missing or of a wrong type; or the rule is refused when it is built.

    Examples
    --------
    >>> load_rule('code = "my_rule"', "rules/my_rule.toml")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    ...
    features.errors.InputError: rule key 'version' in rules/my_rule.toml (rule my_rule): missing. Hint: see ...
    """
    data = parse_toml(content, "rule file", f"{origin}: not TOML", "mend the file")
    code = data.get("code")
    shown = f" (rule {plain_line(code)[:_SHOWN]})" if isinstance(code, str) else ""
    top = TomlTable(data, f"in {origin}{shown}")
    try:
        return _rule(top.only(_KEYS), origin)
    except ValueError as error:
        raise InputError.of("rule file", origin, first_line(error), "see fraud/rules/README.md") from error


def _rule(top: TomlTable, origin: str) -> Rule:
    code, version = top.text("code"), top.text("version")
    amount = top.table("amount").only(("kind", "en", "zh"))
    return Rule(
        code=code,
        version=version,
        name=top.both("name"),
        says=top.both("says"),
        scheme_code=top.text("scheme_code"),
        family=top.text("family"),
        result_type=top.text("result_type"),
        basis=top.text("basis"),
        source=top.text("source"),
        amount=Text(amount.text("en"), amount.text("zh")),
        amount_kind=amount.text("kind") if amount.has("kind") else "sum",
        window=_window(top.table("window")) if top.has("window") else Window(),
        needs=top.texts("needs"),
        executor=_executor(top.table("executor")),
        reasons=_reasons(top.table("reasons")),
        parameters=tuple(_parameter(name, table) for name, table in top.tables("parameters")),
        exemptions=tuple(_exemption(table) for table in top.listed("exemptions")),
        no_exemptions=top.text("no_exemptions") if top.has("no_exemptions") else "",
        scope=_scope(top),
        stages=top.texts("stages") if top.has("stages") else ("post",),
        official_code=top.text("official_code") if top.has("official_code") else "",
        owner=top.text("owner") if top.has("owner") else "",
        origin=origin,
    )


def _window(table: TomlTable) -> Window:
    table.only(each.name for each in fields(Window))
    return Window(
        table.text("kind") if table.has("kind") else "partition",
        table.text("partition_by") if table.has("partition_by") else "person",
        table.text("n") if table.has("n") else None,
    )


def _scope(top: TomlTable) -> Scope:
    days: dict[str, Any] = {key: top.day(key) for key in ("effective_from", "effective_to") if top.has(key)}
    if not top.has("scope"):
        return Scope(**days)
    table = top.table("scope").only((*LISTS, "cross_region"))
    lists: dict[str, Any] = {name: table.texts(name) for name in LISTS if table.has(name)}
    return Scope(**lists, **days, cross_region=table.flag("cross_region") if table.has("cross_region") else None)


def _executor(table: TomlTable) -> Any:
    shape = table.text("kind")
    if shape not in EXECUTORS:
        raise InputError.unknown_name("executor", table.where, shape, EXECUTORS)
    executor: Any = EXECUTORS[shape]
    arguments = {each.name: each for each in fields(executor)}
    table.only(("kind", *arguments))
    asked = {name: each for name, each in arguments.items() if table.has(name) or each.default is MISSING}
    given = {name: table.texts(name) if each.type == _TEXTS else table.text(name) for name, each in asked.items()}
    with table.built():
        return executor(**given)


def _reasons(table: TomlTable) -> tuple[Reason, ...]:
    subjects: Any = table.only(PROFILED).values
    return tuple(Reason(subject, table.both(subject)) for subject in subjects)


def _parameter(name: str, table: TomlTable) -> Parameter:
    table.only(each.name for each in fields(Parameter) if each.name != "name")
    unit = table.table("unit").only(each.name for each in fields(Unit))
    with table.built():
        return Parameter(
            name,
            table.number("default"),
            Unit(unit.text("one"), unit.text("many"), unit.text("zh")),
            table.text("source"),
            table.number("least") if table.has("least") else 0,
            table.number("most") if table.has("most") else None,
        )


def _exemption(table: TomlTable) -> Exemption:
    table.only(each.name for each in fields(Exemption))
    return Exemption(
        table.both("text"),
        table.text("sql") if table.has("sql") else None,
        table.texts("needs") if table.has("needs") else (),
    )
