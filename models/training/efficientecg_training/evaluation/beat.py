"""The beat model on recordings that it has not seen: predictions, decisions, figures with both label maps."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from efficientecg_training import features, runs
from efficientecg_training.config import Config
from efficientecg_training.data import beats, labels
from efficientecg_training.data.context import CONTEXT
from efficientecg_training.evaluation import decisions, metrics
from efficientecg_training.evaluation.predictions import FAMILIAR_BEAT, familiarity, parts_of
from efficientecg_training.tasks import BEAT

SPLIT = "DS1 of MIT-BIH, 5-fold cross-validation by person (committed folds), out-of-fold; detected beats that match a reference beat"
N, S, V, F, Q = range(5)
BATCH = 1024
VIEWS = {"two": "", "one": ", first lead alone", "no_context": ", without the features of the beats around"}
"""How a beat is shown to the network, and how the figures are named."""


@dataclass
class Predictions:
    """Row i of every array is beat i."""

    record: NDArray[np.str_]
    fold: NDArray[np.int64]
    mnemonic: NDArray[np.str_]
    sample: NDArray[np.float64]
    parts: dict[str, NDArray[np.float32]]
    """By view, what features and signal add up to, each by itself: `[2, B, 5]`."""
    distance: NDArray[np.float32]
    """From the training's signals, `[B]`."""

    def label(self, escape_map: str) -> NDArray[np.int64]:
        return np.asarray([labels.beat_class(m, escape_map) for m in self.mnemonic])


def predict(config: Config, folders: list[Path], prepared: Path) -> Predictions:
    """Each run predicts the fold that it was not trained on. Paced recordings (fold 0) are never scored."""
    names = features.matching(features.read_infos(prepared / "mitdb", of_beats=True), config.input.features)
    table = beats.load(prepared, config, names, "ml")
    chosen, parts, distance = [], {view: [] for view in VIEWS}, []
    for folder in folders:
        run, model = runs.load(folder, config)
        if run.held_out is None:
            raise ValueError(f"{folder}: was trained on everything, there is nothing to evaluate it on")
        table.normalise(run.normalisation)
        rows = np.flatnonzero(table.fold == run.held_out)
        chosen.append(rows)
        context = [i for i, name in enumerate(names) if name in CONTEXT]
        for view in VIEWS:
            leads = np.asarray([0]) if view == "one" else None
            for start in range(0, len(rows), BATCH):
                batch = beats.take(table, rows[start : start + BATCH], config, leads=leads)
                if view == "no_context":
                    batch.feature_mask[:, context] = 0.0
                found, far = parts_of(model, batch)
                parts[view].append(found)
                if view == "two":
                    distance.append(far)
    rows = np.concatenate(chosen)
    return Predictions(
        table.record[rows], table.fold[rows], table.mnemonic[rows], table.sample[rows], {view: np.concatenate(x, axis=1) for view, x in parts.items()},
        np.concatenate(distance),
    )


def ectopic_counts(decided: NDArray, actual: NDArray, group: int) -> tuple[int, int, int]:
    """Hits, misses and false calls of S or V as EC57 counts: a fusion or Q beat called V is no false V, a Q beat called S no false S."""
    excused = (F, Q) if group == V else (Q,)
    hit = int(((decided == group) & (actual == group)).sum())
    missed = int(((decided != group) & (actual == group)).sum())
    return hit, missed, int(((decided == group) & (actual != group) & ~np.isin(actual, excused)).sum())


def rates(counts: NDArray | tuple[int, int, int]) -> tuple[float, float, float]:
    """Sensitivity, positive predictivity and F1 of hits, misses and false calls."""
    hit, missed, false = (int(count) for count in counts)
    return hit / max(1, hit + missed), hit / max(1, hit + false), 2 * hit / max(1, 2 * hit + missed + false)


def ectopic_f1(decided: NDArray, actual: NDArray, group: int) -> tuple[float, float, float]:
    """Sensitivity, positive predictivity and F1 of S or V."""
    return rates(ectopic_counts(decided, actual, group))


