"""Figures of merit and their bootstrap intervals. Plain NumPy, no surprises."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

RESAMPLES = 1000


def auc(score: NDArray, positive: NDArray) -> float:
    """Area under the ROC curve, ties counted half; NaN where one class is absent."""
    positive = positive.astype(bool)
    n1, n0 = int(positive.sum()), int((~positive).sum())
    if n1 == 0 or n0 == 0:
        return float("nan")
    _, inverse, counts = np.unique(score, return_inverse=True, return_counts=True)
    rank = (np.cumsum(counts) - (counts - 1) / 2.0)[inverse]
    return float((rank[positive].sum() - n1 * (n1 + 1) / 2.0) / (n1 * n0))


def macro_auc(scores: NDArray, flags: NDArray) -> float:
    """Mean over the classes of the AUC on the rows where the flag is known (not NaN); `[N, C]` both."""
    values = []
    for c in range(flags.shape[1]):
        known = np.isfinite(flags[:, c])
        values.append(auc(scores[known, c], flags[known, c]))
    return float(np.nanmean(values))


def f1(predicted: NDArray, actual: NDArray) -> float:
    """F1 of two boolean arrays; 0 where nothing is right."""
    hit = int((predicted & actual).sum())
    total = int(predicted.sum() + actual.sum())
    return 2.0 * hit / total if total else 0.0


def class_f1(predicted: NDArray, actual: NDArray, classes: int) -> list[float]:
    """F1 of each class number."""
    return [f1(predicted == c, actual == c) for c in range(classes)]


def interval(figure: Callable[[NDArray], float], groups: NDArray, seed: int = 0, resamples: int | None = None) -> list[float]:
    """95 % bootstrap interval of `figure(row numbers)`, drawing whole groups (records, or people) with replacement."""
    rng = np.random.default_rng(seed)
    names, number = np.unique(groups, return_inverse=True)
    single = len(names) == len(groups)
    rows = None if single else np.split(np.argsort(number, kind="stable"), np.cumsum(np.bincount(number))[:-1])
    values = []
    for _ in range(resamples or RESAMPLES):
        drawn = rng.integers(0, len(names), len(names))
        values.append(figure(drawn if rows is None else np.concatenate([rows[g] for g in drawn])))
    low, high = np.nanpercentile(values, [2.5, 97.5])
    return [round(float(low), 4), round(float(high), 4)]
