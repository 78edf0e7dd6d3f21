"""Stored inputs and PyTorch's outputs for them, which every engine must reproduce. Synthetic signals only."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from efficientecg_training.config import LEADS, Config
from efficientecg_training.export.graph import INPUTS, Arrays, run_torch
from efficientecg_training.network.model import EfficientECG

DIGITS = 7


def synthetic_ecg(leads: int, samples: int, rate: float, rng: np.random.Generator) -> NDArray[np.float32]:
    """Millivolts `[leads, samples]`: P, QRS and T as Gaussian bumps at slightly uneven intervals, and a little noise."""
    t = np.arange(samples) / rate
    out = rng.normal(0.0, 0.01, (leads, samples))
    beats = np.cumsum(rng.uniform(0.7, 0.95, int(samples / rate / 0.7) + 2)) - 0.5
    for place, width, size in ((-0.16, 0.025, 0.12), (-0.025, 0.01, -0.15), (0.0, 0.012, 1.0), (0.03, 0.012, -0.25), (0.25, 0.05, 0.3)):
        scale = size * rng.uniform(-0.6, 1.2, leads)
        for beat in beats:
            out += scale[:, None] * np.exp(-0.5 * ((t - beat - place) / width) ** 2)
    return out.astype(np.float32)


def cases(config: Config, features: int) -> dict[str, Arrays]:
    """Inputs by name of the case."""
    rng = np.random.default_rng(20)
    hop, rate = config.network.hop, config.input.rate_hz
    if config.kind == "beat":
        size = round((config.input.before_s + config.input.after_s) * rate)
        shapes = {"one lead": (2, [1], size), "two leads": (4, [1, 6], size), "two leads, partly masked": (3, [12, 7], size)}
    else:
        eight = [LEADS.index(name) for name in ("I", "II", "V1", "V2", "V3", "V4", "V5", "V6")]
        shapes = {
            "one lead, 10 s": (1, [12], 1000),
            "twelve leads, partly masked": (1, list(range(12)), 400),
            "eight leads, nothing known": (1, eight, 400),
            "two leads, batch of two, 3.2 s": (2, [1, 6], 320),
        }
    out: dict[str, Arrays] = {}
    for name, (n, ids, samples) in shapes.items():
        k = samples // hop
        mask = np.ones((n, len(ids), k), dtype=np.float32)
        known = np.ones((n, features), dtype=np.float32)
        if "masked" in name:
            mask[:, 0, : k // 3] = 0
            mask[:, -1, :] = 0
            known[:, ::3] = 0
        if "nothing" in name:
            known[:] = 0
        signal = np.stack([synthetic_ecg(len(ids), samples, rate, rng) for _ in range(n)])
        signal *= np.repeat(mask, hop, axis=2)
        out[name] = {
            "signal": rounded(signal),
            "lead_ids": np.tile(np.asarray(ids, dtype=np.int64), (n, 1)),
            "token_mask": mask,
            "features": rounded(rng.normal(0, 1, (n, features)).astype(np.float32) * known),
            "feature_mask": known,
        }
    return out


def rounded(values: NDArray[np.float32]) -> NDArray[np.float32]:
    """Values cut to 4 decimals, so that the file stays small and exact."""
    return np.round(values, 4).astype(np.float32)


def write(model: EfficientECG, config: Config, features: int, sha256: str, path: Path) -> None:
    """Writes `{"model", "sha256", "cases": [{"name", "inputs": {name: {"shape", "data"}}, "outputs": {...}}]}`."""
    entries = []
    for name, inputs in cases(config, features).items():
        outputs = run_torch(model, inputs)
        entries.append(
            {
                "name": name,
                "inputs": {key: array(inputs[key]) for key in INPUTS},
                "outputs": {key: array(value) for key, value in outputs.items()},
            }
        )
    document = {"model": config.name, "sha256": sha256, "cases": entries}
    path.write_text(json.dumps(document, separators=(",", ":")) + "\n")


def read(path: Path) -> list[tuple[str, Arrays, Arrays]]:
    """Name, inputs and outputs of each case."""
    document = json.loads(path.read_text())
    return [
        (case["name"], {k: _unpacked(k, v) for k, v in case["inputs"].items()}, {k: _unpacked(k, v) for k, v in case["outputs"].items()})
        for case in document["cases"]
    ]


def array(values: NDArray) -> dict[str, list]:
    flat = values.ravel().tolist()
    if values.dtype != np.int64:
        flat = [int(x) if x == int(x) else float(f"{x:.{DIGITS}g}") for x in flat]
    return {"shape": list(values.shape), "data": flat}


def _unpacked(name: str, entry: dict[str, list]) -> NDArray:
    kind = np.int64 if name == "lead_ids" else np.float32
    return np.asarray(entry["data"], dtype=kind).reshape(entry["shape"])
