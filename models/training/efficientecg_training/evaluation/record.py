"""The record model on records that it has not seen: predictions, decisions, figures."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from efficientecg_training import runs
from efficientecg_training.config import Config
from efficientecg_training.data import records
from efficientecg_training.evaluation import decisions, metrics
from efficientecg_training.tasks import RHYTHM, SUPERCLASS, class_count

SPLIT = "3-fold cross-validation by person (PTB-XL strat_fold and committed folds, 1-3 / 4-6 / 7-9), out-of-fold"
BATCH = 16
VIEWS: dict[str, tuple[list[int] | None, int | None]] = {
    "whole": (None, None),
    "eight": (records.EIGHT, None),
    "lead_one": ([0], None),
    "ten_seconds": (None, 1000),
    "no_features": (None, None),
}
"""How a record is shown to the network: which leads, how many samples. `no_features`: nothing known but the signal."""


@dataclass
class Predictions:
    """Row i of every array is record i."""

    set: NDArray[np.str_]
    name: NDArray[np.str_]
    group: NDArray[np.int64]
    rhythm: NDArray[np.int64]
    superclass: NDArray[np.float32]
    logits: dict[str, NDArray[np.float32]]
    """By view, `[N, 9]`."""

    def of(self, *sets: str) -> NDArray[np.bool_]:
        return np.isin(self.set, sets)


def predict(config: Config, folders: list[Path], prepared: Path, data: Path, views: list[str] | None = None) -> Predictions:
    """Each run predicts the group that it was not trained on."""
    everything = records.load(prepared, data, config)
    rows: list[records.Record] = []
    logits: dict[str, list[NDArray]] = {view: [] for view in views or VIEWS}
    for folder in folders:
        run, model = runs.load(folder, config)
        if run.held_out is None:
            raise ValueError(f"{folder}: was trained on everything, there is nothing to evaluate it on")
        held_out = [record for record in everything if record.group == run.held_out]
        records.normalise(held_out, run.normalisation)
        rows += held_out
        for view, found in logits.items():
            leads, samples = VIEWS[view]
            out = np.zeros((len(held_out), class_count(config.kind)), dtype=np.float32)
            for chosen in records.evaluation_groups(held_out, BATCH):
                group = [held_out[i] for i in chosen]
                batch = records.evaluation_batch(group, None if len(group[0].lead_ids) == 1 else leads, samples)
                if view == "no_features":
                    batch.feature_mask[:] = 0.0
                with torch.no_grad():
                    out[chosen] = model(*batch.inputs(), all_valid=batch.all_valid()).logits.numpy()
            found.append(out)
    return Predictions(
        np.asarray([r.set for r in rows]), np.asarray([r.name for r in rows]), np.asarray([r.group for r in rows]),
        np.asarray([r.rhythm for r in rows]), np.stack([r.superclass for r in rows]), 
        {view: np.concatenate(x) for view, x in logits.items()},
    )


def evaluate(predictions: Predictions, command: str) -> dict[str, Any]:
    """`{task: decision}` as the card takes it, with the metrics."""
    return {RHYTHM.name: _rhythm(predictions, command), SUPERCLASS.name: _superclass(predictions, command)}


def _rhythm(p: Predictions, command: str) -> dict[str, Any]:
    """Calibration and thresholds on CinC 2017; F1 with thresholds chosen on the other groups."""
    cinc = p.of("cinc2017") & (p.rhythm >= 0)
    label, group = p.rhythm[cinc], p.group[cinc]
    logits = {view: x[cinc][:, RHYTHM.outputs] for view, x in p.logits.items()}
    temperature, offset = decisions.calibrate_softmax(logits["whole"], label)
    probability = decisions.softmax((logits["whole"] + offset) / temperature)
    thresholds = decisions.softmax_thresholds(probability, label)

    def crossed(x: NDArray) -> NDArray:
        """Decisions with calibration and thresholds from the other groups' whole records."""
        out = np.zeros(len(label), dtype=np.int64)
        for g in np.unique(group):
            other = group != g
            if not other.any():
                other = group == g
            t, b = decisions.calibrate_softmax(logits["whole"][other], label[other])
            chosen = decisions.softmax_thresholds(decisions.softmax((logits["whole"][other] + b) / t), label[other])
            out[group == g] = decisions.decide(decisions.softmax((x[group == g] + b) / t), chosen)
        return out

    found: list[dict[str, Any]] = []

    def add(figure: str, decided: NDArray, score) -> None:
        rows = np.arange(len(label))
        found.append(
            _metric(RHYTHM.name, figure, score(decided, label, rows), metrics.interval(lambda r: score(decided, label, r), rows), len(label), command,
                    f"CinC 2017 records, {SPLIT}; thresholds and calibration from the other groups")
        )

    def mean_f1(decided: NDArray, actual: NDArray, rows: NDArray) -> float:
        return float(np.mean(metrics.class_f1(decided[rows], actual[rows], 3)))

    whole = crossed(logits["whole"])
    add("mean F1 of N, A, O", whole, mean_f1)
    for c, code in enumerate(RHYTHM.codes):
        add(f"F1 of {code}", whole, lambda d, a, r, c=c: metrics.f1(d[r] == c, a[r] == c))
    if "ten_seconds" in logits:
        add("mean F1 of N, A, O on the first 10 s", crossed(logits["ten_seconds"]), mean_f1)
    if "no_features" in logits:
        add("mean F1 of N, A, O, signal alone", crossed(logits["no_features"]), mean_f1)
    twelve = p.of("ptbxl", "ludb") & (p.rhythm >= 0)
    if twelve.any():
        for view, title in (("whole", "12 leads"), ("lead_one", "lead I alone")):
            if view not in p.logits:
                continue
            prob = decisions.softmax((p.logits[view][twelve][:, RHYTHM.outputs] + offset) / temperature)
            actual = p.rhythm[twelve]
            score = prob[:, 1]
            found.append(
                _metric(RHYTHM.name, f"AUC of A, {title}", metrics.auc(score, actual == 1),
                        metrics.interval(lambda r, s=score: metrics.auc(s[r], actual[r] == 1), np.arange(len(actual))), len(actual), command,
                        f"PTB-XL and LUDB records with a rhythm label, {SPLIT}")
            )
            decided = decisions.decide(prob, thresholds)
            found.append(
                _metric(RHYTHM.name, f"F1 of A, {title}", metrics.f1(decided == 1, actual == 1),
                        metrics.interval(lambda r, d=decided: metrics.f1(d[r] == 1, actual[r] == 1), np.arange(len(actual))), len(actual), command,
                        f"PTB-XL and LUDB records with a rhythm label, {SPLIT}; thresholds of the card, from CinC 2017")
            )
    how = "maximises F1 against the rest on out-of-fold predictions of CinC 2017"
    return {
        "temperature": round(temperature, 4),
        "offset": [round(float(x), 4) for x in offset],
        "classes": _classes(RHYTHM.codes, probability, thresholds, how),
        "metrics": found,
    }


