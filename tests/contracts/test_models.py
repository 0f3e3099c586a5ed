"""What every estimator promises: scikit-learn's own checks, no pickle, nothing learned in the constructor."""

import pytest
from sklearn.base import clone
from sklearn.utils.estimator_checks import check_estimator

from fraud.models.anomaly import AnomalyScorer
from fraud.models.ecod import ECOD

ESTIMATORS = (ECOD(), AnomalyScorer(n_trees=10))


@pytest.mark.parametrize("estimator", ESTIMATORS, ids=lambda estimator: type(estimator).__name__)
@pytest.mark.filterwarnings("ignore:Estimator .* does not inherit:UserWarning")
def test_scikit_learn_accepts_it(estimator):
    results = check_estimator(estimator, on_skip=None)
    failed = [result["check_name"] for result in results if result["status"] == "failed"]
    assert not failed
    assert sum(result["status"] == "passed" for result in results) > 20


@pytest.mark.parametrize("estimator", ESTIMATORS, ids=lambda estimator: type(estimator).__name__)
def test_cloning_keeps_the_parameters(estimator):
    assert clone(estimator).get_params() == estimator.get_params()
