"""Pathways of care: illnesses whose treatment returns by schedule, so that honest care looks like nobody else's.

They follow the special outpatient illnesses of basic medical insurance (门诊慢特病), with childbirth and
rehabilitation.
"""

from __future__ import annotations

from dataclasses import dataclass

from features.engine import quoted
from features.vocabulary.text import Text

# Attribute of patients: the name of their pathway, null for most.
ATTRIBUTE = "care_pathway"


@dataclass(frozen=True)
class Pathway:
    """One pathway.

    Parameters
    ----------
    name : str
        As attributes of patients spell it.
    title : Text
        For readers.
    groups : tuple of (str, str)
        First and last three-character group of principal diagnoses, of ICD-10 and ICD-9-CM.
    """

    name: str
    title: Text
    groups: tuple[tuple[str, str], ...]


PATHWAYS = (
    Pathway(
        "cancer",
        Text("Cancer care", "恶性肿瘤治疗"),
        (
            ("C00", "C97"),
            ("D00", "D09"),
            ("D37", "D48"),
            ("Z51", "Z51"),
            ("140", "209"),
            ("230", "239"),
            ("V58", "V58"),
        ),
    ),
    Pathway(
        "kidney_failure",
        Text("Kidney failure and dialysis", "肾衰竭及透析"),
        (("N18", "N19"), ("Z49", "Z49"), ("585", "586"), ("V56", "V56")),
    ),
    Pathway(
        "transplant", Text("After a transplant", "器官移植术后抗排异"), (("T86", "T86"), ("Z94", "Z94"), ("V42", "V42"))
    ),
    Pathway(
        "blood",
        Text("Haemophilia and aplastic anaemia", "血友病及再生障碍性贫血"),
        (("D60", "D61"), ("D66", "D68"), ("284", "284"), ("286", "286")),
    ),
    Pathway(
        "mental_illness",
        Text("Severe mental illness", "严重精神障碍"),
        (("F20", "F29"), ("F31", "F31"), ("295", "298")),
    ),
    Pathway(
        "tuberculosis_hiv",
        Text("Tuberculosis and HIV", "结核病及艾滋病"),
        (("A15", "A19"), ("B20", "B24"), ("010", "018"), ("042", "042")),
    ),
    Pathway(
        "childbirth",
        Text("Pregnancy and childbirth", "妊娠与分娩"),
        (("O00", "O99"), ("Z32", "Z39"), ("630", "679"), ("V22", "V24")),
    ),
    Pathway(
        "rehabilitation",
        Text("Rehabilitation", "康复治疗"),
        (("G80", "G83"), ("I69", "I69"), ("Z50", "Z50"), ("342", "344"), ("438", "438"), ("V57", "V57")),
    ),
)


def pathway_sql(diagnosis_group: str) -> str:
    """Return the pathway of a three-character group of diagnoses as SQL; null where it is of none."""
    whens = " ".join(
        "when "
        + " or ".join(f"{diagnosis_group} between {quoted(low)} and {quoted(high)}" for low, high in each.groups)
        + f" then {quoted(each.name)}"
        for each in PATHWAYS
    )
    return f"case {whens} end"
