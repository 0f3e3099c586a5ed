"""FRAUD_LANG=zh through the front door: Chinese messages, the same exit codes, and nothing else changes."""

import json
import shutil
import time

import pytest

from features.errors import InputError, ToolkitError
from fraud.cli.chinese import catalogue, told, told_error
from fraud.cli.main import main
from tests.house.sources import ROOT

EXAMPLE = str(ROOT / "docs" / "example")
REFUSED = [
    ("store", "fraud：结算数据库（{ws}/store）：什么也没有。提示：请先运行 `fraud ingest SOURCE`。"),
    ("ingest nowhere", "fraud：来源 'nowhere'：不是文件夹。提示：请给出存放导出数据的文件夹。"),
    ("score --month 2026-13", "fraud：月份 '2026-13'：不是月份。提示：请写成 YYYY-MM，例如 2026-03。"),
    ("rules backtest nix --from 2026-01 --to 2026-02", "fraud：规则“nix”（规则目录中）：未知的名称。提示：已知的有："),
    ("features --about billed_amout", "fraud：特征“billed_amout”（特征目录）：未知的名称。提示：是否指 billed_amount"),
    ("cases export --month 2026-03 --formats ,", "fraud：--formats（核查包）：没有写明。提示：请写明其中几种："),
    ("check {example} --mapping contact", "fraud：映射“contact”（自带的映射中）：未知的名称。提示：是否指“contract”？"),
    ("score", "fraud：fraud score（命令行）：没有指定月份，或用了不止一种方式指定。"),
]


def run(words, workspace):
    with pytest.raises(SystemExit) as left:
        main(["--workspace", str(workspace), *words])
    return left.value.code or 0


@pytest.fixture
def chinese(monkeypatch):
    monkeypatch.setenv("FRAUD_LANG", "zh")


@pytest.mark.parametrize(("words", "says"), REFUSED)
def test_a_refusal_is_chinese_and_its_code_the_same(words, says, tmp_path, capsys, monkeypatch):
    asked = [word.format(example=EXAMPLE) for word in words.split()]
    assert run(asked, tmp_path) == 2
    english = capsys.readouterr().err
    assert "fraud: " in english
    assert "Hint: " in english
    monkeypatch.setenv("FRAUD_LANG", "zh_CN.UTF-8")
    assert run(asked, tmp_path) == 2
    assert says.format(ws=tmp_path) in capsys.readouterr().err


def test_tables_and_lines_are_chinese_and_names_in_cells_stay(chinese, tmp_path, capsys):
    assert run(["ingest", EXAMPLE], tmp_path) == 0
    told_of = capsys.readouterr()
    assert "入库：来源 " in told_of.err
    assert "读取行数" in told_of.out
    assert "│ settlements │ 3 " in told_of.out
    assert "月份：2026-03 至 2026-03（1 个月）" in told_of.out
    assert run(["rules", "run", "--month", "2026-03"], tmp_path) == 0
    told_of = capsys.readouterr()
    assert "2026-03 的线索：3 条；按涉疑金额列出 3 条。" in told_of.out
    assert "未核查：practitioner_day 需要 ref_items.standard_minutes" in told_of.err
    assert "│ duplicate_line      │ 可疑     │ 机构   │ H1 " in told_of.out
    assert "│ service_after_death │ 明确     │ 参保人 │ X" in told_of.out


RULE_TABLES = [
    ("rules list --family price_ceiling", ["┃ 名称 ", "│ 可疑     │ ", "│ 明确     │ ", " │ 生效 │"]),
    ("rules backtest duplicate_line --from 2026-03 --to 2026-03", ["│ 2026-03 │ 已核查 │ 1    │"]),
    ("rules backtest stock_gap --from 2026-03 --to 2026-03", ["│ 未核查：缺少 stock_movements, "]),
]


def test_words_in_the_tables_of_rules_are_chinese(chinese, tmp_path, capsys):
    run(["ingest", EXAMPLE], tmp_path)
    for words, shown in RULE_TABLES:
        capsys.readouterr()
        assert run(words.split(), tmp_path) == 0
        said = capsys.readouterr().out
        assert [each for each in shown if each not in said] == [], said