def evaluate(p: Predictions, command: str) -> dict[str, Any]:
    """`{task: decision}` as the card takes it, with the metrics, and `familiarity`."""
    label = p.label("ml")
    scale, offset = decisions.calibrate_softmax(p.parts["two"], label)
    probability = decisions.softmax(decisions.combined(p.parts["two"], scale, offset))
    thresholds = _thresholds(probability, label)
    found: list[dict[str, Any]] = []
    count = len(np.unique(p.record))
    shown = {title: p.parts[view] for view, title in VIEWS.items()}
    for number, title in enumerate((", features alone", ", signal alone")):
        shown[title] = p.parts["two"] * np.asarray([number == 0, number == 1])[:, None, None]
    for title, parts in shown.items():
        for escape_map, map_title in (("ml", "map: e, j to N, n to S"), ("bxb", "map: e, j, n to S")):
            if title and escape_map == "bxb":
                continue
            actual = p.label(escape_map)
            decided = _crossed(p, parts)
            for group, name in ((V, "VEB"), (S, "SVEB")):
                # By recording, as the bootstrap draws whole recordings.
                counts = np.stack([ectopic_counts(decided[p.record == r], actual[p.record == r], group) for r in np.unique(p.record)])
                for i, figure in enumerate(("sensitivity", "positive predictivity", "F1")):
                    found.append(
                        {
                            "task": BEAT.name,
                            "figure": f"{name} {figure}{title} ({map_title})",
                            "value": round(rates(counts.sum(0))[i], 4),
                            "ci95": metrics.interval(lambda r, i=i, c=counts: rates(c[r].sum(0))[i], np.arange(len(counts))),
                            "split": f"{SPLIT}; thresholds from the other folds; interval by resampling recordings",
                            "records": count,
                            "beats": int(len(actual)),
                            "command": command,
                        }
                    )
    how = "maximises the mean F1 of S and V on out-of-fold predictions of DS1"
    classes = {
        code: {"threshold": float(thresholds[c]), "uncertain": decisions.uncertain_band(probability[:, c], float(thresholds[c])), "how": how}
        for c, code in enumerate(BEAT.codes)
    }
    return {
        BEAT.name: {
            **decisions.entry(scale, offset),
            "classes": classes,
            "metrics": found,
            "confusion": _confusion(_crossed(p, p.parts["two"]), label),
            "by_record": by_record(_crossed(p, p.parts["two"]), label, p.record),
        },
        "familiarity": familiarity(p.distance, np.full(len(p.distance), 2), FAMILIAR_BEAT),
    }


def _thresholds(probability: NDArray, label: NDArray) -> NDArray:
    """Those that together maximise the mean F1 of S and V."""
    return decisions.joint_thresholds(probability, lambda decided: (ectopic_f1(decided, label, S)[2] + ectopic_f1(decided, label, V)[2]) / 2)


def _crossed(p: Predictions, parts: NDArray) -> NDArray[np.int64]:
    """Decisions on each fold with calibration and thresholds from the others."""
    label = p.label("ml")
    out = np.zeros(len(label), dtype=np.int64)
    for fold in np.unique(p.fold):
        here, other = p.fold == fold, p.fold != fold
        if not other.any():
            other = here
        fitted = decisions.calibrate_softmax(p.parts["two"][:, other], label[other])
        chosen = _thresholds(decisions.softmax(decisions.combined(p.parts["two"][:, other], *fitted)), label[other])
        out[here] = decisions.decide(decisions.softmax(decisions.combined(parts[:, here], *fitted)), chosen)
    return out


def _confusion(decided: NDArray, actual: NDArray) -> dict[str, dict[str, int]]:
    """Reference class to decided class."""
    return {
        a: {d: int(((actual == i) & (decided == j)).sum()) for j, d in enumerate(BEAT.codes)} for i, a in enumerate(BEAT.codes)
    }


def by_record(decided: NDArray, actual: NDArray, record: NDArray) -> dict[str, dict[str, list[int]]]:
    """Of each recording: hits, misses and false ones of S and V."""
    out: dict[str, dict[str, list[int]]] = {}
    for name in np.unique(record):
        d, a = decided[record == name], actual[record == name]
        out[str(name)] = {
            code: [int(((d == g) & (a == g)).sum()), int(((d != g) & (a == g)).sum()), int(((d == g) & (a != g)).sum())]
            for code, g in (("S", S), ("V", V))
        }
    return out
