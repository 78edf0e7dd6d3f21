"""Calibration and thresholds, both from predictions on records that the predicting model had not seen."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional

from efficientecg_training.evaluation.metrics import f1

NEAR = 0.05
"""Share of records on each side of a threshold that the uncertain band takes in."""

PRIOR = 1e-3
"""Weight of a preference for temperature 1 and offsets 0: nothing beside hundreds of records, a hold where there are few."""


def softmax(logits: NDArray) -> NDArray:
    """Over the last axis."""
    e = np.exp(logits - logits.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


def sigmoid(logits: NDArray) -> NDArray:
    return 1.0 / (1.0 + np.exp(-logits))


def calibrate_softmax(logits: NDArray, label: NDArray) -> tuple[float, NDArray]:
    """Temperature `t` and class offsets `b` that maximise the likelihood of `softmax((logits + b) / t)`; `b` sums to 0.

    The offsets undo the class weights of the training; they are added to the graph's bias.
    """
    x, y = torch.tensor(logits, dtype=torch.float64), torch.tensor(label)
    log_t = torch.zeros(1, dtype=torch.float64, requires_grad=True)
    offset = torch.zeros(logits.shape[1], dtype=torch.float64, requires_grad=True)
    _minimise(
        lambda: functional.cross_entropy((x + offset) / log_t.exp(), y) + PRIOR * (log_t.square().sum() + offset.square().sum()), [log_t, offset]
    )
    b = offset.detach().numpy()
    return float(log_t.detach().exp()), b - b.mean()


def calibrate_sigmoid(logits: NDArray, flags: NDArray) -> float:
    """Temperature that maximises the likelihood of `sigmoid(logits / t)` over the known flags (not NaN)."""
    known = np.isfinite(flags)
    x, y = torch.tensor(logits[known], dtype=torch.float64), torch.tensor(flags[known], dtype=torch.float64)
    log_t = torch.zeros(1, dtype=torch.float64, requires_grad=True)
    _minimise(lambda: functional.binary_cross_entropy_with_logits(x / log_t.exp(), y) + PRIOR * log_t.square().sum(), [log_t])
    return float(log_t.detach().exp())


def _minimise(loss, parameters: list[torch.Tensor]) -> None:
    solver = torch.optim.LBFGS(parameters, max_iter=200, line_search_fn="strong_wolfe")

    def step() -> torch.Tensor:
        solver.zero_grad()
        value = loss()
        value.backward()
        return value

    solver.step(step)


def best_threshold(probability: NDArray, positive: NDArray) -> float:
    """The threshold with the highest F1, the middle of the best stretch of a grid of 0.02 to 0.98."""
    grid = np.arange(0.02, 0.985, 0.01)
    scores = np.asarray([f1(probability >= t, positive) for t in grid])
    best = grid[scores >= scores.max() - 0.002]
    return round(float(np.median(best)), 2)


def uncertain_band(probability: NDArray, threshold: float) -> list[float]:
    """From the threshold down and up as far as `NEAR` of all records reach."""
    below, above = np.sort(probability[probability < threshold]), np.sort(probability[probability >= threshold])
    count = max(1, int(NEAR * len(probability)))
    low = below[-count] if len(below) >= count else 0.0
    high = above[count - 1] if len(above) >= count else 1.0
    return [round(float(max(low, 0.3 * threshold)), 3), round(float(min(high, 1 - 0.3 * (1 - threshold))), 3)]


def decide(probability: NDArray, thresholds: NDArray) -> NDArray[np.int64]:
    """The one class of a softmax task: the largest probability relative to its threshold."""
    return np.argmax(probability / thresholds, axis=-1)


def softmax_thresholds(probability: NDArray, label: NDArray) -> NDArray:
    """Each class's best threshold against the rest."""
    return np.asarray([best_threshold(probability[:, c], label == c) for c in range(probability.shape[1])])