def test_english_is_the_default_and_json_the_same_in_both(tmp_path, capsys, monkeypatch):
    monkeypatch.delenv("FRAUD_LANG", raising=False)
    assert run(["ingest", EXAMPLE], tmp_path) == 0
    capsys.readouterr()
    said = {}
    for language in ("", "en", "en_US.UTF-8", "zh"):
        monkeypatch.setenv("FRAUD_LANG", language)
        assert run(["store"], tmp_path) == 0
        shown = capsys.readouterr().out
        assert run(["store", "--json"], tmp_path) == 0
        said[language] = (shown, capsys.readouterr().out)
    assert said[""] == said["en"] == said["en_US.UTF-8"]
    assert said["en"][0].count("quarantined") == 1
    assert said["zh"][0] != said["en"][0]
    assert json.loads(said["zh"][1])
    assert said["zh"][1] == said["en"][1]


def test_help_is_chinese_and_english_again_afterwards(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("FRAUD_LANG", "zh")
    assert run(["rules", "run", "--help"], tmp_path) == 0
    shown = capsys.readouterr().out
    assert "对某月运行规则并显示线索。" in shown
    assert "结算月份，YYYY-MM。" in shown
    monkeypatch.setenv("FRAUD_LANG", "en")
    assert run(["rules", "run", "--help"], tmp_path) == 0
    assert "Claims month, YYYY-MM." in capsys.readouterr().out


@pytest.mark.parametrize("asked", ["fr", "\x1b[31m", "z" * 5000])
def test_a_language_that_there_is_not_is_refused(asked, tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("FRAUD_LANG", asked)
    assert run(["store"], tmp_path) == 2
    said = capsys.readouterr().err
    assert "in the environment's FRAUD_LANG: an unknown name. Hint: known are en, zh" in said
    assert "\x1b" not in said
    assert len(said) < 300


@pytest.mark.parametrize(
    ("message", "says"),
    [
        ("version 3 is the patient champion", "版本 3 现为参保人的现用模型"),
        ("score: 2026-03 scores of providers", "评分：2026-03 机构评分"),
        ("  seeds: a; b", "  种子：a; b"),
        ("rings: 2 candidates withheld: residence is known too coarsely", "团组：2 个候选未列出：居住地过粗"),
        ("of no entry at all, whatever", "of no entry at all, whatever"),
        ("", ""),
    ],
)
def test_a_message_is_looked_up_by_its_template(chinese, message, says):
    assert told(message) == says


@pytest.mark.parametrize(
    "value", ["an unknown name", "{0}", "{0:zh}", "%s", "x' in {} 'y", "in 'a'. Hint: empty", "a\\b"]
)
def test_a_value_is_shown_as_it_is(chinese, value):
    assert value in told_error(InputError.of(f"file '{value}'", "at here", "empty", "export it again"))


def test_an_error_of_another_kind_is_looked_up_as_a_whole(chinese):
    error = ToolkitError("audit log w: not readable. Hint: make it readable")
    assert told_error(error) == "审计日志 w：无法读取。提示：请使其可读。"


def test_no_message_is_slow(chinese):
    longest = max(catalogue(), key=lambda english: english.count("{}")).replace("{}", "x")
    hostile = [f"{longest[:30]}{piece * 4000}" for piece in (" of ", ": ", "'", "x, ", ". Hint: ")]
    hostile += [f"total of {' in ' * 900} in the manifestx", "not checked: " + " needs" * 600]
    began = time.perf_counter()
    for message in hostile:
        told(message)
    assert time.perf_counter() - began < 1


def test_reasons_for_quarantine_are_shown_in_chinese_and_told_to_programs_in_english(chinese, tmp_path, capsys):
    source = tmp_path / "source"
    shutil.copytree(EXAMPLE, source)
    file = source / "claim_lines.csv"
    lines = file.read_text("utf-8").splitlines()
    amount = lines[0].split(",").index("amount")
    cells = lines[1].split(",")
    cells[amount] = "many"
    file.write_text("\n".join([lines[0], ",".join(cells), *lines[2:]]) + "\n", "utf-8")
    assert run(["ingest", str(source)], tmp_path / "w") == 0
    assert "claim_lines：隔离 1 行：amount：不是至多 2 位小数的数（首例：" in capsys.readouterr().out
    assert run(["check", str(source), "--json"], tmp_path / "w") == 0
    assert '"amount: not a number of at most 2 decimals"' in capsys.readouterr().out
