"""Invented profiles with a planted signal, shared by the tests of models and of training."""

import numpy as np
import pandas as pd


def profiles(n=400, seed=0, share=0.25):
    """Return values, attributes and who is guilty: they see their patients more often and are paid more per patient."""
    random = np.random.default_rng(seed)
    ids = pd.Index([f"P{number:04}" for number in range(n)], name="provider_id")
    guilty = pd.Series(random.random(n) < share, index=ids)
    patients = random.integers(20, 400, n).astype(float)
    age = random.normal(60, 8, n)
    visits = random.gamma(8, 0.4, n) * np.where(guilty, 1.8, 1.0)
    per_patient = (500 + 20 * (age - 60)) * random.lognormal(0, 0.25, n) * np.where(guilty, 1.5, 1.0)
    values = pd.DataFrame(
        {
            "patients_count": patients,
            "age_mean": age,
            "visits_per_patient_mean": visits,
            "weekend_share": random.beta(2, 8, n),
            "drug_share": random.beta(3, 5, n),
            "fund_paid_amount": patients * per_patient,
        },
        index=ids,
    )
    values.loc[random.random(n) < 0.05, "weekend_share"] = np.nan
    attributes = pd.DataFrame(
        {"provider_type": np.where(random.random(n) < 0.5, "hospital", "clinic"), "provider_level": "2"}, index=ids
    )
    return values, attributes, guilty
