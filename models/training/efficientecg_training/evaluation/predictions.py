"""What the record model says of records that it has not seen, and how a figure about it is written down."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from efficientecg_training.data.batch import Batch
from efficientecg_training.evaluation import decisions
from efficientecg_training.network.model import EfficientECG
from efficientecg_training.tasks import SUPERCLASS

SPLIT = "3-fold cross-validation by person (PTB-XL strat_fold and committed folds, 1-3 / 4-6 / 7-9), out-of-fold"


@dataclass
class Predictions:
    """Row i of every array is record i."""

    set: NDArray[np.str_]
    name: NDArray[np.str_]
    group: NDArray[np.int64]
    rhythm: NDArray[np.int64]
    flags: NDArray[np.float32]
    """Superclasses, then statements; NaN = unknown."""
    parts: dict[str, NDArray[np.float32]]
    """By view, what features and signal add up to, each by itself: `[2, N, C]`."""
    distance: NDArray[np.float32]
    """From the training's signals, `[N]`."""
    leads: NDArray[np.int64]

    @property
    def superclass(self) -> NDArray[np.float32]:
        return self.flags[:, : SUPERCLASS.size]

    @property
    def statement(self) -> NDArray[np.float32]:
        return self.flags[:, SUPERCLASS.size :]

    def of(self, *sets: str) -> NDArray[np.bool_]:
        return np.isin(self.set, sets)


def parts_of(model: EfficientECG, batch: Batch) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """What features and signal add up to, `[2, N, C]`, and how far the signal is from the training's, `[N]`."""
    with torch.no_grad():
        found = model(*batch.inputs(), all_valid=batch.all_valid())
    return torch.stack([found.feature_evidence.sum(2), found.evidence.sum((2, 3))]).numpy(), found.distance.numpy()


FAMILIAR_RECORD = 99.9
FAMILIAR_BEAT = 99.95
"""Percentiles of the out-of-fold distances up to which an input is familiar. A day has a hundred thousand beats: of those fewer may be lost."""


def familiarity(distance: NDArray, leads: NDArray, percentile: float) -> dict[str, Any]:
    """How far an input may lie from the training's, by its number of leads, as the card takes it. Other numbers of leads get the widest limit."""
    limits = {str(count): round(float(np.percentile(distance[leads == count], percentile)), 3) for count in np.unique(leads)}
    how = f"{percentile}th percentile of what the network had not seen"
    return {"limit": max(limits.values()), "lead_counts": limits, "how": how}


def classes(codes: list[str], probability: list[NDArray], positive: list[NDArray], thresholds: NDArray, how: str) -> dict[str, Any]:
    """Decisions of each class as the card takes them. `probability` and `positive`, of the records of each class, were calibrated on other
    records than they are measured on."""
    out = {}
    for c, code in enumerate(codes):
        bins = decisions.reliability(probability[c], positive[c])
        threshold = float(thresholds[c])
        never = threshold >= decisions.NEVER
        out[code] = {
            "threshold": threshold,
            "uncertain": [1.0, 1.0] if never else decisions.uncertain_band(probability[c], threshold),
            "how": "never called: at no threshold is half of what is called right" if never else how,
            "reliability": bins,
            "calibration_error": round(decisions.calibration_error(bins), 4),
        }
    return out


def metric(task: str, figure: str, value: float, ci95: list[float], count: int, command: str, split: str) -> dict[str, Any]:
    return {"task": task, "figure": figure, "value": round(float(value), 4), "ci95": ci95, "split": split, "records": count, "command": command}
