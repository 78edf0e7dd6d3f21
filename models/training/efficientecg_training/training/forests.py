"""The trees of a run, fitted on all of its training records."""

from __future__ import annotations

import numpy as np

from efficientecg_training.config import Config
from efficientecg_training.data import beats, records
from efficientecg_training.tasks import BEAT, TASKS
from efficientecg_training.trees.fit import fit
from efficientecg_training.trees.table import ForestTable


def of_records(chosen: list[records.Record], config: Config) -> list[ForestTable]:
    """A forest a task."""
    features, known = (np.stack([getattr(record, name) for record in chosen]) for name in ("features", "known"))
    rhythm, flags = np.asarray([record.rhythm for record in chosen]), np.stack([record.flags for record in chosen])
    first = TASKS["record"][0].size
    tables = []
    for task in TASKS["record"]:
        labels = rhythm if task.activation == "softmax" else flags[:, task.outputs.start - first : task.outputs.stop - first]
        tables.append(fit(config.trees[task.name], task, features, known, labels, config.train.seed))
    return tables


def of_beats(table: beats.BeatTable, config: Config) -> list[ForestTable]:
    """The beat task's forest. A recording weighs with the square root of its beats, so that none speaks for all."""
    _, number, counts = np.unique(table.record, return_inverse=True, return_counts=True)
    weight = 1.0 / np.sqrt(counts[number])
    return [fit(config.trees[BEAT.name], BEAT, table.features, table.known, table.label, config.train.seed, weight / weight.mean())]
