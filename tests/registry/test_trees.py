"""Texts on which LightGBM ends the process, or reads what is not there, never reach it."""

import re
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

from fraud.models.positive_unlabelled import train_bagged
from fraud.models.supervised import BoosterParameters, train_booster
from fraud.registry.trees import read_trees


def profiles(n=300):
    random = np.random.default_rng(7)
    values = pd.DataFrame(random.normal(size=(n, 4)), index=[f"P{i}" for i in range(n)], columns=list("abcd"))
    values.loc[::3, "b"] = np.nan
    return values.assign(c=0.0, d=values["d"] * 1e300, e=np.where(values["a"] > 0, np.inf, 1.0))


def texts():
    values = profiles()
    is_positive, small = values["a"] > 1, BoosterParameters(n_trees=4)
    large = BoosterParameters(30, 64, 8, min_leaf_subjects=1)
    return {
        "labelled": train_booster(values, is_positive, seed=1, parameters=small),
        "large": train_booster(values, is_positive, seed=1, parameters=large),
        "bagged": train_bagged(values, is_positive, seed=1, parameters=small),
        "one leaf": train_booster(values[["c"]], is_positive, seed=1, parameters=small),
        "split off the unknown": train_booster(values[["e", "d"]] * 0, is_positive, seed=1, parameters=small),
    }


@pytest.fixture(scope="module")
def text():
    values = profiles()
    return train_booster(values, values["a"] > 1, seed=1, parameters=BoosterParameters(n_trees=4)).model_to_string()


def test_what_our_trainings_write_is_read_and_written_alike():
    for name, booster in texts().items():
        text = booster.model_to_string()
        assert read_trees(text.encode()).model_to_string() == text, name


def first(old, new):
    return lambda text: text.replace(old, new, 1)


DAMAGED = {
    "empty": (lambda _: "", "not the text of a LightGBM Booster"),
    "blank": (lambda _: "\n" * 9, "not the text of a LightGBM Booster"),
    "pickle": (lambda _: "\x80\x04\x95", "not the text of a LightGBM Booster"),
    "head only": (lambda text: text[:60], "cut within its head"),
    "half": (lambda text: text[: len(text) // 8], "tree 0: cut|tree 1: cut|what follows"),
    "end cut": (lambda text: text[:-20], "what follows the trees is cut"),
    "more after the end": (lambda text: text + "x", "what follows the trees is cut"),
    "NUL": (first("Tree=0", "Tree=0\0"), "not plain ASCII"),
    "not ASCII": (first("feature_names=a", "feature_names=市"), "not plain ASCII"),
    "fewer than no leaves": (first("num_leaves=", "num_leaves=-"), "tree 0"),
    "endless leaves": (first("num_leaves=", "num_leaves=99999999"), "tree 0"),
    "a leaf more": (first("leaf_value=", "leaf_value=1 "), "tree 0"),
    "a tree less": (first("Tree=3", "Tree=4"), "tree 3: cut"),
    "other sizes": (first("tree_sizes=", "tree_sizes=1"), "tree 0: cut"),
    "size below zero": (first("tree_sizes=", "tree_sizes=-"), "a tree has no size"),
    "no sizes": (first("tree_sizes", "tree_sises"), "its head is not that"),
    "head twice": (first("label_index=0", "label_index=0\nlabel_index=0"), "its head is not that"),
    "other objective": (first("binary sigmoid:1", "binary sigmoid:0"), "objective"),
    "other version": (first("version=v4", "version=v9"), "its head is not that"),
    "endless features": (first("max_feature_idx=4", "max_feature_idx=2147483647"), "features are not as many"),
    "fewer features": (first("max_feature_idx=4", "max_feature_idx=-1"), "features are not as many"),
    "a name twice": (first("feature_names=a b", "feature_names=b b"), "names of features"),
    "categories": (first("num_cat=0", "num_cat=1"), "categories"),
    "linear leaves": (first("is_linear=0", "is_linear=1"), "categories or lines"),
    "machines": (first("[machines: ]", "[machines: 10.0.0.1 12400]"), "what follows the trees"),
    "many categories": (lambda text: text + "\npandas_categorical:" + "[" * 9999 + "\n", "what follows the trees"),
}


def in_tree(name, make):
    """Replace a line of the first tree by one of the same length, so that the sizes still agree."""

    def change(text):
        start = text.index(f"\n{name}=") + len(name) + 2
        end = text.index("\n", start)
        new = make(text[start:end])
        spare = text.index("\nshrinkage=") + len("\nshrinkage=")
        pad = end - start - len(new)
        assert pad >= 0
        return text[:start] + new + text[end:spare] + "0" * pad + text[spare:]

    return change


DAMAGED |= {
    "circle": (in_tree("left_child", lambda line: "0" + line[line.index(" ") :]), "make no tree"),
    "child not there": (in_tree("left_child", lambda line: "9" + line[line.index(" ") :]), "make no tree"),
    "leaf twice": (in_tree("right_child", lambda line: re.sub("-[2-9]", "-1", line)), "make no tree"),
    "feature not there": (in_tree("split_feature", lambda line: "9" + line[1:]), "a feature that is not there"),
    "kind of split": (in_tree("decision_type", lambda line: "1" + line[1:]), "unknown kind"),
    "no number": (in_tree("leaf_value", lambda line: "nan" + line[line.index(" ") :]), "is no number"),
    "endless": (in_tree("leaf_value", lambda line: "1e+999" + line[line.index(" ") :]), "is no number"),
    "word": (in_tree("threshold", lambda line: "x" + line[1:]), "is no number"),
    "a value less": (in_tree("split_gain", lambda line: line.rpartition(" ")[0]), "split_gain has"),
}


@pytest.mark.parametrize("damage", DAMAGED)
def test_damaged_texts_are_refused(text, damage):
    change, message = DAMAGED[damage]
    assert change(text) != text
    with pytest.raises(ValueError, match=message):
        read_trees(change(text).encode())


def test_a_chain_of_splits_is_not_followed_to_its_end():
    from fraud.registry.trees import _check_shape

    n_leaves = 100
    left = [*range(1, n_leaves - 1), -1]
    right = [-(number + 2) for number in range(n_leaves - 1)]
    with pytest.raises(ValueError, match="deeper than 64 splits"):
        _check_shape(left, right, n_leaves)


# What it asks of a process of its own may end it.
MUTATE = """
import random, sys
from fraud.registry.trees import read_trees
text = open(sys.argv[1], "rb").read()
drawn = random.Random(7)
n_read = 0
for _ in range(400):
    place = drawn.randrange(min(len(text), 2400))
    new = drawn.choice([b"", b"-", b"9", b"99999999", b"nan", b"\\n", b" ", b"0", b"-1", bytes([drawn.randrange(256)])])
    changed = text[:place] + new + text[place + drawn.choice([0, 1, 1, len(new), 30]):]
    try:
        booster = read_trees(changed)
    except ValueError:
        continue
    booster.predict([[0.5] * 5] * 3, pred_contrib=True, num_threads=1)
    n_read += 1
print("held", n_read)
"""


def test_hundreds_of_changes_end_no_process(text, tmp_path):
    (tmp_path / "model.lgb").write_text(text)
    asked = [sys.executable, "-W", "ignore", "-c", MUTATE, str(tmp_path / "model.lgb")]
    done = subprocess.run(asked, capture_output=True, text=True, timeout=100, check=False)
    assert (done.returncode, done.stdout.splitlines()[-1][:5]) == (0, "held "), done.stderr[-300:]
