"""Run and evaluation to graph, card and vectors."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import torch

from efficientecg_training import runs
from efficientecg_training.config import Config
from efficientecg_training.export import card, graph, vectors
from efficientecg_training.network.model import EfficientECG, parameter_count
from efficientecg_training.tasks import TASKS

TOLERANCE = 1e-4


def export(config: Config, folder: Path, decisions: dict[str, Any], out: Path) -> None:
    """Writes `NAME.onnx`, `NAME.json` and `vectors/NAME.json` into `out`, and refuses a graph that is not what PyTorch computes."""
    run, model = runs.load(folder, config)
    combine(model, config, decisions)
    out.mkdir(parents=True, exist_ok=True)
    (out / "vectors").mkdir(exist_ok=True)
    path = out / f"{config.name}.onnx"
    features = len(run.normalisation.names)
    sha256 = graph.write(model, features, path)
    vectors.write(model, config, features, sha256, out / "vectors" / f"{config.name}.json")
    for name, inputs, expected in vectors.read(out / "vectors" / f"{config.name}.json"):
        found = graph.run_onnx(path, inputs)
        difference, addition = graph.greatest_difference(found, expected), graph.additivity_error(found)
        print(f"{config.name}, {name}: differs from PyTorch by {difference:.1e}, from its sum by {addition:.1e}")
        if difference > TOLERANCE or addition > TOLERANCE:
            raise ValueError(f"{path}: the graph does not compute what PyTorch does")
    training = {"records": run.records, "command": run.command, "epochs": run.epochs, "recorded": run.recorded}
    document = card.build(config, run.normalisation, sha256, parameter_count(model), training, decisions)
    (out / f"{config.name}.json").write_text(json.dumps(document, indent=1, ensure_ascii=False, allow_nan=False) + "\n")


def combine(model: EfficientECG, config: Config, decisions: dict[str, Any]) -> None:
    """Puts the scales and offsets that calibration found into the network; halves where there was no evaluation."""
    features, signal, offset = torch.full_like(model.bias, 0.5), torch.full_like(model.bias, 0.5), model.bias.detach().clone()
    for task in TASKS[config.kind]:
        if task.name in decisions:
            decision = decisions[task.name]
            features[task.outputs], signal[task.outputs] = (torch.tensor(part, dtype=torch.float32) for part in decision["scale"])
            offset[task.outputs] = torch.tensor(decision["offset"], dtype=torch.float32)
    model.combine(features, signal, offset)
