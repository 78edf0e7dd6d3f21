"""The rhythm task: CinC 2017's measure, and fibrillation in 12-lead records."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from efficientecg_training.evaluation import decisions, metrics
from efficientecg_training.evaluation.predictions import SPLIT, Predictions, classes, metric
from efficientecg_training.tasks import RHYTHM

COUNTED = 3
"""Classes whose F1 CinC 2017 averages: N, A, O."""


def mean_f1(decided: NDArray, actual: NDArray) -> float:
    """CinC 2017's measure."""
    return float(np.mean(metrics.class_f1(decided, actual, COUNTED)))


def rhythm(p: Predictions, command: str) -> dict[str, Any]:
    """Calibration and thresholds on CinC 2017; figures with those of the other groups."""
    cinc = p.of("cinc2017") & (p.rhythm >= 0)
    label, group = p.rhythm[cinc], p.group[cinc]
    parts = {view: x[:, cinc][:, :, RHYTHM.outputs] for view, x in p.parts.items()}
    scale, offset = decisions.calibrate_softmax(parts["whole"], label)
    thresholds = _thresholds(decisions.softmax(decisions.combined(parts["whole"], scale, offset)), label)
    split = f"CinC 2017 records, {SPLIT}; thresholds and calibration from the other groups"
    every = np.arange(len(label))
    found: list[dict[str, Any]] = []
    crossed, decided = _crossed(parts["whole"], parts["whole"], label, group)

    def add(figure: str, value) -> None:
        found.append(metric(RHYTHM.name, figure, value(every), metrics.interval(value, every), len(label), command, split))

    add("mean F1 of N, A, O", lambda r: mean_f1(decided[r], label[r]))
    for c, code in enumerate(RHYTHM.codes):
        add(f"F1 of {code}", lambda r, c=c: metrics.f1(decided[r] == c, label[r] == c))
    for c, code in enumerate(RHYTHM.codes):
        add(f"calibration error of {code}", lambda r, c=c: decisions.calibration_error(decisions.reliability(crossed[r, c], label[r] == c)))
    features_alone = parts["whole"] * np.asarray([1.0, 0.0])[:, None, None]
    for shown, title in ((parts.get("no_features"), "signal alone"), (features_alone, "features alone")):
        if shown is not None:
            other = _crossed(parts["whole"], shown, label, group)[1]
            add(f"mean F1 of N, A, O, {title}", lambda r, d=other: mean_f1(d[r], label[r]))
    found += _twelve_leads(p, scale, offset, thresholds, command)
    positive = [label == c for c in range(RHYTHM.size)]
    how = "maximises the mean F1 of N, A and O on out-of-fold predictions of CinC 2017"
    return {
        **decisions.entry(scale, offset),
        "classes": classes(RHYTHM.codes, list(crossed.T), positive, thresholds, how),
        "metrics": found,
    }


def _thresholds(probability: NDArray, label: NDArray) -> NDArray:
    return decisions.joint_thresholds(probability, lambda decided: mean_f1(decided, label))


def _crossed(fitted_on: NDArray, parts: NDArray, label: NDArray, group: NDArray) -> tuple[NDArray, NDArray]:
    """Probabilities and decisions of each group, with calibration and thresholds from the others' `fitted_on`; both `[2, N, C]`."""
    probability, decided = np.zeros(parts.shape[1:]), np.zeros(len(label), dtype=np.int64)
    for g in np.unique(group):
        here, other = group == g, group != g
        if not other.any():
            other = here
        fitted = decisions.calibrate_softmax(fitted_on[:, other], label[other])
        chosen = _thresholds(decisions.softmax(decisions.combined(fitted_on[:, other], *fitted)), label[other])
        probability[here] = decisions.softmax(decisions.combined(parts[:, here], *fitted))
        decided[here] = decisions.decide(probability[here], chosen)
    return probability, decided


def _twelve_leads(p: Predictions, scale: NDArray, offset: NDArray, thresholds: NDArray, command: str) -> list[dict[str, Any]]:
    """Fibrillation in the 12-lead records whose rhythm is known, with the card's thresholds."""
    twelve = p.of("ptbxl", "ludb") & (p.rhythm >= 0)
    if not twelve.any():
        return []
    probability = decisions.softmax(decisions.combined(p.parts["whole"][:, twelve][:, :, RHYTHM.outputs], scale, offset))
    actual, decided = p.rhythm[twelve] == 1, decisions.decide(probability, thresholds) == 1
    split = f"PTB-XL and LUDB records with a rhythm label, {SPLIT}"
    every = np.arange(len(actual))
    area, score = (lambda r: metrics.auc(probability[r, 1], actual[r])), (lambda r: metrics.f1(decided[r], actual[r]))
    return [
        metric(RHYTHM.name, "AUC of A, 12 leads", area(every), metrics.interval(area, every), len(actual), command, split),
        metric(RHYTHM.name, "F1 of A, 12 leads", score(every), metrics.interval(score, every), len(actual), command,
               f"{split}; thresholds of the card, from CinC 2017"),
    ]