def _superclass(p: Predictions, command: str) -> dict[str, Any]:
    """Calibration and thresholds on PTB-XL, 12 leads."""
    ptbxl = p.of("ptbxl") & np.isfinite(p.superclass).all(1)
    flags, group = p.superclass[ptbxl], p.group[ptbxl]
    logits = p.logits["whole"][ptbxl][:, SUPERCLASS.outputs]
    temperature = decisions.calibrate_sigmoid(logits, flags)
    probability = decisions.sigmoid(logits / temperature)
    thresholds = np.asarray([decisions.best_threshold(probability[:, c], flags[:, c] == 1) for c in range(flags.shape[1])])
    found: list[dict[str, Any]] = []
    rows = np.arange(len(flags))
    split = f"PTB-XL records, {SPLIT}"
    for view, title in (("whole", "macro AUC"), ("eight", "macro AUC, 8 leads"), ("no_features", "macro AUC, signal alone")):
        if view in p.logits:
            score = p.logits[view][ptbxl][:, SUPERCLASS.outputs]
            value = metrics.macro_auc(score, flags)
            ci = metrics.interval(lambda r, s=score: metrics.macro_auc(s[r], flags[r]), rows)
            found.append(_metric(SUPERCLASS.name, title, value, ci, len(flags), command, split))
    crossed = np.zeros_like(flags, dtype=bool)
    for g in np.unique(group):
        other = group != g if (group != g).any() else group == g
        t = decisions.calibrate_sigmoid(logits[other], flags[other])
        for c in range(flags.shape[1]):
            chosen = decisions.best_threshold(decisions.sigmoid(logits[other, c] / t), flags[other, c] == 1)
            crossed[group == g, c] = decisions.sigmoid(logits[group == g, c] / t) >= chosen
    for c, code in enumerate(SUPERCLASS.codes):
        ci = metrics.interval(lambda r, c=c: metrics.auc(logits[r, c], flags[r, c]), rows)
        found.append(_metric(SUPERCLASS.name, f"AUC of {code}", metrics.auc(logits[:, c], flags[:, c]), ci, len(flags), command, split))
        ci = metrics.interval(lambda r, c=c: metrics.f1(crossed[r, c], flags[r, c] == 1), rows)
        found.append(_metric(SUPERCLASS.name, f"F1 of {code}", metrics.f1(crossed[:, c], flags[:, c] == 1), ci, len(flags), command,
                             f"{split}; thresholds from the other groups"))
    ludb = p.of("ludb")
    if ludb.any():
        score, actual = p.logits["whole"][ludb][:, SUPERCLASS.outputs], p.superclass[ludb]
        ci = metrics.interval(lambda r: metrics.macro_auc(score[r], actual[r]), np.arange(len(actual)))
        found.append(_metric(SUPERCLASS.name, "macro AUC on LUDB", metrics.macro_auc(score, actual), ci, len(actual), command,
                             f"LUDB records, {SPLIT}; free-text statements mapped to superclasses"))
    how = "maximises F1 on out-of-fold predictions of PTB-XL"
    return {"temperature": round(temperature, 4), "classes": _classes(SUPERCLASS.codes, probability, thresholds, how), "metrics": found}


def _classes(codes: list[str], probability: NDArray, thresholds: NDArray, how: str) -> dict[str, Any]:
    return {
        code: {
            "threshold": float(thresholds[c]),
            "uncertain": decisions.uncertain_band(probability[:, c], float(thresholds[c])),
            "how": how,
        }
        for c, code in enumerate(codes)
    }


def _metric(task: str, figure: str, value: float, ci95: list[float], count: int, command: str, split: str) -> dict[str, Any]:
    return {"task": task, "figure": figure, "value": round(float(value), 4), "ci95": ci95, "split": split, "records": count, "command": command}
