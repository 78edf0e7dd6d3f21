"""The trees of a run, fitted on all of its training records."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from efficientecg_training.config import Config, TreeConfig
from efficientecg_training.data import beats, records
from efficientecg_training.features import matching
from efficientecg_training.tasks import BEAT, TASKS
from efficientecg_training.trees.fit import against_the_rest, fit
from efficientecg_training.trees.table import ForestTable


def of_records(chosen: list[records.Record], config: Config) -> list[ForestTable]:
    """A forest a task."""
    features, known = (np.stack([getattr(record, name) for record in chosen]) for name in ("features", "known"))
    rhythm, flags = np.asarray([record.rhythm for record in chosen]), np.stack([record.flags for record in chosen])
    first = TASKS["record"][0].size
    tables = []
    for task in TASKS["record"]:
        labels = rhythm if task.activation == "softmax" else flags[:, task.outputs.start - first : task.outputs.stop - first]
        tables.append(ForestTable.of(fit(config.trees[task.name], task, features, known, labels, config.train.seed), features.shape[1]))
    return tables


def of_beats(table: beats.BeatTable, config: Config, names: list[str]) -> list[ForestTable]:
    """The beat task's forest."""
    seed, inputs = config.train.seed, (table.features, table.known)
    main = config.trees[BEAT.name]
    by_class = fit(main, BEAT, *inputs, table.label, seed, weights(table, main))
    for key, own in config.trees.items():
        _, _, code = key.partition("/")
        if code:
            number = BEAT.codes.index(code)
            chosen = np.flatnonzero(np.isin(names, matching(names, own.features)))
            alone = against_the_rest(own, *inputs, (table.label == number).astype(np.float32), chosen, seed, weights(table, own))
            by_class[number] = [tree.scaled(0.5) for tree in (*by_class[number], *alone)]
    return [ForestTable.of(by_class, len(names))]


def weights(table: beats.BeatTable, config: TreeConfig) -> NDArray[np.float64]:
    """Within a class a recording weighs with the square root of its beats, so that no person speaks for all."""
    out = np.ones(len(table))
    for number, code in enumerate(BEAT.codes):
        rows = np.flatnonzero(table.label == number)
        if rows.size:
            _, person, counts = np.unique(table.record[rows], return_inverse=True, return_counts=True)
            weight = counts[person] ** -0.5
            out[rows] = config.emphasis.get(code, 1.0) * weight / weight.mean()
    return out
