"""Calibration and thresholds, both from predictions on records that the predicting model had not seen."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional

from efficientecg_training.evaluation.metrics import f1

NEAR = 0.05
"""Share of records on each side of a threshold that the uncertain band takes in."""

PRIOR = 3e-3
"""Weight of a preference for `USUAL` scales and no offsets: nothing beside hundreds of records, a hold where there are few."""
USUAL = 0.5
"""Two parts that say much the same count about half each."""


def softmax(logits: NDArray) -> NDArray:
    """Over the last axis."""
    e = np.exp(logits - logits.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


def sigmoid(logits: NDArray) -> NDArray:
    return 1.0 / (1.0 + np.exp(-logits))


def combined(parts: NDArray, scale: NDArray, offset: NDArray) -> NDArray:
    """`offset + sum over the parts of scale * part`: `parts` `[P, N, C]`, `scale` `[P, C]`, `offset` `[C]`; returns `[N, C]`."""
    return (parts * scale[:, None, :]).sum(0) + offset


def calibrate_softmax(parts: NDArray, label: NDArray) -> tuple[NDArray, NDArray]:
    """One scale a part (the same for all classes) and class offsets with which the softmax of the combined logits is most likely."""
    x, y = torch.tensor(parts, dtype=torch.float64), torch.tensor(label)
    log_scale = torch.full((len(parts), 1, 1), float(np.log(USUAL)), dtype=torch.float64, requires_grad=True)
    offset = torch.zeros(parts.shape[2], dtype=torch.float64, requires_grad=True)

    def loss() -> torch.Tensor:
        likelihood = functional.cross_entropy((x * log_scale.exp()).sum(0) + offset, y)
        return likelihood + PRIOR * ((log_scale - np.log(USUAL)).square().sum() + offset.square().sum())

    _minimise(loss, [log_scale, offset])
    b = offset.detach().numpy()
    return np.repeat(log_scale.detach().exp().numpy()[:, 0, :], parts.shape[2], axis=1), b - b.mean()


def calibrate_sigmoid(parts: NDArray, flags: NDArray) -> tuple[NDArray, NDArray]:
    """For each class a scale a part and an offset with which the known flags (not NaN) are most likely."""
    scales, offsets = np.zeros((len(parts), parts.shape[2])), np.zeros(parts.shape[2])
    for c in range(parts.shape[2]):
        known = np.isfinite(flags[:, c])
        x, y = torch.tensor(parts[:, known, c], dtype=torch.float64), torch.tensor(flags[known, c], dtype=torch.float64)
        log_scale = torch.full((len(parts), 1), float(np.log(USUAL)), dtype=torch.float64, requires_grad=True)
        offset = torch.zeros(1, dtype=torch.float64, requires_grad=True)

        def loss(x=x, y=y, log_scale=log_scale, offset=offset) -> torch.Tensor:
            likelihood = functional.binary_cross_entropy_with_logits((x * log_scale.exp()).sum(0) + offset, y)
            return likelihood + PRIOR * ((log_scale - np.log(USUAL)).square().sum() + offset.square().sum())

        _minimise(loss, [log_scale, offset])
        scales[:, c], offsets[c] = log_scale.detach().exp().numpy()[:, 0], float(offset.detach())
    return scales, offsets


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


LEAST_PRECISION = 0.5
"""A finding that is wrong more often than right is not called present."""
NEVER = 1.0
"""Threshold of a class that reaches `LEAST_PRECISION` at no threshold."""


def entry(scale: NDArray, offset: NDArray) -> dict[str, list]:
    """Calibration as the export takes it: scales of features and signal, offsets of the classes."""
    return {"scale": [[round(float(x), 4) for x in part] for part in scale], "offset": [round(float(x), 4) for x in offset]}


def careful_threshold(probability: NDArray, positive: NDArray) -> float:
    """The threshold with the highest F1 among those at which at least half of what is called is right; `NEVER` where there is none that
    calls at least five."""
    best, best_f1 = NEVER, 0.0
    for threshold in np.arange(0.02, 0.985, 0.01):
        called = probability >= threshold
        right = int((called & positive).sum())
        if called.sum() >= 5 and right >= LEAST_PRECISION * called.sum() and f1(called, positive) > best_f1:
            best, best_f1 = round(float(threshold), 2), f1(called, positive)
    return best


BINS = 10


def reliability(probability: NDArray, positive: NDArray) -> list[dict[str, float]]:
    """Of each tenth of the probability scale that has records: how many, their mean probability, and the share that is positive."""
    bins = np.minimum((probability * BINS).astype(int), BINS - 1)
    out = []
    for number in np.unique(bins):
        inside = bins == number
        out.append({
            "low": round(float(number / BINS), 2), "records": int(inside.sum()), "mean": round(float(probability[inside].mean()), 4),
            "observed": round(float(positive[inside].mean()), 4),
        })
    return out


def calibration_error(bins: list[dict[str, float]]) -> float:
    """Expected calibration error: mean gap between probability and observed share, weighted with the records."""
    total = sum(entry["records"] for entry in bins)
    return sum(entry["records"] * abs(entry["mean"] - entry["observed"]) for entry in bins) / max(1, total)


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


def joint_thresholds(probability: NDArray, score, rounds: int = 3) -> NDArray:
    """Thresholds of a softmax task that together maximise `score(decided)`, each in turn on a grid."""
    out = np.full(probability.shape[1], 0.5)
    best = score(decide(probability, out))
    for _ in range(rounds):
        for c in range(len(out)):
            for value in np.arange(0.2, 0.82, 0.02):
                tried = out.copy()
                tried[c] = value
                found = score(decide(probability, tried))
                if found > best + 1e-4:
                    best, out = found, tried
    return out.round(2)


def softmax_thresholds(probability: NDArray, label: NDArray) -> NDArray:
    """Each class's best threshold against the rest."""
    return np.asarray([best_threshold(probability[:, c], label == c) for c in range(probability.shape[1])])
