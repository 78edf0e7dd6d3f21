"""The features: label, unit, plausible range, and normalisation. What they mean is in `models/README.md`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class FeatureInfo:
    """How a feature is shown, and the range outside of which a value cannot be right."""

    label: str
    unit: str
    low: float
    high: float


FEATURES: dict[str, FeatureInfo] = {
    "age_years": FeatureInfo("Age", "years", 0, 120),
    "sex_male": FeatureInfo("Male sex", "", 0, 1),
    "rr_mean_s": FeatureInfo("Mean RR", "s", 0.2, 4),
    "rr_sd_s": FeatureInfo("SD of RR", "s", 0, 2),
    "rr_rmssd_s": FeatureInfo("RMSSD of RR", "s", 0, 3),
    "rr_cv": FeatureInfo("RR variation coefficient", "", 0, 2),
    "rr_irregularity": FeatureInfo("RR irregularity", "", 0, 2),
    "rr_pnn50": FeatureInfo("RR changes over 50 ms", "share", 0, 1),
    "rr_min_ratio": FeatureInfo("Shortest RR over median", "", 0, 1),
    "rr_max_ratio": FeatureInfo("Longest RR over median", "", 1, 10),
    "p_correlation": FeatureInfo("P wave repeats", "correlation", -1, 1),
    "p_amplitude_mv": FeatureInfo("P wave amplitude", "mV", 0, 2),
    "rr_prev_s": FeatureInfo("RR before", "s", 0.1, 5),
    "rr_next_s": FeatureInfo("RR after", "s", 0.1, 5),
    "rr_prev_ratio": FeatureInfo("RR before over median", "", 0, 5),
    "rr_next_ratio": FeatureInfo("RR after over median", "", 0, 5),
    "rr_prev_next": FeatureInfo("RR before over RR after", "", 0, 5),
    "rr_prev2_ratio": FeatureInfo("RR before the previous over median", "", 0, 5),
    "template_correlation": FeatureInfo("Like the dominant beat", "correlation", -1, 1),
    "amplitude_ratio": FeatureInfo("QRS height over dominant", "", 0, 10),
    "width_ratio": FeatureInfo("QRS width over dominant", "", 0, 10),
}


def table(rows: Iterable[Mapping[str, float | None]], names: list[str]) -> NDArray[np.float32]:
    """Feature values `[rows, F]`; NaN where missing."""
    values = [[_number(row.get(name)) for name in names] for row in rows]
    return np.asarray(values, dtype=np.float32).reshape(len(values), len(names))


def _number(value: float | None) -> float:
    return float("nan") if value is None else float(value)


@dataclass(frozen=True)
class Normalisation:
    """Mean and standard deviation of each feature over the training records."""

    names: list[str]
    mean: list[float]
    sd: list[float]

    @classmethod
    def fit(cls, names: list[str], values: NDArray[np.float32]) -> Normalisation:
        """From raw values `[rows, F]`, NaN = missing. Values outside the plausible range are limited to it first."""
        mean, sd = [], []
        for i, name in enumerate(names):
            column = limited(values[:, i], name)
            column = column[np.isfinite(column)]
            mean.append(round(float(column.mean()), 5) if column.size else 0.0)
            sd.append(round(max(float(column.std()), 1e-3), 5) if column.size else 1.0)
        return cls(list(names), mean, sd)

    def apply(self, values: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Normalised values (0 where missing) and mask (1 = known), both `[rows, F]`."""
        mask = np.isfinite(values)
        out = np.zeros_like(values)
        for i, name in enumerate(self.names):
            out[:, i] = (limited(values[:, i], name) - self.mean[i]) / self.sd[i]
        out[~mask] = 0.0
        return out.astype(np.float32), mask.astype(np.float32)


def limited(column: NDArray[np.float32], name: str) -> NDArray[np.float32]:
    """Values limited to the plausible range of the feature; NaN stays NaN."""
    info = FEATURES[name]
    return np.clip(column, info.low, info.high)
