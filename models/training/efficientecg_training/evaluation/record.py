"""The record model on records that it has not seen: predictions, decisions, figures."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from efficientecg_training import runs
from efficientecg_training.config import Config
from efficientecg_training.data import records
from efficientecg_training.evaluation.flags import statement, superclass
from efficientecg_training.evaluation.predictions import FAMILIAR_RECORD, Predictions, familiarity, parts_of
from efficientecg_training.evaluation.rhythm import rhythm
from efficientecg_training.tasks import RHYTHM, STATEMENT, SUPERCLASS, class_count

BATCH = 16
VIEWS: dict[str, list[int] | None] = {"whole": None, "eight": records.EIGHT, "no_features": None}
"""How a record is shown to the network: which leads. `no_features`: nothing known but the signal."""


def predict(config: Config, folders: list[Path], prepared: Path, data: Path, views: list[str] | None = None) -> Predictions:
    """Each run predicts the group that it was not trained on, features and signal apart."""
    everything = records.load(prepared, data, config)
    rows: list[records.Record] = []
    parts: dict[str, list[NDArray]] = {view: [] for view in views or VIEWS}
    distance: dict[str, list[NDArray]] = {view: [] for view in parts}
    for folder in folders:
        run, model = runs.load(folder, config)
        if run.held_out is None:
            raise ValueError(f"{folder}: was trained on everything, there is nothing to evaluate it on")
        held_out = [record for record in everything if record.group == run.held_out]
        records.normalise(held_out, run.normalisation)
        rows += held_out
        for view, found in parts.items():
            leads = VIEWS[view]
            far = np.zeros(len(held_out), dtype=np.float32)
            out = np.zeros((2, len(held_out), class_count(config.kind)), dtype=np.float32)
            for chosen in records.evaluation_groups(held_out, BATCH):
                group = [held_out[i] for i in chosen]
                batch = records.evaluation_batch(group, None if len(group[0].lead_ids) == 1 else leads)
                if view == "no_features":
                    batch.feature_mask[:] = 0.0
                out[:, chosen], far[chosen] = parts_of(model, batch)
            found.append(out)
            distance[view].append(far)
    return Predictions(
        np.asarray([r.set for r in rows]), np.asarray([r.name for r in rows]), np.asarray([r.group for r in rows]),
        np.asarray([r.rhythm for r in rows]), np.stack([r.flags for r in rows]),
        {view: np.concatenate(x, axis=1) for view, x in parts.items()}, np.concatenate(distance["whole"]),
        np.asarray([len(r.lead_ids) for r in rows]),
    )


def evaluate(predictions: Predictions, command: str) -> dict[str, Any]:
    """`{task: decision}` as the card takes it, with the metrics, and `familiarity`."""
    return {
        RHYTHM.name: rhythm(predictions, command),
        SUPERCLASS.name: superclass(predictions, command),
        STATEMENT.name: statement(predictions, command),
        "familiarity": familiarity(predictions.distance, predictions.leads, FAMILIAR_RECORD),
    }
