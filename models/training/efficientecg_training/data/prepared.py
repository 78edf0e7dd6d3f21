"""Reads what `efficientecg prepare` writes: `index.jsonl` and `signal.f32` (see `models/README.md`)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from efficientecg_training.config import LEADS

_NEAREST = {"MLI": "I", "MLII": "II", "MLIII": "III", "MCL1": "V1", "MV1": "V1", "MV2": "V2", "MCL5": "V5", "MV5": "V5", "CM5": "V5", "CC5": "V5"}
"""The standard lead that a modified one approximates, as in the application."""


@dataclass(frozen=True)
class PreparedRecord:
    """One recording, filtered and resampled by the application."""

    name: str
    rate_hz: float
    leads: list[str]
    signal: NDArray[np.float32]
    """`[leads, samples]`, millivolts, NaN = no valid signal. A view of the file."""
    features: dict[str, float | None]
    beats: list[dict[str, Any]]


def read(folder: Path, rate_hz: float) -> Iterator[PreparedRecord]:
    """The recordings in `folder`, which must have been prepared at `rate_hz`."""
    signal = np.memmap(folder / "signal.f32", dtype="<f4", mode="r")
    with (folder / "index.jsonl").open() as index:
        for number, line in enumerate(index, 1):
            entry = json.loads(line)
            if entry["rate_hz"] != rate_hz:
                raise ValueError(f"{folder}/index.jsonl:{number}: prepared at {entry['rate_hz']} Hz, the model takes {rate_hz}")
            shape = len(entry["leads"]), entry["samples"]
            start = entry["offset"]
            end = start + shape[0] * shape[1]
            if end > signal.size:
                raise ValueError(f"{folder}/index.jsonl:{number}: signal.f32 ends before {entry['record']}")
            yield PreparedRecord(
                entry["record"], rate_hz, entry["leads"], np.asarray(signal[start:end]).reshape(shape), entry["features"], entry["beats"]
            )


def lead_number(name: str) -> int:
    """Number of a lead in the card's `leads`."""
    name = _NEAREST.get(name.upper(), name)
    return LEADS.index(name) if name in LEADS else len(LEADS) - 1


def clean(signal: NDArray[np.float32], hop: int, clip_mv: float) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Cuts `[..., T]` to whole tokens; returns it with 0 where invalid and clipped, and the token mask `[..., T / hop]`."""
    tokens = signal.shape[-1] // hop
    cut = signal[..., : tokens * hop]
    valid = np.isfinite(cut)
    share = valid.reshape(*cut.shape[:-1], tokens, hop).mean(-1)
    out = np.clip(np.where(valid, cut, 0.0), -clip_mv, clip_mv).astype(np.float32)
    return out, (share >= 0.5).astype(np.float32)
