"""A run: one trained network in a folder, with what is needed to use it again."""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from efficientecg_training.config import LEADS, Config
from efficientecg_training.features import Normalisation
from efficientecg_training.network.model import EfficientECG
from efficientecg_training.tasks import TASKS, class_count
from efficientecg_training.trees.forest import Forest


@dataclass
class Run:
    """`run.json` beside `weights.pt`."""

    normalisation: Normalisation
    records: dict[str, int]
    """Records trained on, by set."""
    held_out: int | None
    """Number of the group or fold left out; none for the model that ships."""
    command: str
    epochs: int
    seconds: float
    recorded: str

    def save(self, folder: Path, model: EfficientECG) -> None:
        torch.save(model.state_dict(), folder / "weights.pt")
        (folder / "run.json").write_text(json.dumps(dataclasses.asdict(self), indent=1) + "\n")

    @classmethod
    def read(cls, folder: Path) -> Run:
        entry: dict[str, Any] = json.loads((folder / "run.json").read_text())
        return cls(**{**entry, "normalisation": Normalisation.read(entry["normalisation"])})


def network(config: Config, features: int) -> EfficientECG:
    """An untrained network for the configuration and a number of features."""
    codes = [code for task in TASKS[config.kind] for code in task.codes]
    told = [codes.index(code) for code in config.network.signal_tells]
    return EfficientECG(config.network, len(LEADS), features, class_count(config.kind), told)


def load(folder: Path, config: Config) -> tuple[Run, EfficientECG]:
    """The run and its trained network, ready to predict."""
    run = Run.read(folder)
    model = network(config, len(run.normalisation.names))
    state = torch.load(folder / "weights.pt", weights_only=True)
    count = len({name.split(".")[1] for name in state if name.startswith("forests.")})
    model.forests.extend(Forest.like(state, f"forests.{number}.", len(run.normalisation.names)) for number in range(count))
    model.load_state_dict(state)
    return run, model.eval()
