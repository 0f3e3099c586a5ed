"""A source in which too much fails is none: nothing of it is stored, and the refusal names the way out."""

import json

import pytest

from features.claims import ingest_source
from features.claims.quality.limits import Limits, refuse_failing
from features.claims.report import Quality
from features.errors import InputError
from fraud.cli.main import main
from tests.support.claims import write_source


def quality(n_failing, n_checked=10, kind="required", name="a"):
    return Quality(name, f"{name} holds", n_checked, n_failing, "x.csv row 1", kind)


CASES = {
    "nothing": ([], None),
    "half": ([quality(5)], None),
    "more": ([quality(6)], "a holds in 'x': 6 of 10 rows fail .* a share above 0.5. Hint: .*max_dangling_share"),
    "one of one": ([quality(1, 1)], None),
    "two of two": ([quality(2, 2)], r"2 of 2 rows fail \(first: x.csv row 1\)"),
    "none of none": ([quality(0, 0)], None),
    "all sums": ([quality(10, kind="relation")], None),
    "a warning": ([quality(10, kind="warning")], None),
    "the worst": ([quality(6), quality(9, name="b")], "b holds in 'x': 9 of 10"),
}


@pytest.mark.parametrize("name", CASES)
def test_only_references_of_bills_stop_by_default(name):
    counted, told = CASES[name]
    if told is None:
        assert refuse_failing(counted, Limits(), "in 'x'") is None
    else:
        with pytest.raises(InputError, match=told):
            refuse_failing(counted, Limits(), "in 'x'")


def test_sums_stop_where_the_settings_say_so():
    refuse_failing([quality(5, kind="relation")], Limits(max_failing_share=0.5), "in 'x'")
    with pytest.raises(
        InputError, match=r"a holds in 'x': 6 of 10 rows fail .* a share above 0.5. Hint: .* max_failing_share"
    ):
        refuse_failing([quality(6, kind="relation")], Limits(max_failing_share=0.5), "in 'x'")


def dangling(folder, column="person_id", settlements=4):
    """Write a source whose bills name persons (or lines bills) by ids that no row has."""
    bills = [{"settlement_id": f"S{n}", "person_id": f"P{n}"} for n in range(settlements)]
    source = write_source(folder, {"settlements": bills})
    name = "settlements" if column == "person_id" else "claim_lines"
    text = (source / f"{name}.csv").read_text()
    changed = text.replace(",P", ",p-") if name == "settlements" else text.replace("\nS", "\ns")
    (source / f"{name}.csv").write_text(changed)
    return source


@pytest.mark.parametrize("column", ["person_id", "settlement_id"])
def test_a_source_whose_references_all_dangle_is_refused_whole(tmp_path, column):
    source = dangling(tmp_path / "source", column)
    with pytest.raises(InputError, match=rf"{column} names a .*row of .*: 4 of 4 rows fail"):
        ingest_source(source, tmp_path / "store")
    assert not (tmp_path / "store").exists()


def test_lines_whose_bills_are_quarantined_say_why(tmp_path):
    bills = [{"settlement_id": f"S{n}", "settle_time": "2026-01-15 24:00" if n else None} for n in range(4)]
    lines = [{"settlement_id": f"S{n}", "fee_time": "2026-01-15"} for n in range(4)]
    source = write_source(tmp_path / "source", {"settlements": bills, "claim_lines": lines})
    said = r"3 of 4 rows fail .*; 3 of settlements are quarantined \(most often: settle_time: not a timestamp\)"
    with pytest.raises(InputError, match=said):
        ingest_source(source, tmp_path / "store")


def test_one_bill_without_its_person_is_stored(tmp_path):
    report = ingest_source(dangling(tmp_path / "source", settlements=1), tmp_path / "store")
    assert [(e.n_failing, e.n_checked) for e in report.quality if e.name == "person_id of settlements"] == [(1, 1)]


@pytest.fixture
def fraud(tmp_path, capsys):
    def call(*words):
        with pytest.raises(SystemExit) as leave:
            main(["--workspace", str(tmp_path / "workspace"), *words])
        said = capsys.readouterr()
        return leave.value.code, said.out, said.err

    return call


def test_both_commands_end_alike_and_a_setting_lets_it_pass(fraud, tmp_path):
    source, workspace = dangling(tmp_path / "source"), tmp_path / "workspace"
    for command in ("check", "ingest"):
        code, shown, told = fraud(command, str(source))
        assert code == 2
        assert "4 of 4 rows fail (first: settlements.csv row 1), a share above 0.5" in told
        assert "settlements.person_id names a row of persons" in (shown if command == "check" else told)
    assert not (workspace / "store").exists()
    (tmp_path / "fraud.toml").write_text("[ingest]\nmax_dangling_share = 1.0\n")
    code, shown, _ = fraud("--config", str(tmp_path / "fraud.toml"), "ingest", str(source))
    assert code == 0
    assert "does not hold: settlements.person_id names a row of persons: 4 of 4 rows fail (first: settl" in shown
    entry = json.loads((workspace / "audit.jsonl").read_text().splitlines()[-1])
    assert entry["failing"] == {"person_id of settlements": [4, 4]}
