from datetime import date

from fraud.labels import labels_as_of
from tests.support.claims import make_store


def test_labels_are_read_from_the_store(tmp_path):
    rows = [
        {
            "label_id": f"L{number}",
            "subject_type": kind,
            "subject_id": subject,
            "decision": decision,
            "decided_date": "2026-02-01",
            "known_date": known,
        }
        for number, (kind, subject, decision, known) in enumerate(
            [
                ("provider", "H1", "confirmed_fraud", "2026-02-02"),
                ("provider", "H2", "unfounded", "2026-02-03"),
                ("patient", "P1", "confirmed_abuse", "2026-02-02"),
                ("provider", "H3", "confirmed_fraud", "2026-09-01"),
            ]
        )
    ]
    store = make_store(tmp_path / "store", {"labels": rows})
    found = labels_as_of(store, "provider", date(2026, 3, 1))
    assert found["is_positive"].to_dict() == {"H1": True, "H2": False}
    assert labels_as_of(store, "patient", date(2026, 3, 1)).index.tolist() == ["P1"]


def test_a_store_without_labels_knows_nothing(tmp_path):
    store = make_store(tmp_path / "store", {"settlements": [{"settlement_id": "S1"}]})
    found = labels_as_of(store, "provider", date(2026, 3, 1))
    assert found.empty
    assert "is_positive" in found.columns
