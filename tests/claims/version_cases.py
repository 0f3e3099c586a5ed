"""Bills that replace, void and follow each other, and what is right to bill of them."""


def bill(name, day, amount, **more):
    return {"settlement_id": name, "settle_time": f"2026-{day} 10:00:00", "total_amount": f"{amount:.2f}", **more}


def void(name, day, amount, of=None, **more):
    return bill(name, day, amount, is_reversal="true", original_settlement_id=of, **more)


def again(name, day, amount, of, **more):
    return bill(name, day, amount, replaces_settlement_id=of, **more)


# Rows, what standing bills and reversals add up to, and what rules see of it.
LINKED = {
    "a bill alone": ([bill("A1", "03-01", 100)], 100, 100),
    "a reversal with a minus": ([bill("B1", "03-01", 100), void("B2", "03-02", -100, "B1")], 0, 0),
    "a minus that names a bill, and does not say what it is": (
        [bill("0A", "03-01", 100), bill("0B", "03-02", -100, original_settlement_id="0A")],
        0,
        0,
    ),
    "a void written positive": ([bill("C1", "03-01", 100), void("C2", "03-02", 100, "C1")], 0, 0),
    "a void of nothing written": ([bill("D1", "03-01", 100), void("D2", "03-02", 0, "D1")], 0, 0),
    "a part taken back": ([bill("E1", "03-01", 100), void("E2", "03-02", -30, "E1")], 70, 70),
    "replaced": ([bill("F1", "03-01", 900), again("F2", "03-02", 700, "F1")], 700, 700),
    "replaced by its original's number": (
        [bill("G1", "03-01", 900), bill("G2", "03-02", 700, original_settlement_id="G1")],
        700,
        700,
    ),
    "replaced twice in a chain": (
        [bill("H1", "03-01", 1000), again("H2", "03-02", 1200, "H1"), again("H3", "04-03", 1100, "H2")],
        1100,
        1100,
    ),
    "replaced twice under the first number": (
        [bill("I1", "03-01", 1000), again("I2", "03-02", 1200, "I1"), again("I3", "04-03", 1100, "I1")],
        1100,
        1100,
    ),
    "the replacement came first": ([again("J2", "03-01", 700, "J1"), bill("J1", "03-02", 900)], 700, 700),
    "replaced, and the replacement voided": (
        [bill("K1", "03-01", 900), again("K2", "03-02", 700, "K1"), void("K3", "03-03", 700, "K2")],
        0,
        0,
    ),
    "replaced, and reversed with a minus": (
        [bill("L1", "03-01", 900), again("L2", "03-02", 700, "L1"), void("L3", "03-03", -700, "L2")],
        0,
        0,
    ),
    "reversed, then billed anew": (
        [bill("M1", "03-01", 900), void("M2", "03-02", -900, "M1"), again("M3", "03-02", 700, "M1")],
        700,
        700,
    ),
    "billed anew, then voided under the first number": (
        [bill("N1", "03-01", 900), again("N2", "03-02", 700, "N1"), void("N3", "03-03", -700, "N1")],
        0,
        0,
    ),
    "billed anew, then a part taken back under the first number": (
        [bill("O1", "03-01", 900), again("O2", "03-02", 700, "O1"), void("O3", "03-03", -200, "O1")],
        500,
        500,
    ),
    "the first bill reversed after it was replaced": (
        [bill("P1", "03-01", 900), again("P2", "03-02", 700, "P1"), void("P3", "03-03", -900, "P1")],
        700,
        700,
    ),
    "the original is not in the store": ([again("Q2", "03-01", 700, "Q1")], 700, 700),
    "a reversal of a bill not in the store": ([void("R2", "03-01", -30, "R1"), bill("R3", "03-02", 100)], 70, 100),
    "a positive void of a bill not in the store": ([void("S2", "03-01", 30, "S1"), bill("S3", "03-02", 100)], 100, 100),
    "two that replace each other": ([again("T1", "03-01", 900, "T2"), again("T2", "03-02", 700, "T1")], 700, 700),
    "a circle of three": (
        [again("U1", "03-01", 1, "U3"), again("U2", "03-02", 2, "U1"), again("U3", "03-03", 3, "U2")],
        3,
        3,
    ),
    "one that replaces itself": ([again("V1", "03-01", 100, "V1")], 100, 100),
    "a void that was undone": (
        [bill("W1", "03-01", 100), void("W2", "03-02", 100, "W1"), void("W3", "03-03", 100, "W2")],
        100,
        100,
    ),
    "a bill that takes up a reversed one by the reversal's number": (
        [bill("X1", "03-01", 100), void("X2", "03-02", -100, "X1"), again("X3", "03-03", 90, "X2")],
        90,
        90,
    ),
    "cancelled under a number of the claim": (
        [
            bill("Y1", "03-01", 84, claim_id="Y"),
            void("Y2", "03-22", 84, claim_id="Y"),
            bill("Y3", "03-22", 70, claim_id="Y"),
        ],
        70,
        70,
    ),
    "cancelled by a row that is dated before it": (
        [bill("j1", "03-05", 84, claim_id="j"), void("j2", "03-01", 84, claim_id="j")],
        0,
        0,
    ),
    "cancelled twice, once by a row that is dated before": (
        [
            void("k0", "03-01", -84, claim_id="k"),
            bill("k1", "03-05", 84, claim_id="k"),
            void("k2", "03-06", -84, claim_id="k"),
            bill("k3", "03-07", 84, claim_id="k"),
            bill("k4", "03-08", 84, claim_id="k"),
        ],
        84,
        84,
    ),
    "adjusted to the same charge": (
        [
            bill("Z1", "03-01", 84, claim_id="Z"),
            void("Z2", "03-22", 84, claim_id="Z"),
            bill("Z3", "03-22", 84, claim_id="Z"),
        ],
        84,
        84,
    ),
    "two like claims on one day, one cancelled": (
        [
            bill("a1", "03-01", 50, claim_id="a"),
            bill("a2", "03-01", 50, claim_id="a"),
            void("a3", "03-02", -50, claim_id="a"),
        ],
        50,
        50,
    ),
    "numbered versions under numbers of their own": (
        [
            bill("b1", "03-01", 10, claim_id="b", version_number=1),
            bill("b3", "03-01", 30, claim_id="b", version_number=3),
            bill("b2", "04-05", 20, claim_id="b", version_number=2),
        ],
        30,
        30,
    ),
    "the last version is a cancellation": (
        [
            bill("c1", "03-01", 10, claim_id="c", version_number=1),
            void("c2", "03-02", 10, claim_id="c", version_number=2),
        ],
        0,
        0,
    ),
    "cancellation and adjustment share a number": (
        [
            bill("d1", "03-01", 84, claim_id="d", version_number=15),
            void("d2", "03-22", 84, claim_id="d", version_number=22),
            bill("d3", "03-22", 84, claim_id="d", version_number=22),
        ],
        84,
        84,
    ),
    "a claim replaced by its number": (
        [
            bill("e1", "03-01", 10, claim_id="e", version_number=1),
            bill("e2", "03-02", 20, claim_id="e", version_number=2),
            again("f1", "03-03", 15, "e", claim_id="f", version_number=1),
        ],
        15,
        15,
    ),
    "a claim cancelled by its number": (
        [bill("g1", "03-01", 10, claim_id="g", version_number=1), void("h1", "03-03", -10, "g")],
        0,
        0,
    ),
    "a part of a numbered claim": (
        [
            bill("i1", "03-01", 90, claim_id="i", version_number=1),
            bill("i2", "03-02", 100, claim_id="i", version_number=2),
            void("i3", "03-03", -30, claim_id="i", version_number=3),
        ],
        70,
        70,
    ),
}
