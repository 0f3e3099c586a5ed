"""Sources that bring less than a whole extract, or bring it in another encoding."""

import pandas as pd
import pytest

from features.claims import ClaimsStore, ingest_source
from features.engine import DuckDBEngine
from features.errors import InputError
from tests.support.claims import make_store

LABEL = {
    "label_id": "L1",
    "subject_type": "provider",
    "subject_id": "H1",
    "decision": "unfounded",
    "decided_date": "2026-03-01",
    "known_date": "2026-03-01",
}
GBK = """
name = "gbk"
[sources.people]
files = ["persons.csv"]
encoding = "gbk"
[[tables.persons]]
source = "people"
[tables.persons.columns]
person_id = "人员编号"
gender = "性别"
birth_date = "出生日期"
[tables.persons.values.gender]
to = { "男" = "male", "女" = "female" }
"""


@pytest.fixture
def labels(tmp_path):
    folder = tmp_path / "labels-only"
    folder.mkdir()
    pd.DataFrame([LABEL]).to_csv(folder / "labels.csv", index=False)
    return folder


def test_labels_alone_join_a_store_that_has_claims(labels, tmp_path):
    store = make_store(tmp_path, {"settlements": [{"settlement_id": "S1"}]})
    month = store.month_digest("2026-01")
    report = ingest_source(labels, store.folder)
    assert [(t.table, t.n_read, t.n_stored) for t in report.tables] == [("labels", 1, 1)]
    store = ClaimsStore.open(store.folder)
    assert store.month_digest("2026-01") == month
    with DuckDBEngine() as engine:
        store.attach(engine)
        assert engine.rows("select subject_id, decision from labels") == [("H1", "unfounded")]


def test_labels_alone_are_no_beginning(labels, tmp_path):
    with pytest.raises(InputError, match=r"table 'settlements'.*required and not there"):
        ingest_source(labels, tmp_path / "store")
    assert not (tmp_path / "store" / "catalog.json").exists()


def test_a_csv_in_gbk_with_chinese_columns(tmp_path):
    store = make_store(tmp_path, {"settlements": [{"settlement_id": "S1"}]})
    folder = tmp_path / "gbk"
    folder.mkdir()
    (folder / "persons.csv").write_text("人员编号,性别,出生日期\n张三,男,1950-02-01\n", encoding="gbk")
    (tmp_path / "gbk.toml").write_text(GBK, encoding="utf-8")
    ingest_source(folder, store.folder, mapping=str(tmp_path / "gbk.toml"))
    with DuckDBEngine() as engine:
        ClaimsStore.open(store.folder).attach(engine)
        joined = "select person_id, gender from persons join codes_person using (person_key) order by 1"
        # P1 came with the claims
        assert engine.rows(joined) == [("P1", "female"), ("张三", "male")]
