"""`python -m efficientecg_training.evaluation.evidence`: whether the evidence on the signal deserves its name.

Four questions, on records that the network in question has not seen, or on simulated ones: does the evidence for a planted beat lie on that
beat; does taking away what has most evidence lower the answer more than taking away anything else; does a network with random weights give
other pictures; does a shift of 20 ms leave the picture as it is?
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from efficientecg_training import config as configuration
from efficientecg_training import runs
from efficientecg_training.config import Config
from efficientecg_training.data import records
from efficientecg_training.data.batch import Batch
from efficientecg_training.evaluation import metrics
from efficientecg_training.evaluation.decisions import sigmoid
from efficientecg_training.export.vectors import synthetic_ecg
from efficientecg_training.export.write import combine
from efficientecg_training.network.model import EfficientECG
from efficientecg_training.tasks import STATEMENT, SUPERCLASS

SHARES = (0.05, 0.1, 0.2, 0.3, 0.5)
"""Shares of a record's tokens that are taken away."""
DRAWS = 4
SHIFT = 2
"""Samples: 20 ms."""
PLANTED = 100
"""Simulated records."""
AROUND_S = (0.25, 0.45)
"""What counts as on the planted beat: from before to after its middle."""
VENTRICULAR = STATEMENT.first + STATEMENT.codes.index("PVC")


def evidence_of(model: EfficientECG, batch: Batch) -> tuple[NDArray, NDArray]:
    """`[N, C, L, K]` evidence and `[N, C]` logits."""
    with torch.no_grad():
        found = model(*batch.inputs(), all_valid=batch.all_valid())
    return found.evidence.numpy(), found.logits.numpy()


def smooth(evidence: NDArray) -> NDArray:
    """Sums over three tokens (240 ms, about a QRS complex and its ST segment): a token's border is nothing that a reader sees."""
    padded = np.pad(evidence, [(0, 0)] * (evidence.ndim - 1) + [(1, 1)])
    return padded[..., :-2] + padded[..., 1:-1] + padded[..., 2:]


