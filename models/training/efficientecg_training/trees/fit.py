"""Fits the boosted trees of a task with LightGBM, and predicts the training records out of fold."""

from __future__ import annotations

import lightgbm
import numpy as np
import torch
from numpy.typing import NDArray

from efficientecg_training.config import TreeConfig
from efficientecg_training.tasks import Task
from efficientecg_training.trees.forest import Forest
from efficientecg_training.trees.table import ForestTable, Tree

PREDICT = 512


def fit(
    config: TreeConfig, task: Task, features: NDArray, mask: NDArray, labels: NDArray, seed: int, weight: NDArray | None = None
) -> ForestTable:
    """A forest for one task. `features`, `mask` `[N, F]` normalised; `labels` int `[N]` (softmax, -1 = unknown) or float `[N, C]` (sigmoid,
    NaN = unknown)."""
    by_class = []
    if task.activation == "softmax":
        known, classes = labels >= 0, task.size
        booster = grow(config, features[known], mask[known], labels[known], seed, None if weight is None else weight[known], classes)
        members: list[list[Tree]] = [[] for _ in range(classes)]
        for number, tree in enumerate(booster.dump_model()["tree_info"]):
            members[number % classes].append(Tree.of_lightgbm(tree["tree_structure"]))
        by_class = members
    else:
        for c in range(labels.shape[1]):
            known = np.isfinite(labels[:, c])
            if len(np.unique(labels[known, c])) < 2:
                by_class.append([Tree.leaf(0.0)])  # nothing to learn from
                continue
            booster = grow(config, features[known], mask[known], labels[known, c], seed + c, None if weight is None else weight[known], 1)
            by_class.append([Tree.of_lightgbm(tree["tree_structure"]) for tree in booster.dump_model()["tree_info"]])
    return ForestTable.of(by_class, features.shape[1])


def grow(
    config: TreeConfig, features: NDArray, mask: NDArray, label: NDArray, seed: int, weight: NDArray | None, classes: int
) -> lightgbm.Booster:
    rng = np.random.default_rng(seed)
    settings = {
        "objective": "multiclass" if classes > 1 else "binary",
        "learning_rate": config.rate,
        "num_leaves": config.leaves,
        "min_data_in_leaf": config.least_records,
        "feature_fraction": config.feature_share,
        "bagging_fraction": config.record_share,
        "bagging_freq": 1,
        "lambda_l2": config.l2,
        "seed": seed,
        "deterministic": True,
        "force_row_wise": True,
        "num_threads": torch.get_num_threads(),
        "verbosity": -1,
    }
    if classes > 1:
        settings["num_class"] = classes
    data = lightgbm.Dataset(_imputed(features, mask, rng), label, weight=weight)
    return lightgbm.train(settings, data, num_boost_round=config.rounds)


def _imputed(features: NDArray, mask: NDArray, rng: np.random.Generator) -> NDArray:
    """What is not known is drawn from the records that know it, so that a missing value says nothing, in training as in use."""
    out = features.copy()
    for i in range(features.shape[1]):
        missing = mask[:, i] == 0
        donors = features[~missing, i]
        if missing.any():
            out[missing, i] = rng.choice(donors, int(missing.sum())) if donors.size else 0.0
    return out


def predict(table: ForestTable, features: NDArray, mask: NDArray) -> NDArray[np.float32]:
    """Logits `[N, C]`, with the base."""
    forest = Forest.of(table)
    parts = []
    with torch.no_grad():
        for start in range(0, len(features), PREDICT):
            x, m = (torch.from_numpy(a[start : start + PREDICT].astype(np.float32)) for a in (features, mask))
            parts.append(forest(x * m, m).sum(dim=2).numpy())
    return np.concatenate(parts) + table.base.astype(np.float32)
