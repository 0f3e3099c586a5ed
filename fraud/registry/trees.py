"""A Booster's text: checked line by line before LightGBM reads it, which ends the whole process on a damaged one."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import lightgbm

_WHOLE = re.compile(r"-?[0-9]{1,10}")
_DECIMAL = re.compile(r"-?[0-9]{1,25}(\.[0-9]{1,25})?(e[+-][0-9]{1,3})?")
_RANGE = re.compile(r"none|\[-?[0-9a-z.+-]{1,30}:-?[0-9a-z.+-]{1,30}\]")
_FEATURE = re.compile(r"[A-Za-z0-9_.\-]{1,200}")
_TAIL = re.compile(
    r"end of trees\n\n"
    r"feature_importances:\n([\w.\-]+=\d+\n)*\n"
    r"parameters:\n(\[\w+: [\w.,+\-]*\]\n)+\nend of parameters\n"
    r"\npandas_categorical:(null|\[\])\n"
)
_FIXED = {"version": "v4", "num_class": "1", "num_tree_per_iteration": "1", "label_index": "0"}
# One value a split, and one a leaf.
_OF_SPLITS = ("split_feature", "split_gain", "threshold", "decision_type", "left_child", "right_child")
_OF_SPLITS_TOO = ("internal_value", "internal_weight", "internal_count")
_OF_LEAVES = ("leaf_value", "leaf_weight", "leaf_count")
_TREE = ("num_leaves", "num_cat", *_OF_SPLITS, *_OF_LEAVES, *_OF_SPLITS_TOO, "is_linear", "shrinkage")
_WHOLE_NUMBERS = frozenset(
    {"split_feature", "decision_type", "left_child", "right_child", "leaf_count", "internal_count"}
)
# Beyond every value: a split that parts the known from the unknown.
_MAY_BE_ENDLESS = frozenset({"split_gain", "threshold"})
_MAX_LEAVES, _MAX_DEPTH, _MAX_FEATURES = 4_096, 64, 100_000
# Numerical split; bit 2 where unknown goes left; the kind of missing value (none, zero, NaN) from bit 4 on.
_DECISIONS = frozenset({0, 2, 4, 6, 8, 10})


def read_trees(content: bytes) -> lightgbm.Booster:
    """Read the text that LightGBM wrote of a binary model without categories.

    Parameters
    ----------
    content : bytes
        The text, of bounded size.

    Raises
    ------
    ValueError
        It is not such a text, or not a whole one.
    """
    text = _plain(content)
    n_trees, features = _check_text(text)
    import lightgbm

    try:
        booster = lightgbm.Booster(model_str=text)
    except lightgbm.basic.LightGBMError as error:
        raise ValueError(str(error)) from error
    if booster.num_trees() != n_trees or booster.feature_name() != features:
        raise ValueError("LightGBM reads other trees than the text has")
    return booster


def _plain(content: bytes) -> str:
    if not content.startswith(b"tree\n"):
        raise ValueError("not the text of a LightGBM Booster, and nothing else is read")
    if not content.isascii() or b"\0" in content:
        raise ValueError("not plain ASCII")
    return content.decode("ascii")


def _check_text(text: str) -> tuple[int, list[str]]:
    """Check the whole text; return the number of trees and the names of the features."""
    head, blank, rest = text.partition("\n\n")
    if not blank:
        raise ValueError("cut within its head")
    sizes, features = _check_head(head.split("\n")[1:])
    place = 0
    for number, size in enumerate(sizes):
        try:
            _check_tree(rest[place : place + size], number, len(features))
        except ValueError as error:
            raise ValueError(f"tree {number}: {error}") from error
        place += size
    if not _TAIL.fullmatch(rest, place):
        raise ValueError("what follows the trees is cut or changed")
    return len(sizes), features


def _check_head(lines: Sequence[str]) -> tuple[list[int], list[str]]:
    # A forest says that its trees are averaged, in a line without a value.
    lines = [line for line in lines if line != "average_output"]
    found = dict(_pairs(lines))
    names = (*_FIXED, "max_feature_idx", "objective", "feature_names", "feature_infos", "tree_sizes")
    is_plain = tuple(found) == names and len(lines) == len(names)
    if not is_plain or any(found[name] != value for name, value in _FIXED.items()):
        raise ValueError("its head is not that of a binary model of LightGBM 4")
    if found["objective"] != "binary sigmoid:1":
        raise ValueError("its objective is not binary")
    features, infos = found["feature_names"].split(" "), found["feature_infos"].split(" ")
    n_features = _whole(found["max_feature_idx"]) + 1
    if not 0 < n_features <= _MAX_FEATURES or not len(features) == len(infos) == n_features:
        raise ValueError("features are not as many as it says")
    if len(set(features)) < n_features or not all(map(_FEATURE.fullmatch, features)):
        raise ValueError("names of features are not plain or not unique")
    if not all(map(_RANGE.fullmatch, infos)):
        raise ValueError("a feature has no range")
    sizes = [_whole(size) for size in found["tree_sizes"].split(" ")]
    if min(sizes) <= 0:
        raise ValueError("a tree has no size")
    return sizes, features


def _check_tree(text: str, number: int, n_features: int) -> None:
    lines = text.split("\n")
    if lines[0] != f"Tree={number}" or lines[-3:] != ["", "", ""]:
        raise ValueError("cut, or not as long as it says")
    found = dict(_pairs(lines[1:-3]))
    if tuple(found) != _TREE or len(found) != len(lines) - 4:
        raise ValueError("its lines are not those of a tree")
    if (found["num_cat"], found["is_linear"]) != ("0", "0"):
        raise ValueError("it has categories or lines, which our models do not have")
    n_leaves = _whole(found["num_leaves"])
    if not 0 < n_leaves <= _MAX_LEAVES:
        raise ValueError(f"num_leaves is {n_leaves}")
    _decimal(found["shrinkage"])
    values: dict[str, list[float]] = {}
    for name in (*_OF_SPLITS, *_OF_LEAVES, *_OF_SPLITS_TOO):
        words = found[name].split(" ") if found[name] else []
        n_wanted = n_leaves if name in _OF_LEAVES else n_leaves - 1
        # LightGBM leaves the weight of a leaf without splits out.
        if len(words) != n_wanted and not (n_leaves == 1 and name == "leaf_weight"):
            raise ValueError(f"{name} has {len(words)} values for {n_leaves} leaves")
        values[name] = [_number(name, word) for word in words]
    if not all(0 <= feature < n_features for feature in values["split_feature"]):
        raise ValueError("a split on a feature that is not there")
    if not _DECISIONS.issuperset(values["decision_type"]):
        raise ValueError("a split of an unknown kind")
    _check_shape([int(c) for c in values["left_child"]], [int(c) for c in values["right_child"]], n_leaves)


def _check_shape(left: Sequence[int], right: Sequence[int], n_leaves: int) -> None:
    """Check that every split and leaf hangs in the tree once: a circle would never end."""
    depth = [0] * max(1, n_leaves - 1)
    hung: set[int] = set()
    for split, children in enumerate(zip(left, right, strict=True)):
        for child in children:
            # Leaf n is written as -n - 1; LightGBM numbers splits as it makes them, below those that are there.
            is_known = -n_leaves <= child < 0 or split < child < n_leaves - 1
            if not is_known or child in hung:
                raise ValueError("its splits and leaves make no tree")
            hung.add(child)
            if child > 0:
                depth[child] = depth[split] + 1
    if max(depth) > _MAX_DEPTH:
        raise ValueError(f"deeper than {_MAX_DEPTH} splits")


def _pairs(lines: Sequence[str]) -> Iterator[tuple[str, str]]:
    for line in lines:
        name, _, value = line.partition("=")
        yield name, value


def _number(name: str, word: str) -> float:
    if name in _MAY_BE_ENDLESS and word in {"inf", "-inf"}:
        return float(word)
    return _whole(word) if name in _WHOLE_NUMBERS else _decimal(word)


def _whole(word: str) -> int:
    if not _WHOLE.fullmatch(word) or not -(2**31) <= int(word) < 2**31:
        raise ValueError(f"'{word[:20]}' is no whole number")
    return int(word)


def _decimal(word: str) -> float:
    if not _DECIMAL.fullmatch(word) or not math.isfinite(float(word)):
        raise ValueError(f"'{word[:20]}' is no number")
    return float(word)
