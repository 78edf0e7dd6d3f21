"""Boosted trees as tensors say what LightGBM says, and their sum is by feature."""

from __future__ import annotations

import lightgbm
import numpy as np
import torch

from efficientecg_training.config import TreeConfig
from efficientecg_training.tasks import RHYTHM, SUPERCLASS, Task
from efficientecg_training.trees import fit as trees
from efficientecg_training.trees.forest import Forest
from efficientecg_training.trees.table import ForestTable, Tree

CONFIG = TreeConfig(rounds=12, leaves=6, rate=0.2, least_records=4, feature_share=0.8, record_share=1.0, l2=1.0)


def some_forest(classes: int, features: int) -> ForestTable:
    """A few small random trees."""
    rng = np.random.default_rng(classes)

    def tree() -> Tree:
        return Tree([int(rng.integers(features)), int(rng.integers(features))], list(rng.normal(size=2)), [(1, -1), (-2, -3)], list(rng.normal(size=3)), [5.0, 3.0, 2.0])

    return ForestTable.of([[tree() for _ in range(3)] for _ in range(classes)], features)


def some_data(task: Task, n: int = 400, features: int = 7) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(3)
    x = rng.normal(size=(n, features)).astype(np.float32)
    if task.activation == "softmax":
        return x, np.ones_like(x), np.digitize(x[:, 0] + x[:, 1] * x[:, 2], [-0.7, 0.0, 0.7])
    return x, np.ones_like(x), (x[:, : task.size] + x[:, 5:6] > 0.5).astype(np.float32)


def test_a_forest_says_what_lightgbm_says() -> None:
    x, mask, labels = some_data(SUPERCLASS)
    table = trees.fit(CONFIG, SUPERCLASS, x, mask, labels, seed=1)
    booster = trees.grow(CONFIG, x, mask, labels[:, 2], 1 + 2, None, 1)
    assert np.allclose(trees.predict(table, x, mask)[:, 2], booster.predict(x, raw_score=True), atol=1e-5)
    x, mask, labels = some_data(RHYTHM)
    booster = trees.grow(CONFIG, x, mask, labels, 1, None, RHYTHM.size)
    assert isinstance(booster, lightgbm.Booster)
    found = trees.predict(trees.fit(CONFIG, RHYTHM, x, mask, labels, seed=1), x, mask)
    assert np.allclose(found, booster.predict(x, raw_score=True), atol=1e-5)


def test_what_is_not_known_adds_nothing_and_is_averaged_over() -> None:
    # One split on feature 1: 6 of 10 training records went left to 1.0, the others to 6.0.
    forest = Forest.of(ForestTable.of([[Tree([1], [0.5], [(-1, -2)], [1.0, 6.0], [6.0, 4.0])]], 3))
    x = torch.tensor([[9.0, 0.0, 9.0], [9.0, 1.0, 9.0], [9.0, 1.0, 9.0]])
    mask = torch.tensor([[1.0, 1.0, 1.0], [0.0, 1.0, 0.0], [1.0, 0.0, 1.0]])
    assert forest.base.tolist() == [3.0]
    assert torch.allclose(forest(x, mask)[:, 0], torch.tensor([[0.0, -2.0, 0.0], [0.0, 3.0, 0.0], [0.0, 0.0, 0.0]]))


def test_contributions_are_those_of_the_path() -> None:
    # Feature 0 first, then feature 2 on its right side.
    tree = Tree([0, 2], [0.0, 0.0], [(-1, 1), (-2, -3)], [0.0, 2.0, 6.0], [5.0, 3.0, 2.0])
    forest = Forest.of(ForestTable.of([[tree]], 3))
    # Right of feature 0 the mean is 3.6, over all it is 1.8.
    out = forest(torch.tensor([[1.0, 0.0, 1.0], [-1.0, 0.0, 1.0]]), torch.ones(2, 3))[:, 0]
    assert torch.allclose(out, torch.tensor([[1.8, 0.0, 2.4], [-1.8, 0.0, 0.0]]), atol=1e-6)


def test_a_class_with_one_label_gets_no_trees() -> None:
    x, mask, labels = some_data(SUPERCLASS)
    labels[:, 1] = 0.0
    found = trees.predict(trees.fit(CONFIG, SUPERCLASS, x, mask, labels, seed=1), x, mask)
    assert np.abs(found[:, 1]).max() == 0.0 and np.abs(found[:, 0]).max() > 0.5
