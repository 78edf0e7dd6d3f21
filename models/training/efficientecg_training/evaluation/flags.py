"""The sigmoid tasks: superclasses on PTB-XL (and LUDB), statements on both."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from efficientecg_training.evaluation import decisions, metrics
from efficientecg_training.evaluation.predictions import SPLIT, Predictions, classes, metric
from efficientecg_training.tasks import STATEMENT, SUPERCLASS, Task

OTHERS = "thresholds and calibration from the other groups"


def superclass(p: Predictions, command: str) -> dict[str, Any]:
    """Calibration, thresholds and figures on PTB-XL's 12-lead records; AUC on LUDB's too."""
    chosen = p.of("ptbxl") & np.isfinite(p.superclass).all(1)
    flags, group = p.superclass[chosen], p.group[chosen]
    parts = {view: x[:, chosen][:, :, SUPERCLASS.outputs] for view, x in p.parts.items()}
    split = f"PTB-XL records, {SPLIT}; {OTHERS}"
    found: list[dict[str, Any]] = []
    shown = {
        "macro AUC": parts["whole"],
        "macro AUC, 8 leads": parts.get("eight"),
        "macro AUC, signal alone": parts.get("no_features"),
        "macro AUC, features alone": parts["whole"] * np.asarray([1.0, 0.0])[:, None, None],
    }
    for title, x in shown.items():
        if x is not None:
            found.append(_macro(SUPERCLASS, title, crossed(parts["whole"], x, flags, group), flags, command, split))
    decided = _each_class(SUPERCLASS, parts["whole"], flags, group, command, lambda _: split, found, decisions.best_threshold)
    ludb = p.of("ludb")
    if ludb.any():
        where = f"LUDB records, {SPLIT}; free-text statements mapped to superclasses; calibration from PTB-XL"
        scores = decisions.combined(p.parts["whole"][:, ludb][:, :, SUPERCLASS.outputs], *decisions.calibrate_sigmoid(parts["whole"], flags))
        found.append(_macro(SUPERCLASS, "macro AUC on LUDB", scores, p.superclass[ludb], command, where))
    return {**decided("maximises F1 on out-of-fold predictions of PTB-XL"), "metrics": found}


def statement(p: Predictions, command: str) -> dict[str, Any]:
    """Calibration, thresholds and figures on PTB-XL and, for statements that its annotators looked for, LUDB."""
    chosen = p.of("ptbxl", "ludb")
    flags, group = p.statement[chosen], p.group[chosen]
    parts = p.parts["whole"][:, chosen][:, :, STATEMENT.outputs]
    scores = crossed(parts, parts, flags, group)
    found = [_macro(STATEMENT, "macro AUC", scores, flags, command, f"PTB-XL and LUDB records, {SPLIT}; {OTHERS}")]
    decided = _each_class(
        STATEMENT, parts, flags, group, command, lambda count: f"PTB-XL and LUDB records, {count} with the statement, {SPLIT}; {OTHERS}",
        found,
        decisions.careful_threshold,
    )
    return {
        **decided("maximises F1 where at least half of what is called is right, on out-of-fold predictions of PTB-XL and LUDB"),
        "metrics": found,
    }


def _macro(task: Task, figure: str, scores: NDArray, flags: NDArray, command: str, split: str) -> dict[str, Any]:
    ci = metrics.interval(lambda r: metrics.macro_auc(scores[r], flags[r]), np.arange(len(flags)))
    return metric(task.name, figure, metrics.macro_auc(scores, flags), ci, len(flags), command, split)


def _each_class(task: Task, parts: NDArray, flags: NDArray, group: NDArray, command: str, split, found: list[dict[str, Any]], choose):
    """Adds AUC, F1 and calibration error of each class to `found`; returns what makes the decisions for the card."""
    unseen = decisions.sigmoid(crossed(parts, parts, flags, group))
    known = [np.flatnonzero(np.isfinite(flags[:, c])) for c in range(task.size)]
    positive = [flags[rows, c] == 1 for c, rows in enumerate(known)]
    probability = [unseen[rows, c] for c, rows in enumerate(known)]
    for c, (code, rows) in enumerate(zip(task.codes, known, strict=True)):
        where, actual, mine, every = split(int(positive[c].sum())), positive[c], probability[c], np.arange(len(rows))
        called = _called(mine, actual, group[rows], choose)
        figures = {
            f"AUC of {code}": lambda r, p=mine, a=actual: metrics.auc(p[r], a[r]),
            f"F1 of {code}": lambda r, p=called, a=actual: metrics.f1(p[r], a[r]),
            f"calibration error of {code}": lambda r, p=mine, a=actual: decisions.calibration_error(decisions.reliability(p[r], a[r])),
        }
        for figure, value in figures.items():
            found.append(metric(task.name, figure, value(every), metrics.interval(value, every), len(rows), command, where))
    scale, offset = decisions.calibrate_sigmoid(parts, flags)
    calibrated = decisions.sigmoid(decisions.combined(parts, scale, offset))
    thresholds = np.asarray([choose(calibrated[rows, c], positive[c]) for c, rows in enumerate(known)])

    def decision(how: str) -> dict[str, Any]:
        return {**decisions.entry(scale, offset), "classes": classes(task.codes, probability, positive, thresholds, how)}

    return decision


def crossed(fitted_on: NDArray, parts: NDArray, flags: NDArray, group: NDArray) -> NDArray:
    """Logits of each group, combined and calibrated as the others' `fitted_on` asks; both `[2, N, C]`."""
    out = np.zeros(parts.shape[1:])
    for g in np.unique(group):
        here, other = group == g, group != g
        if not other.any():
            other = here
        out[here] = decisions.combined(parts[:, here], *decisions.calibrate_sigmoid(fitted_on[:, other], flags[other]))
    return out


def _called(probability: NDArray, positive: NDArray, group: NDArray, choose) -> NDArray:
    """Decisions on each group with the threshold from the others."""
    out = np.zeros(len(positive), dtype=bool)
    for g in np.unique(group):
        here, other = group == g, group != g
        if not other.any():
            other = here
        out[here] = probability[here] >= choose(probability[other], positive[other])
    return out