def planted(model: EfficientECG, rate: float, features: int) -> NDArray[np.float64]:
    """Of each simulated record with one planted ventricular beat: 1 where the greatest evidence for it, over all leads, lies on it."""
    rng = np.random.default_rng(11)
    hop, hits = model.encoder.hop, []
    for _ in range(PLANTED):
        signal = synthetic_ecg(12, 1000, rate, rng)
        middle = rng.uniform(1.5, 8.0)
        t = np.arange(1000) / rate - middle
        # No P wave, a QRS complex of 160 ms, a T wave the other way; the beat that would have been there goes.
        size = rng.uniform(0.8, 1.6, 12) * rng.choice([-1.0, 1.0], 12)
        shape = np.exp(-0.5 * (t / 0.045) ** 2) - 0.45 * np.exp(-0.5 * ((t - 0.3) / 0.07) ** 2)
        signal *= 1.0 - np.exp(-0.5 * (np.maximum(np.abs(t - 0.1) - 0.25, 0.0) / 0.05) ** 2)
        signal += (size[:, None] * shape).astype(np.float32)
        batch = Batch(
            signal[None].astype(np.float32), np.arange(12)[None], np.ones((1, 12, 1000 // hop), np.float32), np.zeros((1, features), np.float32),
            np.zeros((1, features), np.float32), np.zeros(1, np.int64),
        )
        over_time = smooth(evidence_of(model, batch)[0][0, VENTRICULAR].sum(0))
        found = (int(over_time.argmax()) + 0.5) * hop / rate
        hits.append(float(middle - AROUND_S[0] <= found <= middle + AROUND_S[1]))
    return np.asarray(hits)


def deleted(model: EfficientECG, batch: Batch, classes: NDArray) -> tuple[NDArray, NDArray]:
    """How far the logit of each row's class falls, by share, when tokens go: those with most evidence for it, or any; `[N, shares]`."""
    evidence, logits = evidence_of(model, batch)
    rows, rng = np.arange(len(classes)), np.random.default_rng(3)
    mine = evidence[rows, classes].reshape(len(rows), -1)
    valid = batch.token_mask.reshape(len(rows), -1) > 0

    def fall(order: NDArray) -> NDArray:
        out = np.zeros((len(rows), len(SHARES)))
        for number, share in enumerate(SHARES):
            mask = batch.token_mask.reshape(len(rows), -1).copy()
            for row in rows:
                count = int(share * valid[row].sum())
                mask[row, order[row, :count]] = 0.0
            less = Batch(**{**vars(batch), "token_mask": mask.reshape(batch.token_mask.shape)})
            out[:, number] = logits[rows, classes] - evidence_of(model, less)[1][rows, classes]
        return out

    by_evidence = fall(np.argsort(np.where(valid, -mine, np.inf), axis=1))
    at_random = np.mean([fall(np.argsort(np.where(valid, rng.random(mine.shape), np.inf), axis=1)) for _ in range(DRAWS)], axis=0)
    return by_evidence, at_random


def randomised(model: EfficientECG, config: Config, features: int) -> EfficientECG:
    """The same network with new random weights in its encoder and read-out."""
    torch.manual_seed(7)
    other = runs.network(config, features)
    for module in other.modules():
        if isinstance(module, nn.BatchNorm2d):
            nn.init.uniform_(module.running_var, 0.5, 2.0)
    return other.eval()


def likeness(a: NDArray, b: NDArray) -> float:
    """Correlation of two pictures."""
    a, b = a.reshape(-1) - a.mean(), b.reshape(-1) - b.mean()
    return float(a @ b / max(1e-12, np.sqrt((a @ a) * (b @ b))))


def _batches(found: list[records.Record], size: int = 16) -> Iterator[list[records.Record]]:
    for start in range(0, len(found), size):
        yield found[start : start + size]


def measure(config: Config, folders: list[Path], prepared: Path, data: Path, decisions: dict[str, Any], most: int) -> dict[str, Any]:
    """All four figures, over the held-out PTB-XL records with at least one abnormal superclass that the model calls."""
    everything = records.load(prepared, data, config, ("ptbxl",))
    falls, random_falls, others, shifts, raw, changes, hits = [], [], [], [], [], [], []
    for folder in folders:
        run, model = runs.load(folder, config)
        combine(model, config, decisions)
        features = len(run.normalisation.names)
        other = randomised(model, config, features)
        hits.append(planted(model, config.input.rate_hz, features))
        held = [r for r in everything if r.group == run.held_out and np.nansum(r.superclass[1:]) >= 1 and r.mask.min() == 1]
        records.normalise(held, run.normalisation)
        rng = np.random.default_rng(run.held_out)
        held = [held[i] for i in rng.permutation(len(held))[: most // len(folders)]]
        for group in _batches(held):
            batch = records.evaluation_batch(group)
            classes = np.asarray([SUPERCLASS.first + 1 + int(rng.choice(np.flatnonzero(r.superclass[1:] == 1))) for r in group])
            by_evidence, at_random = deleted(model, batch, classes)
            falls.append(by_evidence)
            random_falls.append(at_random)
            evidence, logits = evidence_of(model, batch)
            strange = evidence_of(other, batch)[0]
            moved = Batch(**{**vars(batch), "signal": np.roll(batch.signal, SHIFT, axis=2)})
            later, moved_logits = evidence_of(model, moved)
            for row, c in enumerate(classes):
                others.append(abs(likeness(smooth(evidence[row, c]), smooth(strange[row, c]))))
                shifts.append(likeness(smooth(evidence[row, c]), smooth(later[row, c])))
                raw.append(likeness(evidence[row, c], later[row, c]))
                changes.append(float(abs(sigmoid(logits[row, c]) - sigmoid(moved_logits[row, c]))))
    a, b, hit = np.concatenate(falls), np.concatenate(random_falls), np.concatenate(hits)
    out: dict[str, Any] = {
        "planted beat found": _with_interval(hit),
        "likeness to random weights": _with_interval(np.asarray(others)),
        "likeness after 20 ms": _with_interval(np.asarray(shifts)),
        "likeness after 20 ms, token by token": _with_interval(np.asarray(raw)),
        "change of probability after 20 ms": _with_interval(np.asarray(changes)),
        "records": len(a),
        "deletion": [
            {"share": share, "by evidence": _with_interval(a[:, i]), "at random": _with_interval(b[:, i]), "difference": _with_interval(a[:, i] - b[:, i])}
            for i, share in enumerate(SHARES)
        ],
    }
    return out


def _with_interval(values: NDArray) -> dict[str, Any]:
    ci = metrics.interval(lambda rows: float(values[rows].mean()), np.arange(len(values)))
    return {"mean": round(float(values.mean()), 4), "ci95": ci, "count": len(values)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--config", type=Path, required=True)
    parser.add_argument("--prepared", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--runs", type=Path, nargs="+", required=True)
    parser.add_argument("--evaluation", type=Path, required=True, help="what `evaluate` wrote: scales and offsets")
    parser.add_argument("--records", type=int, default=240)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    torch.set_num_threads(1)
    config = configuration.load(options.config)
    found = measure(config, options.runs, options.prepared, options.data, json.loads(options.evaluation.read_text()), options.records)
    options.out.write_text(json.dumps(found, indent=1) + "\n")
    print(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
