"""Run and evaluation to graph, card and vectors."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import torch

from efficientecg_training import runs
from efficientecg_training.config import Config
from efficientecg_training.export import card, graph, vectors
from efficientecg_training.network.model import parameter_count
from efficientecg_training.tasks import TASKS

TOLERANCE = 1e-4


def export(config: Config, folder: Path, decisions: dict[str, Any], out: Path) -> None:
    """Writes `NAME.onnx`, `NAME.json` and `vectors/NAME.json` into `out`, and refuses a graph that is not what PyTorch computes."""
    run, model = runs.load(folder, config)
    add_offsets(model, config, decisions)
    out.mkdir(parents=True, exist_ok=True)
    (out / "vectors").mkdir(exist_ok=True)
    path = out / f"{config.name}.onnx"
    sha256 = graph.write(model, len(config.input.features), path)
    vectors.write(model, config, sha256, out / "vectors" / f"{config.name}.json")
    for name, inputs, expected in vectors.read(out / "vectors" / f"{config.name}.json"):
        found = graph.run_onnx(path, inputs)
        difference, addition = graph.greatest_difference(found, expected), graph.additivity_error(found)
        print(f"{config.name}, {name}: differs from PyTorch by {difference:.1e}, from its sum by {addition:.1e}")
        if difference > TOLERANCE or addition > TOLERANCE:
            raise ValueError(f"{path}: the graph does not compute what PyTorch does")
    training = {"records": run.records, "command": run.command, "epochs": run.epochs, "recorded": run.recorded}
    document = card.build(config, run.normalisation, sha256, parameter_count(model), training, decisions)
    (out / f"{config.name}.json").write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n")


def add_offsets(model: torch.nn.Module, config: Config, decisions: dict[str, Any]) -> None:
    """Adds the calibration's class offsets to the bias."""
    with torch.no_grad():
        for task in TASKS[config.kind]:
            offset = decisions.get(task.name, {}).get("offset")
            if offset is not None:
                model.bias[task.outputs] += torch.tensor(offset, dtype=torch.float32)
