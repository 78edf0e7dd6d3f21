"""LUDB's marks as classes of samples."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import wfdb
from numpy.typing import NDArray

from efficientecg_training.data import folds, prepared

RATE_HZ = 250.0
WAVES = {"p": 1, "N": 2, "t": 3}
UNKNOWN = -1


@dataclass(frozen=True)
class Marked:
    """One recording with its marks."""

    name: str
    fold: int
    lead_ids: NDArray[np.int64]
    signal: NDArray[np.float32]
    """`[leads, samples]` mV, NaN = no valid sample."""
    label: NDArray[np.int8]
    """`[leads, samples]`: class of the sample, or `UNKNOWN` outside of the marked span."""


def waves(record: Path, lead: str) -> list[tuple[int, float, float, float]]:
    """Class, onset, peak and offset (samples at LUDB's 500 Hz) of every wave marked on a lead."""
    marks = wfdb.rdann(str(record), lead.lower())
    out, onset, peak, kind = [], None, None, None
    for sample, symbol in zip(marks.sample, marks.symbol, strict=True):
        if symbol == "(":
            onset, peak = float(sample), None
        elif symbol in WAVES:
            peak, kind = float(sample), WAVES[symbol]
        elif symbol == ")" and peak is not None and onset is not None:
            out.append((kind, onset, peak, float(sample)))
            onset, peak = None, None
    return out


def load(prepared_folder: Path, data: Path, mark_hz: float = 500.0) -> list[Marked]:
    """LUDB as prepared by the application at `RATE_HZ`."""
    fold = folds.read("ludb")
    out = []
    for record in prepared.read(prepared_folder, RATE_HZ):
        label = np.full(record.signal.shape, UNKNOWN, np.int8)
        for row, lead in enumerate(record.leads):
            found = waves(data / "ludb" / record.name, lead)
            if not found:
                continue
            scale = RATE_HZ / mark_hz
            first, last = round(found[0][1] * scale), round(found[-1][3] * scale)
            label[row, first : last + 1] = 0
            for kind, onset, _, offset in found:
                label[row, round(onset * scale) : round(offset * scale) + 1] = kind
        ids = np.array([prepared.lead_number(lead) for lead in record.leads])
        out.append(Marked(record.name, fold[record.name], ids, np.array(record.signal), label))
    return out
