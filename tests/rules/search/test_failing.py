"""A rule that cannot run names itself, and hides no other's findings."""

import json
import re
from dataclasses import dataclass, replace
from typing import Any

import pytest

from features.engine import DuckDBEngine, OutOfMemoryError
from fraud.cases.build import build_pack
from fraud.cases.pack.write import export_cases
from fraud.cli.main import main
from fraud.rules import find_rule, run_rules
from fraud.rules import run as running
from fraud.rules.search.hits import create_hits
from fraud.runs.manifest import Manifest
from fraud.settings import Settings
from fraud.workspace import Workspace
from tests.rules.examples import EXAMPLES
from tests.rules.examples.practitioner_day import long_day
from tests.rules.payer import CODE, rule_text, write_rule
from tests.support.claims import make_store

DUPLICATE = EXAMPLES["duplicate_line"]["hit"]
PAYER = "cast(l.body_site as date) is null"


@dataclass(frozen=True)
class Broken:
    """An executor that runs a statement, or meets an error, in place of its own."""

    own: Any
    does: object

    def __getattr__(self, name):
        return getattr(self.own, name)

    def sql(self, *_):
        if isinstance(self.does, Exception):
            raise self.does
        return self.does


@pytest.mark.parametrize(
    ("does", "why"),
    [
        ("select nothing from rule_lines", r"Binder Error: .*nothing"),
        ("select from where", r"Parser Error"),
        ("select * from not_there", r"Catalog Error: .*not_there"),
        ("select 9223372036854775807 + line_number as line_number from rule_lines", r"Out of Range Error$"),
        ("select cast('P-17' || person_key as bigint) as line_number from rule_lines", r"Conversion Error$"),
        ("select 1 as one", r"Binder Error"),
        (MemoryError(), r"needs more memory, or more room to spill"),
        (
            OutOfMemoryError("engine: at /some/where"),
            r"needs more memory, or more room to spill, than \[engine\] gives$",
        ),
        (OverflowError("998877"), r"OverflowError$"),
        (KeyError("P-17"), r"KeyError$"),
    ],
)
def test_all_others_say_what_they_say_without_it(tmp_path, does, why):
    store, sound = make_store(tmp_path, DUPLICATE.world.tables()), find_rule("duplicate_line")
    other = find_rule("overlapping_stays")
    fails = replace(
        other, executor=Broken(other.executor, does), needs=("claim_lines",), exemptions=(), no_exemptions="A test."
    )
    with DuckDBEngine(threads=1) as engine:
        alone = run_rules(store, engine, DUPLICATE.month, rules=(sound,))
        both = run_rules(store, engine, DUPLICATE.month, rules=(fails, sound))
    ((code, said),) = [(each.code, each.why) for each in both.failed]
    assert code == fails.code
    assert re.match(why, said)
    assert len(both.findings) == 1
    assert both.findings.findings.equals(alone.findings.findings)
    assert both.findings.lines.equals(alone.findings.lines)


@pytest.mark.slow
def test_what_lacks_memory_is_tried_in_pieces(tmp_path, monkeypatch):
    asked = []

    def small(engine, rule, month, values, pieces):
        asked.append(pieces)
        if pieces < 64:
            raise OutOfMemoryError("engine: too much")
        create_hits(engine, rule, month, values, pieces)

    monkeypatch.setattr(running, "create_hits", small)
    store = make_store(tmp_path, DUPLICATE.world.tables())
    with DuckDBEngine(threads=1) as engine:
        run = run_rules(store, engine, DUPLICATE.month, rules=(find_rule("duplicate_line"),))
    assert (asked, len(run.findings), run.failed) == ([1, 8, 64], 1, ())


def test_a_month_is_scored_without_it_and_everybody_is_told(tmp_path, capsys):
    world = long_day(13)
    world.lines[0]["body_site"] = "left_hand"
    workspace = Workspace(tmp_path / "workspace")
    make_store(workspace.root, world.tables())
    write_rule(workspace.root, rule_text().replace("s.encounter_type = 'emergency'", PAYER))
    words = ["--workspace", str(workspace.root), "score", "--month", "2026-03"]
    with pytest.raises(SystemExit) as leave:
        main(words)
    assert leave.value.code == 1
    said = " ".join(capsys.readouterr().err.split())
    assert f"failed: rule {CODE} could not run, and 2026-03 is scored without it: Conversion Error" in said
    with pytest.raises(SystemExit) as leave:
        main([*words, "--json"])
    assert leave.value.code == 1
    ((told,),) = [[one["rules_failed"] for one in json.loads(capsys.readouterr().out)]]
    manifest = Manifest.read(workspace.run("2026-03"))
    assert told == manifest.rules_failed == {CODE: "Conversion Error"}
    last = json.loads(workspace.audit_log.read_text().splitlines()[-1])
    assert "rules_failed" in json.dumps(last)
    assert CODE in json.dumps(last)
    for lang, words_of in (("en", "It could not run (Conversion Error)"), ("zh", "运行失败（Conversion Error）")):
        pack = build_pack(workspace, "2026-03", settings=Settings(), lang=lang)
        assert [gap.rule for gap in pack.gaps if gap.kind == "failed"] == [CODE]
        folder = export_cases(
            workspace, "2026-03", settings=Settings(), lang=lang, formats=["html"], out=tmp_path / lang
        )
        (page,) = folder.glob("*.html")
        assert f'<code>{CODE}</code></td><td class="wide">{words_of}' in page.read_text(encoding="utf-8")
    everything = workspace.audit_log.read_text() + (workspace.run("2026-03") / "manifest.json").read_text()
    assert "left_hand" not in said + everything
