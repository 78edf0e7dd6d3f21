"""The features: label, unit, plausible range, and normalisation. What they mean is in `models/README.md`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class FeatureInfo:
    """How a feature is shown, and the range outside of which a value cannot be right."""

    label: str
    unit: str
    low: float
    high: float


Infos = dict[str, FeatureInfo]


def read_infos(prepared: Path, of_beats: bool = False) -> Infos:
    """The features of records, or of beats, that `efficientecg prepare` measured, as it lists them in the folder of a set: one source for
    both languages."""
    entries = json.loads((prepared / ("beat_features.json" if of_beats else "features.json")).read_text())
    return {entry["name"]: FeatureInfo(entry["label"], entry["unit"], entry["min"], entry["max"]) for entry in entries}


def matching(names: Iterable[str], patterns: list[str]) -> list[str]:
    """Names that match one of the patterns (`*` stands for anything; `!` in front takes away), in their order."""
    names = list(names)
    wanted = [p for p in patterns if not p.startswith("!")]
    unwanted = [p[1:] for p in patterns if p.startswith("!")]
    for pattern in wanted + unwanted:
        if not any(fnmatchcase(name, pattern) for name in names):
            raise ValueError(f"no feature is called {pattern}")
    return [
        name for name in names if any(fnmatchcase(name, p) for p in wanted) and not any(fnmatchcase(name, p) for p in unwanted)
    ]


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
    infos: list[FeatureInfo]

    @classmethod
    def fit(cls, names: list[str], infos: Infos, values: NDArray[np.float32]) -> Normalisation:
        """From raw values `[rows, F]`, NaN = missing. Values outside the plausible range are limited to it first."""
        mean, sd = [], []
        for i, name in enumerate(names):
            column = values[:, i]
            column = np.clip(column[np.isfinite(column)], infos[name].low, infos[name].high)
            mean.append(_rounded(column.mean()) if column.size else 0.0)
            sd.append(_rounded(max(float(column.std()), 1e-4)) if column.size else 1.0)
        return cls(list(names), mean, sd, [infos[name] for name in names])

    @classmethod
    def read(cls, entry: dict) -> Normalisation:
        """From `run.json`."""
        return cls(**{**entry, "infos": [FeatureInfo(**info) for info in entry["infos"]]})

    def apply(self, values: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Normalised values (0 where missing) and mask (1 = known), both `[rows, F]`."""
        mask = np.isfinite(values)
        low, high = (np.asarray(x, dtype=np.float32) for x in zip(*((info.low, info.high) for info in self.infos), strict=True))
        out = (np.clip(values, low, high) - np.asarray(self.mean, dtype=np.float32)) / np.asarray(self.sd, dtype=np.float32)
        out[~mask] = 0.0
        return out.astype(np.float32), mask.astype(np.float32)


def _rounded(value: float) -> float:
    """Five digits that count: the card is read by people."""
    return float(f"{value:.5g}")
