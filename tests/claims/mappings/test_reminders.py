"""Reminders of the national platform, beside a store that has its claims."""

from features.claims import ClaimsStore, ingest_source
from features.engine import DuckDBEngine
from tests.claims.mappings.extracts import counts, csv, stored
from tests.claims.mappings.test_payer_mappings import write_platform


def test_reminders_of_the_national_platform_and_their_answers(tmp_path):
    folder = tmp_path / "source"
    folder.mkdir()
    write_platform(folder)
    stored(folder, "nhsa")
    reminders = tmp_path / "more"
    reminders.mkdir()
    row = {"JR_ID": "J1", "JRD_ID": "D1", "INFNO": "3101", "REQT_TIME": "2026-03-01 08:00:00", "RULE_ID": "R1"}
    row |= {"PATN_ID": "P1", "FIXMEDINS_CODE": "H1", "MDTRT_ID": "V1", "HILIST_CODE": "X1", "VOLA_AMT": "10.00"}
    answered = {"JRD_ID": "D2", "DSPO_WAY": "1", "DSPO_WAY_REA": "病情", "SEV_DEG": "明确违规", "VOLA_ITEM_TYPE": "1"}
    changed = {"JRD_ID": "D3", "DSPO_WAY": "2", "SEV_DEG": "2", "VOLA_ITEM_TYPE": "2", "INFNO": "3102"}
    (reminders / "warn_rslt_d.csv").write_text(csv([row, row | answered, row | changed]))
    report = ingest_source(reminders, tmp_path / "source-store", mapping="nhsa_3101")
    assert counts(report) == {"reminders": (3, 3, 0, 0)}
    with DuckDBEngine(threads=1) as engine:
        ClaimsStore.open(tmp_path / "source-store").attach(engine)
        columns = "detail_id, stage, severity, item_role, feedback, has_reason, amount, month"
        assert engine.rows(f"select {columns} from reminders order by 1") == [
            ("D1", "pre", None, None, None, None, 1_000, "2026-03"),
            ("D2", "pre", "definite", "violating", "continued", True, 1_000, "2026-03"),
            ("D3", "mid", "other", "involved", "changed", False, 1_000, "2026-03"),
        ]
